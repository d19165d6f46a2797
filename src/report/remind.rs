//! `plan remind`: the short notice (催办单) that a unit gets about what is late, what comes and what was not reported.

use crate::calendar::Period;
use crate::document::{Block, Cell, Column, Document, Fact, Item as Entry, Shape, Table, Tone};
use crate::language::tr;
use crate::model::UnitId;
use crate::query::{Query, UnitSet};
use crate::report::checkpoints::{self as lists, Row, people_what};
use crate::report::index::without_address;
use crate::report::{self, last_issue, period};
use crate::status::{Checkpoint, Item, Status, readings};

/// One unit's notice.
pub struct Reminder<'s, 'p> {
    status: &'s Status<'p>,
    /// The unit.
    pub unit: UnitId,
    overdue: Vec<Row<'s, 'p>>,
    due: Vec<Row<'s, 'p>>,
    /// Indicators among these without any value.
    unreported: Vec<&'s Checkpoint<'p>>,
    /// The days in which `due` falls.
    within: Period,
    silent: bool,
}

/// The notices of all units, or of those that are asked for, at most one each; a unit about which there is nothing to
/// say gets none. `quarter` is the one whose records count.
pub fn remind<'s, 'p>(
    status: &'s Status<'p>,
    within: Period,
    quarter: Period,
    only: &[UnitId],
) -> Vec<Reminder<'s, 'p>> {
    let plan = status.plan;
    let silent = period::silent_units(status, &quarter);
    let wanted = plan.unit_ids().map(|(unit, _)| unit).filter(|unit| only.is_empty() || only.contains(unit));
    let notice = |unit: UnitId| {
        let query = Query { units: Some(UnitSet::new(plan, vec![unit])), ..Query::default() };
        let overdue = lists::overdue(status, &query).rows;
        let due = lists::due(status, &query, within).rows;
        let listed = overdue.iter().chain(&due).map(|row| row.checkpoint);
        let unreported = listed.filter(|checkpoint| has_no_value(status, checkpoint)).collect();
        Reminder { status, unit, overdue, due, unreported, within, silent: silent.contains(&unit) }
    };
    wanted.map(notice).filter(|reminder| !reminder.is_empty()).collect()
}

fn has_no_value(status: &Status<'_>, checkpoint: &Checkpoint<'_>) -> bool {
    matches!(checkpoint.item, Item::Stage(indicator, _) if readings(indicator, status.day).is_empty())
}

impl Reminder<'_, '_> {
    fn is_empty(&self) -> bool {
        self.overdue.is_empty() && self.due.is_empty() && !self.silent
    }

    /// The notice as a document.
    pub fn document(&self) -> Document {
        let status = self.status;
        let unit = status.plan.unit(self.unit);
        let title = tr(
            format!("催办单：{}（截至 {}）", unit.name, status.day),
            format!("Reminder: {} (as of {})", unit.name, status.day),
        );
        let facts = vec![
            Fact::data("unit", Cell::text(&unit.name)),
            Fact::data("email", Cell::maybe_text(unit.email.as_deref())),
            Fact::data("plan", Cell::text(&status.plan.title)),
            Fact::data("as_of", Cell::Date(status.day)),
            Fact::data("within", Cell::Date(self.within.last)),
            Fact::data("silent", Cell::Bool(self.silent)),
        ];
        let mut blocks = vec![Block::Facts { key: None, facts }, Block::Paragraph(status.plan.title.clone())];
        self.part(&mut blocks, tr("已逾期", "Overdue"), &self.overdue);
        let coming = tr(format!("{} 前到期", self.within.last), format!("Due by {}", self.within.last));
        self.part(&mut blocks, &coming, &self.due);
        self.missing(&mut blocks);
        let data = |rows, key| Block::Table(Table { shown: false, ..lists::table(status, rows, Some(key)) });
        blocks.push(data(&self.overdue, "overdue"));
        blocks.push(data(&self.due, "due"));
        let names = self.unreported.iter().map(|checkpoint| {
            vec![
                Cell::text(&checkpoint.task(status.plan).id),
                Cell::text(report::what(status.plan, checkpoint)),
            ]
        });
        blocks.push(Block::Table(Table {
            key: Some("unreported"),
            shown: false,
            columns: vec![Column::data("task"), Column::data("what")],
            rows: names.collect(),
            empty: String::new(),
        }));
        Document { title, shape: Shape::Object, blocks }
    }

    fn part(&self, blocks: &mut Vec<Block>, name: &str, rows: &[Row<'_, '_>]) {
        if rows.is_empty() {
            return;
        }
        let count = rows.len();
        let text = tr(format!("{name}（{count}项）"), format!("{name} ({count})"));
        blocks.push(Block::Heading { level: 1, text });
        blocks.push(Block::Items(rows.iter().map(|row| self.entry(row)).collect()));
    }

    fn entry(&self, row: &Row<'_, '_>) -> Entry {
        let (status, checkpoint) = (self.status, row.checkpoint);
        let Cell::State { word, tone, .. } = report::state_with_days(status, checkpoint) else {
            return Entry { tone: Tone::Neutral, text: String::new(), details: Vec::new() };
        };
        let id = &checkpoint.task(status.plan).id;
        let text = tr(
            format!("{id} {}，{word}", people_what(status, row)),
            format!("{id} {}: {word}", people_what(status, row)),
        );
        let deadline = report::deadline(checkpoint);
        let mut details = vec![tr(format!("时限 {deadline}"), format!("Deadline {deadline}"))];
        details.extend(last_issue(status, checkpoint));
        Entry { tone, text, details }
    }

    fn missing(&self, blocks: &mut Vec<Block>) {
        if !self.unreported.is_empty() {
            let names: Vec<_> = (self.unreported.iter())
                .map(|checkpoint| {
                    format!(
                        "{} {}",
                        checkpoint.task(self.status.plan).id,
                        report::what(self.status.plan, checkpoint)
                    )
                })
                .collect();
            let names = names.join(tr("、", ", "));
            blocks.push(Block::Paragraph(tr(
                format!("还没有报过数的指标：{names}。"),
                format!("Without any value yet: {names}."),
            )));
        }
        if self.silent {
            blocks.push(Block::Paragraph(
                tr(
                    "本季度有到期事项，但没有收到任何报送。",
                    "Something was due this quarter, and nothing was reported.",
                )
                .into(),
            ));
        }
        blocks.push(Block::Note(
            tr(
                "请把进展、完成日期和存在的问题报给台账管理员。",
                "Please report progress, completion dates and problems to the keeper of the plan.",
            )
            .into(),
        ));
    }
}

/// All notices as one document.
pub fn document(status: &Status<'_>, reminders: &[Reminder<'_, '_>]) -> Document {
    let documents: Vec<Document> = reminders.iter().map(Reminder::document).collect();
    let count = documents.len();
    let title = tr(
        format!("催办单{count}份（截至 {}）", status.day),
        format!("{count} reminders (as of {})", status.day),
    );
    Document { title, shape: Shape::Rows, blocks: vec![Block::Documents { key: "reminders", documents }] }
}

/// The index of a folder with one notice a unit. `names`: their files, in the order of the notices.
pub fn index(status: &Status<'_>, reminders: &[Reminder<'_, '_>], names: &[(UnitId, String)]) -> Document {
    let plan = status.plan;
    let columns = vec![
        Column::both("unit", tr("责任单位", "Unit")).flexible(),
        Column::both("file", tr("文件", "File")).flexible(),
        Column::both("overdue", tr("逾期", "Overdue")).right(),
        Column::both("due", tr("将到期", "Due")).right(),
        Column::both("silent", tr("未报送", "Silent")),
        Column::both("email", tr("邮箱", "E-mail")).flexible(),
    ];
    let rows = reminders.iter().zip(names).map(|(reminder, (_, file))| {
        let unit = plan.unit(reminder.unit);
        vec![
            Cell::text(&unit.name),
            Cell::File(file.clone()),
            Cell::count(reminder.overdue.len()),
            Cell::count(reminder.due.len()),
            Cell::Bool(reminder.silent),
            Cell::maybe_text(unit.email.as_deref()),
        ]
    });
    let empty = tr("没有需要催办的单位", "no unit needs a reminder").to_string();
    let table = Table { key: Some("reminders"), shown: true, columns, rows: rows.collect(), empty };
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(without_address(plan, reminders.iter().map(|reminder| reminder.unit)));
    let day = report::as_of_words(status);
    let title = tr(format!("催办单目录（{day}）"), format!("Reminders ({day})"));
    Document { title, shape: Shape::Rows, blocks }
}
