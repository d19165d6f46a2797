//! The HTML part of a message: tables and inline styles only, which every mail program shows, Outlook too. No style
//! sheet, no pictures, no script.

use crate::document::{Align, Block, Cell, Document, Fact, Figure, Item, Table, Tone, rate};
use crate::language::tr;
use crate::render::{cell_text, seen, wrap::clean};
use maud::{DOCTYPE, Markup, html};

const FONT: &str = "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif;";
const BODY: &str = "margin:0;padding:0;background-color:#f4f5f7;";
const TITLE: &str = "margin:0 0 12px;font-size:20px;line-height:1.4;color:#1a1a1a;";
const HEADING: &str = "margin:24px 0 8px;padding:0 0 4px;border-bottom:1px solid #c9ced6;font-size:16px;line-height:1.4;color:#1f3f6e;";
const SMALL_HEADING: &str = "margin:16px 0 6px;font-size:15px;line-height:1.4;color:#1a1a1a;";
const PARAGRAPH: &str = "margin:0 0 8px;font-size:14px;line-height:1.7;color:#1a1a1a;";
const NOTE: &str = "margin:8px 0;font-size:12px;line-height:1.6;color:#5b6470;";
const TABLE: &str =
    "width:100%;border-collapse:collapse;margin:0 0 8px;font-size:13px;line-height:1.6;color:#1a1a1a;";
const HEAD_CELL: &str = "border-bottom:2px solid #c9ced6;";
const SMALL: &str = "font-size:12px;color:#5b6470;";
const CELL: &str = "border-bottom:1px solid #e3e6ea;";

/// Writes the document as a page of its own.
pub fn render(document: &Document) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(tr("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (words(&document.title)) }
            }
            body style=(BODY) {
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f5f7" {
                    tr { td align="center" style="padding:16px 8px;" {
                        table role="presentation" width="720" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff"
                            style="width:100%;max-width:720px;background-color:#ffffff;border:1px solid #e3e6ea;" {
                            tr { td align="left" style=(format!("padding:20px 24px;{FONT}")) { (content(document, 1)) } }
                        }
                    } }
                }
            }
        }
    };
    // Between tags a line end is nothing; within a mail it keeps lines short for whoever reads the source.
    page.into_string().replace("</tr>", "</tr>\n").replace("</p>", "</p>\n") + "\n"
}

/// `depth` is the level of the document's title.
fn content(document: &Document, depth: usize) -> Markup {
    html! {
        (heading(depth, &document.title))
        @for block in &document.blocks { (part(block, depth)) }
    }
}

fn heading(depth: usize, text: &str) -> Markup {
    let text = words(text);
    match depth {
        1 => html! { h1 style=(TITLE) { (text) } },
        2 => html! { h2 style=(HEADING) { (text) } },
        3 => html! { h3 style=(SMALL_HEADING) { (text) } },
        _ => html! { h4 style=(SMALL_HEADING) { (text) } },
    }
}

fn part(block: &Block, depth: usize) -> Markup {
    match block {
        Block::Heading { level, text } => heading(depth + usize::from(*level), text),
        Block::Paragraph(text) => lines(text, PARAGRAPH),
        Block::Note(text) => lines(text, NOTE),
        Block::Hint(_) | Block::Timeline(_) => html! {},
        Block::Figures(list) => figures(list),
        Block::Facts { facts, .. } => pairs(facts),
        Block::Items(items) => entries(items),
        Block::Table(table) if !table.shown => html! {},
        Block::Table(table) if table.rows.is_empty() => lines(&table.empty, PARAGRAPH),
        Block::Table(table) => rows(table),
        Block::Documents { documents, .. } => {
            html! { @for document in documents { (content(document, depth + 1)) } }
        }
    }
}

fn lines(text: &str, style: &str) -> Markup {
    html! {
        @for line in text.lines().map(words).filter(|line| !line.is_empty()) { p style=(style) { (line) } }
    }
}

/// So many headline figures stand beside each other.
const ABREAST: usize = 4;

fn figures(figures: &[Figure]) -> Markup {
    html! {
        table role="presentation" cellpadding="6" cellspacing="0" border="0" style=(TABLE) {
            @for row in figures.chunks(ABREAST) {
                tr valign="top" {
                    @for place in 0..ABREAST {
                        td width="25%" style=(CELL) {
                            @if let Some(figure) = row.get(place) {
                                span style=(SMALL) { (words(&figure.name)) } br;
                                span style=(format!("font-size:18px;{}", tone_style(figure.tone))) { (words(&cell_text(&figure.cell))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn pairs(facts: &[Fact]) -> Markup {
    let named: Vec<_> = facts.iter().filter_map(|fact| Some((fact.name.as_deref()?, &fact.cell))).collect();
    html! {
        @if !named.is_empty() {
            table cellpadding="6" cellspacing="0" border="0" style=(TABLE) {
                @for (name, cell) in named {
                    tr valign="top" {
                        th scope="row" align="left" width="120" style=(format!("{CELL}font-weight:normal;color:#5b6470;")) { (words(name)) }
                        td style=(CELL) { (value(cell)) }
                    }
                }
            }
        }
    }
}

fn entries(items: &[Item]) -> Markup {
    html! {
        ol style="margin:0 0 8px;padding:0 0 0 24px;" {
            @for item in items {
                li style=(PARAGRAPH) {
                    span style=(tone_style(item.tone)) { (words(&item.text)) }
                    @for detail in item.details.iter().map(|detail| words(detail)) {
                        br; span style="font-size:13px;color:#5b6470;" { (detail) }
                    }
                }
            }
        }
    }
}

/// So many columns stand side by side on a phone, too.
const NARROW: usize = 3;

fn rows(table: &Table) -> Markup {
    let seen = seen(table);
    if seen.len() > NARROW { entries_of(table, &seen) } else { columns(table, &seen) }
}

fn columns(table: &Table, seen: &[(usize, &str)]) -> Markup {
    let align = |at: usize| match table.columns[at].align {
        Align::Left => "left",
        Align::Right => "right",
    };
    html! {
        table cellpadding="6" cellspacing="0" border="0" style=(TABLE) {
            thead { tr valign="bottom" bgcolor="#eef1f5" {
                @for (at, name) in seen { th scope="col" align=(align(*at)) style=(HEAD_CELL) { (words(name)) } }
            } }
            tbody {
                @for row in &table.rows {
                    tr valign="top" {
                        @for (at, _) in seen { td align=(align(*at)) style=(CELL) { (value(cell(row, *at))) } }
                    }
                }
            }
        }
    }
}

/// Mail programs on phones neither scroll a wide table nor know a style sheet that would fold it: so each row is an entry,
/// what it is about at the left with the other values named below, states and bars at the right.
fn entries_of(table: &Table, seen: &[(usize, &str)]) -> Markup {
    let (sides, texts): (Vec<_>, Vec<_>) = seen.iter().copied().partition(|(at, _)| {
        table
            .rows
            .iter()
            .any(|row| matches!(cell(row, *at), Cell::State { .. } | Cell::Bar { .. } | Cell::Rate { .. }))
    });
    let first = texts.iter().position(|(at, _)| table.columns[*at].flexible).unwrap_or(0);
    let (lead, rest) = texts.split_at((first + 1).min(texts.len()));
    let leading = |at: usize, name: &str, row: &[Cell]| match table.columns[at].align {
        Align::Left => value(cell(row, at)),
        Align::Right => html! { (words(name)) " " (value(cell(row, at))) },
    };
    html! {
        table role="presentation" cellpadding="6" cellspacing="0" border="0" style=(TABLE) {
            @for row in &table.rows {
                tr valign="top" {
                    td style=(CELL) {
                        @for (at, name) in lead {
                            @if *cell(row, *at) != Cell::Empty { (leading(*at, name, row)) " " }
                        }
                        @if !rest.is_empty() { br; }
                        span style=(SMALL) {
                            @for (place, (at, name)) in rest.iter().enumerate() {
                                @if place > 0 { (tr("；", "; ")) }
                                (words(name)) " " (value(cell(row, *at)))
                            }
                        }
                    }
                    td align="right" width="30%" style=(CELL) {
                        @for (place, (at, _)) in sides.iter().rev().enumerate() {
                            @if place > 0 { br; }
                            (text(cell(row, *at)))
                        }
                        @for (at, _) in &sides { (drawn(cell(row, *at))) }
                    }
                }
            }
        }
    }
}

fn cell(row: &[Cell], at: usize) -> &Cell {
    row.get(at).unwrap_or(&Cell::Empty)
}

fn value(cell: &Cell) -> Markup {
    html! { (text(cell)) (drawn(cell)) }
}

fn text(cell: &Cell) -> Markup {
    let text = words(&cell_text(cell));
    match cell {
        Cell::State { tone, .. } => html! { span style=(tone_style(*tone)) { (text) } },
        _ => html! { (text) },
    }
}

/// The picture of a value that has one. It floats, so that it stands behind all text of its place.
fn drawn(cell: &Cell) -> Markup {
    match cell {
        Cell::Bar { percent, tone, .. } => bar(*percent, *tone),
        Cell::Rate { part, whole } => {
            html! { @if let Some(percent) = rate(*part, *whole) { (bar(percent, Tone::Good)) } }
        }
        _ => html! {},
    }
}

/// A bar of two coloured cells, which needs no picture. The words beside it say the same.
fn bar(percent: f64, tone: Tone) -> Markup {
    let full = percent.clamp(0.0, 100.0).round() as u32;
    let piece = |width: u32, color: &str| {
        html! {
            @if width > 0 {
                td width=(format!("{width}%")) height="8" bgcolor=(color) style=(format!("background-color:{color};font-size:0;line-height:8px;")) { "\u{a0}" }
            }
        }
    };
    html! {
        table role="presentation" align="right" width="80" cellpadding="0" cellspacing="0" border="0" style="width:80px;margin:3px 0 0 6px;border-collapse:collapse;" {
            tr { (piece(full, tone_color(tone))) (piece(100 - full, "#dfe3e8")) }
        }
    }
}

/// Colours with a contrast of at least 4.5 to 1 on white.
fn tone_color(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "#1b7a3d",
        Tone::Warning => "#8a5a00",
        Tone::Bad => "#b3261e",
        Tone::Neutral => "#1a1a1a",
        Tone::Quiet => "#5b6470",
    }
}

fn tone_style(tone: Tone) -> String {
    let weight = if tone == Tone::Bad { "font-weight:bold;" } else { "" };
    format!("color:{};{weight}", tone_color(tone))
}

fn words(text: &str) -> String {
    clean(text).trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_report_has_its_headings_in_order_and_its_tables() {
        let page = render(&sample::report());
        let levels: Vec<&str> = page
            .match_indices("<h")
            .map(|(at, _)| &page[at + 2..at + 3])
            .filter(|level| level.parse::<u8>().is_ok())
            .collect();
        assert_eq!(levels, ["1", "2", "2", "2", "3", "2"]);
        assert!(page.contains("农村公路新改建里程（含“四好农村路”） <br><span"), "{page}");
        assert!(page.contains("bgcolor=\"#b3261e\""), "{page}");
    }

    #[test]
    fn nothing_needs_a_style_sheet_a_picture_or_a_script() {
        let page = render(&sample::report());
        for tag in ["<style", "<svg", "<img", "<script", "class=", "url(", "http"] {
            assert!(!page.contains(tag), "{tag}");
        }
    }

    #[test]
    fn text_from_a_file_is_only_text() {
        let page = render(&sample::note("<script>alert(1)</script>\"><img src=x onerror=y>\u{202e}"));
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }
}
