//! CSV for Excel and WPS: keys as headings, CRLF, a byte-order mark, and no cell that could be taken for a formula.

use crate::document::{Block, Cell, Document, Fact, Shape, Table, number};
use crate::render::words;
use crate::render::wrap::clean;
use anyhow::{Context, Result};

/// The document as CSV. A list is one table; a report is its tables one below the other, each under a row with its
/// key and with an empty row between them.
///
/// # Errors
/// The writer's.
pub fn render(document: &Document, bom: bool) -> Result<String> {
    let mut writer =
        csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    parts(document, &mut writer)?;
    let bytes = writer.into_inner().map_err(|error| error.into_error()).context("CSV")?;
    let text = String::from_utf8(bytes)?;
    Ok(if bom { format!("\u{feff}{text}") } else { text })
}

type Writer = csv::Writer<Vec<u8>>;

fn parts(document: &Document, writer: &mut Writer) -> Result<()> {
    let mut first = true;
    for block in &document.blocks {
        match block {
            Block::Table(table) => {
                let Some(key) = table.key else { continue };
                if document.shape == Shape::Object {
                    heading(writer, key, &mut first)?;
                }
                rows(writer, table)?;
            }
            Block::Facts { key, facts } => {
                if facts.iter().all(|fact| fact.key.is_none()) {
                    continue;
                }
                heading(writer, key.unwrap_or("facts"), &mut first)?;
                record(writer, facts)?;
            }
            Block::Documents { documents, .. } => {
                for document in documents {
                    parts(document, writer)?;
                    writer.write_record([""])?;
                }
            }
            Block::Heading { .. } | Block::Paragraph(_) | Block::Note(_) | Block::Items(_) => {}
        }
    }
    Ok(())
}

fn heading(writer: &mut Writer, key: &str, first: &mut bool) -> Result<()> {
    if !std::mem::replace(first, false) {
        writer.write_record([""])?;
    }
    Ok(writer.write_record([key])?)
}

fn rows(writer: &mut Writer, table: &Table) -> Result<()> {
    writer.write_record(table.columns.iter().filter_map(|column| column.key))?;
    for row in &table.rows {
        let cells = table.columns.iter().zip(row).filter(|(column, _)| column.key.is_some());
        writer.write_record(cells.map(|(_, cell)| field(cell)))?;
    }
    Ok(())
}

fn record(writer: &mut Writer, facts: &[Fact]) -> Result<()> {
    writer.write_record(facts.iter().filter_map(|fact| fact.key))?;
    let cells = facts.iter().filter(|fact| fact.key.is_some()).map(|fact| field(&fact.cell));
    Ok(writer.write_record(cells)?)
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(&clean(text)),
        Cell::List(names) => harmless(&clean(&names.join("、"))),
        Cell::Number(value, _) => format!("{}", (value * 1e6).round() / 1e6),
        Cell::Percent(share) | Cell::Bar { percent: share, .. } => number((share * 10.0).round() / 10.0),
        Cell::State { key, .. } => (*key).to_string(),
        Cell::Bool(yes) => yes.to_string(),
        Cell::Date(_) | Cell::Int(_) => words(cell),
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Column, Table};

    #[test]
    fn a_formula_is_made_harmless_and_a_comma_quoted() {
        let table = Table {
            key: Some("rows"),
            shown: true,
            columns: vec![Column::data("name"), Column::data("value")],
            rows: vec![
                vec![Cell::text("=1+1"), Cell::Number(-2.5, String::new())],
                vec![Cell::text("甲,乙"), Cell::Empty],
            ],
            empty: String::new(),
        };
        let document =
            Document { title: String::new(), shape: Shape::Rows, blocks: vec![Block::Table(table)] };
        let text = render(&document, true).expect("CSV of a small table");
        assert_eq!(text, "\u{feff}name,value\r\n'=1+1,-2.5\r\n\"甲,乙\",\r\n");
    }
}
