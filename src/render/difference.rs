//! What a change does to the lines of a file: `-` before those that go, `+` before those that come.

use crate::difference::hunks;
use crate::render::wrap::clean;

/// How many lines around a change are shown.
const AROUND: usize = 2;

/// The changed lines and those around them, each change under its place. Lines are cleaned; `color` paints them.
pub fn difference(path: &str, old: &str, new: &str, color: bool) -> String {
    // How a line ends is no difference for people: the last line of a file may get its line end.
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let hunks = hunks(&old, &new);
    let mut out = String::new();
    let mut shown = 0;
    for (at, hunk) in hunks.iter().enumerate() {
        let start = hunk.old.start.saturating_sub(AROUND).max(shown);
        if at == 0 || start > shown {
            let place = format!("{}:{}", clean(path), hunk.new.start + 1);
            line(&mut out, "", &place, "\u{1b}[1m", color);
        }
        let next = hunks.get(at + 1).map_or(old.len(), |next| next.old.start);
        shown = (hunk.old.end + AROUND).min(next);
        for text in &old[start..hunk.old.start] {
            line(&mut out, "  ", text, "", color);
        }
        for text in &old[hunk.old.clone()] {
            line(&mut out, "- ", text, "\u{1b}[31m", color);
        }
        for text in &new[hunk.new.clone()] {
            line(&mut out, "+ ", text, "\u{1b}[32m", color);
        }
        for text in &old[hunk.old.end..shown] {
            line(&mut out, "  ", text, "", color);
        }
    }
    out
}

fn line(out: &mut String, mark: &str, text: &str, paint: &str, color: bool) {
    let text = format!("{mark}{}", clean(text));
    let text = text.trim_end();
    match color && !paint.is_empty() {
        true => out.push_str(&format!("{paint}{text}\u{1b}[0m\n")),
        false => out.push_str(&format!("{text}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_the_lines_around_it() {
        let old = "a\nb\nc\nd\ne\nf\n";
        let new = "a\nb\nc\nd\nx\ne\nf\n";
        assert_eq!(difference("plan.yaml", old, new, false), "plan.yaml:5\n  c\n  d\n+ x\n  e\n  f\n");
    }

    #[test]
    fn no_line_is_shown_twice_and_far_changes_have_their_own_place() {
        let old = "a\nb\nc\nd\ne\nf\n\n\ng\nh\n";
        let new = "A\nb\nc\nD\ne\nf\n\n\ng\nh\nx";
        let text = difference("p", old, new, false);
        assert_eq!(text, "p:1\n- a\n+ A\n  b\n  c\n- d\n+ D\n  e\n  f\np:11\n  g\n  h\n+ x\n");
    }

    #[test]
    fn a_missing_line_end_is_no_difference() {
        assert_eq!(difference("p", "a\r\nb", "a\r\nb\r\nc", false), "p:3\n  a\n  b\n+ c\n");
    }

    #[test]
    fn nothing_in_a_file_steers_the_terminal() {
        let text = difference("p\u{1b}[2J", "", "a\u{1b}[31m\u{202e}", true);
        assert_eq!(text, "\u{1b}[1mp[2J:1\u{1b}[0m\n\u{1b}[32m+ a[31m\u{1b}[0m\n");
    }
}
