//! Text to a small tree of nodes with byte spans. The only module that names the YAML parser.
//!
//! A plan needs mappings, lists and scalars, and nothing else of YAML: anchors, aliases, tags, directives and
//! several documents are refused, nesting is limited, and so is the file's size. A syntax error does not end the
//! reading: the list item in which it stands is blanked out, and the rest is read again.

use crate::diagnostic::{Code, Diagnostic, Span, floor_char};
use crate::language::tr;
use granit_parser::{ErrorKind, Event, Marker, Options, Parser, ScalarStyle, ScanError};
use std::borrow::Cow;

/// How deep a plan may be nested; a real one needs 9 levels.
pub const MAX_DEPTH: usize = 32;

/// How many bytes a plan may have: room for 100,000 tasks.
pub const MAX_BYTES: usize = 128 * 1024 * 1024;

/// How many syntax errors are looked for before the reading ends.
const MAX_SYNTAX_ERRORS: usize = 50;

/// How many bytes are read again, at most, in the search for further syntax errors: a file of a thousand tasks is told of
/// all [`MAX_SYNTAX_ERRORS`], one of a hundred thousand of the first few, within seconds.
const MAX_BYTES_AGAIN: usize = 32 * 1024 * 1024;

/// One value of the file and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// Its bytes. Empty for a value that is not written; without the `|` of a block scalar.
    pub span: Span,
    /// What it is.
    pub value: Value<'t>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// A single value.
    Scalar(Scalar<'t>),
    /// A list.
    Sequence(Vec<Node<'t>>),
    /// Keys and values, in order; the same key may stand twice.
    Mapping(Vec<(Node<'t>, Node<'t>)>),
}

/// A single value as text.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar<'t> {
    /// The text after YAML's escapes.
    pub text: Cow<'t, str>,
    /// Whether it stands without quotes, so that YAML may read it as a number or as nothing.
    pub plain: bool,
    /// Whether it is a block (`|` or `>`).
    pub block: bool,
}

impl<'t> Node<'t> {
    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar<'t>> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Whether nothing is written here: an absent value, `~` or `null`.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| {
            scalar.plain && matches!(&*scalar.text, "" | "~" | "null" | "Null" | "NULL")
        })
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        match &self.value {
            Value::Mapping(entries) => entries
                .iter()
                .find(|(name, _)| name.scalar().is_some_and(|scalar| scalar.text == key))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn items(&self) -> &[Node<'t>] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Scalar(scalar) => Value::Scalar(Scalar {
                text: Cow::Owned(scalar.text.into_owned()),
                plain: scalar.plain,
                block: scalar.block,
            }),
            Value::Sequence(items) => Value::Sequence(items.into_iter().map(Node::into_owned).collect()),
            Value::Mapping(entries) => {
                Value::Mapping(entries.into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect())
            }
        };
        Node { span: self.span, value }
    }
}

/// What came of reading a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<'t> {
    /// The tree of whatever could be read; `None` comes with at least one problem.
    pub root: Option<Node<'t>>,
    /// Every problem of the notation.
    pub problems: Vec<Diagnostic>,
    /// List items that could not be read. In the tree they are null, and have been complained of already.
    pub blanked: Vec<Span>,
}

impl Parsed<'_> {
    fn nothing(problems: Vec<Diagnostic>) -> Parsed<'static> {
        Parsed { root: None, problems, blanked: Vec::new() }
    }
}

/// Reads the text.
pub fn parse(text: &str) -> Parsed<'_> {
    let mut problems = Vec::new();
    if text.len() > MAX_BYTES {
        let limit = MAX_BYTES / 1024 / 1024;
        problems.push(
            Diagnostic::new(
                Code::TooLarge,
                Span::default(),
                tr(format!("文件超过 {limit} MB"), format!("the file is larger than {limit} MB")),
            )
            .help(tr("用 --file 指明真正的方案文件", "name the right file with --file")),
        );
        return Parsed::nothing(problems);
    }
    control_characters(text, &mut problems);
    merge_conflicts(text, &mut problems);
    if !problems.is_empty() {
        return Parsed::nothing(problems);
    }
    let mut parsed = match build(text) {
        Ok(Some(root)) => Parsed { root: Some(root), problems, blanked: Vec::new() },
        Ok(None) => Parsed::nothing(vec![empty_file()]),
        Err(stop) if stop.fatal => Parsed::nothing(vec![stop.problem]),
        Err(stop) => recover(text, stop),
    };
    let tabs = if text.as_bytes().contains(&b'\t') { tabs(text) } else { Vec::new() };
    if !tabs.is_empty() {
        parsed.problems.retain(|problem| problem.code != Code::Tab);
        parsed.problems.extend(tabs);
    }
    parsed
}

fn empty_file() -> Diagnostic {
    Diagnostic::new(Code::EmptyFile, Span::default(), tr("文件里没有内容", "there is nothing in the file"))
        .help(tr(
            "至少要有 plan、units、sections 三部分",
            "a plan has the three parts plan, units and sections",
        ))
}

/// Why the reading stopped, and where.
struct Stop {
    problem: Diagnostic,
    /// Reading on makes no sense.
    fatal: bool,
}

/// Reads the text again and again, each time without the list item in which the last error stood.
fn recover(text: &str, first: Stop) -> Parsed<'static> {
    let mut patched = text.to_string();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut blanked = Vec::new();
    let mut stop = first;
    let rounds = (MAX_BYTES_AGAIN / text.len().max(1)).clamp(2, MAX_SYNTAX_ERRORS);
    loop {
        let at = stop.problem.span.start;
        // Where something was blanked out, whatever is found afterwards follows from that.
        let follows = blanked.iter().any(|item: &Span| item.start <= at && at < item.end);
        if problems.last() != Some(&stop.problem) && !follows {
            problems.push(stop.problem);
        }
        let item = item_around(&patched, at, &blanked).filter(|_| !stop.fatal && blanked.len() < rounds);
        let Some(item) = item else { return Parsed::nothing(problems) };
        blank(&mut patched, item);
        blanked.push(item);
        match build(&patched) {
            Ok(root) => return Parsed { root: root.map(Node::into_owned), problems, blanked },
            Err(next) => stop = next,
        }
    }
}

/// The smallest list item around the byte that has not been blanked out yet; where none is around it, the nearest one
/// that begins above.
fn item_around(text: &str, at: usize, blanked: &[Span]) -> Option<Span> {
    let at = floor_char(text, at);
    let mut nearest = None;
    let mut line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    loop {
        let line = &text[line_start..];
        let indent = line.len() - line.trim_start_matches(' ').len();
        if line[indent..].starts_with("- ") {
            let item = Span::new(line_start, item_end(text, line_start, indent));
            if !blanked.contains(&item) {
                if item.end > at {
                    return Some(item);
                }
                nearest = nearest.or(Some(item));
            }
        }
        if line_start == 0 {
            return nearest;
        }
        line_start = text[..line_start - 1].rfind('\n').map_or(0, |newline| newline + 1);
    }
}

/// Puts an item without a value in the place of the item; every other byte and every line stays where it is.
fn blank(text: &mut String, item: Span) {
    let stretch = &text[item.start..item.end];
    let dash = stretch.len() - stretch.trim_start_matches(' ').len();
    let spaces = stretch.bytes().enumerate().map(|(at, byte)| match byte {
        b'\n' => '\n',
        _ if at == dash => '-',
        _ => ' ',
    });
    let blank: String = spaces.collect();
    text.replace_range(item.start..item.end, &blank);
}

/// Where the item that begins on this line ends: at the next line that is not indented more than its dash.
fn item_end(text: &str, line_start: usize, indent: usize) -> usize {
    let mut end = line_start;
    for (number, line) in text[line_start..].split_inclusive('\n').enumerate() {
        let content = line.trim_start_matches(' ');
        if number > 0 && !content.trim().is_empty() && line.len() - content.len() <= indent {
            break;
        }
        end += line.len();
    }
    end
}

/// The collections that are open while events come in.
enum Open<'t> {
    Sequence(usize, Vec<Node<'t>>),
    Mapping(usize, Vec<(Node<'t>, Node<'t>)>, Option<Node<'t>>),
}

fn build(text: &str) -> Result<Option<Node<'_>>, Stop> {
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    options.disallow_directives = true;
    options.emit_unresolved_aliases = true;
    options.emit_anchor_events = true;
    options.set_emit_comments(false);
    let mut stack: Vec<Open<'_>> = Vec::new();
    let mut root: Option<Node<'_>> = None;
    let mut documents = 0;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| syntax(text, &error))?;
        let span = Span::new(bytes(&span.start), bytes(&span.end));
        if event.tag().is_some() {
            return Err(unsupported(span, tr("标签（!…）", "a tag (!…)")));
        }
        let node = match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return Err(unsupported(span, tr("第二个文档（---）", "a second document (---)")));
                }
                continue;
            }
            Event::Anchor(..) => return Err(unsupported(span, tr("锚点（&…）", "an anchor (&…)"))),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(unsupported(span, tr("引用（*…）", "an alias (*…)")));
            }
            Event::Scalar(text, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                if plain && other_programs_refuse(&text) {
                    return Err(needs_quotes(span, &text));
                }
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                Node { span, value: Value::Scalar(Scalar { text, plain, block }) }
            }
            Event::SequenceStart(..) => {
                push(&mut stack, Open::Sequence(span.start, Vec::new()), span)?;
                continue;
            }
            Event::MappingStart(..) => {
                push(&mut stack, Open::Mapping(span.start, Vec::new(), None), span)?;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(open) => close(open, span, text),
                None => continue,
            },
            _ => continue,
        };
        match stack.last_mut() {
            None => root = Some(node),
            Some(Open::Sequence(_, items)) => items.push(node),
            Some(Open::Mapping(_, entries, key)) => match key.take() {
                None => *key = Some(node),
                Some(name) => {
                    colon_apart(text, &name)?;
                    entries.push((name, node));
                }
            },
        }
    }
    Ok(root.filter(|root| !root.is_null()))
}

/// Other programs refuse `{key:, …}` and `{key:[…]}`: a space stands behind the colon.
fn colon_apart(text: &str, key: &Node<'_>) -> Result<(), Stop> {
    let end = key.span.end;
    let glued =
        matches!(text.as_bytes().get(end..end + 2), Some([b':', b',' | b'?' | b'[' | b']' | b'{' | b'}']));
    if !glued || !key.scalar().is_some_and(|scalar| scalar.plain) {
        return Ok(());
    }
    let problem = Diagnostic::new(
        Code::Syntax,
        Span::new(end, end + 1),
        tr("冒号后面缺一个半角空格", "a space is missing after the colon"),
    )
    .help(tr(
        "冒号后空一格，再写值；没有值的，去掉这个键",
        "put a space and a value after it, or take the key out",
    ));
    Err(Stop { problem, fatal: false })
}

/// The finished collection. A flow collection ends behind its bracket, a block one with its last value.
fn close<'t>(open: Open<'t>, end: Span, text: &str) -> Node<'t> {
    let flow_end = |last: usize| {
        let closing = text.as_bytes().get(end.start).is_some_and(|byte| matches!(byte, b']' | b'}'));
        if closing { end.end.max(end.start + 1) } else { last }
    };
    match open {
        Open::Sequence(start, items) => {
            let last = items.last().map_or(start, |item| item.span.end);
            Node { span: Span::new(start, flow_end(last)), value: Value::Sequence(items) }
        }
        Open::Mapping(start, entries, _) => {
            let last = entries.last().map_or(start, |(key, value)| value.span.end.max(key.span.end));
            Node { span: Span::new(start, flow_end(last)), value: Value::Mapping(entries) }
        }
    }
}

fn push<'t>(stack: &mut Vec<Open<'t>>, open: Open<'t>, span: Span) -> Result<(), Stop> {
    if stack.len() >= MAX_DEPTH {
        return Err(too_deep(span));
    }
    stack.push(open);
    Ok(())
}

fn too_deep(span: Span) -> Stop {
    let problem = Diagnostic::new(
        Code::TooDeep,
        span,
        tr(format!("嵌套超过 {MAX_DEPTH} 层"), format!("nested more than {MAX_DEPTH} levels deep")),
    )
    .help(tr(
        "检查是不是漏了右括号，或缩进越写越深",
        "look for a missing closing bracket, or indentation that grows",
    ));
    Stop { problem, fatal: true }
}

/// Whether a plain scalar is one that our parser takes and libyaml does not.
fn other_programs_refuse(text: &str) -> bool {
    let colons = text.as_bytes().contains(&b':')
        && (text.starts_with(':') || text.ends_with(':') || text.contains(":?"));
    colons || text.starts_with('?')
}

/// Values that other YAML programs refuse or read differently.
fn needs_quotes(span: Span, text: &str) -> Stop {
    let text: String = text.chars().take(40).collect();
    let problem = Diagnostic::new(
        Code::NeedsQuotes,
        span,
        tr(
            format!("“{text}”要加引号，否则别的程序读不出"),
            format!("{text} needs quotes; other programs cannot read it"),
        ),
    )
    .help(tr(format!("写成 \"{text}\""), format!("write \"{text}\"")));
    Stop { problem, fatal: false }
}

fn unsupported(span: Span, what: &str) -> Stop {
    let problem = Diagnostic::new(
        Code::Unsupported,
        span,
        tr(format!("方案文件不用{what}"), format!("a plan file has no use for {what}")),
    )
    .help(tr(
        "把内容原样写出来；若是文字的一部分，请给整段文字加上引号",
        "write the content out; if it is part of a text, put the whole text in quotes",
    ));
    Stop { problem, fatal: false }
}

fn bytes(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or(0)
}

/// What a syntax error means in the words of somebody who is no programmer.
fn syntax(text: &str, error: &ScanError) -> Stop {
    let at = floor_char(text, bytes(error.marker()));
    let end = text[at..].chars().next().map_or(at, |c| if c == '\n' { at } else { at + c.len_utf8() });
    let span = Span::new(at, end);
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => return too_deep(span),
        ErrorKind::DirectiveDisallowed => return unsupported(span, tr("指令（%…）", "a directive (%…)")),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => return Stop { problem: tab(span), fatal: false },
        _ => {}
    }
    if let Some(open) = unclosed_bracket(text, at, error.kind()) {
        if let Some(problem) = closed_after_all(text, open, at) {
            return Stop { problem, fatal: false };
        }
        return left_open(
            &ErrorKind::UnclosedFlowCollection { open: char::from(text.as_bytes()[open]) },
            open,
        );
    }
    if let Some(problem) = colon(text, at, error.kind()) {
        return Stop { problem, fatal: false };
    }
    if let Some(open) = quote_left_open(text, at, error.kind()) {
        return left_open(&ErrorKind::UnclosedQuotedScalar, open);
    }
    let (message, help) = explain(error.kind(), &text[at..]);
    let misaligned = matches!(
        error.kind(),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::ExpectedBlockMappingKey
    );
    let known = message.is_some() && !misaligned;
    let message = message.unwrap_or_else(|| {
        tr("YAML 写法有误，从这里起读不通".to_string(), format!("the YAML cannot be read: {}", error.kind()))
    });
    let indented = if known { None } else { indentation(text, at) };
    let help = match indented {
        Some(words) => format!("{words}{}{help}", tr("；", "; ")),
        None => help,
    };
    let problem = Diagnostic::new(Code::Syntax, span, message).help(help);
    Stop { problem, fatal: false }
}

/// The quotation mark that was left open on an earlier line, where an innocent one further down was taken for its end.
fn quote_left_open(text: &str, at: usize, kind: &ErrorKind) -> Option<usize> {
    if !matches!(kind, ErrorKind::InvalidTrailingDoubleQuotedScalar) {
        return None;
    }
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut end = start;
    for line in text[..start].split_inclusive('\n').rev().take(5_000) {
        let begin = end - line.len();
        if line.matches('"').count() % 2 == 1 {
            return line.rfind('"').map(|place| begin + place);
        }
        end = begin;
    }
    None
}

/// How far the line is indented where that differs from the line above, so that somebody who counts can see it.
fn indentation(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let above = text[..start].trim_end();
    let above = &above[above.rfind('\n').map_or(0, |newline| newline + 1)..];
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let (own, other) = (indent(&text[start..]), indent(above));
    (start > 0 && own != other && !above.is_empty()).then(|| {
        tr(
            format!("这一行缩进{own}格，上一行{other}格，同一层要对齐"),
            format!("this line is indented by {own}, the one above by {other}; align what belongs together"),
        )
    })
}

/// A bracket or a quotation mark that was left open, at its own place.
fn left_open(kind: &ErrorKind, open: usize) -> Stop {
    let (message, help) = explain(kind, "");
    let problem =
        Diagnostic::new(Code::Syntax, Span::new(open, open + 1), message.unwrap_or_default()).help(help);
    Stop { problem, fatal: false }
}

/// The bracket that was left open before an error which can only arise inside of brackets.
fn unclosed_bracket(text: &str, at: usize, kind: &ErrorKind) -> Option<usize> {
    if !matches!(
        kind,
        ErrorKind::InvalidColonPlacement
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::BlockEntryInFlowCollection
            | ErrorKind::FlowMappingValueAdjacentCollection
            | ErrorKind::PlainScalarStartsWithDashFlowIndicator
            | ErrorKind::MisplacedFlowCollectionEnd
    ) {
        return None;
    }
    let mut closed = 0;
    for (back, byte) in text.as_bytes()[..at].iter().enumerate().rev().take(4096) {
        match byte {
            b']' | b'}' => closed += 1,
            b'[' | b'{' if closed == 0 => return Some(back),
            b'[' | b'{' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// The reading ended within brackets that are closed on their line: a Chinese comma stands between the fields, or a text
/// in them needs quotes.
fn closed_after_all(text: &str, open: usize, at: usize) -> Option<Diagnostic> {
    let line_end = text[open..].find('\n').map_or(text.len(), |newline| open + newline);
    let line = &text[open..line_end];
    let mut open_ones = Vec::new();
    let mut close = None;
    for (place, c) in line.char_indices() {
        match c {
            '[' | '{' => open_ones.push(c),
            ']' | '}' if open_ones.pop() != Some(if c == ']' { '[' } else { '{' }) => return None,
            _ => {}
        }
        if open_ones.is_empty() {
            close = Some(place);
            break;
        }
    }
    let close = close?;
    let inside = &line[..close];
    let reached = inside.len().min(at.saturating_sub(open));
    let reached = floor_char(inside, reached);
    // The comma before the place where the reading ended, behind which a field begins.
    let comma = inside[..reached].char_indices().rev().find(|(_, c)| matches!(c, '，' | '、' | ','));
    if let Some((place, comma @ ('，' | '、'))) = comma {
        let place = open + place;
        let message = tr(
            format!("“{comma}”不是半角逗号，隔不开各项"),
            format!("{comma} is no ASCII comma and separates nothing"),
        );
        let span = Span::new(place, place + comma.len_utf8());
        return Some(
            Diagnostic::new(Code::FullWidth, span, message)
                .help(tr("改成半角逗号，后面空一格", "write an ASCII comma and a space")),
        );
    }
    let span = Span::new(at.min(open + close), (at + 1).min(open + close).max(at.min(open + close)));
    let message = tr(
        "这里的文字里有冒号、括号等，会被读成别的意思",
        "a colon or bracket in this text is read as something else",
    );
    Some(
        Diagnostic::new(Code::NeedsQuotes, span, message)
            .help(tr("给整段文字加上英文引号", "put the whole text in ASCII quotes")),
    )
}

/// A line that is no `key: value` because its colon is a Chinese one, or has no space behind it.
fn colon(text: &str, at: usize, kind: &ErrorKind) -> Option<Diagnostic> {
    if !matches!(
        kind,
        ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::MappingValueNotAllowed
            | ErrorKind::UnexpectedEofBlockMapping
    ) {
        return None;
    }
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let own = colon_on(text, start);
    // Where this line is as it should be, the one above it is not: its text goes on here.
    own.or_else(|| {
        let above = text[..start].trim_end();
        let above = above.rfind('\n').map_or(0, |newline| newline + 1);
        if above < start { colon_on(text, above) } else { None }
    })
}

/// A wrong colon behind the first word of the line that begins here.
fn colon_on(text: &str, start: usize) -> Option<Diagnostic> {
    let line = text[start..].lines().next().unwrap_or_default();
    let colon = line.find(['：', ':'])?;
    let (key, rest) = (line[..colon].trim().trim_start_matches("- "), &line[colon..]);
    let sign = rest.chars().next()?;
    let value =
        rest[sign.len_utf8()..].split(" #").next().unwrap_or_default().trim_matches([' ', '\u{3000}']);
    let place = Span::new(start + colon, start + colon + sign.len_utf8());
    let help = tr(format!("写成“{key}: {value}”"), format!("write `{key}: {value}`"));
    let problem = match sign {
        '：' => Diagnostic::new(
            Code::FullWidth,
            place,
            tr("冒号是全角的，YAML 不认", "the colon is full-width, which YAML does not know"),
        ),
        _ if !rest[1..].starts_with([' ', '\r', '\n']) && !rest[1..].is_empty() => Diagnostic::new(
            Code::Syntax,
            place,
            tr("冒号后面缺一个半角空格", "a space is missing after the colon"),
        ),
        _ => return None,
    };
    Some(problem.help(help))
}

fn explain(kind: &ErrorKind, rest: &str) -> (Option<String>, String) {
    match kind {
        ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping => (
            Some(tr("括号里多了一个逗号，或没有写完", "a comma too many in the brackets, or they end too early").into()),
            tr("去掉多余的逗号，或补上右括号", "take out the extra comma, or add the closing bracket").into(),
        ),
        ErrorKind::UnclosedFlowCollection { open } | ErrorKind::MismatchedFlowCollectionEnd { open, .. } => (
            Some(tr(format!("“{open}”没有对应的右括号"), format!("`{open}` is never closed"))),
            tr("补上右括号，或检查逗号是否为半角", "add the closing bracket, and use ASCII commas").into(),
        ),
        ErrorKind::UnclosedQuotedScalar => (
            Some(tr("引号没有成对", "a quotation mark is never closed").into()),
            tr("补上另一个引号", "add the other quotation mark").into(),
        ),
        ErrorKind::UnexpectedCharacter { character: '%' } => {
            let value = rest.split(['\n', ',', '}', ']']).next().unwrap_or("%").trim();
            (
                Some(tr("值不能以“%”开头", "a value cannot begin with `%`").into()),
                tr(format!("写成 \"{value}\""), format!("write \"{value}\"")),
            )
        }
        ErrorKind::UnexpectedCharacter { character } => (
            Some(tr(
                format!("“{character}”不能放在值的开头"),
                format!("a value cannot begin with `{character}`"),
            )),
            tr("给整个值加上引号", "put the whole value in quotes").into(),
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::ExpectedBlockMappingKey => (
            Some(tr("这一行不是“键: 值”的写法", "this line is not of the form `key: value`").into()),
            tr(
                "键后面要有半角冒号和一个空格；同一层的缩进要对齐",
                "put a colon and a space after the key, and align it with its neighbours",
            )
            .into(),
        ),
        _ if rest.starts_with(['>', '|', '@', '`', '%', '&', '*', '!']) => {
            (None, tr("给整个值加上引号", "put the whole value in quotes").into())
        }
        _ => (
            None,
            tr(
                "检查这里和上一行的缩进、冒号后的空格、引号和括号",
                "check the indentation, the space after the colon, quotes and brackets here and on the line above",
            )
            .into(),
        ),
    }
}

/// Tabs in the indentation and behind the dashes of items, which some programs take and others refuse.
fn tabs(text: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut content = line.trim_start_matches([' ', '\t']);
        while let Some(rest) = content.strip_prefix('-').filter(|rest| rest.starts_with([' ', '\t'])) {
            content = rest.trim_start_matches([' ', '\t']);
        }
        let indent = &line[..line.len() - content.len()];
        if let Some(at) = indent.find('\t') {
            problems.push(tab(Span::new(start + at, start + at + 1)));
        }
        if problems.len() >= MAX_SYNTAX_ERRORS {
            break;
        }
        start += line.len();
    }
    problems
}

fn tab(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Tab, span, tr("这里用了制表符（Tab）", "there is a tab here"))
        .help(tr("缩进只用空格", "indent with spaces only"))
}

/// What git leaves in a file that two people changed: the plan is neither's until one of both is chosen.
fn merge_conflicts(text: &str, problems: &mut Vec<Diagnostic>) {
    if !text.contains("<<<<<<< ") || !text.contains(">>>>>>> ") {
        return;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let marks = ["<<<<<<< ", "=======", ">>>>>>> "];
        if marks.iter().any(|mark| line.starts_with(mark)) {
            let message = tr("这是合并冲突的标记", "this marks a conflict of two changes");
            problems.push(
                Diagnostic::new(Code::Syntax, Span::new(start, start + line.trim_end().len()), message).help(
                    tr(
                        "两份改动留下一份，把三行标记都删掉",
                        "keep one of the two changes and take all three marks out",
                    ),
                ),
            );
        }
        start += line.len();
    }
    problems.truncate(MAX_SYNTAX_ERRORS);
}

/// Characters that steer instead of being shown have no place in a plan: they would reach terminals and spreadsheets,
/// and other YAML programs take some of them for line ends.
fn control_characters(text: &str, problems: &mut Vec<Diagnostic>) {
    // Only these bytes begin one; looking at bytes first keeps a right file fast.
    let suspect = |byte: u8| {
        byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t') || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef)
    };
    let found = text.bytes().enumerate().filter(|(_, byte)| suspect(*byte)).filter_map(|(at, _)| {
        let c = text[at..].chars().next()?;
        let mark = c == '\u{feff}' && at == 0;
        (is_control(c) && !mark).then_some((at, c))
    });
    for (at, c) in found.take(MAX_SYNTAX_ERRORS) {
        let code = u32::from(c);
        problems.push(
            Diagnostic::new(
                Code::ControlCharacter,
                Span::new(at, at + c.len_utf8()),
                tr(
                    format!("这里有控制字符 U+{code:04X}"),
                    format!("there is a control character U+{code:04X}"),
                ),
            )
            .help(tr("删掉这个看不见的字符", "delete this invisible character")),
        );
    }
}

/// C0 and C1 controls, separators, blanks without width, marks of direction, a byte order mark inside of the text, and
/// what is no character.
pub fn is_control(c: char) -> bool {
    c.is_control()
        // The joiner of emoji is left.
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node<'_> {
        let parsed = parse(text);
        assert_eq!(parsed.problems, []);
        parsed.root.expect("a tree")
    }

    fn codes(text: &str) -> Vec<Code> {
        parse(text).problems.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn a_value_knows_its_bytes() {
        let text = "a: 1\n单位: [财政局, 水利局]\n";
        let root = tree(text);
        let units = root.get("单位").expect("the key is there");
        assert_eq!(&text[units.span.start..units.span.end], "[财政局, 水利局]");
        let second = &units.items()[1];
        assert_eq!(&text[second.span.start..second.span.end], "水利局");
    }

    #[test]
    fn an_absent_value_is_null() {
        let root = tree("a:\nb: ~\nc: '~'\n");
        assert!(root.get("a").is_some_and(Node::is_null));
        assert!(root.get("b").is_some_and(Node::is_null));
        assert!(!root.get("c").is_some_and(Node::is_null));
    }

    #[test]
    fn kinds_of_yaml_that_a_plan_does_not_use_are_refused() {
        for text in ["a: &x 1\n", "a: *x\n", "a: !t 1\n", "%YAML 1.2\n---\na: 1\n", "a: 1\n---\nb: 2\n"] {
            assert_eq!(codes(text), [Code::Unsupported], "{text}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        assert_eq!(codes(&"[".repeat(100_000)), [Code::TooDeep]);
        assert_eq!(codes(&"- ".repeat(100_000)), [Code::TooDeep]);
    }

    #[test]
    fn nothing_is_a_problem_and_no_panic() {
        for text in ["", "\n", "# 只有注释\n", "~", "\u{feff}"] {
            assert_eq!(codes(text), [Code::EmptyFile], "{text:?}");
        }
    }

    #[test]
    fn two_syntax_errors_in_two_items_come_out_together() {
        let text = "tasks:\n  - id: A\n    m: %\n  - id: B\n  - id: C\n    x: [1, 2\n  - id: D\n";
        let parsed = parse(text);
        assert_eq!(parsed.problems.len(), 2, "{:?}", parsed.problems);
        assert_eq!(parsed.blanked.len(), 2);
        let root = parsed.root.expect("the rest could be read");
        let ids: Vec<_> =
            root.get("tasks").expect("tasks").items().iter().filter_map(|t| t.get("id")).collect();
        assert_eq!(ids.len(), 2);
    }

    #[test]
    fn a_tab_before_anything_on_a_line_is_named() {
        assert_eq!(codes("a:\n\t- b\n"), [Code::Tab]);
        assert_eq!(codes("a:\n  - \tb: 1\n  -\tc: 1\n"), [Code::Tab, Code::Tab]);
        assert_eq!(codes("a: b\n\t\nc: d\n"), [Code::Tab]);
        assert_eq!(codes("a: b\t# c\n"), []);
    }

    #[test]
    fn control_characters_are_named() {
        assert_eq!(codes("a: \u{1b}[31m\n"), [Code::ControlCharacter]);
        assert_eq!(codes("a: \0\n"), [Code::ControlCharacter]);
        assert_eq!(codes("a: 一\u{2028}二\n"), [Code::ControlCharacter]);
        assert_eq!(codes("a: 一\u{feff}二\n"), [Code::ControlCharacter]);
        assert_eq!(codes("a: “一”，\u{a0}é\n"), []);
    }
}
