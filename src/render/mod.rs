//! From a document to text: one file a format, and what the formats share.
//!
//! Every renderer is a function from a [`Document`]; none decides what is said, only how it is written. Beside them
//! stand [`diagnostics`], which writes the problems of a file, and [`wrap`], the only module that breaks lines.

pub mod csv;
pub mod diagnostics;
pub mod difference;
pub mod email;
pub mod html;
mod ink;
pub mod json;
pub mod markdown;
pub mod problems;
#[cfg(test)]
mod sample;
mod table;
pub mod text;
pub mod wrap;
pub mod yaml;

use crate::document::{Block, Cell, Document, Table, number, percent, rate_words};
use crate::language::tr;
use anyhow::Result;

/// A form that a document can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// For programs and people.
    Yaml,
    /// For spreadsheets.
    Csv,
    /// For chats and wikis.
    Markdown,
    /// One page for a browser, a printer or a phone.
    Html,
}

/// What a document is written on. Formats take from it what concerns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The most columns that a line of text may take; from 40 on no line is wider.
    pub width: usize,
    /// Whether text has colours.
    pub color: bool,
    /// Whether text does without box-drawing and block characters, dashes and bullets.
    pub ascii: bool,
    /// Whether CSV begins with a byte order mark, without which Excel takes it for GBK.
    pub bom: bool,
}

/// Writes the document in the format, complete, with a final line end.
///
/// # Errors
/// None for any document that this program builds; the serializers' own are passed on.
pub fn render(document: &Document, format: Format, page: &Page) -> Result<String> {
    match format {
        Format::Text => Ok(text::render(document, page)),
        Format::Json => json::render(document),
        Format::Yaml => yaml::render(document),
        Format::Csv => csv::render(document, page.bom),
        Format::Markdown => Ok(markdown::render(document)),
        Format::Html => Ok(html::render(document)),
    }
}

/// A cell as people read it. It may hold what a file says: the caller cleans or escapes it.
pub fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "—".to_string(),
        // Where nothing of a text is seen, nothing is known.
        Cell::Text(text) if wrap::clean(text).trim().is_empty() => "—".to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Date(day) => day.to_string(),
        Cell::Int(count) => count.to_string(),
        Cell::Number(value, measure) => number(*value) + measure,
        Cell::Percent(value) | Cell::Bar { percent: value, .. } => percent(*value),
        Cell::Bool(true) => tr("是", "yes").to_string(),
        Cell::Bool(false) => tr("否", "no").to_string(),
        Cell::List(names) if names.is_empty() => "—".to_string(),
        Cell::List(names) => names.join(tr("、", ", ")),
        Cell::State { word, .. } => word.clone(),
        Cell::Rate { part, whole } => rate_words(*part, *whole),
        Cell::File(name) => name.clone(),
    }
}

/// The rows that a document of rows is about: its first table that data formats see.
fn rows(document: &Document) -> Option<&Table> {
    let tables = || {
        document.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    };
    tables().find(|table| table.key.is_some()).or_else(|| tables().next())
}

/// The columns of a table that people see, by place, with their names.
fn seen(table: &Table) -> Vec<(usize, &str)> {
    let names = table.columns.iter().enumerate();
    names.filter_map(|(at, column)| Some((at, column.name.as_deref()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Tone;
    use crate::language::{self, Language};

    #[test]
    fn a_measure_word_stands_right_behind_its_number() {
        assert_eq!(cell_text(&Cell::Number(29.0, "户".into())), "29户");
        assert_eq!(cell_text(&Cell::Number(93.0, "%".into())), "93%");
        assert_eq!(cell_text(&Cell::Number(411.82, String::new())), "411.82");
    }

    #[test]
    fn people_read_words_and_not_identifiers() {
        let state = Cell::State { key: "overdue", word: "逾期".into(), tone: Tone::Bad };
        assert_eq!(cell_text(&state), "逾期");
        assert_eq!(cell_text(&Cell::Bool(true)), "是");
        assert_eq!(cell_text(&Cell::List(vec!["财政局".into(), "水利局".into()])), "财政局、水利局");
        assert_eq!(cell_text(&Cell::Bar { percent: 50.0, mark: None, tone: Tone::Good }), "50.0%");
    }

    #[test]
    fn what_is_absent_is_a_dash() {
        assert_eq!(cell_text(&Cell::Empty), "—");
        assert_eq!(cell_text(&Cell::List(Vec::new())), "—");
        assert_eq!(cell_text(&Cell::text(" \u{1b}")), "—");
    }

    #[test]
    fn english_lists_have_commas() {
        language::set(Language::English);
        assert_eq!(cell_text(&Cell::List(vec!["财政局".into(), "水利局".into()])), "财政局, 水利局");
        assert_eq!(cell_text(&Cell::Bool(false)), "no");
        language::set(Language::Chinese);
    }
}
