//! `plan units`: how each unit stands in a period.

use crate::calendar::Period;
use crate::document::{Block, Cell, Column, Document, Shape, Table};
use crate::language::tr;
use crate::model::{Plan, Responsible, UnitId};
use crate::report::{self, rate};
use crate::status::{Checkpoint, State, Status};

/// One unit's figures: counts of checkpoints due in the period and on or before the day.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitRow {
    /// The unit.
    pub unit: UnitId,
    /// Tasks that name it, itself or through a group.
    pub tasks: usize,
    /// Due in the period by the day.
    pub due: usize,
    /// Of these, finished on time.
    pub done: usize,
    /// Of these, finished late.
    pub done_late: usize,
    /// Of these, overdue. What is due today or not assessable is neither finished nor overdue.
    pub overdue: usize,
    /// Place by completion rate, equal rates sharing one and none left out; `None` where nothing was due.
    pub rank: Option<usize>,
}

impl UnitRow {
    /// 完成率 in percent: finished, in time or late, of what was due.
    pub fn completion_rate(&self) -> Option<f64> {
        rate(self.done + self.done_late, self.due)
    }

    /// 按期率 in percent: finished on time, of what was due.
    pub fn on_time_rate(&self) -> Option<f64> {
        rate(self.done, self.due)
    }
}

/// The units' figures in a period.
pub struct Units<'s, 'p> {
    status: &'s Status<'p>,
    period: Period,
    /// The rows, the best rank first; units with nothing due come last, in the registry's order.
    pub rows: Vec<UnitRow>,
    /// Whether only some units are asked for.
    only: Vec<UnitId>,
}

/// For each registered unit, those whose work it is when it is named: itself and, for a group, all members.
pub struct Reach(Vec<Vec<UnitId>>);

impl Reach {
    /// Works out the members of every group, at any depth.
    pub fn of(plan: &Plan) -> Reach {
        Reach(plan.unit_ids().map(|(named, _)| plan.reach(named)).collect())
    }

    /// Everyone whose work it is when this unit is named.
    pub fn of_unit(&self, named: UnitId) -> &[UnitId] {
        &self.0[named.0]
    }

    /// Everyone who answers for a list of responsible units, each once.
    pub fn units(&self, units: &[Responsible]) -> Vec<UnitId> {
        let mut all: Vec<UnitId> =
            units.iter().flat_map(|responsible| self.0[responsible.unit.0].iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether the checkpoint counts as due in the period: a deadline within it that has come by the day.
pub fn is_due(status: &Status<'_>, checkpoint: &Checkpoint<'_>, period: &Period) -> bool {
    checkpoint.counts() && checkpoint.due.is_some_and(|due| period.contains(due) && due <= status.day)
}

/// Fills the table for the period. `only` narrows the rows, not the ranks; empty for all units.
pub fn units<'s, 'p>(status: &'s Status<'p>, period: Period, only: &[UnitId]) -> Units<'s, 'p> {
    let plan = status.plan;
    let reach = Reach::of(plan);
    let mut rows: Vec<UnitRow> = plan
        .unit_ids()
        .map(|(unit, _)| UnitRow { unit, tasks: 0, due: 0, done: 0, done_late: 0, overdue: 0, rank: None })
        .collect();
    for (task, state) in plan.tasks.iter().zip(&status.tasks) {
        let checkpoints = &status.checkpoints[state.checkpoints.clone()];
        let mut named = reach.units(&task.units);
        for checkpoint in checkpoints {
            named.extend(reach.units(checkpoint.units(plan)));
            if is_due(status, checkpoint, &period) {
                count(&mut rows, &reach.units(checkpoint.units(plan)), checkpoint.state);
            }
        }
        named.sort_unstable();
        named.dedup();
        for unit in named {
            rows[unit.0].tasks += 1;
        }
    }
    rank(&mut rows);
    rows.sort_by_key(|row| (row.rank.is_none(), row.rank, row.unit));
    rows.retain(|row| only.is_empty() || only.contains(&row.unit));
    Units { status, period, rows, only: only.to_vec() }
}

fn count(rows: &mut [UnitRow], units: &[UnitId], state: State) {
    for unit in units {
        let row = &mut rows[unit.0];
        row.due += 1;
        match state {
            State::Done => row.done += 1,
            State::DoneLate => row.done_late += 1,
            State::Overdue => row.overdue += 1,
            _ => {}
        }
    }
}

/// Dense ranks by completion rate: equal rates share a place, and the next place follows without a gap.
fn rank(rows: &mut [UnitRow]) {
    let mut rates: Vec<(usize, usize)> =
        rows.iter().filter(|row| row.due > 0).map(|row| (row.done + row.done_late, row.due)).collect();
    let better = |a: &(usize, usize), b: &(usize, usize)| (b.0 * a.1).cmp(&(a.0 * b.1));
    rates.sort_by(better);
    rates.dedup_by(|a, b| better(a, b).is_eq());
    for row in rows.iter_mut().filter(|row| row.due > 0) {
        let own = (row.done + row.done_late, row.due);
        row.rank = rates.iter().position(|rate| better(rate, &own).is_eq()).map(|at| at + 1);
    }
}

impl Units<'_, '_> {
    /// The table as a document.
    pub fn document(&self) -> Document {
        let name = report::period_name(&self.period);
        let title = tr(format!("各责任单位完成情况（{name}）"), format!("Units ({name})"));
        let mut blocks = vec![Block::Table(table(self.status.plan, &self.rows, Some("units")))];
        for unit in &self.only {
            let unit = self.status.plan.unit(*unit);
            blocks.extend(
                unit.note.as_ref().map(|note| Block::Note(format!("{}{}{note}", unit.name, tr("：", ": ")))),
            );
        }
        blocks.push(Block::Note(self.footer()));
        let next = tr(
            "一个单位的报告：plan report --quarter 2 --unit 单位",
            "One unit's report: plan report --quarter 2 --unit UNIT",
        );
        blocks.push(Block::Hint(next.to_string()));
        Document { title, shape: Shape::Rows, blocks }
    }

    fn footer(&self) -> String {
        let (count, day) = (self.rows.len(), report::as_of_words(self.status));
        tr(
            format!("共{count}家，{day}。{}", counting_rule()),
            format!("{count} units, {day}. {}", counting_rule()),
        )
    }
}

/// How the units' figures are counted.
pub fn counting_rule() -> &'static str {
    tr(
        "应完成为时限在统计期内且已到的考核点；完成率含逾期完成，按期率不含；完成率相同的并列，名次不空缺。集体单位按一家计，其任务也计入各成员；一项有几家责任单位的各计一次，所以各单位合计大于总数。",
        "Due: checkpoints whose deadline lies in the period and has come. The completion rate includes late ones, the on-time rate does not; equal rates share a rank, and no rank is left out. A group counts as one unit, and its tasks also for its members; each responsible unit counts a shared checkpoint once, so units add up to more than the total.",
    )
}

/// The rows as a table with the promised keys.
pub fn table(plan: &Plan, rows: &[UnitRow], key: Option<&'static str>) -> Table {
    let columns = vec![
        Column::both("rank", tr("名次", "Rank")).right(),
        Column::both("unit", tr("责任单位", "Unit")).flexible(),
        Column::both("tasks", tr("任务", "Tasks")).right(),
        Column::both("due", tr("应完成", "Due")).right(),
        Column::both("done", tr("按期", "On time")).right(),
        Column::both("done_late", tr("逾期完成", "Late")).right(),
        Column::both("overdue", tr("逾期", "Overdue")).right(),
        Column::both("completion_rate", tr("完成率", "Completed")).right(),
        Column::data("on_time_rate"),
    ];
    let rows = rows
        .iter()
        .map(|row| {
            vec![
                row.rank.map_or(Cell::Empty, Cell::count),
                Cell::text(&plan.unit(row.unit).name),
                Cell::count(row.tasks),
                Cell::count(row.due),
                Cell::count(row.done),
                Cell::count(row.done_late),
                Cell::count(row.overdue),
                Cell::Rate { part: row.done + row.done_late, whole: row.due },
                Cell::maybe_percent(row.on_time_rate()),
            ]
        })
        .collect();
    Table {
        key, shown: true, columns, rows, empty: tr("没有登记单位", "no unit is registered").to_string()
    }
}
