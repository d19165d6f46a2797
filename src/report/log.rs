//! `plan log`: everything that was written down, in the order of the days.

use crate::document::{Block, Cell, Column, Document, Shape, Table, number};
use crate::language::tr;
use crate::model::{Extension, Milestone, Responsible, Task, Terms, Trigger, UnitId, When};
use crate::query::{self, Query};
use crate::report::{self, period_short};
use crate::status::Status;
use chrono::NaiveDate;

/// One thing that was written down.
struct Entry<'p> {
    on: NaiveDate,
    task: usize,
    kind: &'static str,
    what: &'p str,
    /// What it says and what it changed, in words.
    words: String,
    unit: Option<UnitId>,
}

/// The records of some tasks.
pub struct Log<'s, 'p> {
    status: &'s Status<'p>,
    entries: Vec<Entry<'p>>,
}

/// Fills it with what was known on the status's day: the records of the tasks that are asked for, from `from` on.
/// Of a task that is asked for by its unit, only the records of that unit, and those that name none.
pub fn log<'s, 'p>(
    status: &'s Status<'p>,
    query: &Query,
    only: &[usize],
    from: Option<NaiveDate>,
) -> Log<'s, 'p> {
    let plan = status.plan;
    let mut entries = Vec::new();
    for at in query::tasks(status, query) {
        if only.is_empty() || only.contains(&at) {
            Collector { task: &plan.tasks[at], at, query, entries: &mut entries }.task();
        }
    }
    entries.retain(|entry| entry.on <= status.day && from.is_none_or(|from| from <= entry.on));
    entries.retain(|entry| match (&query.units, entry.unit) {
        (Some(set), Some(unit)) => set.asked.iter().any(|asked| plan.stands_for(*asked, unit)),
        _ => true,
    });
    entries.sort_by_key(|entry| entry.on);
    Log { status, entries }
}

struct Collector<'c, 'p> {
    task: &'p Task,
    at: usize,
    query: &'c Query,
    entries: &'c mut Vec<Entry<'p>>,
}

impl<'p> Collector<'_, 'p> {
    fn task(&mut self) {
        let task = self.task;
        for milestone in &task.milestones {
            if self.concerns(&milestone.terms.units) {
                self.milestone(milestone);
                self.cancelled(&milestone.what, &milestone.terms);
            }
        }
        for indicator in &task.indicators {
            if !self.concerns(&indicator.terms.units) {
                continue;
            }
            let measure = report::value_measure(indicator);
            let mut before: Option<f64> = None;
            let mut actuals: Vec<_> = indicator.actuals.iter().collect();
            actuals.sort_by_key(|actual| actual.on);
            for actual in actuals {
                let change = before.map_or(String::new(), |before| {
                    let before = number(before) + measure;
                    tr(format!("（原{before}）"), format!(" (was {before})"))
                });
                let words = format!("{}{measure}{change}", number(actual.value));
                self.push(
                    actual.on,
                    "value",
                    &indicator.name,
                    with_note(words, actual.note.as_deref()),
                    actual.unit,
                );
                before = Some(actual.value);
            }
            for stage in &indicator.stages {
                self.extended(&indicator.name, &stage.extended);
            }
            self.cancelled(&indicator.name, &indicator.terms);
        }
        for duty in &task.duties {
            if !self.concerns(&duty.terms.units) {
                continue;
            }
            for done in &duty.done {
                let words = match done.period {
                    Some(period) => {
                        let name = period_short(&period);
                        tr(format!("完成{name}"), format!("done for {name}"))
                    }
                    None => tr("完成", "done").to_string(),
                };
                self.push(done.on, "done", &duty.what, with_note(words, done.note.as_deref()), done.unit);
            }
            self.cancelled(&duty.what, &duty.terms);
        }
        if let Some(on) = task.done {
            self.push(on, "done", &task.title, tr("完成", "done").into(), None);
        }
        if let Some(cancelled) = &task.cancelled {
            self.push(
                cancelled.on,
                "cancelled",
                &task.title,
                with_note(tr("终止", "cancelled").into(), cancelled.why.as_deref()),
                None,
            );
        }
        for entry in &task.log {
            let parts = [
                entry.note.clone(),
                entry.issue.as_ref().map(|issue| tr(format!("存在问题：{issue}"), format!("issue: {issue}"))),
                entry.next.as_ref().map(|next| tr(format!("下一步：{next}"), format!("next: {next}"))),
            ];
            let words = parts.into_iter().flatten().collect::<Vec<_>>().join(tr("；", "; "));
            self.push(entry.on, "log", &task.title, words, entry.unit);
        }
    }

    /// Whether an item with these units of its own is asked for.
    fn concerns(&self, own: &'p [Responsible]) -> bool {
        self.query.link(self.task.responsible(own)).is_some()
    }

    fn milestone(&mut self, milestone: &'p Milestone) {
        match &milestone.when {
            When::Dated { done, extended, .. } => {
                if let Some(on) = done {
                    self.push(*on, "done", &milestone.what, tr("完成", "done").into(), None);
                }
                self.extended(&milestone.what, extended);
            }
            When::Within { triggers, .. } => {
                triggers.iter().for_each(|trigger| self.trigger(milestone, trigger))
            }
        }
    }

    fn trigger(&mut self, milestone: &'p Milestone, trigger: &'p Trigger) {
        let which = trigger.what.as_deref();
        self.push(
            trigger.on,
            "trigger",
            &milestone.what,
            with_note(tr("触发", "triggered").into(), which),
            None,
        );
        if let Some(on) = trigger.done {
            self.push(on, "done", &milestone.what, with_note(tr("完成", "done").into(), which), None);
        }
        self.extended(&milestone.what, &trigger.extended);
    }

    fn extended(&mut self, what: &'p str, extended: &'p [Extension]) {
        for extension in extended {
            let to = extension.to;
            let words = tr(format!("延期到{to}"), format!("extended to {to}"));
            self.push(extension.on, "extended", what, with_note(words, extension.why.as_deref()), None);
        }
    }

    fn cancelled(&mut self, what: &'p str, terms: &'p Terms) {
        if let Some(cancelled) = &terms.cancelled {
            let words = with_note(tr("终止", "cancelled").into(), cancelled.why.as_deref());
            self.push(cancelled.on, "cancelled", what, words, None);
        }
    }

    fn push(
        &mut self,
        on: NaiveDate,
        kind: &'static str,
        what: &'p str,
        words: String,
        unit: Option<UnitId>,
    ) {
        self.entries.push(Entry { on, task: self.at, kind, what, words, unit });
    }
}

fn with_note(words: String, note: Option<&str>) -> String {
    match note {
        Some(note) => tr(format!("{words}，{note}"), format!("{words}, {note}")),
        None => words,
    }
}

impl Log<'_, '_> {
    /// The records as a document.
    pub fn document(&self) -> Document {
        let plan = self.status.plan;
        let columns = vec![
            Column::both("on", tr("日期", "Day")),
            Column::both("task", tr("任务", "Task")),
            Column::both("what", tr("内容", "What")).flexible(),
            Column::data("kind"),
            Column::both("record", tr("记录", "Record")).flexible(),
            Column::both("unit", tr("报送单位", "Reported by")),
        ];
        let rows = self.entries.iter().map(|entry| {
            vec![
                Cell::Date(entry.on),
                Cell::text(&plan.tasks[entry.task].id),
                Cell::text(entry.what),
                Cell::text(entry.kind),
                Cell::text(&entry.words),
                report::maybe_unit(plan, entry.unit),
            ]
        });
        let empty = tr("没有记录", "nothing was recorded").to_string();
        let table = Table { key: Some("log"), shown: true, columns, rows: rows.collect(), empty };
        let (count, day) = (self.entries.len(), report::as_of_words(self.status));
        let footer = tr(format!("共{count}条记录，{day}。"), format!("{count} records, {day}."));
        Document {
            title: tr("进展记录", "Records").to_string(),
            shape: Shape::Rows,
            blocks: vec![Block::Table(table), Block::Note(footer)],
        }
    }
}
