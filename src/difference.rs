//! The lines in which two texts differ.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// Lines of the old text, and the lines of the new one that stand in their place; counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// In the old text; empty where lines are only added.
    pub old: Range<usize>,
    /// In the new text; empty where lines are only removed.
    pub new: Range<usize>,
}

/// Where two lists of lines differ, in order.
pub fn hunks(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    // Records are few and small: most of a text is the same, and is left out before anything is compared.
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let before = same(&mut old.iter().zip(new));
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let after = same(&mut old_rest.iter().rev().zip(new_rest.iter().rev()));
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - after], &new_rest[..new_rest.len() - after]);
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old_rest, new_rest) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let shift = |range: Range<usize>| range.start + before..range.end + before;
        let hunk = Hunk { old: shift(op.old_range()), new: shift(op.new_range()) };
        match hunks.last_mut() {
            Some(last) if last.old.end == hunk.old.start && last.new.end == hunk.new.start => {
                (last.old.end, last.new.end) = (hunk.old.end, hunk.new.end);
            }
            _ => hunks.push(hunk),
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_and_replaced_lines_are_told_apart() {
        let old = ["a", "b", "c", "d"];
        assert_eq!(hunks(&old, &["a", "b", "x", "c", "d"]), [Hunk { old: 2..2, new: 2..3 }]);
        assert_eq!(
            hunks(&old, &["A", "b", "c", "d", "e"]),
            [Hunk { old: 0..1, new: 0..1 }, Hunk { old: 4..4, new: 4..5 }]
        );
        assert_eq!(hunks(&old, &old), []);
    }

    #[test]
    fn a_line_doubled_is_one_line_added() {
        assert_eq!(hunks(&["a", "a"], &["a", "a", "a"]), [Hunk { old: 2..2, new: 2..3 }]);
    }
}
