//! Where in the text a change goes, and in which style: that of what stands around.

use super::written::{inline, item_lines, record_lines};
use super::{Change, How, New, Refusal, Splice, Step};
use crate::diagnostic::Span;
use crate::yaml::{Node, Value};

/// How a list that has to be begun is written.
#[derive(Clone, Copy)]
enum ListStyle {
    /// `key: [item]`.
    Flow,
    /// Below the key, the dash so many columns to its right; the record in braces or line by line.
    Block { offset: usize, braces: bool },
}

/// A text and its tree.
pub(super) struct Editor<'t, 'n> {
    pub(super) text: &'t str,
    pub(super) root: &'n Node<'t>,
}

impl<'t, 'n> Editor<'t, 'n> {
    /// What is to be done to the text.
    pub(super) fn splices(&self, change: &Change) -> Result<Vec<Splice>, Refusal> {
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
