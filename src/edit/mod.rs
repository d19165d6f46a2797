//! Text in, text out: a key is set or an item appended, and nothing else in the file changes.
//!
//! The text is spliced at the places of its own nodes, in the style of what stands around them. Afterwards the new
//! text is parsed, and its tree must be the old tree with exactly this change; otherwise the change is refused. So an
//! unusual file may be refused, and is never spoilt.

mod place;
mod tree;
mod written;

use crate::diagnostic::Span;
use crate::language::tr;
use crate::yaml;
use std::collections::BTreeMap;
use std::fmt;
use tree::{Tree, make};

/// One step from a node to one below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(&'static str),
    /// An item of a list, counted from 0.
    Item(usize),
    /// An item of the list under a key, where the mapping has this key; else the mapping itself: of an indicator with
    /// `targets` one stage, of one with a single `target` the indicator.
    ItemIfListed(&'static str, usize),
}

/// A value that is not in the file yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum New {
    /// A day or a number, which stands as it is.
    Plain(String),
    /// Words, in quotes where YAML needs them.
    Text(String),
    /// A small record.
    Record(Vec<(&'static str, New)>),
}

/// What is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The way from the top of the file to a mapping.
    pub path: Vec<Step>,
    /// The key in it.
    pub key: &'static str,
    /// What happens at the key.
    pub how: How,
}

/// What happens at a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The key, absent or empty so far, gets this value.
    Set(New),
    /// The list under the key gets this item at its end; a list that is not there yet is begun, and a single value
    /// becomes the first item of one.
    Append(New),
}

/// Some bytes of the text, and what stands in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The bytes that go, in the old text; empty where something is only put in.
    pub old: Span,
    /// What comes.
    pub new: String,
}

/// A text after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub text: String,
    /// What was done to the old text, from its beginning to its end.
    pub splices: Vec<Splice>,
}

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The file itself has errors.
    Unreadable,
    /// The path leads to no mapping.
    NoSuchPlace,
    /// The key has a value.
    AlreadyThere,
    /// The style of this place is one that cannot be followed safely.
    UnusualStyle,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Refusal::Unreadable => tr(
                "文件本身有错，先用 plan check 查明改正",
                "the file itself has errors; see plan check first",
            ),
            Refusal::NoSuchPlace => tr("文件里没有这个位置", "there is no such place in the file"),
            Refusal::AlreadyThere => tr("这里已经有值了", "there is a value already"),
            Refusal::UnusualStyle => tr(
                "这一处的写法特殊，机器改不稳妥，请手工写上",
                "this place is written in an unusual way; please write it by hand",
            ),
        })
    }
}

/// Makes the change.
///
/// # Errors
/// Where it cannot be made so that the file says what it said before, and this besides.
pub fn apply(text: &str, change: &Change) -> Result<Edited, Refusal> {
    apply_some(text, &[change]).map(|(edited, _)| edited)
}

/// Makes the first change, and of the others, in their order, those that touch no place of the text that an earlier one
/// touches: the work of reading the text is done once for them all. Returns which were made, by position.
///
/// # Errors
/// Where one of them cannot be made, or not all together.
pub fn apply_some(text: &str, changes: &[&Change]) -> Result<(Edited, Vec<usize>), Refusal> {
    let parsed = yaml::parse(text);
    let root = parsed.root.filter(|_| parsed.problems.is_empty()).ok_or(Refusal::Unreadable)?;
    let mut expected = Tree::of(&root);
    let editor = place::Editor { text, root: &root };
    let (mut splices, mut made) = (Vec::new(), Vec::new());
    // The places that are touched already, by their beginnings.
    let mut touched: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        let own = editor.splices(change)?;
        // What only meets another place may have to stand before or behind it, so it counts as touching it.
        let is_clear = |splice: &Splice| {
            let before = touched.range(..=splice.old.end).next_back();
            before.is_none_or(|(_, end)| *end < splice.old.start)
        };
        if !own.iter().all(is_clear) {
            continue;
        }
        make(&mut expected, change)?;
        for splice in &own {
            let end = touched.entry(splice.old.start).or_insert(splice.old.end);
            *end = splice.old.end.max(*end);
        }
        splices.extend(own);
        made.push(at);
    }
    splices.sort_by_key(|splice| splice.old.start);
    finished(text, splices, &expected).map(|edited| (edited, made))
}

/// The text with the splices, if it says what is expected.
fn finished(text: &str, splices: Vec<Splice>, expected: &Tree) -> Result<Edited, Refusal> {
    let text_after = spliced(text, &splices);
    let after = yaml::parse(&text_after);
    let same = after.problems.is_empty() && after.root.as_ref().map(Tree::of).as_ref() == Some(expected);
    match same {
        true => Ok(Edited { text: text_after, splices }),
        false => Err(Refusal::UnusualStyle),
    }
}

/// The text with the splices, which stand in order.
fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut out = String::with_capacity(text.len() + 200);
    let mut from = 0;
    for splice in splices {
        out.push_str(&text[from..splice.old.start]);
        out.push_str(&splice.new);
        from = splice.old.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(on: &str, value: &str, note: Option<&str>) -> New {
        let mut fields = vec![("on", New::Plain(on.into())), ("value", New::Plain(value.into()))];
        fields.extend(note.map(|note| ("note", New::Text(note.into()))));
        New::Record(fields)
    }

    /// A change of the first item of `list`.
    fn item(key: &'static str, how: How) -> Change {
        Change { path: vec![Step::Key("list"), Step::Item(0)], key, how }
    }

    fn append(new: New) -> Change {
        item("actuals", How::Append(new))
    }

    fn done() -> Change {
        item("done", How::Set(New::Plain("2023-06-30".into())))
    }

    #[track_caller]
    fn becomes(before: &str, change: &Change, after: &str) {
        for (before, after) in [
            (before.to_string(), after.to_string()),
            (before.replace('\n', "\r\n"), after.replace('\n', "\r\n")),
            (format!("\u{feff}{before}"), format!("\u{feff}{after}")),
        ] {
            let edited = apply(&before, change).unwrap_or_else(|why| panic!("{why}\n{before}"));
            assert_eq!(edited.text, after);
        }
    }

    #[track_caller]
    fn refused(before: &str, change: &Change, why: Refusal) {
        assert_eq!(apply(before, change), Err(why), "{before}");
    }

    #[test]
    fn a_key_comes_after_the_last_one_and_before_what_belongs_to_the_next_item() {
        becomes(
            "list:\n  - what: a\n    due: 1   # said in May\n\n  # about b\n  - what: b\n",
            &done(),
            "list:\n  - what: a\n    due: 1   # said in May\n    done: 2023-06-30\n\n  # about b\n  - what: b\n",
        );
    }

    #[test]
    fn a_comment_under_the_item_stays_with_it() {
        becomes(
            "list:\n  - what: a\n    # asked twice\n  # about b\n  - what: b\n",
            &done(),
            "list:\n  - what: a\n    # asked twice\n    done: 2023-06-30\n  # about b\n  - what: b\n",
        );
    }

    #[test]
    fn a_missing_final_line_end_stays_missing() {
        becomes("list:\n- what: a", &done(), "list:\n- what: a\n  done: 2023-06-30");
    }

    #[test]
    fn an_empty_value_is_filled_where_it_stands() {
        becomes("list:\n- done:\n  what: a\n", &done(), "list:\n- done: 2023-06-30\n  what: a\n");
        becomes(
            "list:\n- what: a\n  done: ~ # open\n",
            &done(),
            "list:\n- what: a\n  done: 2023-06-30 # open\n",
        );
        becomes("list:\n- {what: a, done: }\n", &done(), "list:\n- {what: a, done: 2023-06-30 }\n");
        becomes("list: [{done: ~, what: a}]\n", &done(), "list: [{done: 2023-06-30, what: a}]\n");
    }

    #[test]
    fn a_record_in_braces_grows_in_them() {
        becomes(
            "list: [{what: a}, {what: b}]\n",
            &done(),
            "list: [{what: a, done: 2023-06-30}, {what: b}]\n",
        );
        becomes("list:\n- { what: 'a' } # x\n", &done(), "list:\n- { what: 'a', done: 2023-06-30 } # x\n");
        becomes("list:\n- {what: a, }\n", &done(), "list:\n- {what: a, done: 2023-06-30 }\n");
        becomes(
            "list:\n- {\n    what: a, # x\n    due: 1 # y\n  }\n",
            &done(),
            "list:\n- {\n    what: a, # x\n    due: 1, # y\n    done: 2023-06-30\n  }\n",
        );
    }

    #[test]
    fn a_value_that_is_there_is_not_replaced() {
        refused("list:\n- {what: a, done: 2023-01-01}\n", &done(), Refusal::AlreadyThere);
    }

    #[test]
    fn an_item_goes_under_the_last_one_with_the_same_dash() {
        for indent in ["", "  ", "      "] {
            becomes(
                &format!("list:\n- what: a\n  actuals:\n  {indent}- {{on: 1, value: 2}} # x\n  note: b\n"),
                &append(value("2023-06-30", "5", None)),
                &format!(
                    "list:\n- what: a\n  actuals:\n  {indent}- {{on: 1, value: 2}} # x\n  {indent}- {{on: 2023-06-30, value: 5}}\n  note: b\n"
                ),
            );
        }
    }

    #[test]
    fn records_line_by_line_get_another_one_line_by_line() {
        becomes(
            "list:\n- actuals:\n  -   on: 1\n      value: 2\n\n  what: a\n",
            &append(value("2023-06-30", "5", Some("x"))),
            "list:\n- actuals:\n  -   on: 1\n      value: 2\n  -   on: 2023-06-30\n      value: 5\n      note: x\n\n  what: a\n",
        );
    }

    #[test]
    fn a_list_in_brackets_grows_in_them() {
        let new = append(New::Plain("3".into()));
        for (before, after) in [
            ("[1, 2]", "[1, 2, 3]"),
            ("[]", "[3]"),
            ("[ ]", "[3]"),
            ("[ 1 ]", "[ 1, 3 ]"),
            ("[1, 2, ]", "[1, 2, 3 ]"),
            ("[1,\n     2]", "[1,\n     2, 3]"),
            ("[\n     1,\n     2\n  ]", "[\n     1,\n     2,\n     3\n  ]"),
            ("[\n     1, # x\n     2, # y\n  ]", "[\n     1, # x\n     2, # y\n     3,\n  ]"),
            ("[\n     1, # x\n     2 # y\n  ]", "[\n     1, # x\n     2, # y\n     3\n  ]"),
            ("[ # x\n  ]", "[3 # x\n  ]"),
        ] {
            becomes(
                &format!("list:\n- what: a\n  actuals: {before} # z\n"),
                &new,
                &format!("list:\n- what: a\n  actuals: {after} # z\n"),
            );
        }
    }

    #[test]
    fn a_single_value_becomes_the_first_of_a_list() {
        let change = item("done", How::Append(New::Plain("2023-06-30".into())));
        becomes(
            "list:\n- what: a\n  done: 2023-05-31 # x\n",
            &change,
            "list:\n- what: a\n  done: [2023-05-31, 2023-06-30] # x\n",
        );
        becomes(
            "list:\n- done: # x\n    on: 2023-05-31\n\n    # y\n    note: |-\n      z # z\n    # u\n  what: a\n",
            &change,
            "list:\n- done: # x\n    - on: 2023-05-31\n\n      # y\n      note: |-\n        z # z\n    - 2023-06-30\n    # u\n  what: a\n",
        );
    }

    #[test]
    fn a_list_is_begun_as_the_file_begins_such_lists() {
        let new = append(value("2023-06-30", "5", None));
        becomes(
            "list:\n  - what: a\n",
            &new,
            "list:\n  - what: a\n    actuals:\n      - {on: 2023-06-30, value: 5}\n",
        );
        becomes("list:\n- what: a\n", &new, "list:\n- what: a\n  actuals:\n  - {on: 2023-06-30, value: 5}\n");
        becomes(
            "list:\n- what: a\n- actuals: [{on: 1}]\n",
            &new,
            "list:\n- what: a\n  actuals: [{on: 2023-06-30, value: 5}]\n- actuals: [{on: 1}]\n",
        );
        becomes(
            "list:\n- what: a\n- actuals:\n    - on: 1\n      value: 2\n",
            &new,
            "list:\n- what: a\n  actuals:\n    - on: 2023-06-30\n      value: 5\n- actuals:\n    - on: 1\n      value: 2\n",
        );
        becomes("list: [{what: a}]\n", &new, "list: [{what: a, actuals: [{on: 2023-06-30, value: 5}]}]\n");
        for empty in ["", " ~", " null"] {
            becomes(
                &format!("list:\n- actuals:{empty} # none\n  what: a\n"),
                &new,
                "list:\n- actuals: # none\n  - {on: 2023-06-30, value: 5}\n  what: a\n",
            );
        }
    }

    #[test]
    fn a_block_of_text_before_the_new_key_stays_as_it_is() {
        for block in ["|\n      x\n\n      # y\n", ">-\n     x\n", "|+\n      x\n\n", "|2\n      x\n"] {
            becomes(
                &format!("list:\n  - what: a\n    note: {block}  # about b\n  - what: b\n"),
                &done(),
                &format!(
                    "list:\n  - what: a\n    note: {block}    done: 2023-06-30\n  # about b\n  - what: b\n"
                ),
            );
        }
        // The empty lines behind any other block are nobody's.
        becomes(
            "list:\n  - note: |\n      x\n\n\n  - what: b\n",
            &done(),
            "list:\n  - note: |\n      x\n    done: 2023-06-30\n\n\n  - what: b\n",
        );
    }

    #[test]
    fn a_block_of_text_that_no_line_end_closes_gets_one() {
        becomes("list:\n  - note: |\n      x", &done(), "list:\n  - note: |\n      x\n    done: 2023-06-30");
    }

    #[test]
    fn a_text_over_several_lines_is_left_alone() {
        becomes(
            "list:\n  - what: a\n    note: one\n      two\n      three # x\n",
            &done(),
            "list:\n  - what: a\n    note: one\n      two\n      three # x\n    done: 2023-06-30\n",
        );
        becomes(
            "list:\n  - what: a\n    note: \"one\n      two\"\n",
            &done(),
            "list:\n  - what: a\n    note: \"one\n      two\"\n    done: 2023-06-30\n",
        );
    }

    #[test]
    fn an_item_may_stand_below_its_dash() {
        becomes("list:\n  -\n    what: a\n", &done(), "list:\n  -\n    what: a\n    done: 2023-06-30\n");
    }

    #[test]
    fn the_next_item_gets_its_dash_where_the_others_have_theirs() {
        becomes(
            "list:\n  - actuals:\n      - # x\n\n        # y\n        on: 1\n    what: a\n",
            &append(value("2023-06-30", "5", None)),
            "list:\n  - actuals:\n      - # x\n\n        # y\n        on: 1\n      - on: 2023-06-30\n        value: 5\n    what: a\n",
        );
    }

    #[test]
    fn a_stage_is_changed_where_there_are_stages_and_the_item_where_there_are_none() {
        let change = |key| Change {
            path: vec![Step::Key("list"), Step::Item(0), Step::ItemIfListed("targets", 1)],
            key,
            how: How::Append(New::Plain("3".into())),
        };
        becomes(
            "list:\n- targets: [{due: 1}, {due: 2}]\n",
            &change("extended"),
            "list:\n- targets: [{due: 1}, {due: 2, extended: [3]}]\n",
        );
        becomes("list:\n- target: 1\n", &change("extended"), "list:\n- target: 1\n  extended: [3]\n");
    }

    #[test]
    fn a_file_with_errors_or_without_the_place_is_not_touched() {
        refused("list: [\n", &done(), Refusal::Unreadable);
        refused("other: 1\n", &done(), Refusal::NoSuchPlace);
        refused("list: []\n", &done(), Refusal::NoSuchPlace);
        refused("list: [1]\n", &done(), Refusal::NoSuchPlace);
    }
}
