//! `plan indicators`: every target with its current value, and how it stands against pace.

use crate::document::{Block, Cell, Column, Document, Shape, Table, Tone, percent};
use crate::language::tr;
use crate::model::{Indicator, IndicatorKind};
use crate::query::{self, Query};
use crate::report::{self, tasks::unit_names};
use crate::status::{Checkpoint, Item, Reading, Standing, State, Status, reading};

/// One stage of one indicator.
pub struct Row<'s, 'p> {
    /// Its checkpoint.
    pub checkpoint: &'s Checkpoint<'p>,
    /// The indicator.
    pub indicator: &'p Indicator,
    /// Which stage of it.
    pub stage: usize,
    /// How it stands.
    pub reading: Reading,
}

/// The indicators that answer a query.
pub struct Indicators<'s, 'p> {
    status: &'s Status<'p>,
    rows: Vec<Row<'s, 'p>>,
    unit: Option<String>,
}

/// Fills the list, one row a stage, in the plan's order.
pub fn indicators<'s, 'p>(status: &'s Status<'p>, query: &Query) -> Indicators<'s, 'p> {
    let rows = rows(status, query::checkpoints(status, query));
    Indicators { status, rows, unit: unit_names(status, query) }
}

/// Those of the checkpoints that are stages of indicators, with their readings.
pub fn rows<'s, 'p>(status: &Status<'p>, checkpoints: Vec<&'s Checkpoint<'p>>) -> Vec<Row<'s, 'p>> {
    let row = |checkpoint: &'s Checkpoint<'p>| match checkpoint.item {
        Item::Stage(indicator, stage) => {
            let reading = reading(status, checkpoint)?;
            Some(Row { checkpoint, indicator, stage, reading })
        }
        _ => None,
    };
    checkpoints.into_iter().filter_map(row).collect()
}

impl Row<'_, '_> {
    /// 状态: against pace for a target of the plan's year, else that of the checkpoint.
    pub fn state(&self) -> Cell {
        match self.reading.standing {
            Some(standing) => report::standing_cell(standing),
            None => report::state_cell(self.checkpoint.state),
        }
    }

    /// How the state is to be felt.
    fn tone(&self) -> Tone {
        match self.state() {
            Cell::State { tone, .. } => tone,
            _ => Tone::Neutral,
        }
    }

    /// Whether it is behind pace.
    pub fn is_behind(&self) -> bool {
        matches!(self.reading.standing, Some(Standing::Behind | Standing::FarBehind))
            && self.checkpoint.state != State::Overdue
    }
}

impl Indicators<'_, '_> {
    /// The list as a document.
    pub fn document(&self) -> Document {
        let title = match &self.unit {
            Some(unit) => tr(format!("{unit}的指标"), format!("Indicators of {unit}")),
            None => tr("指标完成情况", "Indicators").to_string(),
        };
        let mut table = table(self.status, &self.rows, Some("indicators"));
        table.empty = tr("没有符合条件的指标", "no indicator answers").to_string();
        let (count, day) = (self.rows.len(), report::as_of_words(self.status));
        let footer = tr(
            format!("共{count}行，每个阶段目标一行，{day}。"),
            format!("{count} rows, one a stage, {day}. "),
        );
        let blocks = vec![Block::Table(table), Block::Note(pace_rule(self.status)), Block::Note(footer)];
        Document { title, shape: Shape::Rows, blocks }
    }
}

/// The rule by which a standing is judged, with the day's pace.
pub fn pace_rule(status: &Status<'_>) -> String {
    let pace = percent(crate::calendar::pace(status.day, status.plan.year));
    tr(
        format!(
            "序时进度{pace}（全年已过天数的占比）。全年目标的完成比例：不低于序时进度或低不到10个百分点为正常，低10至30个百分点为滞后，低30个百分点以上为严重滞后；没有数据的暂无法评估。上限（≤）和零目标没有完成比例，现值达标为正常，未达标为严重滞后。"
        ),
        format!(
            "Pace {pace}: the share of the year's days that has passed. A target of the whole year is on track down to less than 10 points below pace, behind at 10 to 30 points below, far behind at more; without a value it cannot be assessed. A ceiling or a target of zero has no share: it is on track while it holds, else far behind."
        ),
    )
}

/// The rows as a table with the promised keys.
pub fn table(status: &Status<'_>, rows: &[Row<'_, '_>], key: Option<&'static str>) -> Table {
    let columns = vec![
        Column::both("task", tr("任务", "Task")),
        Column::data("source"),
        Column::both("name", tr("指标", "Indicator")).flexible(),
        Column::data("kind"),
        Column::data("comparator"),
        Column::data("target"),
        Column::people(tr("目标", "Target")).flexible(),
        Column::data("measure"),
        Column::data("due"),
        Column::people(tr("时限", "Deadline")).flexible(),
        Column::data("wording"),
        Column::data("actual"),
        Column::people(tr("现值", "Now")).right(),
        Column::data("actual_on"),
        Column::data("percent"),
        Column::people(tr("完成比例", "Share")),
        Column::data("pace"),
        Column::both("state", tr("状态", "State")),
    ];
    let rows = rows.iter().map(|row| cells(status, row)).collect();
    Table { key, shown: true, columns, rows, empty: tr("无", "none").to_string() }
}

fn cells(status: &Status<'_>, row: &Row<'_, '_>) -> Vec<Cell> {
    let (indicator, reading) = (row.indicator, row.reading);
    let stage = &indicator.stages[row.stage];
    let kind = match indicator.kind {
        IndicatorKind::Target => "target",
        IndicatorKind::Coverage => "coverage",
    };
    let now = match reading.recorded {
        Some(value) => Cell::Number(value, report::value_measure(indicator).to_string()),
        None => Cell::Empty,
    };
    let share = match reading.percent {
        Some(percent) => Cell::Bar { percent, mark: reading.pace, tone: row.tone() },
        None => Cell::Empty,
    };
    vec![
        Cell::text(&row.checkpoint.task(status.plan).id),
        Cell::maybe_text(row.checkpoint.task(status.plan).source.as_deref()),
        Cell::text(&indicator.name),
        Cell::text(kind),
        Cell::text(stage.comparator.id()),
        Cell::maybe_number(report::target_number(indicator, stage)),
        Cell::text(report::target_words(indicator, stage)),
        Cell::text(&indicator.measure),
        Cell::maybe_date(row.checkpoint.due),
        Cell::text(report::deadline(row.checkpoint)),
        Cell::maybe_text(report::wording(row.checkpoint)),
        Cell::maybe_number(reading.value),
        now,
        Cell::maybe_date(reading.on),
        Cell::maybe_percent(reading.percent),
        share,
        Cell::maybe_percent(reading.pace),
        row.state(),
    ]
}
