//! A document for a terminal: light tables, no line wider than the page, and nothing from a file that could steer it.

use crate::document::{Block, Cell, Document, Fact, Item, Tone};
use crate::render::ink::{Ink, Style};
use crate::render::{Page, table, wrap};

/// The widest page. Lines that are longer are no help to anybody, and the table library counts in 16 bits.
const WIDEST: usize = 10_000;

/// Writes the document for a terminal, with a final line end.
pub fn render(document: &Document, page: &Page) -> String {
    let ink = Ink::of(page);
    let mut writer = Writer { ink, width: page.width.clamp(2, WIDEST), lines: Vec::new(), last: None };
    writer.document(document);
    ink.finish(&(writer.lines.join("\n") + "\n"))
}

/// What kinds of parts there are, as far as the space between them is concerned.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Title,
    Heading,
    Paragraph,
    Note,
    Facts,
    Other,
}

struct Writer {
    ink: Ink,
    width: usize,
    lines: Vec<String>,
    last: Option<Part>,
}

impl Writer {
    fn document(&mut self, document: &Document) {
        self.title(&document.title);
        for block in &document.blocks {
            match block {
                Block::Heading { text, .. } => self.prose(Part::Heading, text, Style::Strong),
                Block::Paragraph(text) => self.prose(Part::Paragraph, text, Style::Plain),
                Block::Note(text) | Block::Hint(text) => {
                    self.prose(Part::Note, text, Style::Toned(Tone::Quiet))
                }
                Block::Figures(_) | Block::Timeline(_) => {}
                Block::Facts { facts, .. } => self.facts(facts),
                Block::Items(items) => self.items(items),
                Block::Table(table) if !table.shown => {}
                Block::Table(table) if table.rows.is_empty() => {
                    self.prose(Part::Paragraph, &table.empty, Style::Toned(Tone::Quiet));
                }
                Block::Table(table) => {
                    let lines = table::lines(table, self.ink, self.width);
                    self.part(Part::Other, lines);
                }
                Block::Documents { documents, .. } => {
                    documents.iter().for_each(|document| self.document(document))
                }
            }
        }
    }

    fn title(&mut self, text: &str) {
        if self.last.is_some() {
            // A document within a document always begins after an empty line.
            self.last = Some(Part::Other);
        }
        self.prose(Part::Title, text, Style::Strong);
    }

    /// Text in its own lines; each line of the text that is not blank begins a line.
    fn prose(&mut self, part: Part, text: &str, style: Style) {
        let mut lines = Vec::new();
        for line in text.lines().map(|line| self.ink.text(line)).filter(|line| !line.trim().is_empty()) {
            lines.extend(wrap::lines(&line, self.width).into_iter().map(|line| self.ink.paint(style, line)));
        }
        self.part(part, lines);
    }

    fn facts(&mut self, facts: &[Fact]) {
        let pairs: Vec<(&str, &Cell)> =
            facts.iter().filter_map(|fact| Some((fact.name.as_deref()?, &fact.cell))).collect();
        let lines = table::pairs(&pairs, self.ink, self.width);
        self.part(Part::Facts, lines);
    }

    fn items(&mut self, items: &[Item]) {
        let digits = items.len().to_string().len();
        let indent = if self.width < 16 { 0 } else { 2 + digits + 2 };
        let mut lines = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let number = format!("{:>1$}. ", at + 1, 2 + digits);
            let text =
                if indent == 0 { number.trim_start().to_string() + &item.text } else { item.text.clone() };
            let first = lines.len();
            self.indented(&mut lines, &text, indent, Style::Toned(item.tone));
            if let Some(line) = lines.get_mut(first).filter(|_| indent > 0) {
                line.replace_range(..indent, &number);
                line.truncate(line.trim_end().len());
            }
            for detail in item.details.iter().filter(|detail| !detail.trim().is_empty()) {
                self.indented(&mut lines, detail, indent, Style::Toned(Tone::Quiet));
            }
        }
        self.part(Part::Other, lines);
    }

    fn indented(&self, lines: &mut Vec<String>, text: &str, indent: usize, style: Style) {
        let text = self.ink.text(text);
        for line in wrap::lines(&text, self.width - indent) {
            lines.push(" ".repeat(indent) + &self.ink.paint(style, line));
        }
    }

    /// Adds the lines of a part, after an empty line where the two parts do not belong together.
    fn part(&mut self, part: Part, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        use Part::{Facts, Heading, Note, Paragraph, Title};
        let together = matches!(
            (self.last, part),
            (None | Some(Heading), _)
                | (Some(Title), Paragraph | Note | Facts)
                | (Some(Paragraph), Paragraph)
                | (Some(Note), Note)
        );
        if !together {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
        self.last = Some(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Shape, Table};
    use crate::render::sample;
    use proptest::prelude::*;

    fn page(width: usize) -> Page {
        Page { width, color: false, ascii: false, bom: false }
    }

    #[test]
    fn a_list_has_a_title_a_light_table_and_a_note() {
        assert_eq!(
            render(&sample::overdue(), &page(80)),
            "\
逾期 2 项 · 截至 2023-06-30

 逾期  任务  内容                   完成时限              责任单位
─────  ────  ─────────────────────  ────────────────────  ────────────────────
91 天  E7    确权到嘎查村的资产录   2023-03-31 3月底      乡村振兴局等4家
             入全国平台（二期）
61 天  A1.3  衔接资金拨付进度       2023-04-30 4月底前    农牧和科技局、住房和
             ≥ 30%，其中411.82公里  （原定2023-03-31，已  城乡建设局
             道路、329个公益性岗    延期）
             位、1—5月按月调度

另有 3 项今日到期。查看一项：plan show E7；各单位情况：plan units
"
        );
    }

    #[test]
    fn a_report_reads_from_top_to_bottom() {
        let text = render(&sample::report(), &page(60));
        assert!(
            text.starts_with(
                "\
试验县2023年工作方案 第二季度进展情况
统计期间  2023-04-01 至 2023-06-30
截至      2023-06-30

一、总体情况
应完成 24 项：按期完成 15（62.5%），逾期完成 3（12.5%），未
完成 6（25.0%，其中今日到期 2）。
以前各季度结转逾期 2 项。完成率 18/24 = 75.0%，按期率 15/24
= 62.5%。

应完成  24
完成率  75.0%
出处    二(三)6

二、指标与序时进度
指标                      当前  进度               评价
──────────────────  ──────────  ─────────────────  ────────
乡村绿化美化示范村         1个  ████┃░░░░░  50.0%  正常
农村公路新改建里程  411.82公里  ████┃█████ 124.2%  正常
（含“四好农村路”）
"
            ),
            "{text}"
        );
    }

    #[test]
    fn numbered_entries_hang_from_their_numbers() {
        let text = render(&sample::report(), &page(60));
        let entries = "
  1. E7 确权资产录入平台　逾期 91 天　乡村振兴局等4家
     存在问题：系统权限未开通，须由自治区统一开通后方可录入
     （2023-06-12 乡村振兴局报送）；下一步：7月底前完成
  2. E2 按月调度
     欠5期，1—5月

未报送
各单位均已报送。

C6  村容村貌整体提升
状态      逾期
";
        assert!(text.contains(entries), "{text}");
    }

    #[test]
    fn colours_follow_the_tone_and_leave_the_widths_alone() {
        let colored = render(&sample::report(), &Page { color: true, ..page(80) });
        assert!(
            colored.starts_with("\u{1b}[1m试验县2023年工作方案 第二季度进展情况\u{1b}[0m\n"),
            "{colored}"
        );
        assert!(colored.contains("  \u{1b}[1;31m严重滞后\u{1b}[0m\n"), "{colored}");
        let mut bare = colored;
        for escape in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[1;31m"] {
            bare = bare.replace(escape, "");
        }
        assert_eq!(bare, render(&sample::report(), &page(80)));
    }

    #[test]
    fn ascii_has_no_drawn_characters() {
        let text = render(&sample::report(), &Page { ascii: true, ..page(80) });
        assert!(text.contains("##....|......  12.5%  严重滞后"), "{text}");
        assert!(text.contains("欠5期，1-5月"), "{text}");
        assert!(!text.contains(|c| "─█░┃—●○".contains(c)), "{text}");
    }

    #[test]
    fn nothing_from_a_file_steers_the_terminal() {
        let text = render(&sample::note("a\u{1b}[2Jb\u{202e}c\r\nd"), &page(80));
        assert_eq!(text, "记录\n\n内容\n────────\na[2Jbc d\n");
    }

    #[test]
    fn tables_for_data_leave_no_trace_and_empty_ones_a_sentence() {
        let table = |shown, empty: &str| {
            let columns = vec![crate::document::Column::people("内容")];
            Block::Table(Table { key: None, shown, columns, rows: Vec::new(), empty: empty.into() })
        };
        let blocks = vec![table(false, "不见"), table(true, "没有事项。"), table(true, "")];
        let document = Document { title: "事项".into(), shape: Shape::Object, blocks };
        assert_eq!(render(&document, &page(80)), "事项\n没有事项。\n");
    }

    fn any_document() -> impl Strategy<Value = Document> {
        let text = || "[一-龥。，“”（） a-z0-9.%\n-]{0,80}";
        let block = prop_oneof![
            text().prop_map(|text| Block::Heading { level: 1, text }),
            text().prop_map(Block::Paragraph),
            any::<String>().prop_map(Block::Note),
            ("[一-龥]{1,12}", text()).prop_map(|(name, text)| Block::Facts {
                key: None,
                facts: vec![Fact::people(name, Cell::text(text))],
            }),
            prop::collection::vec((text(), text()), 0..12).prop_map(|items| Block::Items(
                items
                    .into_iter()
                    .map(|(text, detail)| Item { tone: Tone::Bad, text, details: vec![detail] })
                    .collect(),
            )),
            any::<String>().prop_map(|text| sample::note(&text).blocks.remove(0)),
        ];
        prop::collection::vec(block, 0..8).prop_map(|blocks| Document {
            title: "题目".into(),
            shape: Shape::Object,
            blocks,
        })
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_page(document in any_document(), width in 40usize..130) {
            let text = render(&document, &page(width));
            for line in text.lines() {
                prop_assert!(wrap::width(line) <= width, "{line:?}");
                prop_assert_eq!(line.trim_end(), line);
            }
            prop_assert!(!text.contains("\n\n\n"), "{text:?}");
            prop_assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
        }

        #[test]
        fn no_page_is_too_narrow(document in any_document(), width in 0usize..40) {
            render(&document, &page(width));
        }
    }
}
