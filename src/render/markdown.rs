//! Markdown for chats and wikis. Text from files is escaped: it is never taken for markup.

use crate::document::{Align, Block, Document, Table};
use crate::render::words;
use crate::render::wrap::clean;

/// The document as Markdown with tables.
pub fn render(document: &Document) -> String {
    let mut out = String::new();
    parts(document, 1, &mut out);
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

fn parts(document: &Document, level: usize, out: &mut String) {
    out.push_str(&format!("{} {}\n\n", "#".repeat(level), escape(&document.title)));
    for block in &document.blocks {
        match block {
            Block::Heading { level: below, text } => {
                let level = level + usize::from(*below);
                out.push_str(&format!("{} {}\n\n", "#".repeat(level), escape(text)));
            }
            Block::Paragraph(text) => out.push_str(&format!("{}\n\n", escape(text))),
            Block::Note(text) => out.push_str(&format!("> {}\n\n", escape(text))),
            Block::Facts { facts, .. } => {
                let shown: Vec<_> =
                    facts.iter().filter_map(|fact| Some((fact.name.as_ref()?, fact))).collect();
                for (name, fact) in &shown {
                    out.push_str(&format!("- **{}**：{}\n", escape(name), escape(&words(&fact.cell))));
                }
                if !shown.is_empty() {
                    out.push('\n');
                }
            }
            Block::Items(items) => {
                for (at, item) in items.iter().enumerate() {
                    out.push_str(&format!("{}. {}\n", at + 1, escape(&item.text)));
                    for detail in &item.details {
                        out.push_str(&format!("   - {}\n", escape(detail)));
                    }
                }
                out.push('\n');
            }
            Block::Table(table) if table.shown => self::table(table, out),
            Block::Table(_) => {}
            Block::Documents { documents, .. } => {
                documents.iter().for_each(|document| parts(document, level + 1, out));
            }
        }
    }
}

fn table(table: &Table, out: &mut String) {
    if table.rows.is_empty() {
        if !table.empty.is_empty() {
            out.push_str(&format!("{}\n\n", escape(&table.empty)));
        }
        return;
    }
    let shown: Vec<_> = (table.columns.iter().enumerate())
        .filter_map(|(at, column)| Some((at, column.name.as_ref()?, column.align)))
        .collect();
    let heads: Vec<_> = shown.iter().map(|(_, name, _)| escape(name)).collect();
    let rules: Vec<_> =
        shown.iter().map(|(.., align)| if *align == Align::Right { "---:" } else { "---" }).collect();
    out.push_str(&format!("| {} |\n| {} |\n", heads.join(" | "), rules.join(" | ")));
    for row in &table.rows {
        let cells: Vec<_> = shown.iter().map(|(at, ..)| escape(&words(&row[*at]))).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
}

/// Puts a backslash before whatever Markdown or HTML would take for markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_from_a_file_stays_text() {
        assert_eq!(escape("<b>a|b</b> [x](y) ~"), r"&lt;b&gt;a\|b&lt;/b&gt; \[x\](y) \~");
    }
}
