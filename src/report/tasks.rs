//! `plan tasks`: which tasks, whose they are, and how each stands.

use crate::document::{Block, Cell, Column, Document, Shape, Table};
use crate::language::tr;
use crate::query::{self, Link, Query};
use crate::report;
use crate::status::Status;

/// The tasks that answer a query, in the plan's order.
pub struct Tasks<'s, 'p> {
    status: &'s Status<'p>,
    /// Positions in the plan, and how each is a unit's.
    rows: Vec<(usize, Option<Link>)>,
    unit: Option<String>,
}

/// Fills the list.
pub fn tasks<'s, 'p>(status: &'s Status<'p>, query: &Query) -> Tasks<'s, 'p> {
    let rows = query::tasks(status, query)
        .into_iter()
        .map(|at| (at, query::task_link(query, &status.plan.tasks[at])))
        .collect();
    Tasks { status, rows, unit: unit_names(status, query) }
}

/// The units that a query asks for, by name.
pub fn unit_names(status: &Status<'_>, query: &Query) -> Option<String> {
    let set = query.units.as_ref()?;
    let names: Vec<_> = set.asked.iter().map(|id| status.plan.unit(*id).name.clone()).collect();
    Some(names.join(tr("、", ", ")))
}

impl Tasks<'_, '_> {
    /// The list as a document.
    pub fn document(&self) -> Document {
        let status = self.status;
        let plan = status.plan;
        let columns = vec![
            Column::both("id", tr("任务", "Task")),
            Column::both("title", tr("名称", "Title")).flexible(),
            Column::data("section"),
            Column::both("source", tr("出处", "Place")),
            Column::data("units"),
            Column::people(tr("责任单位", "Units")).flexible(),
            Column::both("next_due", tr("下一时限", "Next due")),
            Column::both("state", tr("状态", "State")),
            Column::data("done"),
            Column::data("total"),
            Column::people(tr("完成", "Done")).right(),
            Column::data("via"),
        ];
        let rows = self.rows.iter().map(|(at, link)| {
            let (task, state) = (&plan.tasks[*at], &status.tasks[*at]);
            vec![
                Cell::text(&task.id),
                Cell::text(&task.title),
                Cell::text(&plan.section(task).id),
                Cell::maybe_text(task.source.as_deref()),
                report::unit_names(plan, &task.units),
                report::units_with_link(plan, &task.units, *link),
                Cell::maybe_date(state.next_due),
                report::task_state_cell(state.state),
                Cell::count(state.done),
                Cell::count(state.total),
                Cell::text(format!("{}/{}", state.done, state.total)),
                report::via(plan, *link),
            ]
        });
        let table = Table {
            key: Some("tasks"),
            shown: true,
            columns,
            rows: rows.collect(),
            empty: tr("没有符合条件的任务", "no task answers").to_string(),
        };
        Document {
            title: self.title(),
            shape: Shape::Rows,
            blocks: vec![
                Block::Table(table),
                Block::Note(self.footer()),
                Block::Hint(tr("看一项：plan show 编号", "One task: plan show ID").to_string()),
            ],
        }
    }

    fn title(&self) -> String {
        let plan = &self.status.plan.title;
        match &self.unit {
            Some(unit) => tr(format!("{unit}的任务"), format!("Tasks of {unit}")),
            None => plan.clone(),
        }
    }

    fn footer(&self) -> String {
        let count = self.rows.len();
        let through = self.rows.iter().filter(|(_, link)| matches!(link, Some(Link::Through(_)))).count();
        let day = report::as_of_words(self.status);
        let groups = if through > 0 {
            tr(format!("，其中{through}项经集体单位"), format!(", {through} of them through a group"))
        } else {
            String::new()
        };
        tr(
            format!("共{count}项任务{groups}，{day}。完成一栏为已完成/全部考核点。"),
            format!("{count} tasks{groups}, {day}. Done: finished/all checkpoints."),
        )
    }
}
