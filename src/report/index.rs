//! The index of a folder of reports, one a unit.

use crate::calendar::Period;
use crate::document::{Block, Cell, Column, Document, Shape, Table};
use crate::language::tr;
use crate::model::{Plan, UnitId};
use crate::report::{self, period::Totals};
use crate::status::Status;

/// What was written for whom.
pub struct Index<'s, 'p> {
    status: &'s Status<'p>,
    period: Period,
    rows: Vec<(UnitId, Totals)>,
    left_out: Vec<UnitId>,
}

impl<'s, 'p> Index<'s, 'p> {
    /// An index of the period's reports, empty yet.
    pub fn new(status: &'s Status<'p>, period: Period) -> Index<'s, 'p> {
        Index { status, period, rows: Vec::new(), left_out: Vec::new() }
    }

    /// A unit's report.
    pub fn add(&mut self, unit: UnitId, totals: Totals) {
        self.rows.push((unit, totals));
    }

    /// A unit with nothing to report.
    pub fn leave_out(&mut self, unit: UnitId) {
        self.left_out.push(unit);
    }

    /// The index as a document. `names`: the files of the reports, in the order in which they were added.
    pub fn document(&self, names: &[(UnitId, String)]) -> Document {
        let plan = self.status.plan;
        let columns = vec![
            Column::both("unit", tr("责任单位", "Unit")).flexible(),
            Column::both("file", tr("文件", "File")).flexible(),
            Column::both("due", tr("应完成", "Due")).right(),
            Column::both("overdue", tr("逾期", "Overdue")).right(),
            Column::people(tr("完成率", "Completed")).right(),
            Column::both("email", tr("邮箱", "E-mail")).flexible(),
        ];
        let rows = self.rows.iter().zip(names).map(|((unit, totals), (_, file))| {
            let unit = plan.unit(*unit);
            vec![
                Cell::text(&unit.name),
                Cell::File(file.clone()),
                Cell::count(totals.due),
                Cell::count(totals.overdue),
                Cell::Rate { part: totals.done + totals.done_late, whole: totals.due },
                Cell::maybe_text(unit.email.as_deref()),
            ]
        });
        let table =
            Table { key: Some("reports"), shown: true, columns, rows: rows.collect(), empty: String::new() };
        let mut blocks = vec![Block::Table(table), Block::Note(self.counts())];
        blocks.extend(without_address(plan, self.rows.iter().map(|(unit, _)| *unit)));
        let left_out = tr("本期没有事项、没有报告的单位", "Units with nothing to report");
        blocks.extend(unit_list(plan, left_out, &self.left_out));
        let name = report::period_name(&self.period);
        Document {
            title: tr(format!("各单位报告目录（{name}）"), format!("Reports of the units ({name})")),
            shape: Shape::Rows,
            blocks,
        }
    }

    fn counts(&self) -> String {
        let (count, day) = (self.rows.len(), report::as_of_words(self.status));
        tr(format!("共{count}份，{day}。"), format!("{count} reports, {day}."))
    }
}

/// Which of the units have no registered address, as a sentence; `None` where all have one.
pub fn without_address(plan: &Plan, units: impl Iterator<Item = UnitId>) -> Option<Block> {
    let without: Vec<UnitId> = units.filter(|unit| plan.unit(*unit).email.is_none()).collect();
    unit_list(plan, tr("没有邮箱的单位", "Units without an address"), &without)
}

fn unit_list(plan: &Plan, heading: &str, units: &[UnitId]) -> Option<Block> {
    let names: Vec<_> = units.iter().map(|unit| plan.unit(*unit).name.as_str()).collect();
    let (count, list) = (names.len(), names.join(tr("、", ", ")));
    let text = tr(format!("{heading}（{count}家）：{list}。"), format!("{heading} ({count}): {list}."));
    (count > 0).then_some(Block::Paragraph(text))
}
