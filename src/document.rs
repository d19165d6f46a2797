//! What a report says, before it has a form: headings, paragraphs, facts and tables of typed cells.
//!
//! Reports build a [`Document`]; each file in `render` turns one into a format. Nothing here knows a terminal,
//! a file or the plan.

use chrono::NaiveDate;

/// One report or list, complete, in the order in which it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The first line that people read.
    pub title: String,
    /// Whether data formats see one list of rows or one object.
    pub shape: Shape,
    /// The parts, in order.
    pub blocks: Vec<Block>,
}

/// How a document looks to JSON, YAML and CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One array: the rows of the only table.
    Rows,
    /// One object: each block with a key is a member.
    Object,
}

/// One part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading: level 1 for the parts of a report, 2 below it.
    Heading {
        /// 1 or 2.
        level: u8,
        /// The words.
        text: String,
    },
    /// Sentences for people; data formats leave them out.
    Paragraph(String),
    /// A remark on how something was counted; for people, in a quiet tone.
    Note(String),
    /// Which command comes next: for whoever sits at the keyboard. What leaves the house goes without it.
    Hint(String),
    /// Headline figures for a page. Formats without pages leave them out: sentences and facts say the same.
    Figures(Vec<Figure>),
    /// A year's deadlines as a picture, for a page.
    Timeline(Timeline),
    /// Named single values.
    Facts {
        /// The member of the JSON object that holds them; `None` puts them at the top level.
        key: Option<&'static str>,
        /// The values, in order.
        facts: Vec<Fact>,
    },
    /// A numbered list for people, e.g. overdue items with their details; its data stand in a table beside it.
    Items(Vec<Item>),
    /// Rows under columns.
    Table(Table),
    /// Documents inside this one: an array of objects under `key`.
    Documents {
        /// The member of the JSON object that holds them.
        key: &'static str,
        /// The inner documents.
        documents: Vec<Document>,
    },
}

/// A single named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The name in JSON, independent of the language; `None` keeps the fact out of data formats.
    pub key: Option<&'static str>,
    /// The name for people; `None` keeps it out of what people see.
    pub name: Option<String>,
    /// The value.
    pub cell: Cell,
}

/// One numbered entry for people: a line, and quieter lines under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// How the entry is to be felt.
    pub tone: Tone,
    /// The first line.
    pub text: String,
    /// Lines under it.
    pub details: Vec<String>,
}

/// One number that a reader takes away.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name in JSON of the fact that holds the same value.
    pub key: &'static str,
    /// The name for people.
    pub name: String,
    /// The value.
    pub cell: Cell,
    /// How it is to be felt.
    pub tone: Tone,
    /// A few words under it, such as the whole that it is a part of.
    pub remark: Option<String>,
}

/// The deadlines of a year, and the day on which the reader stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The first and last day that it shows, both inclusive.
    pub span: (NaiveDate, NaiveDate),
    /// The days that the document is about, both inclusive; they may lie outside of the span.
    pub period: (NaiveDate, NaiveDate),
    /// 截至; it may lie outside of the span.
    pub day: NaiveDate,
    /// What is shown: each state with the days on which something in it is due, in order, with how many there are.
    pub series: Vec<Series>,
    /// How many have a deadline outside of the span, and are not shown.
    pub outside: usize,
}

/// The deadlines of one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The identifier of the state in data formats (`due_soon`).
    pub key: &'static str,
    /// The word for people (临期).
    pub word: String,
    /// How it is to be felt.
    pub tone: Tone,
    /// The days with how many are due on each; never 0.
    pub days: Vec<(NaiveDate, usize)>,
}

/// Rows of typed cells under named columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The member of the JSON object that holds the rows; `None` keeps the table out of data formats.
    pub key: Option<&'static str>,
    /// Whether people see it: a table whose data also stand in another block for people is for data formats only.
    pub shown: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// What people read where there is no row.
    pub empty: String,
}

/// One column: its name in data and its name for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name in JSON and CSV (`overdue_days`); `None` for a column that only people see.
    pub key: Option<&'static str>,
    /// The name for people (逾期天数); `None` for a column that only data formats have.
    pub name: Option<String>,
    /// Where its text stands.
    pub align: Align,
    /// Whether the column may be narrowed and its text wrapped; others keep their natural width.
    pub flexible: bool,
    /// Whether it is empty, for people to fill in on a spreadsheet; other formats leave it out.
    pub to_fill_in: bool,
}

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left: words.
    Left,
    /// At the right: numbers.
    Right,
}

impl Column {
    /// A column that only data formats have.
    pub fn data(key: &'static str) -> Column {
        Column { key: Some(key), name: None, align: Align::Left, flexible: false, to_fill_in: false }
    }

    /// A column that only people see.
    pub fn people(name: impl Into<String>) -> Column {
        Column { key: None, name: Some(name.into()), align: Align::Left, flexible: false, to_fill_in: false }
    }

    /// A column that both have.
    pub fn both(key: &'static str, name: impl Into<String>) -> Column {
        Column {
            key: Some(key),
            name: Some(name.into()),
            align: Align::Left,
            flexible: false,
            to_fill_in: false,
        }
    }

    /// A column that people fill in on a spreadsheet.
    pub fn to_fill_in(key: &'static str) -> Column {
        Column { to_fill_in: true, ..Column::data(key) }
    }

    /// The same column with its text at the right.
    pub fn right(self) -> Column {
        Column { align: Align::Right, ..self }
    }

    /// The same column, allowed to be narrowed and wrapped.
    pub fn flexible(self) -> Column {
        Column { flexible: true, ..self }
    }
}

/// One typed value. How it is written is the renderer's decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known or nothing applies: null in JSON, an empty field in CSV, `—` for people.
    Empty,
    /// Words.
    Text(String),
    /// A calendar day: ISO 8601 everywhere.
    Date(NaiveDate),
    /// A count.
    Int(i64),
    /// A measured value with its measure word (个, 公里, %), which may be empty; data formats write the number alone.
    Number(f64, String),
    /// A share in percent (124.2 means 124.2%); people see one decimal place.
    Percent(f64),
    /// A yes or no; people see 是 / 否.
    Bool(bool),
    /// Names: an array in JSON; 、 between them for people and in CSV.
    List(Vec<String>),
    /// A state, by word and tone.
    State {
        /// The identifier in data formats (`due_soon`).
        key: &'static str,
        /// The word for people (临期).
        word: String,
        /// How it is to be felt.
        tone: Tone,
    },
    /// A bar for people, with the percentage; data formats write the percentage.
    Bar {
        /// What is reached, in percent; may exceed 100.
        percent: f64,
        /// Where the pace mark stands, in percent.
        mark: Option<f64>,
        /// How it is to be felt.
        tone: Tone,
    },
    /// A share with the numbers that it comes from: `18/24 75.0%` for people, the percentage in data formats; of
    /// nothing it is as [`Cell::Empty`].
    Rate {
        /// How many of them.
        part: usize,
        /// Of how many.
        whole: usize,
    },
    /// A file that lies beside this one, by its name.
    File(String),
}

/// How a state is to be felt: a colour where there are colours, never the only sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Finished, on track: green.
    Good,
    /// Close, slightly behind: yellow.
    Warning,
    /// Overdue, far behind: red.
    Bad,
    /// Neither: no colour.
    Neutral,
    /// Not in play (cancelled, waiting): dim.
    Quiet,
}

impl Cell {
    /// Words, or nothing where there are none.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// Words that may be absent.
    pub fn maybe_text(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, Cell::text)
    }

    /// A day that may be absent.
    pub fn maybe_date(day: Option<NaiveDate>) -> Cell {
        day.map_or(Cell::Empty, Cell::Date)
    }

    /// A count that may be absent.
    pub fn maybe_int(count: Option<i64>) -> Cell {
        count.map_or(Cell::Empty, Cell::Int)
    }

    /// A share that may be absent.
    pub fn maybe_percent(percent: Option<f64>) -> Cell {
        percent.map_or(Cell::Empty, Cell::Percent)
    }

    /// A plain number that may be absent.
    pub fn maybe_number(value: Option<f64>) -> Cell {
        value.map_or(Cell::Empty, |value| Cell::Number(value, String::new()))
    }

    /// The number of things.
    pub fn count(count: usize) -> Cell {
        Cell::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl Series {
    /// How many there are on all days.
    pub fn count(&self) -> usize {
        self.days.iter().map(|(_, count)| count).sum()
    }
}

impl Fact {
    /// A value for people and data.
    pub fn both(key: &'static str, name: impl Into<String>, cell: Cell) -> Fact {
        Fact { key: Some(key), name: Some(name.into()), cell }
    }

    /// A value for data formats only.
    pub fn data(key: &'static str, cell: Cell) -> Fact {
        Fact { key: Some(key), name: None, cell }
    }

    /// A value for people only.
    pub fn people(name: impl Into<String>, cell: Cell) -> Fact {
        Fact { key: None, name: Some(name.into()), cell }
    }
}

/// A number as people write it: no trailing zeros, at most two decimal places, never `-0`.
pub fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    format!("{rounded}")
}

/// A share with one decimal place and its sign: `124.2%`.
pub fn percent(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    format!("{rounded:.1}%")
}

/// A share in percent; `None` of nothing.
pub fn rate(part: usize, whole: usize) -> Option<f64> {
    if whole == 0 { None } else { Some(part as f64 / whole as f64 * 100.0) }
}

/// A share with the numbers that it comes from: `18/24 75.0%`; `—` where there is nothing to divide by.
pub fn rate_words(part: usize, whole: usize) -> String {
    match rate(part, whole) {
        Some(share) => format!("{part}/{whole} {}", percent(share)),
        None => "—".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_trailing_zeros() {
        assert_eq!(number(411.82), "411.82");
        assert_eq!(number(29.0), "29");
        assert_eq!(number(-0.001), "0");
    }

    #[test]
    fn percent_keeps_one_decimal_place() {
        assert_eq!(percent(62.5), "62.5%");
        assert_eq!(percent(124.242), "124.2%");
        assert_eq!(percent(100.0), "100.0%");
    }
}
