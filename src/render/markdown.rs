//! A document for chats and wikis. Whatever a file says is text there: no markup, no HTML.

use crate::document::{Align, Block, Cell, Document, Fact, Item, Table, Tone};
use crate::language::tr;
use crate::render::{cell_text, seen, wrap};

/// Writes the document as Markdown with pipe tables, with a final line end.
pub fn render(document: &Document) -> String {
    let mut parts = Vec::new();
    add(document, 1, &mut parts);
    parts.join("\n\n") + "\n"
}

/// `depth`: how many `#` the title has.
fn add(document: &Document, depth: usize, parts: &mut Vec<String>) {
    parts.push(heading(depth, &document.title));
    for block in &document.blocks {
        match block {
            Block::Heading { level, text } => parts.push(heading(depth + usize::from(*level), text)),
            Block::Paragraph(text) => parts.extend(paragraphs(text)),
            Block::Note(text) => {
                let lines: Vec<String> = paragraphs(text).map(|text| format!("> {text}")).collect();
                parts.push(lines.join("\n>\n"));
            }
            Block::Hint(_) | Block::Figures(_) | Block::Timeline(_) => {}
            Block::Facts { facts, .. } => parts.push(list(facts)),
            Block::Items(items) => parts.push(numbered(items)),
            Block::Table(table) if !table.shown => {}
            Block::Table(table) if table.rows.is_empty() => parts.extend(paragraphs(&table.empty)),
            Block::Table(table) => parts.push(pipes(table)),
            Block::Documents { documents, .. } => {
                documents.iter().for_each(|document| add(document, depth + 1, parts));
            }
        }
    }
    parts.retain(|part| !part.is_empty());
}

fn heading(depth: usize, text: &str) -> String {
    let text = escape(text);
    if text.is_empty() { text } else { format!("{} {text}", "#".repeat(depth.min(6))) }
}

/// Each line of a text is a paragraph.
fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(start).filter(|text| !text.is_empty())
}

fn list(facts: &[Fact]) -> String {
    let line = |fact: &Fact| {
        let name = start(fact.name.as_deref()?);
        Some(format!("- {name}{}{}", tr("：", ": "), value(&fact.cell)))
    };
    facts.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn numbered(items: &[Item]) -> String {
    let mut lines = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let number = format!("{}. ", at + 1);
        let indent = " ".repeat(number.len());
        lines.push(number + &start(&item.text));
        lines.extend(item.details.iter().map(|detail| format!("{indent}- {}", start(detail))));
    }
    lines.join("\n")
}

fn pipes(table: &Table) -> String {
    let seen = seen(table);
    if seen.is_empty() {
        return String::new();
    }
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let rule = |at: usize| match table.columns[at].align {
        Align::Left => "---".to_string(),
        Align::Right => "---:".to_string(),
    };
    let mut lines = vec![
        row(seen.iter().map(|(_, name)| escape(name)).collect()),
        row(seen.iter().map(|(at, _)| rule(*at)).collect()),
    ];
    for cells in &table.rows {
        let text = |at: usize| cells.get(at).map_or(String::new(), value);
        lines.push(row(seen.iter().map(|(at, _)| text(*at)).collect()));
    }
    lines.join("\n")
}

/// What is bad stands out in bold, since there are no colours.
fn value(cell: &Cell) -> String {
    let text = escape(&cell_text(cell));
    match cell {
        Cell::State { tone: Tone::Bad, .. } if !text.is_empty() => format!("**{text}**"),
        _ => text,
    }
}

/// One line of plain text. Angle brackets and ampersands become entities: a chat that knows HTML but not Markdown's
/// backslash must not see a tag, either.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in wrap::clean(text).trim().chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Plain text at the beginning of a line, where `1.`, `-`, `+` and `=` would mean something.
fn start(text: &str) -> String {
    let escaped = escape(text);
    let digits = escaped.len() - escaped.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &escaped[digits..];
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{}\\{rest}", &escaped[..digits]);
    }
    if escaped.starts_with(['-', '+', '=']) { format!("\\{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_list_is_a_pipe_table() {
        let text = render(&sample::overdue());
        assert!(text.starts_with(
            "# 逾期 2 项 · 截至 2023-06-30\n\n\
             | 逾期 | 任务 | 内容 | 完成时限 | 责任单位 |\n\
             | ---: | --- | --- | --- | --- |\n\
             | **91 天** | E7 | 确权到嘎查村的资产录入全国平台（二期） | 2023-03-31 3月底 | 乡村振兴局等4家 |\n"
        ));
    }

    #[test]
    fn a_report_has_headings_facts_items_and_notes() {
        let text = render(&sample::report());
        assert!(text.contains("\n\n## 一、总体情况\n\n应完成"), "{text}");
        assert!(text.contains("\n\n- 统计期间：2023-04-01 至 2023-06-30\n"), "{text}");
        assert!(text.contains("\n1. E7 确权资产录入平台"), "{text}");
        assert!(text.contains("\n   - 存在问题"), "{text}");
        assert!(text.contains("\n\n> 统计口径"), "{text}");
        assert!(text.contains("\n\n## C6  村容村貌整体提升\n"), "{text}");
    }

    #[test]
    fn text_from_a_file_is_only_text() {
        assert_eq!(escape("<script>&amp;"), "&lt;script&gt;&amp;amp;");
        assert_eq!(escape("a|b\n# *c* _d_ `e` [f](g)"), r"a\|b \# \*c\* \_d\_ \`e\` \[f\](g)");
        assert_eq!(escape(r"\<b>"), r"\\&lt;b&gt;");
    }

    #[test]
    fn a_line_never_becomes_a_list_by_accident() {
        assert_eq!(start("1. 一"), r"1\. 一");
        assert_eq!(start("- 一"), r"\- 一");
        assert_eq!(start("---"), r"\---");
        assert_eq!(start("2023-06-30"), "2023-06-30");
    }

    proptest::proptest! {
        #[test]
        fn no_tag_ever_comes_through(text: String) {
            let written = render(&sample::note(&text));
            proptest::prop_assert!(!written.contains(['<', '>']), "{written:?}");
            proptest::prop_assert_eq!(written.lines().count(), 5, "{:?}", written);
        }
    }
}
