//! Rows under columns, and names beside values, in a given number of terminal columns.
//!
//! The only module that names the table library. That library breaks Chinese lines at the wrong places, and none at
//! all in a pipe; here every cell is broken before it gets there, and it only sets lines side by side.

use crate::document::{Align, Cell, Table, Tone};
use crate::language::tr;
use crate::render::ink::{Ink, Style};
use crate::render::{cell_text, seen, wrap};
use comfy_table::{CellAlignment, ContentArrangement};

/// The spaces between columns.
const GAP: usize = 2;
/// The length of a bar where there is room, and the least before only the percentage is left.
const BAR: usize = 16;
const SHORT_BAR: usize = 10;

/// The table's lines, none wider than `width`. Where even narrow columns do not fit side by side, each row becomes
/// lines of names and values. None where people see no column.
pub fn lines(table: &Table, ink: Ink, width: usize) -> Vec<String> {
    let columns = columns(table, ink);
    if columns.is_empty() {
        return Vec::new();
    }
    match allot(&columns, width) {
        Some(widths) => grid(&columns, &widths, ink),
        None => records(table, ink, width),
    }
}

/// Names beside values, values under each other; where the page is narrow, values under names.
pub fn pairs(pairs: &[(&str, &Cell)], ink: Ink, width: usize) -> Vec<String> {
    let names: Vec<String> = pairs.iter().map(|(name, _)| ink.text(name)).collect();
    let widest = names.iter().map(|name| wrap::width(name)).max().unwrap_or(0);
    let beside = widest + GAP + 16 <= width.max(24);
    let indent = if beside { widest + GAP } else { GAP };
    let room = width.saturating_sub(indent).max(2);
    let mut lines = Vec::new();
    for (name, (_, cell)) in names.iter().zip(pairs) {
        let mut start = String::new();
        if beside {
            start = name.clone() + &" ".repeat(indent - wrap::width(name));
        } else {
            lines.extend(wrap::wrap(name, width));
        }
        for line in Value::of(cell, ink).lines(room) {
            let line = if start.is_empty() {
                " ".repeat(indent) + &line
            } else {
                std::mem::take(&mut start) + &line
            };
            lines.push(line.trim_end().to_string());
        }
    }
    lines
}

/// A column that people see: everything that stands in it.
struct Column {
    name: String,
    align: Align,
    flexible: bool,
    values: Vec<Value>,
}

/// A cell's content before it is broken into lines.
struct Value {
    content: Content,
    style: Style,
    ink: Ink,
}

enum Content {
    Words(String),
    Names(Vec<String>),
    Bar { percent: f64, mark: Option<f64>, words: String },
}

impl Value {
    fn of(cell: &Cell, ink: Ink) -> Value {
        let words = ink.text(&cell_text(cell));
        let (content, style) = match cell {
            Cell::List(names) if !names.is_empty() => {
                (Content::Names(names.iter().map(|name| ink.text(name)).collect()), Style::Plain)
            }
            Cell::State { tone, .. } => (Content::Words(words), Style::Toned(*tone)),
            Cell::Bar { percent, mark, tone } => (
                Content::Bar { percent: *percent, mark: *mark, words: format!("{words:>6}") },
                Style::Toned(*tone),
            ),
            _ => (Content::Words(words), Style::Plain),
        };
        Value { content, style, ink }
    }

    /// The width at which nothing is broken.
    fn natural(&self) -> usize {
        match &self.content {
            Content::Words(words) => wrap::width(words.trim()),
            Content::Names(names) => wrap::width(&names.join(separator())),
            Content::Bar { words, .. } => BAR + 1 + words.len(),
        }
    }

    /// The least width at which it still looks as it should.
    fn shapely(&self) -> usize {
        match &self.content {
            Content::Bar { words, .. } => SHORT_BAR + 1 + words.len(),
            _ => self.natural(),
        }
    }

    /// The least width at which no word, name or number is torn.
    fn narrowest(&self) -> usize {
        match &self.content {
            Content::Words(words) => wrap::longest_word(words),
            Content::Names(names) => names.iter().map(|name| wrap::width(name) + 2).max().unwrap_or(0),
            Content::Bar { words, .. } => words.len(),
        }
    }

    fn lines(&self, width: usize) -> Vec<String> {
        let lines = match &self.content {
            Content::Words(words) => wrap::wrap(words, width),
            Content::Names(names) => wrap::names(names, separator(), width),
            Content::Bar { percent, mark, words } => match width.saturating_sub(words.len() + 1).min(BAR) {
                length if length < SHORT_BAR => wrap::wrap(words, width),
                length => vec![format!("{} {words}", self.ink.bar(*percent, *mark, length))],
            },
        };
        lines.iter().map(|line| self.ink.paint(self.style, line)).collect()
    }
}

impl Column {
    fn natural(&self) -> usize {
        self.body(Value::natural).max(wrap::width(&self.name))
    }

    fn has_bar(&self) -> bool {
        self.values.iter().any(|value| matches!(value.content, Content::Bar { .. }))
    }

    fn body(&self, width: impl Fn(&Value) -> usize) -> usize {
        self.values.iter().map(width).max().unwrap_or(0)
    }

    /// The longest word of the name, as far as it is to be kept whole.
    fn longest_name(&self) -> usize {
        wrap::longest_word(&self.name).min(LONGEST_NAME)
    }
}

/// No word of a name is broken that is no longer than this.
const LONGEST_NAME: usize = 12;

fn columns(table: &Table, ink: Ink) -> Vec<Column> {
    let of = |(at, name): (usize, &str)| Column {
        name: ink.text(name),
        align: table.columns[at].align,
        flexible: table.columns[at].flexible,
        values: table.rows.iter().map(|row| Value::of(row.get(at).unwrap_or(&Cell::Empty), ink)).collect(),
    };
    seen(table).into_iter().map(of).collect()
}

/// The width of each column, if they fit side by side without tearing words and numbers. They give way in turns: bars
/// shorten, long texts become shorter, the names of columns break into lines, texts become narrow, bars leave their
/// percentages alone, and at last all others break into lines.
fn allot(columns: &[Column], width: usize) -> Option<Vec<usize>> {
    let room = width.checked_sub(GAP * (columns.len() - 1))?;
    let mut widths: Vec<usize> = columns.iter().map(|column| column.natural().min(room + 1).max(1)).collect();
    let turns: [&dyn Fn(&Column) -> usize; 6] = [
        &|column| column.body(Value::shapely).max(wrap::width(&column.name)),
        &|column| if column.flexible { 16 } else { usize::MAX },
        &|column| {
            if column.flexible {
                16
            } else {
                column.body(Value::shapely).max(wrap::width(&column.name).min(8)).max(column.longest_name())
            }
        },
        &|column| {
            if column.flexible {
                column.body(Value::narrowest).max(column.longest_name()).clamp(8, 12)
            } else {
                usize::MAX
            }
        },
        &|column| if column.has_bar() { column.body(Value::narrowest) } else { usize::MAX },
        &|column| if column.flexible { usize::MAX } else { column.body(Value::narrowest).max(4) },
    ];
    for least in turns {
        if widths.iter().sum::<usize>() <= room {
            break;
        }
        let least: Vec<usize> = columns.iter().map(least).collect();
        while widths.iter().sum::<usize>() > room {
            let widest = (0..widths.len()).filter(|at| widths[*at] > least[*at]).max_by_key(|at| widths[*at]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
    }
    (widths.iter().sum::<usize>() <= room).then_some(widths)
}

/// The columns side by side, each as wide as its widest line.
fn grid(columns: &[Column], widths: &[usize], ink: Ink) -> Vec<String> {
    let names: Vec<Vec<String>> =
        columns.iter().zip(widths).map(|(column, width)| wrap::wrap(&column.name, *width)).collect();
    let bodies: Vec<Vec<Vec<String>>> = columns
        .iter()
        .zip(widths)
        .map(|(column, width)| column.values.iter().map(|value| value.lines(*width)).collect())
        .collect();
    let height = names.iter().map(Vec::len).max().unwrap_or(1);
    let heads = names.iter().zip(&bodies).map(|(name, body)| {
        let lines = name.iter().chain(body.iter().flatten());
        let width = lines.map(|line| wrap::width(line)).max().unwrap_or(0);
        let mut head = vec![String::new(); height - name.len()];
        head.extend(name.iter().map(|line| ink.paint(Style::Strong, line)));
        head.push(ink.paint(Style::Toned(Tone::Quiet), &ink.rule(width)));
        head.join("\n")
    });
    let mut grid = comfy_table::Table::new();
    grid.load_style(comfy_table::presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    grid.set_header(heads);
    for at in 0..columns.first().map_or(0, |column| column.values.len()) {
        grid.add_row(bodies.iter().map(|body| body[at].join("\n")));
    }
    for (at, column) in columns.iter().enumerate() {
        let Some(set) = grid.column_mut(at) else { continue };
        let gap = if at + 1 < columns.len() { GAP as u16 } else { 0 };
        set.set_padding((0, gap));
        set.set_cell_alignment(match column.align {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        });
    }
    grid.lines().map(|line| line.trim_end().to_string()).collect()
}

/// Each row as names and values, without what is empty; an empty line between rows.
fn records(table: &Table, ink: Ink, width: usize) -> Vec<String> {
    let seen = seen(table);
    let mut lines = Vec::new();
    for row in &table.rows {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let values: Vec<(&str, &Cell)> =
            seen.iter().filter_map(|(at, name)| Some((*name, row.get(*at)?))).collect();
        let values: Vec<_> = values.into_iter().filter(|(_, cell)| **cell != Cell::Empty).collect();
        lines.extend(pairs(&values, ink, width));
    }
    lines
}

fn separator() -> &'static str {
    tr("、", ", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Column;
    use crate::render::Page;
    use proptest::prelude::*;

    fn ink() -> Ink {
        Ink::of(&Page { width: 80, color: false, ascii: false, bom: false })
    }

    fn units(names: [&str; 3], rows: &[(&str, i64, &str)]) -> Table {
        let [unit, count, note] = names;
        Table {
            key: None,
            shown: true,
            columns: vec![
                Column::people(unit),
                Column::people(count).right(),
                Column::data("hidden"),
                Column::people(note).flexible(),
            ],
            rows: rows
                .iter()
                .map(|(unit, count, note)| {
                    vec![Cell::text(*unit), Cell::Int(*count), Cell::text("不见"), Cell::text(*note)]
                })
                .collect(),
            empty: String::new(),
        }
    }

    #[test]
    fn numbers_stand_at_the_right_and_words_at_the_left() {
        let table = units(["责任单位", "应完成", "说明"], &[("教育局", 3, "无"), ("乡村振兴局", 12, "")]);
        assert_eq!(
            lines(&table, ink(), 80),
            [
                "责任单位    应完成  说明",
                "──────────  ──────  ────",
                "教育局           3  无",
                "乡村振兴局      12  —",
            ]
        );
    }

    #[test]
    fn further_lines_stand_under_their_column() {
        let table =
            units(["单位", "数", "说明"], &[("教育局", 3, "学前教育在册2人，义务教育在册24人，均无辍学")]);
        assert_eq!(
            lines(&table, ink(), 34),
            [
                "单位    数  说明",
                "──────  ──  ──────────────────────",
                "教育局   3  学前教育在册2人，义务",
                "            教育在册24人，均无辍学",
            ]
        );
    }

    #[test]
    fn the_names_of_columns_break_before_texts_become_narrow() {
        let table = units(["单位", "逾期完成项数", "说明"], &[("教育局", 3, "义务教育在册，均无辍学")]);
        assert_eq!(
            lines(&table, ink(), 30),
            [
                "        逾期完成",
                "单位        项数  说明",
                "──────  ────────  ────────────",
                "教育局         3  义务教育在",
                "                  册，均无辍学",
            ]
        );
    }

    #[test]
    fn a_page_too_narrow_for_columns_has_names_and_values() {
        let table = units(["责任单位", "应完成", "说明"], &[("教育局", 3, "无"), ("乡村振兴局", 12, "")]);
        assert_eq!(
            lines(&table, ink(), 12),
            [
                "责任单位",
                "  教育局",
                "应完成",
                "  3",
                "说明",
                "  无",
                "",
                "责任单位",
                "  乡村振兴局",
                "应完成",
                "  12"
            ]
        );
    }

    #[test]
    fn values_stand_beside_their_names() {
        let units = Cell::List(["乡村振兴局", "财政局", "水利局"].map(str::to_string).to_vec());
        let lines = pairs(&[("责任单位", &units), ("出处", &Cell::text("二(三)6"))], ink(), 32);
        assert_eq!(lines, ["责任单位  乡村振兴局、财政局、", "          水利局", "出处      二(三)6"]);
    }

    fn any_table() -> impl Strategy<Value = Table> {
        let text = prop_oneof!["[一-龥。，“”（）a-z0-9 .%-]{0,40}", any::<String>()];
        let cell = prop_oneof![
            4 => text.prop_map(Cell::text),
            1 => any::<i64>().prop_map(Cell::Int),
            1 => any::<f64>().prop_map(|percent| Cell::Bar { percent, mark: Some(50.0), tone: Tone::Bad }),
            1 => prop::collection::vec("[一-龥]{1,9}", 0..9).prop_map(Cell::List),
            1 => "[一-龥]{1,9}".prop_map(|word| Cell::State { key: "any", word, tone: Tone::Good }),
        ];
        let column = ("[一-龥a-z]{0,8}", any::<bool>(), any::<bool>()).prop_map(|(name, flexible, right)| {
            Column { align: if right { Align::Right } else { Align::Left }, flexible, ..Column::people(name) }
        });
        (1usize..12).prop_flat_map(move |count| {
            let rows = prop::collection::vec(prop::collection::vec(cell.clone(), count), 1..5);
            (prop::collection::vec(column.clone(), count), rows).prop_map(|(columns, rows)| Table {
                key: None,
                shown: true,
                columns,
                rows,
                empty: String::new(),
            })
        })
    }

    proptest! {
        #[test]
        fn no_table_is_wider_than_the_page(table in any_table(), width in 40usize..140, color: bool) {
            let ink = Ink::of(&Page { width, color, ascii: false, bom: false });
            for line in lines(&table, ink, width) {
                prop_assert!(wrap::width(&line) <= width, "{line:?}");
                prop_assert_eq!(line.trim_end(), &line);
            }
        }

        #[test]
        fn no_page_is_too_narrow(table in any_table(), width in 0usize..40) {
            lines(&table, ink(), width);
        }
    }
}
