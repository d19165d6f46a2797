//! A document for programs: its rows as an array, or its parts as an object. Words for people are left out.

use crate::document::{Block, Cell, Document, Fact, Shape, Table, rate};
use crate::render::{rows, wrap};
use anyhow::Result;
use serde_json::{Map, Number, Value};

/// Writes the document as JSON, indented, with a final line end.
///
/// Control characters that JSON itself lets through stand as `\u` escapes: the same value, but harmless to a terminal.
///
/// # Errors
/// The serializer's.
pub fn render(document: &Document) -> Result<String> {
    let text = serde_json::to_string_pretty(&value(document))?;
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        match c {
            c if c == '\u{7f}' || !c.is_ascii() && wrap::is_control(c) => {
                safe.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => safe.push(c),
        }
    }
    safe.push('\n');
    Ok(safe)
}

/// The document as a value: an array of rows, or an object with a member for each block that has a key.
pub fn value(document: &Document) -> Value {
    if document.shape == Shape::Object {
        return Value::Object(members(document));
    }
    let documents = document.blocks.iter().find_map(|block| match block {
        Block::Documents { documents, .. } => Some(documents),
        _ => None,
    });
    match (rows(document), documents) {
        (Some(table), _) => array(table),
        (None, Some(documents)) => documents.iter().map(value).collect(),
        (None, None) => Value::Array(Vec::new()),
    }
}

fn members(document: &Document) -> Map<String, Value> {
    let mut members = Map::new();
    for block in &document.blocks {
        match block {
            Block::Facts { key: None, facts } => members.extend(values(facts)),
            Block::Facts { key: Some(key), facts } => {
                members.insert((*key).to_string(), Value::Object(values(facts)));
            }
            Block::Table(table) => {
                if let Some(key) = table.key {
                    members.insert(key.to_string(), array(table));
                }
            }
            Block::Documents { key, documents } => {
                members.insert((*key).to_string(), documents.iter().map(value).collect());
            }
            Block::Heading { .. } | Block::Paragraph(_) | Block::Note(_) | Block::Hint(_) => {}
            Block::Figures(_) | Block::Timeline(_) | Block::Items(_) => {}
        }
    }
    members
}

fn values(facts: &[Fact]) -> Map<String, Value> {
    facts.iter().filter_map(|fact| Some((fact.key?.to_string(), cell(&fact.cell)))).collect()
}

fn array(table: &Table) -> Value {
    let object = |row: &Vec<Cell>| -> Value {
        let named = table.columns.iter().zip(row).filter(|(column, _)| !column.to_fill_in);
        named.filter_map(|(column, value)| Some((column.key?, cell(value)))).collect()
    };
    table.rows.iter().map(object).collect()
}

/// One value as data. CSV is made from it, too.
pub fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::String(text.clone()),
        Cell::Date(day) => Value::String(day.to_string()),
        Cell::Int(count) => Value::from(*count),
        Cell::Number(value, _) => number(*value),
        Cell::Percent(percent) | Cell::Bar { percent, .. } => share(*percent),
        Cell::Bool(yes) => Value::Bool(*yes),
        Cell::List(names) => names.iter().cloned().map(Value::String).collect(),
        Cell::State { key, .. } => Value::String((*key).to_string()),
        Cell::Rate { part, whole } => rate(*part, *whole).map_or(Value::Null, share),
        Cell::File(name) => Value::String(name.clone()),
    }
}

/// A number without the dust of binary fractions (0.3, not 0.30000000000000004); whole ones without a point.
fn number(value: f64) -> Value {
    /// Up to here every whole number is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if value.fract() == 0.0 && value.abs() <= EXACT {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A share with at most one decimal place: 62.5, 100.
fn share(percent: f64) -> Value {
    number((percent * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;
    use serde_json::json;

    #[test]
    fn a_document_of_rows_is_an_array_of_objects() {
        let value = value(&sample::overdue());
        assert_eq!(
            value[0],
            json!({"overdue_days": 91, "task": "E7", "what": "确权到嘎查村的资产录入全国平台（二期）",
                "due": "2023-03-31", "state": "overdue", "units": ["乡村振兴局", "财政局"]})
        );
        let keys: Vec<_> = value[0].as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["overdue_days", "task", "what", "due", "state", "units"]);
    }

    #[test]
    fn a_document_of_parts_is_an_object() {
        let value = value(&sample::report());
        assert_eq!(value["period"], "2023Q2");
        assert_eq!(value["totals"], json!({"due": 24, "completion_rate": 75}));
        assert_eq!(value["indicators"][0]["percent"], json!(50));
        assert_eq!(value["tasks"][0]["id"], "C6");
        assert!(value.get("remarks").is_none());
    }

    #[test]
    fn numbers_are_plain() {
        assert_eq!(number(29.0).to_string(), "29");
        assert_eq!(number(0.1 + 0.2).to_string(), "0.3");
        assert_eq!(number(411.82).to_string(), "411.82");
        assert_eq!(number(-0.0).to_string(), "0");
        assert_eq!(number(f64::NAN), Value::Null);
        assert_eq!(share(62.5).to_string(), "62.5");
        assert_eq!(share(100.0).to_string(), "100");
        assert_eq!(share(-0.01).to_string(), "0");
    }

    #[test]
    fn control_characters_stand_as_escapes() {
        let text = render(&sample::note("a\u{1b}\u{9b}\u{7f}\u{202e}b")).expect("a value");
        assert!(text.contains(r#""a\u001b\u009b\u007f\u202eb""#), "{text}");
        let read: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read[0]["what"], "a\u{1b}\u{9b}\u{7f}\u{202e}b");
    }
}
