//! `plan show`: one task whole.

use crate::calendar::Period;
use crate::document::{Block, Cell, Column, Document, Fact, Shape, Table, number};
use crate::language::tr;
use crate::model::{Duty, Extension, Indicator, IndicatorKind, Milestone, Task, When};
use crate::report::{self, state_cell, state_with_days};
use crate::status::{self, Checkpoint, Item, Status};
use chrono::NaiveDate;

/// One task with everything that is known of it on the day.
pub struct Show<'s, 'p> {
    status: &'s Status<'p>,
    at: usize,
    original: Option<String>,
}

/// Fills it. `original` is the document's own wording, where a copy of the document is at hand.
pub fn show<'s, 'p>(status: &'s Status<'p>, at: usize, original: Option<String>) -> Show<'s, 'p> {
    Show { status, at, original }
}

/// Several tasks as one document: one object for one task, else a list of them.
pub fn together(mut documents: Vec<Document>) -> Document {
    if documents.len() == 1 {
        return documents.remove(0);
    }
    Document {
        title: tr(format!("{}项任务", documents.len()), format!("{} tasks", documents.len())),
        shape: Shape::Rows,
        blocks: vec![Block::Documents { key: "tasks", documents }],
    }
}

impl<'s, 'p> Show<'s, 'p> {
    /// The task as a document.
    pub fn document(&self) -> Document {
        let task = self.task();
        let mut blocks = vec![self.facts()];
        self.milestones(&mut blocks);
        self.indicators(&mut blocks);
        self.duties(&mut blocks);
        self.log(&mut blocks);
        if let Some(original) = &self.original {
            blocks.push(heading(tr("原文", "The document's own words")));
            blocks.push(Block::Paragraph(original.clone()));
        }
        blocks.push(Block::Note(self.footer()));
        let next = tr("同一单位的任务：plan tasks --unit 单位", "A unit's tasks: plan tasks --unit UNIT");
        blocks.push(Block::Hint(next.to_string()));
        Document { title: format!("{}  {}", task.id, task.title), shape: Shape::Object, blocks }
    }

    fn task(&self) -> &'p Task {
        &self.status.plan.tasks[self.at]
    }

    fn checkpoints(&self) -> &'s [Checkpoint<'p>] {
        &self.status.checkpoints[self.status.tasks[self.at].checkpoints.clone()]
    }

    fn facts(&self) -> Block {
        let (plan, task, state) = (self.status.plan, self.task(), &self.status.tasks[self.at]);
        let section = plan.section(task);
        let lead: Vec<_> = task.lead.iter().map(|unit| plan.unit(*unit).name.clone()).collect();
        let names = |list: Vec<String>| if list.is_empty() { Cell::Empty } else { Cell::List(list) };
        let known = |day: &chrono::NaiveDate| *day <= self.status.day;
        let cancelled = task.cancelled.as_ref().filter(|cancelled| known(&cancelled.on));
        let facts = vec![
            Fact::data("id", Cell::text(&task.id)),
            Fact::data("title", Cell::text(&task.title)),
            Fact::both("state", tr("状态", "State"), report::task_state_cell(state.state)),
            Fact::people(
                tr("完成", "Done"),
                Cell::text(tr(
                    format!("{}/{} 个考核点", state.done, state.total),
                    format!("{}/{} checkpoints", state.done, state.total),
                )),
            ),
            Fact::data("done", Cell::count(state.done)),
            Fact::data("total", Cell::count(state.total)),
            Fact::both("next_due", tr("下一时限", "Next due"), Cell::maybe_date(state.next_due)),
            Fact::data("section", Cell::text(&section.id)),
            Fact::people(tr("板块", "Section"), Cell::text(format!("{} {}", section.id, section.title))),
            Fact::both("source", tr("出处", "Place"), Cell::maybe_text(task.source.as_deref())),
            Fact {
                key: Some("units"),
                name: Some(tr("责任单位", "Units").into()),
                cell: report::unit_names(plan, &task.units),
            },
            Fact {
                key: Some("lead"),
                name: (!lead.is_empty()).then(|| tr("牵头单位", "Lead").into()),
                cell: names(lead),
            },
            optional("summary", tr("内容", "Summary"), task.summary.as_deref()),
            optional("note", tr("说明", "Note"), task.note.as_deref()),
            Fact {
                key: Some("cancelled_on"),
                name: cancelled.map(|_| tr("终止", "Cancelled").into()),
                cell: Cell::maybe_date(cancelled.map(|cancelled| cancelled.on)),
            },
            optional(
                "cancelled_why",
                tr("终止原因", "Why"),
                cancelled.and_then(|cancelled| cancelled.why.as_deref()),
            ),
            Fact::data("original", Cell::maybe_text(self.original.as_deref())),
        ];
        Block::Facts { key: None, facts }
    }

    /// Milestones, relative deadlines and, where the task has nothing dated, its implied checkpoint.
    fn milestones(&self, blocks: &mut Vec<Block>) {
        let wanted = |item: &Item<'_>| matches!(item, Item::Milestone(_) | Item::Relative(..) | Item::Task);
        let columns = vec![
            Column::data("what"),
            Column::data("kind"),
            Column::people(tr("状态", "State")),
            Column::people(tr("内容", "What")).flexible(),
            Column::data("from"),
            Column::data("due"),
            Column::people(tr("完成时限", "Deadline")).flexible(),
            Column::data("wording"),
            Column::data("state"),
            Column::both("done", tr("完成日期", "Finished")),
            Column::data("units"),
            Column::people(tr("说明", "Note")).flexible(),
            Column::data("note"),
        ];
        let (plan, status) = (self.status.plan, self.status);
        let rows: Vec<_> = (self.checkpoints().iter())
            .filter(|checkpoint| wanted(&checkpoint.item))
            .map(|checkpoint| {
                let own = checkpoint.item.terms();
                let note = own.and_then(|terms| terms.note.as_deref());
                let narrowed = own.filter(|terms| !terms.units.is_empty());
                let units = narrowed.map(|terms| report::units_short(plan, &terms.units));
                let mut remarks: Vec<String> = units.into_iter().collect();
                if let Item::Relative(_, Some(trigger)) = checkpoint.item {
                    remarks.push(tr(format!("{} 触发", trigger.on), format!("triggered on {}", trigger.on)));
                }
                remarks.extend(note.map(str::to_string));
                remarks.extend(extension_words(checkpoint, status.day));
                remarks.extend(cancellation_words(checkpoint, status.day));
                let remark = remarks.join(tr("；", "; "));
                vec![
                    Cell::text(report::what(plan, checkpoint)),
                    Cell::text(report::kind(checkpoint)),
                    state_with_days(status, checkpoint),
                    Cell::text(report::what(plan, checkpoint)),
                    Cell::maybe_date(checkpoint.from),
                    Cell::maybe_date(checkpoint.due),
                    Cell::text(report::deadline(checkpoint)),
                    Cell::maybe_text(report::wording(checkpoint)),
                    state_cell(checkpoint.state),
                    Cell::maybe_date(checkpoint.finished),
                    report::unit_names(plan, checkpoint.units(plan)),
                    Cell::text(remark),
                    Cell::maybe_text(note),
                ]
            })
            .collect();
        part(blocks, tr("时间节点", "Milestones"), "milestones", columns, rows);
    }

    fn indicators(&self, blocks: &mut Vec<Block>) {
        let task = self.task();
        let all: Vec<&Checkpoint<'p>> = self.checkpoints().iter().collect();
        let rows = report::indicators::rows(self.status, all);
        if !rows.is_empty() {
            blocks.push(heading(tr("指标", "Indicators")));
        }
        let mut table = report::indicators::table(self.status, &rows, Some("indicators"));
        table.shown = !rows.is_empty();
        blocks.push(Block::Table(table));
        for indicator in &task.indicators {
            let own = rows.iter().filter(|row| std::ptr::eq(row.indicator, indicator));
            let moved = own.clone().flat_map(|row| extension_words(row.checkpoint, self.status.day));
            let ended = own.take(1).filter_map(|row| cancellation_words(row.checkpoint, self.status.day));
            blocks.extend(indicator_notes(indicator, moved.chain(ended)));
        }
        self.readings(blocks);
    }

    fn readings(&self, blocks: &mut Vec<Block>) {
        let plan = self.status.plan;
        let columns = vec![
            Column::both("name", tr("指标", "Indicator")).flexible(),
            Column::both("on", tr("日期", "Day")),
            Column::data("value"),
            Column::people(tr("数值", "Value")).right(),
            Column::both("unit", tr("报送单位", "Reported by")),
            Column::both("note", tr("说明", "Note")).flexible(),
        ];
        let mut rows = Vec::new();
        for indicator in &self.task().indicators {
            for actual in status::readings(indicator, self.status.day) {
                rows.push(vec![
                    Cell::text(&indicator.name),
                    Cell::Date(actual.on),
                    Cell::Number(actual.value, String::new()),
                    Cell::Number(actual.value, report::value_measure(indicator).to_string()),
                    report::maybe_unit(plan, actual.unit),
                    Cell::maybe_text(actual.note.as_deref()),
                ]);
            }
        }
        part(blocks, tr("完成数", "Values"), "readings", columns, rows);
    }

    fn duties(&self, blocks: &mut Vec<Block>) {
        let columns = vec![
            Column::both("what", tr("内容", "What")).flexible(),
            Column::data("every"),
            Column::people(tr("频次", "How often")),
            Column::both("wording", tr("原话", "Wording")),
            Column::data("done"),
            Column::data("missed"),
            Column::people(tr("已完成", "Done")).right(),
            Column::people(tr("欠", "Missed")).flexible(),
            Column::both("note", tr("说明", "Note")).flexible(),
        ];
        let rows = self.task().duties.iter().map(|duty| self.duty(duty)).collect();
        part(blocks, tr("经常性工作", "Duties"), "duties", columns, rows);
    }

    fn duty(&self, duty: &Duty) -> Vec<Cell> {
        let own: Vec<(&Checkpoint<'_>, Period)> = (self.checkpoints().iter())
            .filter_map(|checkpoint| match checkpoint.item {
                Item::Period(other, period) if std::ptr::eq(other, duty) => Some((checkpoint, period)),
                _ => None,
            })
            .collect();
        let with = |wanted: &dyn Fn(status::State) -> bool| -> Vec<Period> {
            own.iter().filter(|(checkpoint, _)| wanted(checkpoint.state)).map(|(_, period)| *period).collect()
        };
        let done = with(&status::State::is_finished);
        let missed = with(&|state| state == status::State::Overdue);
        let ids = |periods: &[Period]| Cell::List(periods.iter().map(Period::id).collect());
        let missed_words = match missed.len() {
            0 => Cell::Empty,
            count => {
                let which = report::periods_short(&missed);
                Cell::text(tr(format!("{count}期：{which}"), format!("{count}: {which}")))
            }
        };
        let share = if own.is_empty() {
            // Without periods there is nothing to divide by: how often it was recorded, and when last.
            let known: Vec<_> =
                duty.done.iter().map(|done| done.on).filter(|on| *on <= self.status.day).collect();
            known.iter().max().map_or(Cell::Empty, |last| {
                let count = known.len();
                Cell::text(tr(format!("{count}次，最近 {last}"), format!("{count}, last {last}")))
            })
        } else {
            Cell::text(format!("{}/{}", done.len(), own.len()))
        };
        vec![
            Cell::text(&duty.what),
            duty.every.map_or(Cell::Empty, |every| Cell::text(every.id())),
            Cell::text(report::frequency_word(duty.every)),
            Cell::maybe_text(duty.terms.wording.as_deref()),
            ids(&done),
            ids(&missed),
            share,
            missed_words,
            Cell::maybe_text(duty.terms.note.as_deref()),
        ]
    }

    fn log(&self, blocks: &mut Vec<Block>) {
        let plan = self.status.plan;
        let columns = vec![
            Column::both("on", tr("日期", "Day")),
            Column::both("unit", tr("单位", "Unit")),
            Column::both("note", tr("进展", "Note")).flexible(),
            Column::both("issue", tr("存在问题", "Issue")).flexible(),
            Column::both("next", tr("下一步", "Next")).flexible(),
        ];
        let mut entries: Vec<_> =
            self.task().log.iter().filter(|entry| entry.on <= self.status.day).collect();
        entries.sort_by_key(|entry| entry.on);
        let rows = entries
            .iter()
            .map(|entry| {
                vec![
                    Cell::Date(entry.on),
                    report::maybe_unit(plan, entry.unit),
                    Cell::maybe_text(entry.note.as_deref()),
                    Cell::maybe_text(entry.issue.as_deref()),
                    Cell::maybe_text(entry.next.as_deref()),
                ]
            })
            .collect();
        part(blocks, tr("记录", "Log"), "log", columns, rows);
    }

    fn footer(&self) -> String {
        let day = report::as_of_words(self.status);
        let count = self.checkpoints().iter().filter(|checkpoint| checkpoint.counts()).count();
        tr(format!("共{count}个考核点，{day}。"), format!("{count} checkpoints, {day}."))
    }
}

/// The extensions that were granted by a day, each with its reason.
fn extension_words(checkpoint: &Checkpoint<'_>, day: NaiveDate) -> Vec<String> {
    let extended = match checkpoint.item {
        Item::Milestone(Milestone { when: When::Dated { extended, .. }, .. }) => extended,
        Item::Relative(_, Some(trigger)) => &trigger.extended,
        Item::Stage(indicator, stage) => &indicator.stages[stage].extended,
        _ => return Vec::new(),
    };
    let words = |extension: &Extension| {
        let (on, to) = (extension.on, extension.to);
        let words = tr(format!("{on} 批准延期到 {to}"), format!("extended on {on} to {to}"));
        with_reason(words, extension.why.as_deref())
    };
    extended.iter().filter(|extension| extension.on <= day).map(words).collect()
}

/// When an item of its own was given up, and why.
fn cancellation_words(checkpoint: &Checkpoint<'_>, day: NaiveDate) -> Option<String> {
    let cancelled = checkpoint.item.terms()?.cancelled.as_ref().filter(|cancelled| cancelled.on <= day)?;
    let words = tr(format!("{} 终止", cancelled.on), format!("cancelled on {}", cancelled.on));
    Some(with_reason(words, cancelled.why.as_deref()))
}

fn with_reason(words: String, why: Option<&str>) -> String {
    match why {
        Some(why) => tr(format!("{words}（{why}）"), format!("{words} ({why})")),
        None => words,
    }
}

/// How an indicator was read: its parts, its baseline, its note.
fn indicator_notes(indicator: &Indicator, decisions: impl Iterator<Item = String>) -> Vec<Block> {
    let mut notes = Vec::new();
    if !indicator.breakdown.is_empty() {
        let parts: Vec<_> =
            indicator.breakdown.iter().map(|(name, value)| format!("{name}{}", number(*value))).collect();
        notes.push(parts.join(tr("、", ", ")));
    }
    if indicator.kind == IndicatorKind::Coverage {
        notes.push(tr("须全部覆盖", "to be covered in full").to_string());
    }
    if let Some(baseline) = &indicator.baseline {
        let measure = baseline.measure.as_deref().unwrap_or_default();
        let value = match baseline.value {
            Some(value) => number(value) + measure,
            None => tr("尚未填写", "not written in yet").to_string(),
        };
        notes.push(tr(
            format!("基数（{}）：{value}", baseline.what),
            format!("baseline ({}): {value}", baseline.what),
        ));
    }
    notes.extend(indicator.terms.note.clone());
    notes.extend(decisions);
    if notes.is_empty() {
        return Vec::new();
    }
    let notes = notes.join(tr("；", "; "));
    vec![Block::Note(format!("{}{}{notes}", indicator.name, tr("：", ": ")))]
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 2, text: text.to_string() }
}

fn optional(key: &'static str, name: &str, text: Option<&str>) -> Fact {
    Fact { key: Some(key), name: text.map(|_| name.to_string()), cell: Cell::maybe_text(text) }
}

/// A heading and its table; data formats always have the table, people only where it has rows.
fn part(blocks: &mut Vec<Block>, name: &str, key: &'static str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) {
    let shown = !rows.is_empty();
    if shown {
        blocks.push(heading(name));
    }
    let mut columns = columns;
    hide_empty_columns(&mut columns, &rows);
    blocks.push(Block::Table(Table { key: Some(key), shown, columns, rows, empty: String::new() }));
}

/// A column without any value tells people nothing; data keep it.
fn hide_empty_columns(columns: &mut [Column], rows: &[Vec<Cell>]) {
    for (at, column) in columns.iter_mut().enumerate() {
        if rows.iter().all(|row| matches!(row[at], Cell::Empty)) {
            column.name = None;
        }
    }
}
