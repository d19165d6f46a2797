//! Documents to bytes: one file a format. A renderer sees a [`Document`] and a [`Page`], never the plan.

pub mod csv;
pub mod diagnostics;
pub mod json;
pub mod markdown;
pub mod problems;
pub mod text;
pub mod wrap;
pub mod yaml;

use crate::document::{Cell, Document, number, percent};
use crate::language::tr;
use anyhow::Result;

/// The formats of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal or a pipe.
    Text,
    /// For programs.
    Json,
    /// For programs and people.
    Yaml,
    /// For Excel and WPS.
    Csv,
    /// For chats and wikis.
    Markdown,
}

/// The paper that a document is put on.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Columns of a line of text.
    pub width: usize,
    /// Whether colours are shown.
    pub color: bool,
    /// Whether lines and bars are drawn with ASCII characters.
    pub ascii: bool,
    /// Whether CSV begins with a byte-order mark, as Excel in China needs it.
    pub bom: bool,
}

/// The document in a format.
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
    }
}

/// A cell in the words that people read, cleaned of control characters. A bar is its percentage.
pub fn words(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "—".to_string(),
        Cell::Text(text) => wrap::clean(text).into_owned(),
        Cell::Date(day) => day.to_string(),
        Cell::Int(count) => count.to_string(),
        Cell::Number(value, measure) => number(*value) + &wrap::clean(measure),
        Cell::Percent(share) | Cell::Bar { percent: share, .. } => percent(*share),
        Cell::Bool(yes) => if *yes { tr("是", "yes") } else { tr("否", "no") }.to_string(),
        Cell::List(names) => wrap::clean(&names.join(tr("、", ", "))).into_owned(),
        Cell::State { word, .. } => wrap::clean(word).into_owned(),
    }
}
