//! The tree that must come out of a change: the old one, with this change and no other.

use super::written::is_plainly_safe;
use super::{Change, How, New, Refusal, Step};
use crate::yaml::{Node, Value};

/// A node without its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Nothing,
    Scalar { text: String, plain: bool },
    List(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
}

impl Tree {
    pub(super) fn of(node: &Node<'_>) -> Tree {
        match &node.value {
            _ if node.is_null() => Tree::Nothing,
            Value::Scalar(scalar) => Tree::Scalar { text: scalar.text.to_string(), plain: scalar.plain },
            Value::Sequence(items) => Tree::List(items.iter().map(Tree::of).collect()),
            Value::Mapping(entries) => {
                Tree::Map(entries.iter().map(|(key, value)| (Tree::of(key), Tree::of(value))).collect())
            }
        }
    }

    fn of_new(new: &New) -> Tree {
        match new {
            New::Plain(text) => Tree::Scalar { text: text.clone(), plain: true },
            New::Text(text) => Tree::Scalar { text: text.clone(), plain: is_plainly_safe(text) },
            New::Record(fields) => {
                Tree::Map(fields.iter().map(|(key, value)| (Tree::key(key), Tree::of_new(value))).collect())
            }
        }
    }

    fn key(key: &str) -> Tree {
        Tree::Scalar { text: key.to_string(), plain: true }
    }

    fn item(&mut self, at: usize) -> Option<&mut Tree> {
        match self {
            Tree::List(items) => items.get_mut(at),
            _ => None,
        }
    }

    /// The value of a key, whose own quotes do not matter.
    fn entry(&mut self, key: &str) -> Option<&mut Tree> {
        let Tree::Map(entries) = self else { return None };
        let is_key = |tree: &Tree| matches!(tree, Tree::Scalar { text, .. } if text == key);
        entries.iter_mut().find(|(name, _)| is_key(name)).map(|(_, value)| value)
    }
}

/// Makes the change in the tree.
pub(super) fn make(tree: &mut Tree, change: &Change) -> Result<(), Refusal> {
    let mut place = tree;
    for step in &change.path {
        let below = match (step, place) {
            (Step::ItemIfListed(key, at), map) => {
                if map.entry(key).is_none() {
                    Some(map)
                } else {
                    map.entry(key).and_then(|list| list.item(*at))
                }
            }
            (Step::Key(key), map) => map.entry(key),
            (Step::Item(at), list) => list.item(*at),
        };
        place = below.ok_or(Refusal::NoSuchPlace)?;
    }
    let (added, appends) = match &change.how {
        How::Set(new) => (Tree::of_new(new), false),
        How::Append(new) => (Tree::of_new(new), true),
    };
    match place.entry(change.key) {
        Some(value) => {
            *value = match (std::mem::replace(value, Tree::Nothing), appends) {
                (Tree::Nothing, false) => added,
                (Tree::Nothing, true) => Tree::List(vec![added]),
                (Tree::List(mut items), true) => {
                    items.push(added);
                    Tree::List(items)
                }
                (single, true) => Tree::List(vec![single, added]),
                (_, false) => return Err(Refusal::AlreadyThere),
            };
        }
        None => {
            let Tree::Map(entries) = place else { return Err(Refusal::NoSuchPlace) };
            let value = if appends { Tree::List(vec![added]) } else { added };
            entries.push((Tree::key(change.key), value));
        }
    }
    Ok(())
}
