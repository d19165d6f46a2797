//! How text looks on a terminal: colours, bars, and plain characters where a terminal has no others.
//!
//! Colours are put in as marks without width and become escapes only when the text is complete, so that nothing that
//! measures text has to know them.

use crate::document::Tone;
use crate::render::Page;
use crate::render::wrap::clean;

/// What a terminal can show.
#[derive(Clone, Copy)]
pub struct Ink {
    color: bool,
    ascii: bool,
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As everything else.
    Plain,
    /// Titles, headings and the names of columns.
    Strong,
    /// As a tone is felt.
    Toned(Tone),
}

/// Each mark and its escape. Unicode has given these characters up, and [`clean`] takes them out of every text.
const MARKS: [(char, &str); 6] = [
    (STRONG, "\u{1b}[1m"),
    (GOOD, "\u{1b}[32m"),
    (WARNING, "\u{1b}[33m"),
    (BAD, "\u{1b}[1;31m"),
    (QUIET, "\u{1b}[2m"),
    (END, "\u{1b}[0m"),
];
const STRONG: char = '\u{206A}';
const GOOD: char = '\u{206B}';
const WARNING: char = '\u{206C}';
const BAD: char = '\u{206D}';
const QUIET: char = '\u{206E}';
const END: char = '\u{206F}';

impl Ink {
    /// What the page can show.
    pub fn of(page: &Page) -> Ink {
        Ink { color: page.color, ascii: page.ascii }
    }

    /// One line of text, fit to be shown.
    pub fn text(self, text: &str) -> String {
        let text = clean(text);
        if self.ascii { text.chars().map(plain).collect() } else { text.into_owned() }
    }

    /// The same text in a style. Only for whole lines, after they have been broken.
    pub fn paint(self, style: Style, text: &str) -> String {
        let mark = match style {
            Style::Plain | Style::Toned(Tone::Neutral) => return text.to_string(),
            Style::Strong => STRONG,
            Style::Toned(Tone::Good) => GOOD,
            Style::Toned(Tone::Warning) => WARNING,
            Style::Toned(Tone::Bad) => BAD,
            Style::Toned(Tone::Quiet) => QUIET,
        };
        if self.color && !text.is_empty() { format!("{mark}{text}{END}") } else { text.to_string() }
    }

    /// A line of a length, under the names of columns.
    pub fn rule(self, length: usize) -> String {
        if self.ascii { "-".repeat(length) } else { "─".repeat(length) }
    }

    /// A bar of a length. `percent` and `mark` in percent; what is above 100 fills the bar, and any progress shows.
    pub fn bar(self, percent: f64, mark: Option<f64>, length: usize) -> String {
        let (full, empty, pace) = if self.ascii { ('#', '.', '|') } else { ('█', '░', '┃') };
        let share = |percent: f64| percent.clamp(0.0, 100.0) / 100.0 * length as f64;
        // A bar is full only when all is done, and empty only when nothing is.
        let filled = match share(percent) {
            share if percent >= 100.0 => share as usize,
            share if share > 0.0 => (share.round() as usize).clamp(1, length.saturating_sub(1).max(1)),
            _ => 0,
        };
        let mark = mark.map(|mark| (share(mark) as usize).min(length.saturating_sub(1)));
        let cell = |at| match at {
            at if Some(at) == mark => pace,
            at if at < filled => full,
            _ => empty,
        };
        (0..length).map(cell).collect()
    }

    /// The finished text, with escapes for marks.
    pub fn finish(self, text: &str) -> String {
        let mut finished = String::with_capacity(text.len());
        for c in text.chars() {
            match MARKS.iter().find(|(mark, _)| *mark == c) {
                Some((_, escape)) => finished.push_str(escape),
                None => finished.push(c),
            }
        }
        finished
    }
}

/// A character that any terminal has, of the same width. Chinese and its punctuation stay as written.
fn plain(c: char) -> char {
    match c {
        '—' | '–' | '─' | '━' => '-',
        '│' | '┃' => '|',
        '●' | '■' | '◆' => '*',
        '○' | '□' | '◇' => 'o',
        '█' => '#',
        '░' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::wrap::width;

    const PLAIN: Ink = Ink { color: false, ascii: false };
    const ASCII: Ink = Ink { color: false, ascii: true };
    const COLOR: Ink = Ink { color: true, ascii: false };

    #[test]
    fn a_bar_shows_the_share_and_the_pace() {
        assert_eq!(PLAIN.bar(50.0, None, 16), "████████░░░░░░░░");
        assert_eq!(PLAIN.bar(25.0, Some(49.6), 16), "████░░░┃░░░░░░░░");
        assert_eq!(ASCII.bar(50.0, Some(100.0), 10), "#####....|");
    }

    #[test]
    fn more_than_everything_fills_the_bar() {
        assert_eq!(PLAIN.bar(124.2, None, 10), "██████████");
        assert_eq!(PLAIN.bar(-5.0, None, 4), "░░░░");
        assert_eq!(PLAIN.bar(f64::NAN, Some(f64::NAN), 4), "┃░░░");
    }

    #[test]
    fn a_bar_is_full_only_when_all_is_done() {
        assert_eq!(PLAIN.bar(99.0, None, 10), "█████████░");
        assert_eq!(PLAIN.bar(0.5, None, 10), "█░░░░░░░░░");
    }

    #[test]
    fn marks_have_no_width_and_become_escapes() {
        let painted = COLOR.paint(Style::Toned(Tone::Bad), "逾期");
        assert_eq!(width(&painted), 4);
        assert_eq!(COLOR.finish(&painted), "\u{1b}[1;31m逾期\u{1b}[0m");
        assert_eq!(PLAIN.paint(Style::Toned(Tone::Bad), "逾期"), "逾期");
    }

    #[test]
    fn a_file_cannot_bring_its_own_marks() {
        assert_eq!(COLOR.text("\u{206D}逾期\u{206F}"), "逾期");
    }

    #[test]
    fn plain_characters_take_the_same_room() {
        assert_eq!(ASCII.text("● 逾期，1—5月"), "* 逾期，1-5月");
    }
}
