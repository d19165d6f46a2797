//! `plan diff`: what changed between two days.

use crate::document::{Block, Cell, Column, Document, Fact, Shape, Table};
use crate::language::tr;
use crate::query::{self, Query};
use crate::report::checkpoints::{self as lists, Row};
use crate::report::{self, tasks::unit_names};
use crate::status::{Checkpoint, Item, State, Status, reading};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// What changed from the evening of one day to that of a later one.
pub struct Diff<'s, 'p> {
    before: &'s Status<'p>,
    after: &'s Status<'p>,
    newly_overdue: Vec<&'s Checkpoint<'p>>,
    finished: Vec<&'s Checkpoint<'p>>,
    finished_late: Vec<&'s Checkpoint<'p>>,
    reopened: Vec<&'s Checkpoint<'p>>,
    cancelled: Vec<&'s Checkpoint<'p>>,
    postponed: Vec<&'s Checkpoint<'p>>,
    moved: Vec<Moved<'s, 'p>>,
    problems: Vec<Problem<'p>>,
    unit: Option<String>,
}

/// An indicator whose value changed.
struct Moved<'s, 'p> {
    checkpoint: &'s Checkpoint<'p>,
    from: Option<f64>,
    to: Option<f64>,
}

/// A problem that was written down.
struct Problem<'p> {
    task: usize,
    on: NaiveDate,
    unit: Option<&'p str>,
    issue: &'p str,
    next: Option<&'p str>,
}

/// Fills it. Both statuses are of the same plan.
pub fn diff<'s, 'p>(before: &'s Status<'p>, after: &'s Status<'p>, query: &Query) -> Diff<'s, 'p> {
    let plan = after.plan;
    let known: HashMap<_, _> = before.checkpoints.iter().map(|old| (identity(old), old)).collect();
    let pairs: Vec<_> = query::checkpoints(after, query)
        .into_iter()
        .map(|checkpoint| (known.get(&identity(checkpoint)).copied(), checkpoint))
        .collect();
    let where_changed = |changed: &dyn Fn(Option<State>, State) -> bool| -> Vec<&'s Checkpoint<'p>> {
        let was = |old: &Option<&Checkpoint<'p>>| old.map(|old| old.state);
        pairs.iter().filter(|(old, new)| changed(was(old), new.state)).map(|(_, new)| *new).collect()
    };
    let became = |state: State| where_changed(&move |old, new| new == state && old != Some(state));
    // What was finished late and had its deadline moved since is finished on time, but not newly.
    let finished = |old: Option<State>, new| new == State::Done && !old.is_some_and(State::is_finished);
    let tasks = query::tasks(after, query);
    let problems = tasks.iter().flat_map(|at| {
        let between =
            plan.tasks[*at].log.iter().filter(|entry| before.day < entry.on && entry.on <= after.day);
        between.filter_map(|entry| {
            let unit = entry.unit.map(|unit| plan.unit(unit).name.as_str());
            let issue = entry.issue.as_deref()?;
            Some(Problem { task: *at, on: entry.on, unit, issue, next: entry.next.as_deref() })
        })
    });
    Diff {
        before,
        after,
        newly_overdue: became(State::Overdue),
        finished: where_changed(&finished),
        finished_late: became(State::DoneLate),
        reopened: where_changed(&|old, new| {
            old.is_some_and(State::is_finished) && !new.is_finished() && new != State::Cancelled
        }),
        cancelled: became(State::Cancelled),
        postponed: pairs
            .iter()
            .filter(|(old, new)| old.is_some_and(|old| old.due < new.due))
            .map(|(_, new)| *new)
            .collect(),
        moved: moved(before, after, &pairs),
        problems: problems.collect(),
        unit: unit_names(after, query),
    }
}

/// What tells a checkpoint from all others of the plan: its record, and which stage, period or trigger of it.
type Identity = ((usize, *const ()), usize, Option<NaiveDate>);

/// A trigger that was not known yet on the other day has no twin there.
fn identity(checkpoint: &Checkpoint<'_>) -> Identity {
    let record = checkpoint.record();
    match checkpoint.item {
        Item::Relative(_, Some(trigger)) => ((record.0, std::ptr::from_ref(trigger).cast()), 0, None),
        Item::Stage(_, stage) => (record, stage, None),
        Item::Period(_, period) => (record, 0, Some(period.first)),
        Item::Milestone(_) | Item::Relative(_, None) | Item::Task => (record, 0, None),
    }
}

/// Indicators whose recorded value changed, each once.
fn moved<'s, 'p>(
    before: &Status<'p>,
    after: &Status<'p>,
    pairs: &[(Option<&'s Checkpoint<'p>>, &'s Checkpoint<'p>)],
) -> Vec<Moved<'s, 'p>> {
    let value = |status: &Status<'p>, checkpoint: &Checkpoint<'p>| {
        reading(status, checkpoint).and_then(|r| r.recorded)
    };
    let mut told = HashSet::new();
    let stages = pairs
        .iter()
        .map(|(_, new)| *new)
        .filter(|checkpoint| matches!(checkpoint.item, Item::Stage(..)) && told.insert(checkpoint.record()));
    stages
        .map(|checkpoint| Moved { checkpoint, from: value(before, checkpoint), to: value(after, checkpoint) })
        .filter(|moved| moved.from != moved.to)
        .collect()
}

impl Diff<'_, '_> {
    /// The changes as a document.
    pub fn document(&self) -> Document {
        let (from, to) = (self.before.day, self.after.day);
        let of = self.unit.as_ref().map(|unit| format!("{unit} ")).unwrap_or_default();
        let title = tr(format!("{of}{from} 至 {to} 的变化"), format!("{of}changes from {from} to {to}"));
        let facts = vec![Fact::data("from", Cell::Date(from)), Fact::data("to", Cell::Date(to))];
        let mut blocks = vec![Block::Facts { key: None, facts }];
        let lists = [
            (tr("新增逾期", "Newly overdue"), "newly_overdue", &self.newly_overdue),
            (tr("按期完成", "Finished on time"), "finished", &self.finished),
            (tr("逾期完成", "Finished late"), "finished_late", &self.finished_late),
            (tr("更正后重新未完成", "Reopened by a correction"), "reopened", &self.reopened),
            (tr("延期", "Postponed"), "postponed", &self.postponed),
            (tr("终止", "Cancelled"), "cancelled", &self.cancelled),
        ];
        let mut changes = 0;
        for (name, key, list) in lists {
            changes += list.len();
            let rows: Vec<Row<'_, '_>> =
                list.iter().map(|checkpoint| Row { checkpoint, missed: Vec::new(), link: None }).collect();
            part(&mut blocks, name, lists::table(self.after, &rows, Some(key)));
        }
        changes += self.moved.len() + self.problems.len();
        part(&mut blocks, tr("指标变动", "Indicators that moved"), self.moved_table());
        part(&mut blocks, tr("新报问题", "New problems"), self.problem_table());
        blocks.push(Block::Note(tr(
            format!("共{changes}处变化。{from} 当天的事不计，{to} 当天的计入。"),
            format!(
                "{changes} changes. What happened on {from} itself is left out, what happened on {to} is in."
            ),
        )));
        Document { title, shape: Shape::Object, blocks }
    }

    fn moved_table(&self) -> Table {
        let plan = self.after.plan;
        let columns = vec![
            Column::both("task", tr("任务", "Task")),
            Column::both("name", tr("指标", "Indicator")).flexible(),
            Column::data("from"),
            Column::data("to"),
            Column::people(tr("原值", "Before")).right(),
            Column::people(tr("现值", "Now")).right(),
            Column::both("change", tr("增减", "Change")).right(),
        ];
        let rows = self.moved.iter().filter_map(|moved| {
            let Item::Stage(indicator, _) = moved.checkpoint.item else { return None };
            let measure = report::value_measure(indicator);
            let shown = |value: Option<f64>| {
                value.map_or(Cell::Empty, |value| Cell::Number(value, measure.to_string()))
            };
            let change = moved.to.zip(moved.from).map(|(to, from)| to - from);
            Some(vec![
                Cell::text(&moved.checkpoint.task(plan).id),
                Cell::text(&indicator.name),
                Cell::maybe_number(moved.from),
                Cell::maybe_number(moved.to),
                shown(moved.from),
                shown(moved.to),
                change.map_or(Cell::Empty, |change| Cell::Number(change, String::new())),
            ])
        });
        Table { key: Some("moved"), shown: true, columns, rows: rows.collect(), empty: String::new() }
    }

    fn problem_table(&self) -> Table {
        let plan = self.after.plan;
        let columns = vec![
            Column::both("on", tr("日期", "Day")),
            Column::both("task", tr("任务", "Task")),
            Column::both("unit", tr("报送单位", "Reported by")),
            Column::both("issue", tr("存在问题", "Issue")).flexible(),
            Column::both("next", tr("下一步", "Next")).flexible(),
        ];
        let rows = self.problems.iter().map(|problem| {
            vec![
                Cell::Date(problem.on),
                Cell::text(&plan.tasks[problem.task].id),
                Cell::maybe_text(problem.unit),
                Cell::text(problem.issue),
                Cell::maybe_text(problem.next),
            ]
        });
        Table { key: Some("problems"), shown: true, columns, rows: rows.collect(), empty: String::new() }
    }
}

/// A heading with its table; people see neither where nothing changed.
fn part(blocks: &mut Vec<Block>, name: &str, table: Table) {
    let count = table.rows.len();
    if count > 0 {
        let text = tr(format!("{name}（{count}项）"), format!("{name} ({count})"));
        blocks.push(Block::Heading { level: 1, text });
    }
    blocks.push(Block::Table(Table { shown: count > 0, ..table }));
}
