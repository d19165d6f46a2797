//! Text for a terminal or a pipe: no line is wider than the page, colours only add to the words.

use crate::document::{Align, Block, Cell, Column, Document, Fact, Item, Table, Tone, percent};
use crate::render::wrap::{self, clean, width, wrap};
use crate::render::{Page, words};
use comfy_table::{CellAlignment, ContentArrangement, Table as Grid};

/// Columns between two columns of a table.
const GAP: usize = 2;
/// A flexible column is not made narrower than this while another can be.
const NARROW: usize = 8;
/// The cells of a bar.
const BAR: usize = 10;

/// The document as text, ending in one line end.
pub fn render(document: &Document, page: &Page) -> String {
    let mut out = Writer { page, lines: Vec::new(), after_table: false };
    out.document(document);
    let mut text = out.lines.join("\n");
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    if page.ascii { ascii(&text) } else { text }
}

/// Drawing characters in ASCII; data stay as written.
fn ascii(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '─' | '—' => '-',
            '█' => '#',
            '░' => '.',
            '┃' => '|',
            c => c,
        })
        .collect()
}

struct Writer<'p> {
    page: &'p Page,
    lines: Vec<String>,
    /// Whether the last line belongs to a table, which is followed by an empty line.
    after_table: bool,
}

impl Writer<'_> {
    fn document(&mut self, document: &Document) {
        self.wrapped(&document.title, "", Style::Title);
        for block in &document.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { text, .. } => {
                self.gap();
                self.wrapped(text, "", Style::Title);
            }
            Block::Paragraph(text) => {
                for line in text.lines() {
                    self.wrapped(line, "", Style::Plain);
                }
            }
            Block::Note(text) => {
                self.wrapped(text, "", Style::Tone(Tone::Quiet));
            }
            Block::Facts { facts, .. } => self.facts(facts),
            Block::Items(items) => self.items(items),
            Block::Table(table) if table.shown => self.table(table),
            Block::Table(_) => {}
            Block::Documents { documents, .. } => {
                for document in documents {
                    self.gap();
                    self.document(document);
                }
            }
        }
    }

    /// One empty line, never two.
    fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    fn wrapped(&mut self, text: &str, indent: &str, style: Style) {
        if std::mem::take(&mut self.after_table) {
            self.gap();
        }
        let columns = self.page.width.saturating_sub(width(indent));
        for (at, line) in wrap(&clean(text), columns).into_iter().enumerate() {
            let lead = if at == 0 { indent.to_string() } else { " ".repeat(width(indent)) };
            let line = self.paint(&line, style);
            self.lines.push(format!("{lead}{line}").trim_end().to_string());
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        let shown: Vec<(&str, &Cell)> =
            facts.iter().filter_map(|fact| Some((fact.name.as_deref()?, &fact.cell))).collect();
        let names = shown.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        for (name, cell) in shown {
            let indent = format!("{name}{}", " ".repeat(names - width(name) + GAP));
            self.wrapped(&words(cell), &indent, Style::Tone(tone(cell)));
        }
    }

    fn items(&mut self, items: &[Item]) {
        let digits = items.len().to_string().len();
        for (at, item) in items.iter().enumerate() {
            let number = format!("{:>digits$}. ", at + 1);
            self.wrapped(&item.text, &number, Style::Tone(item.tone));
            for detail in &item.details {
                self.wrapped(detail, &" ".repeat(number.len()), Style::Plain);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        if table.rows.is_empty() {
            return self.wrapped(&table.empty, "", Style::Plain);
        }
        if self.lines.len() == 1 || self.after_table {
            self.gap();
        }
        let shown: Vec<(usize, &Column, &str)> = (table.columns.iter().enumerate())
            .filter_map(|(at, column)| Some((at, column, column.name.as_deref()?)))
            .collect();
        let texts: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| shown.iter().map(|(at, ..)| self.cell(&row[*at])).collect())
            .collect();
        let widths = self.column_widths(&shown, &texts);
        let mut grid = Grid::new();
        grid.set_content_arrangement(ContentArrangement::Disabled);
        grid.load_style(comfy_table::presets::NOTHING);
        let heads =
            shown.iter().zip(&widths).map(|((_, _, name), columns)| wrap(&clean(name), *columns).join("\n"));
        let rules = widths.iter().map(|columns| "─".repeat(*columns)).collect::<Vec<_>>();
        grid.add_row(heads.collect::<Vec<_>>());
        let head_lines =
            shown.iter().zip(&widths).map(|((_, _, n), w)| wrap(&clean(n), *w).len()).max().unwrap_or(1);
        grid.add_row(rules);
        let mut tones: Vec<Vec<Tone>> = Vec::new();
        for (row, texts) in table.rows.iter().zip(&texts) {
            let cells: Vec<Vec<String>> =
                texts.iter().zip(&widths).map(|(text, columns)| wrap(text, *columns)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(1);
            let row_tones: Vec<Tone> = shown.iter().map(|(at, ..)| tone(&row[*at])).collect();
            tones.extend(std::iter::repeat_n(row_tones, height));
            grid.add_row(cells.into_iter().map(|lines| lines.join("\n")).collect::<Vec<_>>());
        }
        for (at, (_, column, _)) in shown.iter().enumerate() {
            if let Some(grid_column) = grid.column_mut(at) {
                grid_column.set_padding((0, u16::try_from(GAP).unwrap_or(2)));
                let align =
                    if column.align == Align::Right { CellAlignment::Right } else { CellAlignment::Left };
                grid_column.set_cell_alignment(align);
            }
        }
        for (at, line) in grid.lines().enumerate() {
            let styled = if at < head_lines {
                self.paint(line.trim_end(), Style::Title)
            } else if at == head_lines {
                line.trim_end().to_string()
            } else {
                match tones.get(at - head_lines - 1) {
                    Some(tones) => self.paint_columns(&line, &widths, tones),
                    None => line.trim_end().to_string(),
                }
            };
            self.lines.push(styled);
        }
        self.after_table = true;
    }

    /// Colours each column of one line by the tone of its cell.
    fn paint_columns(&self, line: &str, widths: &[usize], tones: &[Tone]) -> String {
        if !self.page.color {
            return line.trim_end().to_string();
        }
        let mut out = String::new();
        let mut rest = line;
        for (columns, tone) in widths.iter().zip(tones) {
            let cut = cut_at(rest, columns + GAP);
            out.push_str(&self.paint(&rest[..cut], Style::Tone(*tone)));
            rest = &rest[cut..];
        }
        out.trim_end().to_string()
    }

    /// Narrows columns until the table fits: first the widest flexible one, then any.
    fn column_widths(&self, shown: &[(usize, &Column, &str)], texts: &[Vec<String>]) -> Vec<usize> {
        let natural = |at: usize, name: &str| {
            let cells = texts.iter().map(|row| width(&row[at])).max().unwrap_or(0);
            cells.max(width(name)).max(1)
        };
        let mut widths: Vec<usize> =
            shown.iter().enumerate().map(|(at, (_, _, name))| natural(at, name)).collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        let space = self.page.width.saturating_sub(gaps).max(2 * widths.len());
        let whole: Vec<usize> = (0..widths.len()).map(|at| widest_piece(shown[at].2, at, texts)).collect();
        for (spare_whole, flexible_only) in [(true, true), (false, true), (false, false)] {
            let least = |at: usize| if spare_whole { whole[at].max(NARROW) } else { 2 };
            while widths.iter().sum::<usize>() > space {
                let candidates = (0..widths.len())
                    .filter(|at| widths[*at] > least(*at) && (!flexible_only || shown[*at].1.flexible));
                let Some(widest) = candidates.max_by_key(|at| widths[*at]) else { break };
                widths[widest] -= 1;
            }
        }
        widths
    }

    fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Bar { percent: share, mark, .. } => {
                let drawn = bar(*share, *mark);
                let share = percent(*share);
                format!("{drawn} {share:>6}")
            }
            other => words(other),
        }
    }

    fn paint(&self, text: &str, style: Style) -> String {
        let code = match style {
            _ if !self.page.color || text.trim().is_empty() => return text.to_string(),
            Style::Plain | Style::Tone(Tone::Neutral) => return text.to_string(),
            Style::Title => "1",
            Style::Tone(Tone::Good) => "32",
            Style::Tone(Tone::Warning) => "33",
            Style::Tone(Tone::Bad) => "1;31",
            Style::Tone(Tone::Quiet) => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

#[derive(Clone, Copy)]
enum Style {
    Plain,
    Title,
    Tone(Tone),
}

fn tone(cell: &Cell) -> Tone {
    match cell {
        Cell::State { tone, .. } | Cell::Bar { tone, .. } => *tone,
        _ => Tone::Neutral,
    }
}

/// The widest stretch of a column that should not be broken.
fn widest_piece(name: &str, at: usize, texts: &[Vec<String>]) -> usize {
    texts.iter().map(|row| wrap::widest_piece(&row[at])).max().unwrap_or(0).max(wrap::widest_piece(name))
}

/// A bar with the pace mark at its place.
fn bar(share: f64, mark: Option<f64>) -> String {
    let cells = |share: f64| ((share / 100.0 * BAR as f64).round().max(0.0) as usize).min(BAR);
    let filled = cells(share);
    let marked = mark.map(|mark| cells(mark).min(BAR - 1));
    let cell = |at: usize| match (Some(at) == marked, at < filled) {
        (true, _) => '┃',
        (_, true) => '█',
        _ => '░',
    };
    (0..BAR).map(cell).collect()
}

/// The byte at which a line reaches this many columns.
fn cut_at(line: &str, columns: usize) -> usize {
    let mut used = 0;
    for (at, c) in line.char_indices() {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > columns {
            return at;
        }
    }
    line.len()
}
