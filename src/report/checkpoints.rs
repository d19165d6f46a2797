//! `plan deadlines`, `plan overdue` and `plan due`: lists of checkpoints.

use crate::calendar::Period;
use crate::document::{Block, Cell, Column, Document, Shape, Table};
use crate::language::tr;
use crate::model::Duty;
use crate::query::{self, Link, Query};
use crate::report::{self, tasks::unit_names};
use crate::status::{Checkpoint, Item, State, Status, reading};
use std::collections::{BTreeSet, HashMap};

/// One row of a list: a checkpoint, or the missed periods of one duty together.
pub struct Row<'s, 'p> {
    /// The checkpoint; of several missed periods the earliest.
    pub checkpoint: &'s Checkpoint<'p>,
    /// The periods of a duty that the row stands for; empty for anything else.
    pub missed: Vec<Period>,
    /// How it is the asked unit's.
    pub link: Option<Link>,
}

impl<'s, 'p> Row<'s, 'p> {
    /// The row of a checkpoint alone, for whoever asked.
    pub fn of(status: &Status<'p>, query: &Query, checkpoint: &'s Checkpoint<'p>) -> Row<'s, 'p> {
        let missed = match checkpoint.item {
            Item::Period(_, period) if checkpoint.state == State::Overdue => vec![period],
            _ => Vec::new(),
        };
        Row { checkpoint, missed, link: query.link(checkpoint.units(status.plan)) }
    }

    /// How many checkpoints the row counts for.
    pub fn weight(&self) -> usize {
        self.missed.len().max(1)
    }
}

/// A list of checkpoints with its heading.
pub struct Checkpoints<'s, 'p> {
    status: &'s Status<'p>,
    view: View,
    /// The rows, in order.
    pub rows: Vec<Row<'s, 'p>>,
    unit: Option<String>,
}

/// Which of the lists it is.
enum View {
    Deadlines,
    Overdue,
    Due(Period),
}

/// `plan deadlines`: every checkpoint that is asked for, by due date.
pub fn deadlines<'s, 'p>(status: &'s Status<'p>, query: &Query) -> Checkpoints<'s, 'p> {
    let mut rows = rows(status, query, |_| true);
    rows.sort_by_key(|row| (row.checkpoint.due.is_none(), row.checkpoint.due));
    Checkpoints { status, view: View::Deadlines, rows, unit: unit_names(status, query) }
}

/// `plan overdue`: what is late, the longest overdue first; missed periods of one duty are one row.
pub fn overdue<'s, 'p>(status: &'s Status<'p>, query: &Query) -> Checkpoints<'s, 'p> {
    let rows = merge_missed(rows(status, query, |checkpoint| checkpoint.state == State::Overdue));
    Checkpoints { status, view: View::Overdue, rows, unit: unit_names(status, query) }
}

/// `plan due`: what is open and due within the period.
pub fn due<'s, 'p>(status: &'s Status<'p>, query: &Query, period: Period) -> Checkpoints<'s, 'p> {
    let mut rows = rows(status, query, |checkpoint| {
        let open = checkpoint.counts() && !checkpoint.state.is_finished();
        open && checkpoint.due.is_some_and(|due| period.contains(due))
    });
    rows.sort_by_key(|row| row.checkpoint.due);
    Checkpoints { status, view: View::Due(period), rows, unit: unit_names(status, query) }
}

fn rows<'s, 'p>(
    status: &'s Status<'p>,
    query: &Query,
    wanted: impl Fn(&Checkpoint<'p>) -> bool,
) -> Vec<Row<'s, 'p>> {
    let wanted = query::checkpoints(status, query).into_iter().filter(|checkpoint| wanted(checkpoint));
    wanted.map(|checkpoint| Row::of(status, query, checkpoint)).collect()
}

/// Puts the missed periods of one duty into one row, which stands where the earliest of them stood; every other row
/// stays as it is. The earliest deadline first.
pub fn merge_missed<'s, 'p>(rows: Vec<Row<'s, 'p>>) -> Vec<Row<'s, 'p>> {
    let mut merged: Vec<Row<'s, 'p>> = Vec::with_capacity(rows.len());
    let mut places: HashMap<*const Duty, usize> = HashMap::new();
    for row in rows {
        let duty = match row.checkpoint.item {
            Item::Period(duty, _) if !row.missed.is_empty() => std::ptr::from_ref(duty),
            _ => {
                merged.push(row);
                continue;
            }
        };
        match places.get(&duty) {
            Some(place) => merged[*place].missed.extend(row.missed),
            None => {
                places.insert(duty, merged.len());
                merged.push(row);
            }
        }
    }
    merged.sort_by_key(|row| row.checkpoint.due);
    merged
}

impl Checkpoints<'_, '_> {
    /// The list as a document.
    pub fn document(&self) -> Document {
        let mut table = table(self.status, &self.rows, Some("checkpoints"));
        table.empty = match self.view {
            View::Overdue => tr("没有逾期事项", "nothing is overdue"),
            View::Deadlines | View::Due(_) => tr("没有符合条件的考核点", "no checkpoint answers"),
        }
        .to_string();
        if !matches!(self.view, View::Overdue) {
            drop_column(&mut table, "missed");
        }
        if matches!(self.view, View::Deadlines) {
            add_columns_to_fill_in(&mut table);
        }
        Document {
            title: self.title(),
            shape: Shape::Rows,
            blocks: vec![
                Block::Table(table),
                Block::Note(self.footer()),
                Block::Hint(self.next().to_string()),
            ],
        }
    }

    fn title(&self) -> String {
        let of = |zh: &str, en: &str| match &self.unit {
            Some(unit) => tr(format!("{unit}{zh}"), format!("{en} of {unit}")),
            None => tr(zh, en).to_string(),
        };
        match &self.view {
            View::Deadlines => of("完成时限", "Deadlines"),
            View::Overdue => of("逾期事项", "Overdue"),
            View::Due(period) => {
                let name = report::period_name(period);
                tr(
                    format!("{}（{name}）", of("到期事项", "Due")),
                    format!("{} ({name})", of("到期事项", "Due")),
                )
            }
        }
    }

    fn footer(&self) -> String {
        let rows = self.rows.len();
        let checkpoints: usize = self.rows.iter().map(Row::weight).sum();
        let tasks = self.rows.iter().map(|row| row.checkpoint.task).collect::<BTreeSet<_>>().len();
        let day = report::as_of_words(self.status);
        match self.view {
            View::Overdue if checkpoints > rows => {
                tr(
                    format!(
                        "逾期{rows}项（{tasks}项任务），{day}；一项定期工作欠几期只列一行，按期数计共{checkpoints}个考核点。"
                    ),
                    format!(
                        "{rows} overdue ({tasks} tasks), {day}; the missed periods of one duty are one row; counted singly, {checkpoints} checkpoints. "
                    ),
                ) + &self.today()
            }
            View::Overdue => {
                tr(
                    format!("逾期{rows}项（{tasks}项任务），{day}。"),
                    format!("{rows} overdue ({tasks} tasks), {day}. "),
                ) + &self.today()
            }
            View::Deadlines | View::Due(_) => tr(
                format!("共{rows}个考核点（{tasks}项任务），{day}。"),
                format!("{rows} checkpoints ({tasks} tasks), {day}. "),
            ),
        }
    }

    /// How many are due on the day itself, which are not overdue.
    fn today(&self) -> String {
        let today = self.status.checkpoints.iter().filter(|checkpoint| {
            checkpoint.state == State::DueSoon && checkpoint.due == Some(self.status.day)
        });
        match (today.count(), &self.unit) {
            (0, _) | (_, Some(_)) => String::new(),
            (count, None) => tr(
                format!("另有{count}个考核点今日到期，不计逾期。"),
                format!("{count} more are due today, which is not overdue. "),
            ),
        }
    }

    fn next(&self) -> &'static str {
        match self.view {
            View::Overdue => tr(
                "看一项：plan show 编号；各单位：plan units",
                "One task: plan show ID; all units: plan units",
            ),
            View::Deadlines => tr("看逾期：plan overdue", "What is late: plan overdue"),
            View::Due(_) => tr(
                "看逾期：plan overdue；全部时限：plan deadlines",
                "What is late: plan overdue; all: plan deadlines",
            ),
        }
    }
}

/// The table is the sheet on which progress comes back: `plan record --from` reads it.
fn add_columns_to_fill_in(table: &mut Table) {
    for key in ["value", "done", "on", "unit", "note"] {
        table.columns.push(Column::to_fill_in(key));
        table.rows.iter_mut().for_each(|row| row.push(Cell::Empty));
    }
}

fn drop_column(table: &mut Table, key: &str) {
    if let Some(at) = table.columns.iter().position(|column| column.key == Some(key)) {
        table.columns.remove(at);
        for row in &mut table.rows {
            row.remove(at);
        }
    }
}

/// The rows as a table with the promised keys.
pub fn table(status: &Status<'_>, rows: &[Row<'_, '_>], key: Option<&'static str>) -> Table {
    let columns = vec![
        Column::people(tr("状态", "State")),
        Column::both("task", tr("任务", "Task")),
        Column::data("source"),
        Column::data("what"),
        Column::people(tr("内容", "What")).flexible(),
        Column::data("kind"),
        Column::data("from"),
        Column::data("due"),
        Column::people(tr("完成时限", "Deadline")).flexible(),
        Column::data("wording"),
        Column::data("state"),
        Column::data("overdue_days"),
        Column::data("days_left"),
        Column::data("units"),
        Column::people(tr("责任单位", "Units")).flexible(),
        Column::data("target"),
        Column::data("measure"),
        Column::data("actual"),
        Column::data("missed"),
        Column::data("via"),
    ];
    let rows = rows.iter().map(|row| cells(status, row)).collect();
    Table { key, shown: true, columns, rows, empty: tr("无", "none").to_string() }
}

fn cells(status: &Status<'_>, row: &Row<'_, '_>) -> Vec<Cell> {
    let (plan, checkpoint) = (status.plan, row.checkpoint);
    let units = checkpoint.units(plan);
    let (target, measure, actual) = match checkpoint.item {
        Item::Stage(indicator, at) => {
            let target = report::target_number(indicator, &indicator.stages[at]);
            let actual = reading(status, checkpoint).and_then(|reading| reading.value);
            (target, Some(indicator.measure.as_str()), actual)
        }
        _ => (None, None, None),
    };
    let missed = (!row.missed.is_empty()).then(|| i64::try_from(row.missed.len()).unwrap_or(i64::MAX));
    let overdue_days = checkpoint.late_days(status.day).filter(|_| checkpoint.state == State::Overdue);
    vec![
        report::state_with_days(status, checkpoint),
        Cell::text(&checkpoint.task(plan).id),
        Cell::maybe_text(checkpoint.task(plan).source.as_deref()),
        Cell::text(data_what(row, plan)),
        Cell::text(people_what(status, row)),
        Cell::text(report::kind(checkpoint)),
        Cell::maybe_date(checkpoint.from),
        Cell::maybe_date(checkpoint.due),
        Cell::text(report::deadline(checkpoint)),
        Cell::maybe_text(report::wording(checkpoint)),
        report::state_cell(checkpoint.state),
        Cell::maybe_int(overdue_days),
        Cell::maybe_int(checkpoint.days_left(status.day)),
        report::unit_names(plan, units),
        report::units_with_link(plan, units, row.link),
        Cell::maybe_number(target),
        Cell::maybe_text(measure),
        Cell::maybe_number(actual),
        Cell::maybe_int(missed),
        report::via(plan, row.link),
    ]
}

/// What the checkpoint is about, by name alone: its target and periods have columns of their own in data.
fn data_what(row: &Row<'_, '_>, plan: &crate::model::Plan) -> String {
    match row.checkpoint.item {
        Item::Stage(indicator, _) => indicator.name.clone(),
        Item::Period(duty, _) => duty.what.clone(),
        _ => report::what(plan, row.checkpoint),
    }
}

/// What it is about, with the missed periods or the value that is missing.
pub fn people_what(status: &Status<'_>, row: &Row<'_, '_>) -> String {
    let plan = status.plan;
    match row.checkpoint.item {
        Item::Period(duty, _) if row.missed.len() > 1 => {
            let (count, which) = (row.missed.len(), report::periods_short(&row.missed));
            tr(
                format!("{}（欠{count}期：{which}）", duty.what),
                format!("{} ({count} missed: {which})", duty.what),
            )
        }
        Item::Stage(indicator, _) if !row.checkpoint.state.is_finished() => {
            let what = report::what(plan, row.checkpoint);
            match reading(status, row.checkpoint).and_then(|reading| reading.recorded) {
                Some(value) => {
                    let value = crate::document::number(value) + report::value_measure(indicator);
                    tr(format!("{what}（现{value}）"), format!("{what} (now {value})"))
                }
                None => tr(format!("{what}（无数据）"), format!("{what} (no data)")),
            }
        }
        _ => report::what(plan, row.checkpoint),
    }
}
