//! A document as one page for a browser, a printer or a phone: everything in one file, no script, nothing from outside.
//!
//! Whatever a file says is text here. It is [`clean`]ed as for a terminal, then escaped by the library that writes the
//! markup, and the page itself forbids scripts and resources of any origin. The look stands in `style.css`.

mod cell;
mod picture;
mod table;

use crate::document::{Block, Document, Fact, Figure, Item};
use crate::language::tr;
use crate::render::json;
use crate::render::wrap::clean;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::borrow::Cow;

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing runs, whatever a text might smuggle in; only the page's own style counts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes the document as a page, with a final line end.
pub fn render(document: &Document) -> String {
    let title = title(document);
    let body = Writer::default().document(document, 1);
    let page = html! {
        (DOCTYPE)
        html lang=(tr("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                meta name="format-detection" content="telephone=no";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    page.into_string() + "\n"
}

/// A page has a title, whatever the document says.
fn title(document: &Document) -> Cow<'_, str> {
    let title = clean(&document.title);
    if title.trim().is_empty() { Cow::Borrowed(tr("报告", "Report")) } else { title }
}

/// What has been written so far, as far as the next part depends on it.
#[derive(Default)]
struct Writer {
    /// How many elements have a name by which others refer to them.
    names: usize,
    /// The name of the heading under which the next part stands.
    under: String,
    /// The level of the last heading.
    level: usize,
}

impl Writer {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("p{}", self.names)
    }

    /// `level`: that of the title's heading.
    fn document(&mut self, document: &Document, level: usize) -> Markup {
        let mut used: Vec<u8> = document.blocks.iter().filter_map(heading_level).collect();
        used.sort_unstable();
        used.dedup();
        let head = self.heading(level, &title(document));
        // Levels that the document leaves out are no levels of the page: headings never skip one.
        let below = |own: u8| level + 1 + used.iter().position(|used| *used == own).unwrap_or_default();
        html! {
            (head)
            @for block in &document.blocks {
                @match block {
                    Block::Heading { level, text } => (self.heading(below(*level), &clean(text))),
                    block => (self.block(block, level)),
                }
            }
        }
    }

    fn heading(&mut self, level: usize, text: &str) -> Markup {
        if text.trim().is_empty() {
            return html! {};
        }
        let name = self.name();
        self.level = level.min(self.level + 1).min(6);
        self.under.clone_from(&name);
        let text = if self.level == 1 { cell::title(text) } else { cell::kept(text) };
        match self.level {
            1 => html! { h1 id=(name) { (text) } },
            2 => html! { h2 id=(name) { (text) } },
            3 => html! { h3 id=(name) { (text) } },
            4 => html! { h4 id=(name) { (text) } },
            5 => html! { h5 id=(name) { (text) } },
            _ => html! { h6 id=(name) { (text) } },
        }
    }

    fn block(&mut self, block: &Block, level: usize) -> Markup {
        match block {
            Block::Heading { .. } | Block::Hint(_) => html! {},
            Block::Paragraph(text) => html! { @for line in lines(text) { p { (cell::kept(&line)) } } },
            Block::Note(text) => {
                html! { @for line in lines(text) { p.note { (cell::kept(&line)) } } }
            }
            Block::Figures(figures) => figure_list(figures),
            Block::Timeline(timeline) => {
                let names = [self.name(), self.name()];
                picture::timeline(timeline, &names)
            }
            Block::Facts { facts, .. } => fact_list(facts),
            Block::Items(items) => item_list(items),
            Block::Table(table) if !table.shown => html! {},
            Block::Table(table) if table.rows.is_empty() => {
                html! { @for line in lines(&table.empty) { p.none { (line) } } }
            }
            Block::Table(table) => table::table(table, &self.under),
            Block::Documents { documents, .. } => html! {
                @for document in documents {
                    @let name = format!("p{}", self.names + 1);
                    article aria-labelledby=(name) { (self.document(document, level + 1)) }
                }
            },
        }
    }
}

fn heading_level(block: &Block) -> Option<u8> {
    match block {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    }
}

/// Each line of a text that is not blank.
fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(clean).filter(|line| !line.trim().is_empty())
}

/// Every figure carries its key and its value as data have them, so that a program can hold the page against the data.
fn figure_list(figures: &[Figure]) -> Markup {
    let value = |figure: &Figure| match json::cell(&figure.cell) {
        serde_json::Value::String(text) => clean(&text).into_owned(),
        other => other.to_string(),
    };
    html! {
        @if !figures.is_empty() {
            dl.figures {
                @for figure in figures {
                    div class=(cell::class(figure.tone)) data-key=(figure.key) data-value=(value(figure)) {
                        dt { (clean(&figure.name)) }
                        dd { (cell::large(&figure.cell)) }
                        @if let Some(remark) = &figure.remark { dd.remark { (clean(remark)) } }
                    }
                }
            }
        }
    }
}

fn fact_list(facts: &[Fact]) -> Markup {
    let shown: Vec<_> = facts.iter().filter_map(|fact| Some((fact.name.as_deref()?, &fact.cell))).collect();
    html! {
        @if !shown.is_empty() {
            dl.facts {
                @for (name, value) in shown {
                    div { dt { (clean(name)) } dd { (cell::cell(value)) } }
                }
            }
        }
    }
}

fn item_list(items: &[Item]) -> Markup {
    html! {
        @if !items.is_empty() {
            ol.items {
                @for item in items {
                    li class=(cell::class(item.tone)) {
                        p { (cell::kept(&clean(&item.text))) }
                        @for detail in item.details.iter().flat_map(|detail| lines(detail)) {
                            p.detail { (cell::kept(&detail)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Cell, Column, Shape, Table, Tone};
    use crate::language::{self, Language};
    use crate::render::sample;
    use proptest::prelude::*;

    /// The tags of a page, without its style.
    fn tags(page: &str) -> Vec<&str> {
        let body = page.split("</style>").nth(1).expect("a page has a style");
        body.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()).collect()
    }

    /// The texts of a page between its tags, without what only separates pieces.
    fn text(page: &str) -> String {
        let body = page.split("</style>").nth(1).expect("a page has a style");
        let text: String =
            body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    fn heading_levels(page: &str) -> Vec<usize> {
        let level = |tag: &&str| tag.strip_prefix('h')?.split(' ').next()?.parse().ok();
        tags(page).iter().filter_map(level).collect()
    }

    #[test]
    fn a_page_stands_alone() {
        let page = render(&sample::report());
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"));
        assert!(page.contains("<title>试验县2023年工作方案 第二季度进展情况</title>"));
        assert!(page.ends_with("</main></body></html>\n"));
        for outside in ["<script", "<link", "<img", "url(", "@import", "http:", "https:", "src="] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn headings_never_skip_a_level() {
        assert_eq!(heading_levels(&render(&sample::report())), [1, 2, 2, 2, 3, 2]);
        let deep = |text: &str| Block::Heading { level: 2, text: text.into() };
        let document = Document {
            title: "C6".into(),
            shape: Shape::Object,
            blocks: vec![deep("时间节点"), deep("指标"), deep(" ")],
        };
        assert_eq!(heading_levels(&render(&document)), [1, 2, 2]);
    }

    #[test]
    fn a_table_has_named_columns_and_a_name() {
        let page = render(&sample::overdue());
        assert!(page.contains("<table aria-labelledby=\"p1\">"), "{page}");
        assert!(page.contains("<h1 id=\"p1\">"), "{page}");
        assert!(page.contains("<th class=\"fit keep\" scope=\"row\" data-label=\"任务\">E7</th>"), "{page}");
        assert_eq!(page.matches("scope=\"col\"").count(), 5, "columns for data alone are left out");
        assert!(!page.contains("<td class=\"\""));
    }

    #[test]
    fn every_shown_cell_stands_on_the_page() {
        for document in [sample::overdue(), sample::report()] {
            let text = text(&render(&document));
            for block in &document.blocks {
                let Block::Table(table) = block else { continue };
                for row in &table.rows {
                    for (at, _) in crate::render::seen(table) {
                        let words = crate::render::cell_text(&row[at]);
                        assert!(text.contains(&words), "{words}");
                    }
                }
            }
        }
    }

    #[test]
    fn states_stand_in_words_and_bars_have_theirs() {
        let page = render(&sample::report());
        assert!(page.contains("<span class=\"state bad\">严重滞后</span>"), "{page}");
        assert!(page.contains("<title>序时进度 49.6%</title>"), "{page}");
        assert!(text(&page).contains("124.2%"));
    }

    #[test]
    fn a_figure_tells_its_value_to_programs() {
        let figure =
            |key, cell| Figure { key, name: "完成率".into(), cell, tone: Tone::Good, remark: None };
        let figures = vec![
            figure("completion_rate", Cell::Rate { part: 18, whole: 24 }),
            figure("on_time_rate", Cell::Rate { part: 0, whole: 0 }),
        ];
        let document =
            Document { title: "t".into(), shape: Shape::Object, blocks: vec![Block::Figures(figures)] };
        let page = render(&document);
        assert!(page.contains("data-key=\"completion_rate\" data-value=\"75\""), "{page}");
        assert!(page.contains("data-key=\"on_time_rate\" data-value=\"null\""), "{page}");
        assert!(text(&page).contains("75.0%"));
    }

    #[test]
    fn a_file_is_linked_beside_the_page_and_nowhere_else() {
        let document = |name: &str| {
            let table = Table {
                key: None,
                shown: true,
                columns: vec![Column::people("文件")],
                rows: vec![vec![Cell::File(name.into())]],
                empty: String::new(),
            };
            Document { title: "t".into(), shape: Shape::Rows, blocks: vec![Block::Table(table)] }
        };
        let page = render(&document("财政局.html"));
        assert!(page.contains("<a href=\"./%E8%B4%A2%E6%94%BF%E5%B1%80.html\">财政局.html</a>"), "{page}");
        let page = render(&document("javascript:alert(1)/../x?y#z"));
        assert!(page.contains("href=\"./javascript%3Aalert%281%29%2F..%2Fx%3Fy%23z\""), "{page}");
    }

    #[test]
    fn what_comes_next_at_the_keyboard_is_not_for_readers_of_a_page() {
        let blocks = vec![Block::Hint("plan show E7".into()), Block::Note("截至".into())];
        let page = render(&Document { title: "t".into(), shape: Shape::Object, blocks });
        assert!(!page.contains("plan show"));
        assert!(page.contains("<p class=\"note\">截至</p>"));
    }

    #[test]
    fn an_english_page_says_so() {
        language::set(Language::English);
        let page = render(&sample::note(""));
        language::set(Language::Chinese);
        assert!(page.contains("<html lang=\"en\">"));
    }

    #[test]
    fn text_from_a_file_is_inert() {
        let hostile = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>\u{202e}\u{0}&amp;";
        let page = render(&sample::note(hostile));
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(!page.contains(['\u{202e}', '\u{0}']));
        assert!(text(&page).contains("<script>alert(1)</script>\"><img src=x onerror=alert(1)>&amp;"));
    }

    /// Texts that try to leave the place where they stand.
    fn spiteful() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "<", ">", "\"", "'", "&", "</", "<!--", "-->", "]]>", "=", "x onload", "\u{202e}", "\u{1b}"
            ])
            .prop_map(str::to_string),
            any::<String>(),
            "[一-龥0-9月 ，。（）-]{0,9}",
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    fn everywhere(text: &str) -> Document {
        let state = Cell::State { key: "any", word: text.into(), tone: Tone::Bad };
        let cells = [
            Cell::text(text),
            Cell::Number(1.0, text.into()),
            Cell::List(vec![text.into(), text.into()]),
            state,
            Cell::File(text.into()),
        ];
        let item = Item { tone: Tone::Warning, text: text.into(), details: vec![text.into()] };
        let figure = Figure {
            key: "due",
            name: text.into(),
            cell: cells[0].clone(),
            tone: Tone::Good,
            remark: Some(text.into()),
        };
        let table = Table {
            key: None,
            shown: true,
            columns: vec![
                Column::people(text),
                Column::people(text).flexible(),
                Column::people(text).right(),
            ],
            rows: cells
                .chunks(1)
                .map(|cell| vec![cell[0].clone(), cell[0].clone(), cell[0].clone()])
                .collect(),
            empty: text.into(),
        };
        Document {
            title: text.into(),
            shape: Shape::Object,
            blocks: vec![
                Block::Heading { level: 1, text: text.into() },
                Block::Paragraph(text.into()),
                Block::Note(text.into()),
                Block::Figures(vec![figure]),
                Block::Facts { key: None, facts: vec![Fact::people(text, cells[0].clone())] },
                Block::Items(vec![item]),
                Block::Table(Table { rows: Vec::new(), ..table.clone() }),
                Block::Table(table),
            ],
        }
    }

    proptest! {
        /// The markup of a page depends on what there is, never on what a text says: with every text replaced by a
        /// harmless one it has the same elements but for those that keep words together.
        #[test]
        fn no_text_becomes_markup(spite in spiteful()) {
            let page = render(&everywhere(&spite));
            for tag in tags(&page) {
                let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
                prop_assert!(
                    ["head", "body", "main", "html", "h1", "h2", "p", "dl", "div", "dt", "dd", "ol", "li", "table",
                        "colgroup", "col", "thead", "tbody", "tr", "th", "td", "span", "a"].contains(&name),
                    "{tag}"
                );
                // Attributes are the renderer's own, each value in quotation marks that a text cannot close.
                prop_assert_eq!(tag.matches('"').count() % 2, 0);
                for attribute in tag.split('"').step_by(2).filter(|part| part.ends_with('=')) {
                    let attribute = attribute.trim_start_matches(name).trim().trim_end_matches('=');
                    prop_assert!(
                        ["id", "class", "style", "scope", "href", "data-key", "data-value", "data-label", "aria-labelledby"]
                            .contains(&attribute),
                        "{tag}"
                    );
                }
            }
            prop_assert!(!page.contains(|c: char| crate::render::wrap::is_control(c) && c != '\n'));
        }
    }
}
