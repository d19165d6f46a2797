//! The text part of a message: lists in the place of tables, since mail programs show proportional fonts, and no line
//! breaks within a paragraph, since screens differ.

use crate::document::{Align, Block, Cell, Document, Table};
use crate::language::tr;
use crate::render::{cell_text, seen, wrap::clean};

/// Writes the document as lines for any font and any width.
pub fn render(document: &Document) -> String {
    let mut parts = Vec::new();
    add(document, &mut parts);
    parts.retain(|part: &String| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn add(document: &Document, parts: &mut Vec<String>) {
    parts.push(clean(&document.title).trim().to_string());
    for block in &document.blocks {
        match block {
            Block::Heading { level: 1, text } => parts.push(format!("【{}】", clean(text).trim())),
            Block::Heading { text, .. } => parts.push(clean(text).trim().to_string()),
            Block::Paragraph(text) | Block::Note(text) => parts.push(lines(text)),
            Block::Hint(_) | Block::Figures(_) | Block::Timeline(_) => {}
            Block::Facts { facts, .. } => {
                let named = facts.iter().filter_map(|fact| Some((fact.name.as_deref()?, &fact.cell)));
                let line = |(name, cell): (&str, &Cell)| format!("{}{}{}", clean(name), colon(), value(cell));
                parts.push(named.map(line).collect::<Vec<_>>().join("\n"));
            }
            Block::Items(items) => {
                let mut list = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    list.push(format!("{}. {}", at + 1, clean(&item.text).trim()));
                    list.extend(item.details.iter().map(|detail| format!("   {}", clean(detail).trim())));
                }
                parts.push(list.join("\n"));
            }
            Block::Table(table) if !table.shown => {}
            Block::Table(table) if table.rows.is_empty() => parts.push(lines(&table.empty)),
            Block::Table(table) => parts.push(list(table)),
            Block::Documents { documents, .. } => documents.iter().for_each(|document| add(document, parts)),
        }
    }
}

/// Each row as an entry: its first columns on a line of their own, the others by name.
fn list(table: &Table) -> String {
    let seen = seen(table);
    let column = |at: usize| &table.columns[at];
    let first = seen.iter().position(|(at, _)| column(*at).flexible).unwrap_or(0);
    let entry =
        |row: &Vec<Cell>| {
            let cell = |at: usize| row.get(at).unwrap_or(&Cell::Empty);
            let named =
                |(at, name): &(usize, &str)| format!("{}{}{}", clean(name), colon(), value(cell(*at)));
            let lead = seen[..=first].iter().filter(|(at, _)| *cell(*at) != Cell::Empty).map(|(at, name)| {
                match column(*at).align {
                    Align::Left => value(cell(*at)),
                    Align::Right => format!("{} {}", clean(name), value(cell(*at))),
                }
            });
            let mut text = format!("- {}", lead.collect::<Vec<_>>().join("  "));
            let rest: Vec<_> = seen[first + 1..].iter().map(named).collect();
            if !rest.is_empty() {
                text.push_str(&format!("\n  {}", rest.join(tr("；", "; "))));
            }
            text
        };
    if seen.is_empty() { String::new() } else { table.rows.iter().map(entry).collect::<Vec<_>>().join("\n") }
}

fn value(cell: &Cell) -> String {
    clean(&cell_text(cell)).trim().to_string()
}

fn colon() -> &'static str {
    tr("：", ": ")
}

fn lines(text: &str) -> String {
    let lines = text.lines().map(|line| clean(line).trim().to_string()).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_table_is_a_list_of_named_values() {
        let text = render(&sample::overdue());
        assert!(
            text.contains(
                "- 逾期 91 天  E7  确权到嘎查村的资产录入全国平台（二期）\n  完成时限：2023-03-31 3月底；责任单位：乡村振兴局等4家\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn a_report_reads_from_top_to_bottom() {
        let text = render(&sample::report());
        assert!(text.contains("\n\n【一、总体情况】\n\n应完成 24 项"), "{text}");
        assert!(text.contains("- 乡村绿化美化示范村\n  当前：1个；进度：50.0%；评价：正常\n"), "{text}");
        assert!(text.contains("1. E7 确权资产录入平台"), "{text}");
        assert!(text.contains("各单位均已报送。"), "{text}");
    }
}
