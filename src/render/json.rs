//! JSON for programs: keys never depend on the language.

use crate::document::{Block, Cell, Document, Fact, Shape, Table};
use crate::render::wrap::clean;
use anyhow::Result;
use serde_json::{Map, Number, Value};

/// The document as indented JSON, ending in a line end.
///
/// # Errors
/// The serializer's.
pub fn render(document: &Document) -> Result<String> {
    let mut text = serde_json::to_string_pretty(&value(document))?;
    text.push('\n');
    Ok(text)
}

/// The document as a JSON value: an array of rows, or an object with a member for each block that has a key.
pub fn value(document: &Document) -> Value {
    let mut object = Map::new();
    for block in &document.blocks {
        match block {
            Block::Facts { key: None, facts } => object.extend(members(facts)),
            Block::Facts { key: Some(key), facts } => {
                object.insert((*key).to_string(), Value::Object(members(facts)));
            }
            Block::Table(table) => {
                if let Some(key) = table.key {
                    object.insert(key.to_string(), rows(table));
                }
            }
            Block::Documents { key, documents } => {
                object.insert((*key).to_string(), documents.iter().map(value).collect());
            }
            Block::Heading { .. } | Block::Paragraph(_) | Block::Note(_) | Block::Items(_) => {}
        }
    }
    match document.shape {
        Shape::Object => Value::Object(object),
        Shape::Rows => object.into_iter().next().map_or(Value::Array(Vec::new()), |(_, rows)| rows),
    }
}

fn members(facts: &[Fact]) -> Map<String, Value> {
    facts.iter().filter_map(|fact| Some((fact.key?.to_string(), cell(&fact.cell)))).collect()
}

fn rows(table: &Table) -> Value {
    let row = |cells: &Vec<Cell>| -> Value {
        let members = table.columns.iter().zip(cells);
        let members = members.filter_map(|(column, value)| Some((column.key?.to_string(), cell(value))));
        Value::Object(members.collect())
    };
    table.rows.iter().map(row).collect()
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => Value::String(clean(text).into_owned()),
        Cell::Date(day) => Value::String(day.to_string()),
        Cell::Int(count) => Value::from(*count),
        Cell::Number(value, _) => number(*value, 6),
        Cell::Percent(share) | Cell::Bar { percent: share, .. } => number(*share, 1),
        Cell::Bool(yes) => Value::Bool(*yes),
        Cell::List(names) => names.iter().map(|name| Value::String(clean(name).into_owned())).collect(),
        Cell::State { key, .. } => Value::String((*key).to_string()),
    }
}

/// A number of at most so many decimal places; a whole one is written without any.
fn number(value: f64, places: i32) -> Value {
    let scale = 10f64.powi(places);
    let rounded = (value * scale).round() / scale;
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        return Value::from(rounded as i64);
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}
