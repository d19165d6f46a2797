//! What was written last, remembered so that it can be taken back: only if it still stands as it was written.

use crate::difference::hunks;
use crate::language::tr;
use crate::yaml::{self, Node};
use serde::{Deserialize, Serialize};

/// What was written at one time, by one record or by a whole table of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The facts, in words.
    pub words: Vec<String>,
    /// The lines, in the file's order.
    pub lines: Vec<Lines>,
}

/// Some lines that were written, and what stood in their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// The task in which they stand.
    task: String,
    /// The item of the task, by name.
    item: String,
    /// The line above.
    above: String,
    /// What stood here before; empty where lines were only added.
    removed: String,
    /// What was written.
    added: String,
    /// The line below.
    below: String,
}

/// What is to be remembered of a change.
pub fn entry(words: Vec<String>, old: &str, new: &str) -> Entry {
    let owners = Owners::of(new);
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut at = 0;
    let mut line = 0;
    let mut lines = Vec::new();
    for hunk in hunks(&old, &new) {
        at += new[line..hunk.new.start].iter().map(|line| line.len()).sum::<usize>();
        line = hunk.new.start;
        let (task, item) = owners.at(at);
        let one = |line: Option<&&str>| line.map(|line| (*line).to_string()).unwrap_or_default();
        lines.push(Lines {
            task,
            item,
            above: one(hunk.new.start.checked_sub(1).and_then(|above| new.get(above))),
            removed: old[hunk.old].concat(),
            added: new[hunk.new.clone()].concat(),
            below: one(new.get(hunk.new.end)),
        });
    }
    Entry { words, lines }
}

/// The text without what was written.
///
/// # Errors
/// Why it does not stand as it was written any more, in words.
pub fn take_back(text: &str, entry: &Entry) -> Result<String, String> {
    without(text, entry, |_| 0)
}

/// The same, but a key under which the first item of a list was written stays: by now others stand under it.
///
/// # Errors
/// As [`take_back`].
pub fn take_back_items(text: &str, entry: &Entry) -> Result<String, String> {
    without(text, entry, Lines::begun_key)
}

/// The text without what was written, of which so many bytes at the beginning stay.
fn without(text: &str, entry: &Entry, keep: impl Fn(&Lines) -> usize) -> Result<String, String> {
    let owners = Owners::of(text);
    let mut places = Vec::new();
    for lines in &entry.lines {
        places.push((lines.place(text, &owners)?, lines));
    }
    places.sort_by_key(|(at, _)| *at);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, lines) in places {
        if at < from {
            return Err(changed(lines));
        }
        out.push_str(&text[from..at + keep(lines)]);
        out.push_str(&lines.removed);
        from = at + lines.added.len();
    }
    out.push_str(&text[from..]);
    Ok(out)
}

fn changed(lines: &Lines) -> String {
    let (task, written) = (&lines.task, lines.added.trim());
    tr(
        format!("{task} 里写的这几行已经不是原样，没有改动：\n{written}"),
        format!("what was written in {task} does not stand as it was; nothing was changed:\n{written}"),
    )
}

impl Lines {
    /// The bytes of the first line, where it is only a key and items were written below it.
    fn begun_key(&self) -> usize {
        let first = self.added.split_inclusive('\n').next().unwrap_or_default();
        let begins =
            self.removed.is_empty() && first.trim_end().ends_with(':') && first.len() < self.added.len();
        if begins { first.len() } else { 0 }
    }

    /// Where these lines stand: as whole lines, in the same item, and there only once; where they stand several times, the
    /// lines around them decide.
    fn place(&self, text: &str, owners: &Owners) -> Result<usize, String> {
        if self.added.is_empty() {
            return Err(changed(self));
        }
        let stands = |at: &usize| {
            let end = at + self.added.len();
            let whole = (*at == 0 || text[..*at].ends_with('\n'))
                && (self.added.ends_with('\n') || end == text.len());
            whole && owners.at(*at) == (self.task.clone(), self.item.clone())
        };
        let found: Vec<usize> = every_match(text, &self.added).filter(stands).collect();
        let around = |at: &&usize| {
            text[..**at].ends_with(&self.above) && text[**at + self.added.len()..].starts_with(&self.below)
        };
        match found.as_slice() {
            [one] => Ok(*one),
            several => match several.iter().filter(around).collect::<Vec<_>>().as_slice() {
                [one] => Ok(**one),
                _ => Err(changed(self)),
            },
        }
    }
}

/// Every place of a piece of text, those that overlap as well.
fn every_match<'t>(text: &'t str, piece: &'t str) -> impl Iterator<Item = usize> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find(piece)?;
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
        Some(at)
    })
}

/// Which task and which item of it a place of the text belongs to: the last that begins on its line or above.
struct Owners(Vec<(usize, String, String)>);

impl Owners {
    fn of(text: &str) -> Owners {
        let mut owners = Vec::new();
        let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let parsed = yaml::parse(text);
        let sections = parsed.root.as_ref().and_then(|root| root.get("sections"));
        for section in sections.map(Node::items).unwrap_or_default() {
            for task in section.get("tasks").map(Node::items).unwrap_or_default() {
                let id = words(task.get("id"));
                owners.push((line_start(task.span.start), id.clone(), String::new()));
                for (list, name) in [("milestones", "what"), ("indicators", "name"), ("duties", "what")] {
                    for item in task.get(list).map(Node::items).unwrap_or_default() {
                        owners.push((line_start(item.span.start), id.clone(), words(item.get(name))));
                    }
                }
            }
        }
        owners.sort_by_key(|(at, ..)| *at);
        Owners(owners)
    }

    fn at(&self, at: usize) -> (String, String) {
        let above = self.0.partition_point(|(start, ..)| *start <= at);
        let owner = above.checked_sub(1).and_then(|last| self.0.get(last));
        owner.map(|(_, task, item)| (task.clone(), item.clone())).unwrap_or_default()
    }
}

fn words(node: Option<&Node<'_>>) -> String {
    node.and_then(Node::scalar).map(|scalar| scalar.text.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
sections:
- tasks:
  - id: A
    milestones:
    - what: one
      due: 1
    - what: two
      due: 2
  - id: B
    milestones:
    - what: one
      due: 1";

    fn new() -> String {
        OLD.replacen("due: 1\n", "due: 1\n      done: 9\n", 1)
    }

    fn remembered() -> Entry {
        entry(vec!["A one".into()], OLD, &new())
    }

    #[test]
    fn what_was_written_is_taken_back_to_the_byte() {
        assert_eq!(take_back(&new(), &remembered()).as_deref(), Ok(OLD));
        let other = format!("{OLD}\n      done: 9");
        let entry = entry(Vec::new(), OLD, &other);
        assert_eq!(take_back(&other, &entry).as_deref(), Ok(OLD));
    }

    #[test]
    fn changes_by_hand_elsewhere_stay() {
        let by_hand = new().replace("due: 2", "due: 3").replace("sections:", "# x\nsections:");
        let expected = OLD.replace("due: 2", "due: 3").replace("sections:", "# x\nsections:");
        assert_eq!(take_back(&by_hand, &remembered()), Ok(expected));
    }

    #[test]
    fn what_was_changed_by_hand_is_not_taken_back() {
        for by_hand in [
            new().replace("done: 9", "done: 8"),
            new().replace("done: 9\n", "done: 9 # sure\n"),
            OLD.to_string(),
            // Deleted, and typed again elsewhere.
            format!("{OLD}\n      done: 9\n"),
            OLD.replace("due: 2\n", "due: 2\n      done: 9\n"),
        ] {
            assert!(take_back(&by_hand, &remembered()).is_err(), "{by_hand}");
        }
    }

    #[test]
    fn several_lines_are_taken_back_together_or_not_at_all() {
        let both = new().replace("due: 2\n", "due: 2\n      done: 9\n");
        let entry = entry(Vec::new(), OLD, &both);
        assert_eq!(take_back(&both, &entry).as_deref(), Ok(OLD));
        assert!(take_back(&new(), &entry).is_err());
    }

    #[test]
    fn a_key_stays_where_others_wrote_under_it() {
        let with_log = OLD.replace("      due: 2\n", "      due: 2\n    log:\n    - a\n");
        let entry = entry(Vec::new(), OLD, &with_log);
        let by_hand = with_log.replace("    - a\n", "    - a\n    - b\n");
        assert_eq!(
            take_back_items(&by_hand, &entry),
            Ok(OLD.replace("      due: 2\n", "      due: 2\n    log:\n    - b\n"))
        );
    }

    #[test]
    fn a_replaced_line_comes_back() {
        let old = "sections: [{tasks: [{id: A, done: ~}]}]\n";
        let new = "sections: [{tasks: [{id: A, done: 9}]}]\n";
        assert_eq!(take_back(new, &entry(Vec::new(), old, new)).as_deref(), Ok(old));
    }
}
