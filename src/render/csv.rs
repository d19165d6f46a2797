//! A document for spreadsheets: commas, CRLF, and no cell that a spreadsheet would take for a formula.

use crate::document::{Block, Cell, Document, Fact, Shape, Table};
use crate::render::{json, rows, wrap};
use anyhow::Result;
use serde_json::Value;

/// Writes the rows, or the parts one after the other: the part's key, its header and rows, an empty line between
/// parts. `bom` puts a byte order mark first, without which Excel in China takes the file for GBK.
///
/// # Errors
/// The writer's.
pub fn render(document: &Document, bom: bool) -> Result<String> {
    let mut parts = Vec::new();
    match (document.shape, rows(document)) {
        (Shape::Rows, Some(table)) => parts.push(sheet(None, table)?),
        _ => add_parts(document, &mut parts)?,
    }
    let mark = if bom { "\u{feff}" } else { "" };
    Ok(format!("{mark}{}", parts.join("\r\n")))
}

fn add_parts(document: &Document, parts: &mut Vec<String>) -> Result<()> {
    for block in &document.blocks {
        match block {
            Block::Facts { key, facts } if facts.iter().any(|fact| fact.key.is_some()) => {
                parts.push(values(*key, facts)?);
            }
            Block::Table(table) if table.key.is_some() => parts.push(sheet(table.key, table)?),
            Block::Documents { documents, .. } => {
                for document in documents {
                    add_parts(document, parts)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn sheet(key: Option<&str>, table: &Table) -> Result<String> {
    let columns: Vec<(usize, &str)> =
        table.columns.iter().enumerate().filter_map(|(at, column)| Some((at, column.key?))).collect();
    let header = columns.iter().map(|(_, key)| (*key).to_string()).collect();
    let row =
        |row: &Vec<Cell>| columns.iter().map(|(at, _)| row.get(*at).map_or(String::new(), field)).collect();
    write(key, header, table.rows.iter().map(row).collect())
}

fn values(key: Option<&str>, facts: &[Fact]) -> Result<String> {
    let named = || facts.iter().filter_map(|fact| Some((fact.key?, &fact.cell)));
    let header = named().map(|(key, _)| key.to_string()).collect();
    write(key, header, vec![named().map(|(_, cell)| field(cell)).collect()])
}

fn write(key: Option<&str>, header: Vec<String>, rows: Vec<Vec<String>>) -> Result<String> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if let Some(key) = key {
        writer.write_record([key])?;
    }
    for record in std::iter::once(&header).chain(&rows) {
        writer.write_record(record)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// A cell as a field: numbers plain, names joined by 、 in every language, texts harmless.
fn field(cell: &Cell) -> String {
    match json::cell(cell) {
        Value::Null => String::new(),
        Value::String(text) => harmless(&text),
        Value::Array(names) => {
            harmless(&names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"))
        }
        other => other.to_string(),
    }
}

/// One line, and an apostrophe before what would be read as a formula, in full width as well.
fn harmless(text: &str) -> String {
    let text = wrap::clean(text);
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn rows_stand_under_their_keys() {
        let text = render(&sample::overdue(), true).expect("text");
        let mut lines = text.split("\r\n");
        assert_eq!(lines.next(), Some("\u{feff}overdue_days,task,what,due,state,units"));
        assert_eq!(
            lines.next(),
            Some("91,E7,确权到嘎查村的资产录入全国平台（二期）,2023-03-31,overdue,乡村振兴局、财政局")
        );
        assert!(text.ends_with("\r\n"));
    }

    #[test]
    fn parts_follow_each_other_under_their_keys() {
        let text = render(&sample::report(), false).expect("text");
        assert!(
            text.starts_with("period,as_of\r\n2023Q2,2023-06-30\r\n\r\ntotals\r\ndue,completion_rate\r\n")
        );
        assert!(text.contains("24,75\r\n\r\nindicators\r\nname,value,percent\r\n"), "{text}");
    }

    #[test]
    fn a_text_never_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1"] {
            assert!(field(&Cell::text(text)).starts_with('\''), "{text:?}");
        }
        assert_eq!(field(&Cell::List(vec!["=1".into(), "a".into()])), "'=1、a");
    }

    #[test]
    fn a_negative_number_stays_a_number() {
        assert_eq!(field(&Cell::Int(-5)), "-5");
        assert_eq!(field(&Cell::Number(-0.5, "%".into())), "-0.5");
        assert_eq!(field(&Cell::Percent(-12.34)), "-12.3");
    }

    #[test]
    fn commas_and_quotes_are_quoted() {
        let text = render(&sample::note("a,\"b\"\nc\u{1b}[0m"), false).expect("text");
        assert!(text.ends_with("\"a,\"\"b\"\" c[0m\"\r\n"), "{text}");
    }
}
