//! Text in, text out: a key is set or an item appended, and nothing else in the file changes.
//!
//! The text is spliced at the places of its own nodes, in the style of what stands around them. Afterwards the new
//! text is parsed, and its tree must be the old tree with exactly this change; otherwise the change is refused. So an
//! unusual file may be refused, and is never spoilt.

use crate::diagnostic::Span;
use crate::language::tr;
use crate::load::reads_as_other_than_text;
use crate::yaml::{self, Node, Value};
use std::fmt;

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
    let parsed = yaml::parse(text);
    let root = parsed.root.filter(|_| parsed.problems.is_empty()).ok_or(Refusal::Unreadable)?;
    let expected = expected(&root, change)?;
    let splices = Editor { text, root: &root }.splices(change)?;
    let text_after = spliced(text, &splices);
    let after = yaml::parse(&text_after);
    let same = after.problems.is_empty() && after.root.as_ref().map(Tree::of).as_ref() == Some(&expected);
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

// ---- the tree that must come out

/// A node without its place.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Nothing,
    Scalar { text: String, plain: bool },
    List(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
}

impl Tree {
    fn of(node: &Node<'_>) -> Tree {
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

fn expected(root: &Node<'_>, change: &Change) -> Result<Tree, Refusal> {
    let mut tree = Tree::of(root);
    let mut place = &mut tree;
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
    Ok(tree)
}

// ---- where and how it is written

/// How a list that has to be begun is written.
#[derive(Clone, Copy)]
enum ListStyle {
    /// `key: [item]`.
    Flow,
    /// Below the key, the dash so many columns to its right; the record in braces or line by line.
    Block { offset: usize, braces: bool },
}

struct Editor<'t, 'n> {
    text: &'t str,
    root: &'n Node<'t>,
}

impl<'t, 'n> Editor<'t, 'n> {
    fn splices(&self, change: &Change) -> Result<Vec<Splice>, Refusal> {
        let (map, offset) = self.place(&change.path)?;
        let Value::Mapping(entries) = &map.value else { return Err(Refusal::NoSuchPlace) };
        let (first, last) = entries.first().zip(entries.last()).ok_or(Refusal::UnusualStyle)?;
        let flow = self.is_flow(map);
        let column = self.column(first.0.span.start);
        let found = entries.iter().find(|(key, _)| key.scalar().is_some_and(|name| name.text == change.key));
        match (found, &change.how) {
            (None, how) if flow => {
                let end = self.entry_end(&last.0, &last.1, column).ok_or(Refusal::UnusualStyle)?;
                let entry = format!("{}: {}", change.key, self.in_one_line(how));
                Ok(self.grow_flow(map.span.start, last.0.span.start, end, &entry))
            }
            (None, how) => {
                let end = self.entry_end(&last.0, &last.1, column).ok_or(Refusal::UnusualStyle)?;
                let lines = self.entry_lines(change.key, how, column, offset, end);
                Ok(vec![self.below(end, column, &lines)])
            }
            (Some((key, value)), how) if value.is_null() => {
                self.fill(change.key, key, value, how, flow, offset).ok_or(Refusal::UnusualStyle)
            }
            (Some(_), How::Set(_)) => Err(Refusal::AlreadyThere),
            (Some((key, value)), How::Append(new)) => match &value.value {
                Value::Sequence(items) if self.is_flow(value) => Ok(self.append_flow(value, items, new)),
                Value::Sequence(items) => {
                    self.append_block(key, items, new, column).ok_or(Refusal::UnusualStyle)
                }
                Value::Mapping(_) if !self.is_flow(value) => {
                    self.begin_list(key, value, new).ok_or(Refusal::UnusualStyle)
                }
                _ => Ok(vec![
                    Splice { old: Span::new(value.span.start, value.span.start), new: "[".into() },
                    Splice {
                        old: Span::new(value.span.end, value.span.end),
                        new: format!(", {}]", inline(new, false)),
                    },
                ]),
            },
        }
    }

    /// The node at the end of the path, and by how many columns the dashes of the nearest list on the way stand to the
    /// right of that list's key.
    fn place(&self, path: &[Step]) -> Result<(&'n Node<'t>, usize), Refusal> {
        let (mut node, mut key, mut offset) = (self.root, None, 2);
        for step in path {
            let below = match step {
                Step::ItemIfListed(key, at) => match node.get(key) {
                    Some(list) => list.items().get(*at),
                    None => Some(node),
                },
                Step::Key(name) => {
                    let Value::Mapping(entries) = &node.value else { return Err(Refusal::NoSuchPlace) };
                    let entry = entries.iter().find(|(k, _)| k.scalar().is_some_and(|k| k.text == *name));
                    key = entry.map(|(key, _)| key);
                    entry.map(|(_, value)| value)
                }
                Step::Item(at) => {
                    if let (Some(key), false) = (key, self.is_flow(node))
                        && let Some(dash) = node.items().iter().find_map(|item| self.dash(item))
                    {
                        offset = self.column(dash).saturating_sub(self.column(key.span.start));
                    }
                    node.items().get(*at)
                }
            };
            node = below.ok_or(Refusal::NoSuchPlace)?;
        }
        Ok((node, offset))
    }

    /// Puts an entry or an item behind the last one of a collection in brackets, of which `end` is the end: on the same
    /// line, or on a line of its own where the last one has one.
    fn grow_flow(&self, open: usize, last: usize, end: usize, added: &str) -> Vec<Splice> {
        let at = |at: usize, new: String| Splice { old: Span::new(at, at), new };
        let rest = &self.text[end..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let comma = rest[blanks..].starts_with(',').then_some(end + blanks + 1);
        let line = self.line_start(last);
        let own_line = line > open && self.text[line..last].bytes().all(|byte| byte == b' ');
        let behind = comma.unwrap_or(end);
        let line_rest = self.text[behind..self.line_end(behind)].trim();
        if own_line && (line_rest.is_empty() || line_rest.starts_with('#')) {
            let indent = &self.text[line..last];
            let line_end = self.content_end(behind);
            let new_line = self.line_break(behind);
            let comma_after = if comma.is_some() { "," } else { "" };
            let added = at(line_end, format!("{new_line}{indent}{added}{comma_after}"));
            return match comma {
                Some(_) => vec![added],
                None if line_end == end => vec![at(end, format!(",{}", added.new))],
                None => vec![at(end, ",".into()), added],
            };
        }
        match comma {
            Some(comma) => vec![at(comma, format!(" {added}"))],
            None => vec![at(end, format!(", {added}"))],
        }
    }

    fn append_flow(&self, list: &Node<'t>, items: &[Node<'t>], new: &New) -> Vec<Splice> {
        let Some(last) = items.last() else {
            let inside = Span::new(list.span.start + 1, list.span.end.saturating_sub(1));
            let blank = self.text.get(inside.start..inside.end).is_some_and(|text| text.trim().is_empty());
            let old = if blank { inside } else { Span::new(inside.start, inside.start) };
            return vec![Splice { old, new: inline(new, false) }];
        };
        self.grow_flow(list.span.start, last.span.start, last.span.end, &inline(new, self.is_padded(last)))
    }

    fn append_block(
        &self,
        key: &Node<'t>,
        items: &[Node<'t>],
        new: &New,
        key_column: usize,
    ) -> Option<Vec<Splice>> {
        let last = items.last()?;
        let dash = items.iter().rev().find_map(|item| self.dash(item))?;
        let column = self.column(dash);
        let end = self.end(last, self.column(last.span.start), key.span.end)?;
        let beside = |dash: &usize| self.line_start(*dash) == self.line_start(last.span.start);
        let gap = self.dash(last).filter(beside).map_or(1, |dash| last.span.start - dash - 1);
        let by_line = matches!(last.value, Value::Mapping(_)) && !self.is_flow(last);
        let lines = match new {
            New::Record(fields) if by_line => record_lines(fields, column, gap),
            _ => {
                let item = inline(new, self.is_padded(last));
                vec![format!("{}-{}{item}", " ".repeat(column), " ".repeat(gap))]
            }
        };
        // What stands no further to the right than the list's key may be said of the next key.
        Some(vec![self.below(end, column.max(key_column + 1), &lines)])
    }

    /// One record that stands under the key line by line becomes the first of a list: a dash before it, its other lines
    /// two columns further in, and the next item below.
    fn begin_list(&self, key: &Node<'t>, record: &Node<'t>, new: &New) -> Option<Vec<Splice>> {
        let Value::Mapping(entries) = &record.value else { return None };
        let first = entries.first()?.0.span.start;
        let column = self.column(first);
        let end = self.end(record, column, key.span.end)?;
        let put_in = |at: usize, new: &str| Splice { old: Span::new(at, at), new: new.into() };
        let mut splices = vec![put_in(first, "- ")];
        let mut line = self.line_end(first);
        while line < end {
            let next = self.line_end(line);
            if !self.text[line..next].trim().is_empty() {
                splices.push(put_in(line, "  "));
            }
            line = next;
        }
        let lines = match new {
            New::Record(fields) => record_lines(fields, column, 1),
            _ => item_lines(new, column, true),
        };
        splices.push(self.below(end, self.text.len(), &lines));
        Some(splices)
    }

    /// Gives a key that is there, but empty, its value.
    fn fill(
        &self,
        name: &str,
        key: &Node<'t>,
        value: &Node<'t>,
        how: &How,
        flow: bool,
        offset: usize,
    ) -> Option<Vec<Splice>> {
        let colon = self.colon(key)?;
        let written = self.text.get(value.span.start..value.span.end).is_some_and(|text| !text.is_empty());
        let style = match how {
            How::Append(_) if !flow => self.list_style(name, value.span.start, offset),
            _ => ListStyle::Flow,
        };
        let (How::Append(new), ListStyle::Block { offset, braces }) = (how, style) else {
            let value_words = self.in_one_line(how);
            return Some(match written {
                true => vec![Splice { old: value.span, new: value_words }],
                false => vec![Splice { old: Span::new(colon, colon), new: format!(" {value_words}") }],
            });
        };
        let column = self.column(key.span.start);
        let lines = item_lines(new, column + offset, braces);
        let end = if written { value.span.end } else { colon };
        let below = self.below(end, column + 1, &lines);
        Some(match written {
            true => vec![Splice { old: Span::new(colon, value.span.end), new: String::new() }, below],
            false => vec![below],
        })
    }

    /// The lines of an entry that is not there yet.
    fn entry_lines(&self, name: &str, how: &How, column: usize, offset: usize, at: usize) -> Vec<String> {
        let indent = " ".repeat(column);
        if let How::Append(new) = how
            && let ListStyle::Block { offset, braces } = self.list_style(name, at, offset)
        {
            let mut lines = vec![format!("{indent}{name}:")];
            lines.extend(item_lines(new, column + offset, braces));
            return lines;
        }
        vec![format!("{indent}{name}: {}", self.in_one_line(how))]
    }

    fn in_one_line(&self, how: &How) -> String {
        match how {
            How::Set(new) => inline(new, false),
            How::Append(new) => format!("[{}]", inline(new, false)),
        }
    }

    /// How the file writes lists under this key: as the nearest one above, else the nearest below; where there is none,
    /// as the example in the shipped file does.
    fn list_style(&self, key: &str, at: usize, offset: usize) -> ListStyle {
        let mut examples = Vec::new();
        collect_lists(self.root, key, &mut examples);
        let above = examples.iter().rev().find(|(_, list)| list.span.start < at);
        let Some((name, list)) = above.or(examples.first()) else {
            return match key {
                "actuals" | "log" => ListStyle::Block { offset, braces: true },
                _ => ListStyle::Flow,
            };
        };
        let items = list.items();
        let dash = items.iter().find_map(|item| self.dash(item));
        match (self.is_flow(list), dash) {
            (false, Some(dash)) => {
                let offset = self.column(dash).saturating_sub(self.column(name.span.start));
                let last = items.last();
                let by_line =
                    |item: &Node<'_>| matches!(item.value, Value::Mapping(_)) && !self.is_flow(item);
                ListStyle::Block { offset, braces: !last.is_some_and(by_line) }
            }
            _ => ListStyle::Flow,
        }
    }

    /// Lines put in below the line of `end`, and below the comments that follow it without a gap and stand at least at
    /// `column`: they are said of what ends there.
    fn below(&self, end: usize, column: usize, lines: &[String]) -> Splice {
        let mut at = self.line_end(end);
        while at < self.text.len() {
            let next = self.line_end(at);
            let line = &self.text[at..next];
            let content = line.trim_start_matches(' ');
            if !content.starts_with('#') || line.len() - content.len() < column {
                break;
            }
            at = next;
        }
        let new_line = self.line_break(end);
        let words = lines.join(new_line);
        let open_end = !self.text[..at].ends_with('\n');
        let new = if open_end { format!("{new_line}{words}") } else { format!("{words}{new_line}") };
        Splice { old: Span::new(at, at), new }
    }

    // ---- places in the text

    /// Whether the collection stands in brackets. A list whose dashes stand right under its key begins, to the parser,
    /// with its first item.
    fn is_flow(&self, node: &Node<'_>) -> bool {
        let open = self.text.as_bytes().get(node.span.start);
        match &node.value {
            Value::Sequence(items) => {
                open == Some(&b'[') && items.first().is_none_or(|item| item.span.start > node.span.start)
            }
            Value::Mapping(_) => open == Some(&b'{'),
            Value::Scalar(_) => false,
        }
    }

    /// Whether a record in braces has spaces inside of them.
    fn is_padded(&self, node: &Node<'_>) -> bool {
        matches!(node.value, Value::Mapping(_)) && self.text[node.span.start..].starts_with("{ ")
    }

    /// The end of an entry's value, or of its colon where no value is written.
    fn entry_end(&self, key: &Node<'t>, value: &Node<'t>, column: usize) -> Option<usize> {
        let colon = match self.colon(key) {
            Some(colon) => colon,
            // `{key}` in braces has no colon.
            None if value.is_null() => return Some(key.span.end),
            None => return None,
        };
        self.end(value, column, colon)
    }

    /// One past the last byte of what is written of the node. `before` is the end of the colon or dash that leads to it,
    /// `column` that of the record in which it stands.
    fn end(&self, node: &Node<'t>, column: usize, before: usize) -> Option<usize> {
        if self.is_flow(node) {
            return Some(node.span.end);
        }
        match &node.value {
            Value::Sequence(items) => {
                let last = items.last()?;
                let dash = self.dash(last).map_or(before, |dash| dash + 1);
                self.end(last, self.column(dash.saturating_sub(1)), dash)
            }
            Value::Mapping(entries) => {
                let (key, value) = entries.last()?;
                self.entry_end(key, value, self.column(entries[0].0.span.start))
            }
            Value::Scalar(scalar) if scalar.block => self.block_end(before, column),
            Value::Scalar(_) if node.span.end <= node.span.start => Some(before),
            Value::Scalar(_) => {
                let written = self.text.get(node.span.start..node.span.end)?;
                Some(node.span.start + written.trim_end().len())
            }
        }
    }

    /// The end of the last line of a block of text whose `|` or `>` stands behind `before`. With `+` the empty lines
    /// after it are its own.
    fn block_end(&self, before: usize, column: usize) -> Option<usize> {
        let header_end = self.content_end(before);
        let header = self.text[before..header_end].split('#').next().unwrap_or_default().trim();
        header.strip_prefix(['|', '>'])?;
        let keeps = header.contains('+');
        let told = header.chars().find_map(|c| c.to_digit(10)).map(|digit| column + digit as usize);
        let (mut end, mut indent) = (header_end, told);
        let mut at = self.line_end(before);
        while at < self.text.len() {
            let next = self.line_end(at);
            let line = self.text[at..next].trim_end_matches(['\n', '\r']);
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if spaces == line.len() {
                end = if keeps { at + line.len() } else { end };
            } else if spaces > column && spaces >= *indent.get_or_insert(spaces) {
                end = at + line.len();
            } else {
                break;
            }
            at = next;
        }
        Some(end)
    }

    /// One past the colon behind a key.
    fn colon(&self, key: &Node<'_>) -> Option<usize> {
        let rest = self.text.get(key.span.end..)?;
        let colon = rest.trim_start_matches([' ', '\t']);
        colon.starts_with(':').then(|| key.span.end + rest.len() - colon.len() + 1)
    }

    /// The dash that leads to an item: on its line, or above it with nothing but comments in between.
    fn dash(&self, item: &Node<'_>) -> Option<usize> {
        let mut start = self.line_start(item.span.start);
        let mut line = &self.text[start..item.span.start];
        loop {
            let before = line.split(" #").next().unwrap_or_default().trim_end();
            if before.ends_with('-') {
                return Some(start + before.len() - 1);
            }
            if start == 0 || !(before.is_empty() || before.trim_start().starts_with('#')) {
                return None;
            }
            let end = start - 1;
            start = self.line_start(end);
            line = &self.text[start..end];
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// One past the line end of the line in which `at` stands.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// The last byte of the line that is seen, blanks at its end left out.
    fn content_end(&self, at: usize) -> usize {
        at + self.text[at..self.line_end(at)].trim_end().len()
    }

    /// Columns of a place; nothing wider than a byte stands before a key or a dash.
    fn column(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..at];
        line.strip_prefix('\u{feff}').unwrap_or(line).len()
    }

    /// How the line of `at` ends; the last one as the one before it.
    fn line_break(&self, at: usize) -> &'static str {
        let end = self.line_end(at);
        let upto = &self.text[..end];
        let broken = match upto.ends_with('\n') {
            true => upto,
            false => &self.text[..self.line_start(at)],
        };
        if broken.ends_with("\r\n") { "\r\n" } else { "\n" }
    }
}

/// All lists under keys of this name, with their keys, in the file's order.
fn collect_lists<'n, 't>(node: &'n Node<'t>, key: &str, out: &mut Vec<(&'n Node<'t>, &'n Node<'t>)>) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| collect_lists(item, key, out)),
        Value::Mapping(entries) => {
            for (name, value) in entries {
                if !value.items().is_empty() && name.scalar().is_some_and(|name| name.text == key) {
                    out.push((name, value));
                }
                collect_lists(value, key, out);
            }
        }
        Value::Scalar(_) => {}
    }
}

// ---- values as they are written

/// The lines of an item whose dash stands at a column.
fn item_lines(new: &New, column: usize, braces: bool) -> Vec<String> {
    match new {
        New::Record(fields) if !braces => record_lines(fields, column, 1),
        _ => vec![format!("{}- {}", " ".repeat(column), inline(new, false))],
    }
}

/// A record line by line behind a dash at a column, `gap` spaces after it.
fn record_lines(fields: &[(&'static str, New)], column: usize, gap: usize) -> Vec<String> {
    let line = |(at, (key, value)): (usize, &(&'static str, New))| {
        let dash = if at == 0 { "-" } else { " " };
        format!("{}{dash}{}{key}: {}", " ".repeat(column), " ".repeat(gap), inline(value, false))
    };
    fields.iter().enumerate().map(line).collect()
}

/// A value on one line.
fn inline(new: &New, padded: bool) -> String {
    match new {
        New::Plain(text) => text.clone(),
        New::Text(text) if is_plainly_safe(text) => text.clone(),
        New::Text(text) => quoted(text),
        New::Record(fields) => {
            let field = |(key, value): &(&'static str, New)| format!("{key}: {}", inline(value, false));
            let fields = fields.iter().map(field).collect::<Vec<_>>().join(", ");
            if padded { format!("{{ {fields} }}") } else { format!("{{{fields}}}") }
        }
    }
}

/// Whether a text without quotes is read back as this text, in braces and outside, by this and any other YAML program.
///
/// Rather too careful: quotes where they were not needed spoil nothing.
fn is_plainly_safe(text: &str) -> bool {
    let begins = |c: char| c.is_alphanumeric() || "“‘《〈「『【〔（·…".contains(c);
    let goes_on = |c: char| {
        c.is_alphanumeric()
            || c == ' '
            || ".-_/+%()=;@*<>~$^".contains(c)
            || "“”‘’《》〈〉「」『』【】〔〕（）、，。；：？！·…—～％＋－×÷≥≤℃〇№".contains(c)
    };
    text.starts_with(begins)
        && text.chars().all(goes_on)
        && !text.ends_with(' ')
        // Digits and signs alone may be a day, a time or a number to somebody.
        && text.chars().any(char::is_alphabetic)
        && !reads_as_other_than_text(text)
        && !is_word_of_yaml(text)
        && !text.chars().any(is_unseen)
}

/// Words that some YAML program takes for a truth value or nothing.
fn is_word_of_yaml(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null")
        // 1e3, 0x1F, 12_000: a digit first and nothing that is not ASCII.
        || (lower.is_ascii() && lower.starts_with(|c: char| c.is_ascii_digit()))
}

/// A text in double quotes, on one line whatever is in it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => match c as u32 {
                code @ 0..=0xff => out.push_str(&format!("\\x{code:02X}")),
                code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04X}")),
                code => out.push_str(&format!("\\U{code:08X}")),
            },
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character must not stand in the file itself: controls, line ends of every kind, marks that nobody sees,
/// and what is no character.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}')
        || (c as u32) & 0xfffe == 0xfffe
        || ('\u{FDD0}'..='\u{FDEF}').contains(&c)
        || ('\u{E0000}'..='\u{E0FFF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    #[test]
    fn words_stand_without_quotes_only_where_everybody_reads_them_as_words() {
        for plain in
            ["已完工150个", "更正：两人转学，重新核对", "“两头在外”的户", "第一批", "A/B 组", "3月底"]
        {
            assert_eq!(inline(&New::Text(plain.into()), false), plain);
        }
        for (text, written) in [
            ("a: b", "\"a: b\""),
            ("12:30", "\"12:30\""),
            ("a #b", "\"a #b\""),
            ("甲, 乙", "\"甲, 乙\""),
            ("[甲]", "\"[甲]\""),
            ("150", "\"150\""),
            ("1e3", "\"1e3\""),
            ("2023-06-30", "\"2023-06-30\""),
            ("yes", "\"yes\""),
            ("Null", "\"Null\""),
            ("~", "\"~\""),
            ("", "\"\""),
            ("- 甲", "\"- 甲\""),
            ("甲 ", "\"甲 \""),
            ("%", "\"%\""),
            ("他说\"好\"", "\"他说\\\"好\\\"\""),
            ("a\\b", "\"a\\\\b\""),
            ("一\n二\t三", "\"一\\n二\\t三\""),
            ("\u{1b}[31m\u{feff}\u{202e}", "\"\\x1B[31m\\uFEFF\\u202E\""),
        ] {
            assert_eq!(inline(&New::Text(text.into()), false), written);
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(|c| c.to_string()),
            "[a-z0-9 .:#,\\[\\]{}'\"~|>!&*%@`?=+_<-]{1,3}",
            prop::sample::select(vec![
                "完成", "：", "，", "“", "”", "null", "true", "yes", ".inf", "0x1F", "1_000", "1e9", "\n",
                "\r\n", "\t", " ", "\u{3000}", "\u{a0}", "\u{85}", "\u{2028}", "\u{feff}", "---", "...",
                "<<",
            ])
            .prop_map(str::to_string),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_back_in_braces_and_outside_by_us_and_by_serde_yaml(text in any_text()) {
            let written = inline(&New::Text(text.clone()), false);
            for file in [format!("a: {written}\n"), format!("a: {written}"), format!("a: {{b: {written}, c: 1}}\n"), format!("a: [{written}]\n"), format!("- {written}\n")] {
                let parsed = yaml::parse(&file);
                prop_assert_eq!(&parsed.problems, &[], "{}", file);
                let root = parsed.root.expect("a tree");
                let node = root.get("a").map_or(&root.items().first().unwrap_or(&root).clone(), |a| a.get("b").or(a.items().first()).unwrap_or(a)).clone();
                let scalar = node.scalar().expect("a scalar");
                prop_assert_eq!(&*scalar.text, &text);
                prop_assert!(!node.is_null());
                prop_assert!(!scalar.plain || !reads_as_other_than_text(&text));
                let value: serde_yaml::Value = serde_yaml::from_str(&file).expect("serde_yaml reads it");
                let witness = match &value {
                    serde_yaml::Value::Sequence(items) => &items[0],
                    map => match &map["a"] {
                        serde_yaml::Value::Mapping(inner) => &inner["b"],
                        serde_yaml::Value::Sequence(items) => &items[0],
                        other => other,
                    },
                };
                prop_assert_eq!(witness.as_str(), Some(text.as_str()), "{}", file);
            }
        }
    }
}
