//! One value on a page, and text whose numbers and short phrases stay on one line.

use crate::document::{Cell, Tone, percent, rate};
use crate::language::tr;
use crate::render::cell_text;
use crate::render::html::picture;
use crate::render::wrap::{self, clean};
use maud::{Markup, html};

/// The class of a tone.
pub fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
        Tone::Neutral => "neutral",
        Tone::Quiet => "quiet",
    }
}

/// A cell as people see it.
pub fn cell(cell: &Cell) -> Markup {
    match cell {
        Cell::State { word, tone, .. } => {
            html! { span class={ "state " (class(*tone)) } { (clean(word)) } }
        }
        Cell::Bar { percent: share, mark, tone } => html! {
            span.bar { (picture::bar(*share, *mark, *tone)) " " span.share { (percent(*share)) } }
        },
        Cell::Rate { part, whole } => match rate(*part, *whole) {
            Some(share) => html! {
                span.bar {
                    span.of { (part) "/" (whole) } " "
                    (picture::bar(share, None, rate_tone(*part, *whole)))
                    span.share { (percent(share)) }
                }
            },
            None => html! { (cell_text(cell)) },
        },
        Cell::List(names) if !names.is_empty() => list(names),
        Cell::File(name) => html! { a href={ "./" (encoded(&clean(name))) } { (clean(name)) } },
        _ => kept(&clean(&cell_text(cell))),
    }
}

/// A headline figure: a share large, with the numbers that it comes from beside it.
pub fn large(cell: &Cell) -> Markup {
    match cell {
        Cell::Rate { part, whole } if *whole > 0 => html! {
            (percent(rate(*part, *whole).unwrap_or_default())) " " small { (part) "/" (whole) }
            (picture::bar(rate(*part, *whole).unwrap_or_default(), None, rate_tone(*part, *whole)))
        },
        _ => html! { (clean(&cell_text(cell))) },
    }
}

/// Only what is whole is good; how good less is depends on the day, and the bar does not judge.
fn rate_tone(part: usize, whole: usize) -> Tone {
    if part == whole { Tone::Good } else { Tone::Neutral }
}

/// Names that stay whole, with what separates them.
fn list(names: &[String]) -> Markup {
    let last = names.len().saturating_sub(1);
    let separator = tr("、", ",");
    html! {
        @for (at, name) in names.iter().enumerate() {
            span.name { (clean(name)) @if at < last { (separator) } }
            @if at < last && separator == "," { " " }
        }
    }
}

/// A clean text in which no line ends within a number, between a number and its measure word, or within a short phrase:
/// browsers would break 2023-06-30 after a hyphen, and 4月底前 anywhere.
pub fn kept(text: &str) -> Markup {
    html! {
        @for piece in wrap::pieces(text) {
            @if is_kept(piece) { span.kept { (piece.trim_end()) } (space_after(piece)) } @else { (piece) }
        }
    }
}

/// A clean title: its lines end between the phrases that spaces set apart, while there is room for one on a line.
pub fn title(text: &str) -> Markup {
    html! {
        @for phrase in text.split_inclusive(' ') {
            @if phrase.is_ascii() { (phrase) } @else {
                span.name { (kept(phrase.trim_end())) } (space_after(phrase))
            }
        }
    }
}

/// No wider than this many columns, so that it fits into the narrowest column of a page.
const WIDEST: usize = 20;

/// Whether a browser would end a line within the piece: marks at its end it keeps there itself.
fn is_kept(piece: &str) -> bool {
    let core = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
    let mixed = core.contains(|c: char| c.is_ascii_digit())
        && core.contains(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let phrase = core.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count() > 1;
    (mixed || phrase) && wrap::width(piece.trim_end()) <= WIDEST
}

fn space_after(piece: &str) -> &str {
    &piece[piece.trim_end().len()..]
}

/// A file's name as the last part of a relative address: no character in it has a meaning of its own there.
fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_short_phrases_stay_on_one_line() {
        assert_eq!(
            kept("时限 2023-04-30 4月底前，共329个").into_string(),
            "时限 <span class=\"kept\">2023-04-30</span> <span class=\"kept\">4月底前，</span>共\
             <span class=\"kept\">329个</span>"
        );
        assert_eq!(kept("村容村貌").into_string(), "村容村貌");
    }

    #[test]
    fn a_share_shows_its_numbers() {
        let markup = cell(&Cell::Rate { part: 18, whole: 24 }).into_string();
        assert!(markup.starts_with("<span class=\"bar\"><span class=\"of\">18/24</span> <svg"), "{markup}");
        assert!(markup.ends_with("<span class=\"share\">75.0%</span></span>"), "{markup}");
        assert_eq!(cell(&Cell::Rate { part: 0, whole: 0 }).into_string(), "—");
    }

    #[test]
    fn names_stay_whole() {
        let names = Cell::List(vec!["财政局".into(), "水利局".into()]);
        assert_eq!(
            cell(&names).into_string(),
            "<span class=\"name\">财政局、</span><span class=\"name\">水利局</span>"
        );
    }
}
