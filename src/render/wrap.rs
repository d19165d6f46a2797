//! Text in fixed columns: breaking lines as Chinese typography wants it, and cleaning what comes from files.
//!
//! Widths are those of a terminal that shows ambiguous characters (“”, —, ●, █) in one column and full-width ones in
//! two, as Windows Terminal and the common Linux ones do.

use std::borrow::Cow;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text without control characters, which could command a terminal, and without the invisible marks that turn
/// the direction of writing. Tabs and line ends become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    let suspicious = |c: char| c.is_control() || is_invisible(c);
    if !text.contains(suspicious) {
        return Cow::Borrowed(text);
    }
    let kept = text.trim_end().chars().filter_map(|c| match c {
        '\t' | '\n' => Some(' '),
        c if suspicious(c) => None,
        c => Some(c),
    });
    Cow::Owned(kept.collect())
}

/// Marks of writing direction, byte-order marks and other characters that nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Breaks a text into lines of at most `columns` columns.
///
/// No line begins with a closing mark or ends with an opening one; a number stays whole and keeps the measure word
/// behind it. Only a stretch that is wider than the column by itself is broken anywhere.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    let pieces = pieces(text);
    for (at, piece) in pieces.iter().enumerate() {
        let piece_width = width(piece.trim_end());
        let phrase = phrase_width(&pieces, at);
        let keeps_phrase = phrase <= LONGEST_PHRASE && used + phrase > columns;
        if used > 0 && (used + piece_width > columns || keeps_phrase) {
            lines.push(std::mem::take(&mut line).trim_end().to_string());
            used = 0;
        }
        if piece_width > columns {
            used = force(piece, columns, &mut line, &mut lines);
        } else {
            line.push_str(piece);
            used += width(piece);
        }
    }
    lines.push(line.trim_end().to_string());
    lines
}

/// A phrase of up to so many columns that stands alone after a space begins a line of its own rather than being split:
/// 2023-09-30 | 10月前.
const LONGEST_PHRASE: usize = 24;

/// The columns from the piece on up to the next space, if a space stands before it; else nothing to keep together.
fn phrase_width(pieces: &[&str], at: usize) -> usize {
    if at == 0 || !pieces[at - 1].ends_with(' ') {
        return 0;
    }
    let mut total = 0;
    for piece in &pieces[at..] {
        total += width(piece.trim_end());
        if piece.ends_with(' ') || total > LONGEST_PHRASE {
            break;
        }
    }
    total
}

/// The columns of the widest stretch that should not be broken.
pub fn widest_piece(text: &str) -> usize {
    pieces(text).iter().map(|piece| width(piece.trim_end())).max().unwrap_or(0)
}

/// Breaks a stretch that is too wide for a line wherever it must; returns the columns used on the last line.
fn force(piece: &str, columns: usize, line: &mut String, lines: &mut Vec<String>) -> usize {
    let mut used = 0;
    for c in piece.chars() {
        let w = c.width().unwrap_or(0);
        if used + w > columns && used > 0 {
            // A closing mark takes the character before it along, where the line keeps at least one.
            let carried = if is_closing(c) && line.chars().count() > 1 { line.pop() } else { None };
            lines.push(std::mem::take(line));
            line.extend(carried);
            used = width(line);
        }
        line.push(c);
        used += w;
    }
    used
}

/// The stretches between which a line may break.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, opportunity) in linebreaks(text) {
        let forced = opportunity == BreakOpportunity::Mandatory || at == text.len();
        if forced || may_break(text, at) {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces
}

/// What Unicode's rules leave to be said: digits keep their measure word, and no closing mark begins a line.
fn may_break(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    let (Some(before), Some(after)) = (before, after) else { return true };
    if is_closing(after) || is_opening(before) {
        return false;
    }
    let digit_side = |c: char| c.is_ascii_digit() || matches!(c, '%' | '％' | '.');
    let measure = |c: char| c.is_alphabetic() || matches!(c, '%' | '％');
    let number_before = digit_side(before) && (measure(after) || is_joiner(after));
    let number_after = after.is_ascii_digit() && is_joiner(before);
    let sign_before =
        after.is_ascii_digit() && matches!(before, '≥' | '≤' | '=' | '第' | '约' | '欠' | '现' | '剩');
    !(number_before || number_after || sign_before)
}

/// What holds the parts of one figure together: 2023-06-30, 18/24, 1—5月.
fn is_joiner(c: char) -> bool {
    matches!(c, '-' | '/' | '—' | '–' | '~' | '.' | ',' | ':')
}

fn is_closing(c: char) -> bool {
    "。，、；：？！）》〉”’」』】〕％%…)]}.,;:?!".contains(c)
}

fn is_opening(c: char) -> bool {
    "（《〈“‘「『【〔([{".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_stop_never_starts_a_line() {
        assert_eq!(wrap("全部完成。其余", 8), ["全部完", "成。其余"]);
    }

    #[test]
    fn an_opening_mark_never_ends_a_line() {
        assert_eq!(wrap("完成情况（见附表）", 10), ["完成情况", "（见附表）"]);
    }

    #[test]
    fn a_number_stays_whole_and_keeps_its_measure_word() {
        for text in
            ["公路411.82公里以上", "完成329个新改建", "截至2023-06-30为止", "比例62.5%达到", "完成18/24项的"]
        {
            for columns in 12..20 {
                for line in wrap(text, columns) {
                    let figures = ["411.82公", "329个", "2023-06-30", "62.5%", "18/24项"];
                    let begun = line.chars().any(|c| c.is_ascii_digit());
                    assert!(
                        !begun || figures.iter().any(|figure| line.contains(figure)),
                        "{line} at {columns}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_short_phrase_after_a_space_stays_on_one_line() {
        assert_eq!(wrap("2023-12-31 方案期末", 16), ["2023-12-31", "方案期末"]);
        assert_eq!(wrap("2023-12-31 到2023年底", 16), ["2023-12-31", "到2023年底"]);
    }

    #[test]
    fn what_is_wider_than_the_column_is_broken_anyway() {
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn control_characters_and_direction_marks_are_dropped() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\td\r\n"), "a[31mbc d");
        assert!(matches!(clean("乡村“振兴”"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_column_and_nothing_is_lost(
            text in "[一-龥0-9a-z，。（）“” .%/-]{0,60}",
            columns in 4usize..40,
        ) {
            let lines = wrap(&text, columns);
            for line in &lines {
                prop_assert!(width(line) <= columns, "{line:?} is wider than {columns}");
            }
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", columns in 0usize..10) {
            let _ = wrap(&clean(&text), columns);
        }
    }
}
