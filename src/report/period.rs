//! `plan report`: how the plan stood in one period, as of one day.
//!
//! Every count in it equals the length of the list it counts.

use crate::calendar::{self, Period};
use crate::document::{
    Block, Cell, Column, Document, Fact, Figure, Item as Entry, Shape, Table, Timeline, Tone, number, percent,
};
use crate::language::tr;
use crate::model::{Task, Terms, UnitId};
use crate::query::{self, Query, UnitSet};
use crate::report::checkpoints::{self as lists, Row, merge_missed, people_what};
use crate::report::indicators::{self, Row as IndicatorRow};
use crate::report::units::{self, Reach, UnitRow, is_due};
use crate::report::{self, rate, rate_words, timeline};
use crate::status::{Checkpoint, Item, Standing, State, Status};
use std::collections::HashSet;

/// The report of one period.
pub struct PeriodReport<'s, 'p> {
    status: &'s Status<'p>,
    period: Period,
    unit: Option<UnitId>,
    /// What was due in the period by the day.
    pub totals: Totals,
    /// Indicators with a target of the whole year, and those due in the period.
    indicators: Vec<IndicatorRow<'s, 'p>>,
    /// Due in the period and finished, in time or late; also those finished ahead of a deadline still to come.
    finished: Vec<&'s Checkpoint<'p>>,
    /// Due in the period, not finished and not late.
    not_overdue: Vec<&'s Checkpoint<'p>>,
    /// Due in the period and overdue; the missed periods of one duty are one row.
    overdue: Vec<Row<'s, 'p>>,
    /// Due in the period, and nobody can say whether they are met.
    not_assessable: Vec<&'s Checkpoint<'p>>,
    /// Due before the period, and not finished before it began.
    carried: Vec<Row<'s, 'p>>,
    /// The units' figures.
    units: Vec<UnitRow>,
    /// Units with something due and no record in the period.
    silent: Vec<UnitId>,
    /// What is open and due in the period that follows.
    next: Vec<&'s Checkpoint<'p>>,
    /// Cancelled, and due in the period or given up in it.
    cancelled: Vec<&'s Checkpoint<'p>>,
    /// Whose work is reported.
    query: Query,
    /// All of the year, whatever the period.
    timeline: Option<Timeline>,
}

/// Counts of checkpoints due in the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Due in the period by the day.
    pub due: usize,
    /// Of these, finished on time.
    pub done: usize,
    /// Of these, finished late.
    pub done_late: usize,
    /// Of these, overdue.
    pub overdue: usize,
    /// Of these, due on the day itself and not finished.
    pub due_today: usize,
    /// Of these, not assessable.
    pub not_assessable: usize,
    /// Due in the period after the day, finished already.
    pub ahead: usize,
    /// Due in the period after the day, open.
    pub to_come: usize,
}

/// How all units stand in a period: what the reports of single units have in common, worked out once.
pub struct Field {
    units: Vec<UnitRow>,
    silent: Vec<UnitId>,
}

/// Works out how all units stand.
pub fn field(status: &Status<'_>, period: Period) -> Field {
    Field { units: units::units(status, period, &[]).rows, silent: silent_units(status, &period) }
}

/// Fills the report of the whole plan, or of one unit's own work; its rank stays that among all units.
pub fn period<'s, 'p>(status: &'s Status<'p>, period: Period, unit: Option<UnitId>) -> PeriodReport<'s, 'p> {
    within(status, period, unit, &field(status, period))
}

/// The same where it is known how all units stand.
pub fn within<'s, 'p>(
    status: &'s Status<'p>,
    period: Period,
    unit: Option<UnitId>,
    field: &Field,
) -> PeriodReport<'s, 'p> {
    let plan = status.plan;
    let query = Query { units: unit.map(|unit| UnitSet::new(plan, vec![unit])), ..Query::default() };
    let all = query::checkpoints(status, &query);
    let in_period = |checkpoint: &&Checkpoint<'_>| checkpoint.due.is_some_and(|due| period.contains(due));
    let within: Vec<_> = all.iter().copied().filter(in_period).collect();
    let counted: Vec<_> = within.iter().copied().filter(|checkpoint| checkpoint.counts()).collect();
    let with = |wanted: &dyn Fn(State) -> bool| -> Vec<&'s Checkpoint<'p>> {
        counted.iter().copied().filter(|checkpoint| wanted(checkpoint.state)).collect()
    };
    let finished = with(&State::is_finished);
    let overdue = with(&|state| state == State::Overdue);
    let not_assessable = with(&|state| state == State::NotAssessable);
    let not_overdue = with(&|state| matches!(state, State::DueSoon | State::Upcoming));
    let carried = all.iter().copied().filter(|checkpoint| {
        // Until the period begins, what is not late yet may still be finished before it.
        let earlier = checkpoint.due.is_some_and(|due| due < period.first.min(status.day));
        earlier && checkpoint.counts() && checkpoint.finished.is_none_or(|day| day >= period.first)
    });
    let next = period.next();
    let next_due = all.iter().copied().filter(|checkpoint| {
        let within = next.zip(checkpoint.due).is_some_and(|(next, due)| next.contains(due));
        within && checkpoint.counts() && !checkpoint.state.is_finished()
    });
    let row = |checkpoint: &'s Checkpoint<'p>| Row::of(status, &query, checkpoint);
    let mut next: Vec<_> = next_due.collect();
    next.sort_by_key(|checkpoint| checkpoint.due);
    let asked = |own: UnitId| unit.is_none_or(|unit| unit == own);
    let unit_rows = field.units.iter().filter(|row| asked(row.unit) && (unit.is_some() || row.due > 0));
    let silent = field.silent.iter().copied().filter(|own| asked(*own));
    PeriodReport {
        status,
        period,
        unit,
        totals: totals(status, &counted),
        indicators: indicator_rows(status, &all, &period),
        finished,
        not_overdue,
        overdue: merge_missed(overdue.into_iter().map(row).collect()),
        not_assessable,
        carried: merge_missed(carried.map(row).collect()),
        units: unit_rows.cloned().collect(),
        silent: silent.collect(),
        next,
        cancelled: cancelled(status, &all, &period),
        query,
        timeline: timeline::timeline(status, &all, &period),
    }
}

/// What is cancelled and was due in the period, and of whatever else was given up in it the first checkpoint of each item.
fn cancelled<'s, 'p>(
    status: &Status<'p>,
    all: &[&'s Checkpoint<'p>],
    period: &Period,
) -> Vec<&'s Checkpoint<'p>> {
    let off = || all.iter().copied().filter(|checkpoint| !checkpoint.counts());
    let is_due = |checkpoint: &Checkpoint<'_>| checkpoint.due.is_some_and(|due| period.contains(due));
    let mut told: HashSet<_> =
        off().filter(|checkpoint| is_due(checkpoint)).map(Checkpoint::record).collect();
    let given_up = |checkpoint: &Checkpoint<'_>| {
        let own = checkpoint.item.terms().and_then(|terms| terms.cancelled.as_ref());
        let days = [own, checkpoint.task(status.plan).cancelled.as_ref()];
        let known = days.into_iter().flatten().map(|cancelled| cancelled.on).filter(|on| *on <= status.day);
        known.min().is_some_and(|on| period.contains(on))
    };
    off()
        .filter(|checkpoint| is_due(checkpoint) || given_up(checkpoint) && told.insert(checkpoint.record()))
        .collect()
}

fn totals(status: &Status<'_>, counted: &[&Checkpoint<'_>]) -> Totals {
    let mut totals = Totals::default();
    for checkpoint in counted {
        if checkpoint.due.is_some_and(|due| due > status.day) {
            let slot = if checkpoint.state.is_finished() { &mut totals.ahead } else { &mut totals.to_come };
            *slot += 1;
            continue;
        }
        totals.due += 1;
        match checkpoint.state {
            State::Done => totals.done += 1,
            State::DoneLate => totals.done_late += 1,
            State::Overdue => totals.overdue += 1,
            State::NotAssessable => totals.not_assessable += 1,
            _ => totals.due_today += 1,
        }
    }
    totals
}

/// Targets of the whole year stand against pace in every period; others where they are due.
fn indicator_rows<'s, 'p>(
    status: &Status<'p>,
    all: &[&'s Checkpoint<'p>],
    period: &Period,
) -> Vec<IndicatorRow<'s, 'p>> {
    let mut rows = indicators::rows(status, all.to_vec());
    rows.retain(|row| {
        let due = row.checkpoint.due.is_some_and(|due| period.contains(due));
        row.checkpoint.counts() && (row.reading.standing.is_some() || due)
    });
    rows
}

/// Units with something due in the period by the day, and no record of theirs in it (未报送).
///
/// A record that names a unit is that unit's, its members' and its groups'; one that names none is every responsible
/// unit's.
pub fn silent_units(status: &Status<'_>, period: &Period) -> Vec<UnitId> {
    let plan = status.plan;
    let reach = Reach::of(plan);
    let mut due = vec![false; plan.units.len()];
    for checkpoint in status.checkpoints.iter().filter(|checkpoint| is_due(status, checkpoint, period)) {
        for unit in reach.units(checkpoint.units(plan)) {
            due[unit.0] = true;
        }
    }
    let mut heard = vec![false; plan.units.len()];
    let known = |on: chrono::NaiveDate| period.contains(on) && on <= status.day;
    for task in &plan.tasks {
        records(task, &mut |on, reporter, terms| {
            if !known(on) {
                return;
            }
            match reporter {
                Some(unit) => reach.of_unit(unit).iter().for_each(|unit| heard[unit.0] = true),
                None => {
                    let own = terms.map_or(task.units.as_slice(), |terms| task.responsible(&terms.units));
                    reach.units(own).into_iter().for_each(|unit| heard[unit.0] = true);
                }
            }
        });
    }
    let spoke = |unit: UnitId| reach.of_unit(unit).iter().any(|member| heard[member.0]);
    plan.unit_ids().map(|(unit, _)| unit).filter(|unit| due[unit.0] && !spoke(*unit)).collect()
}

/// Takes one dated record of a task: its day, who reported it, and the item that it belongs to.
type Visit<'v> = dyn FnMut(chrono::NaiveDate, Option<UnitId>, Option<&Terms>) + 'v;

/// Every dated record of a task.
fn records(task: &Task, each: &mut Visit<'_>) {
    use crate::model::When;
    for milestone in &task.milestones {
        let terms = Some(&milestone.terms);
        match &milestone.when {
            When::Dated { done, .. } => done.iter().for_each(|on| each(*on, None, terms)),
            When::Within { triggers, .. } => {
                triggers.iter().filter_map(|trigger| trigger.done).for_each(|on| each(on, None, terms));
            }
        }
    }
    for indicator in &task.indicators {
        indicator.actuals.iter().for_each(|actual| each(actual.on, actual.unit, Some(&indicator.terms)));
    }
    for duty in &task.duties {
        duty.done.iter().for_each(|done| each(done.on, done.unit, Some(&duty.terms)));
    }
    task.log.iter().for_each(|entry| each(entry.on, entry.unit, None));
    task.done.iter().for_each(|on| each(*on, None, None));
}

impl PeriodReport<'_, '_> {
    /// Whether there is anything to report: something due in the period, carried over into it, cancelled in it, or an
    /// indicator that is behind.
    pub fn has_anything(&self) -> bool {
        let Totals { due, ahead, to_come, .. } = self.totals;
        let listed = self.carried.len() + self.cancelled.len() + self.behind().count();
        due + ahead + to_come + listed > 0
    }

    fn behind(&self) -> impl Iterator<Item = &IndicatorRow<'_, '_>> {
        self.indicators.iter().filter(|row| row.is_behind())
    }

    /// The report as a document.
    pub fn document(&self) -> Document {
        let mut blocks =
            vec![self.head(), Block::Paragraph(self.span_words()), Block::Figures(self.figures())];
        blocks.extend(self.timeline.clone().map(Block::Timeline));
        let mut parts = Parts { count: 0, blocks: &mut blocks };
        self.overall(&mut parts);
        self.indicator_part(&mut parts);
        self.finished_part(&mut parts);
        self.not_overdue_part(&mut parts);
        self.late_part(&mut parts);
        self.carried_part(&mut parts);
        self.units_part(&mut parts);
        self.next_part(&mut parts);
        self.notes_part(&mut parts);
        Document { title: self.title(), shape: Shape::Object, blocks }
    }

    fn title(&self) -> String {
        let (plan, name) = (&self.status.plan.title, report::period_name(&self.period));
        match self.unit {
            None => tr(format!("{plan} {name}进展情况"), format!("{plan}: progress, {name}")),
            Some(unit) => {
                let unit = &self.status.plan.unit(unit).name;
                tr(format!("{plan} {unit}{name}进展情况"), format!("{plan}: progress of {unit}, {name}"))
            }
        }
    }

    fn pace(&self) -> f64 {
        calendar::pace(self.status.day, self.status.plan.year)
    }

    fn head(&self) -> Block {
        let plan = self.status.plan;
        let unit = self.unit.map_or(Cell::Empty, |unit| Cell::text(&plan.unit(unit).name));
        Block::Facts {
            key: None,
            facts: vec![
                Fact::data("plan", Cell::text(&plan.title)),
                Fact::data("period", Cell::text(self.period.id())),
                Fact::data("from", Cell::Date(self.period.first)),
                Fact::data("to", Cell::Date(self.period.last)),
                Fact::data("as_of", Cell::Date(self.status.day)),
                Fact::data("pace", Cell::Percent(self.pace())),
                Fact::data("unit", unit),
            ],
        }
    }

    fn span_words(&self) -> String {
        let (first, last, day, pace) =
            (self.period.first, self.period.last, self.status.day, percent(self.pace()));
        tr(
            format!("统计期间 {first} 至 {last}，截至 {day}，序时进度 {pace}。"),
            format!("Period {first} to {last}, as of {day}, pace {pace}."),
        )
    }

    /// What a reader takes away, under the keys of the totals.
    fn figures(&self) -> Vec<Figure> {
        let t = self.totals;
        let felt = |count: usize, tone: Tone| if count > 0 { tone } else { Tone::Quiet };
        let figure = |key, zh: &str, en: &str, count: usize, tone: Tone| {
            let name = tr(zh, en).to_string();
            Figure { key, name, cell: Cell::count(count), tone: felt(count, tone), remark: None }
        };
        let remarked =
            |figure: Figure, zh: &str, en: &str| Figure { remark: Some(tr(zh, en).to_string()), ..figure };
        let share = |key, zh: &str, en: &str, cell: Cell| Figure {
            key,
            name: tr(zh, en).to_string(),
            cell,
            tone: Tone::Neutral,
            remark: None,
        };
        let completed = t.done + t.done_late;
        let mut figures = vec![
            figure("due", "应完成", "Due", t.due, Tone::Neutral),
            figure("done", "按期完成", "Done on time", t.done, Tone::Good),
            figure("done_late", "逾期完成", "Done late", t.done_late, Tone::Warning),
            figure("overdue", "逾期", "Overdue", t.overdue, Tone::Bad),
            figure("due_today", "今日到期", "Due today", t.due_today, Tone::Warning),
        ];
        if t.not_assessable > 0 {
            let (zh, en) = ("暂无法评估", "Not assessable");
            figures.push(figure("not_assessable", zh, en, t.not_assessable, Tone::Neutral));
        }
        figures.push(remarked(
            figure("carried_over", "以前结转", "Carried over", weight(&self.carried), Tone::Warning),
            "期初尚未完成",
            "open when the period began",
        ));
        if t.ahead + t.to_come > 0 {
            figures.push(remarked(
                figure("to_come", "本期尚未到期", "Still to come", t.to_come, Tone::Neutral),
                "时限在截至日之后",
                "due later in the period",
            ));
        }
        let of_due = |part: usize| Cell::Rate { part, whole: t.due };
        figures.push(share("completion_rate", "完成率", "Completion rate", of_due(completed)));
        figures.push(share("on_time_rate", "按期率", "On-time rate", of_due(t.done)));
        figures.push(remarked(
            share("pace", "序时进度", "Pace", Cell::Percent(self.pace())),
            "全年已过天数的占比",
            "of the year's days have passed",
        ));
        figures
    }

    fn overall(&self, parts: &mut Parts<'_>) {
        let t = self.totals;
        let completed = t.done + t.done_late;
        let open = t.overdue + t.due_today + t.not_assessable;
        parts.heading(tr("总体情况", "Totals"), None);
        let share = |n: usize| match rate(n, t.due) {
            Some(share) => format!("{n}/{} {}", t.due, percent(share)),
            None => format!("{n}"),
        };
        parts.paragraph(tr(
            format!(
                "应完成{}个考核点：按期完成{}，逾期完成{}，未完成{}。",
                t.due,
                share(t.done),
                share(t.done_late),
                share(open)
            ),
            format!(
                "{} checkpoints were due: {} done on time, {} done late, {} open.",
                t.due,
                share(t.done),
                share(t.done_late),
                share(open)
            ),
        ));
        if open > 0 {
            parts.paragraph(tr(
                format!(
                    "未完成的{open}个中：逾期{}，今日到期{}，暂无法评估{}。",
                    t.overdue, t.due_today, t.not_assessable
                ),
                format!(
                    "Of the {open} open: {} overdue, {} due today, {} not assessable.",
                    t.overdue, t.due_today, t.not_assessable
                ),
            ));
        }
        parts.paragraph(tr(
            format!("完成率 {}，按期率 {}。", rate_words(completed, t.due), rate_words(t.done, t.due)),
            format!(
                "Completion rate {}, on-time rate {}.",
                rate_words(completed, t.due),
                rate_words(t.done, t.due)
            ),
        ));
        if t.ahead + t.to_come > 0 {
            parts.paragraph(tr(
                format!("本期内时限未到的还有{}个，其中已提前完成{}个。", t.ahead + t.to_come, t.ahead),
                format!(
                    "{} more fall due later in the period, {} of them finished already.",
                    t.ahead + t.to_come,
                    t.ahead
                ),
            ));
        }
        parts.blocks.push(Block::Facts {
            key: Some("totals"),
            facts: vec![
                Fact::data("due", Cell::count(t.due)),
                Fact::data("done", Cell::count(t.done)),
                Fact::data("done_late", Cell::count(t.done_late)),
                Fact::data("open", Cell::count(open)),
                Fact::data("overdue", Cell::count(t.overdue)),
                Fact::data("due_today", Cell::count(t.due_today)),
                Fact::data("not_assessable", Cell::count(t.not_assessable)),
                Fact::data("ahead", Cell::count(t.ahead)),
                Fact::data("to_come", Cell::count(t.to_come)),
                Fact::data("carried_over", Cell::count(weight(&self.carried))),
                Fact::data("completion_rate", Cell::maybe_percent(rate(completed, t.due))),
                Fact::data("on_time_rate", Cell::maybe_percent(rate(t.done, t.due))),
            ],
        });
    }

    fn indicator_part(&self, parts: &mut Parts<'_>) {
        parts.heading(tr("指标与序时进度", "Indicators and pace"), Some(self.indicators.len()));
        parts.table(indicators::table(self.status, &self.indicators, Some("indicators")));
        if !self.indicators.is_empty() {
            parts.note(indicators::pace_rule(self.status));
        }
    }

    fn finished_part(&self, parts: &mut Parts<'_>) {
        parts.heading(tr("已完成事项", "Finished"), Some(self.finished.len()));
        parts.table(self.plain_table("finished", &self.finished));
    }

    fn not_overdue_part(&self, parts: &mut Parts<'_>) {
        parts.heading(tr("未逾期事项", "Open, not overdue"), Some(self.not_overdue.len()));
        parts.table(self.plain_table("not_overdue", &self.not_overdue));
        let on_track: Vec<_> = (self.indicators.iter())
            .filter(|row| row.reading.standing == Some(Standing::OnTrack))
            .map(|row| format!("{} {}", row.checkpoint.task(self.status.plan).id, row.indicator.name))
            .collect();
        if !on_track.is_empty() {
            let (count, names) = (on_track.len(), on_track.join(tr("、", ", ")));
            parts.paragraph(tr(
                format!("与序时进度相比正常的全年指标{count}项：{names}。"),
                format!("{count} indicators of the whole year are on track: {names}."),
            ));
        }
    }

    fn late_part(&self, parts: &mut Parts<'_>) {
        let behind: Vec<&IndicatorRow<'_, '_>> = self.behind().collect();
        let (overdue, lagging) = (self.overdue.len(), behind.len());
        parts.heading(
            tr("逾期和滞后事项", "Overdue and behind"),
            Some(overdue + lagging + self.not_assessable.len()),
        );
        let entries: Vec<Entry> = (self.overdue.iter().map(|row| self.late_entry(row)))
            .chain(behind.iter().map(|row| self.behind_entry(row)))
            .chain(self.not_assessable.iter().map(|checkpoint| self.unclear_entry(checkpoint)))
            .collect();
        if !entries.is_empty() {
            parts.paragraph(tr("请责任单位报送整改措施。", "The responsible units are asked for remedies."));
        }
        parts.items(entries, tr("没有逾期和滞后事项。", "Nothing is overdue or behind."));
        if weight(&self.overdue) > overdue {
            let checkpoints = weight(&self.overdue);
            parts.note(tr(
                format!("一项定期工作欠几期只列一条；逾期按考核点计共{checkpoints}个。"),
                format!("The missed periods of one duty are one entry; counted singly, {checkpoints} checkpoints are overdue."),
            ));
        }
        parts.data(lists::table(self.status, &self.overdue, Some("overdue")));
        let rows: Vec<IndicatorRow<'_, '_>> = behind.iter().map(|row| copy(row)).collect();
        parts.data(indicators::table(self.status, &rows, Some("behind")));
        parts.data(self.plain_table("not_assessable", &self.not_assessable));
    }

    fn late_entry(&self, row: &Row<'_, '_>) -> Entry {
        let status = self.status;
        let Checkpoint { task, .. } = *row.checkpoint;
        let days = row.checkpoint.late_days(status.day).unwrap_or_default();
        let id = &status.plan.tasks[task].id;
        let what = people_what(status, row);
        let (deadline, units) = (report::deadline(row.checkpoint), self.units_of(row.checkpoint));
        let mut details = vec![tr(
            format!("时限 {deadline}；责任单位 {units}"),
            format!("Deadline {deadline}; units {units}"),
        )];
        details.extend(report::last_issue(status, row.checkpoint));
        let text = tr(format!("{id} {what}，逾期{days}天"), format!("{id} {what}: {days} days overdue"));
        Entry { tone: Tone::Bad, text, details }
    }

    fn behind_entry(&self, row: &IndicatorRow<'_, '_>) -> Entry {
        let status = self.status;
        let id = &row.checkpoint.task(status.plan).id;
        let (word, tone) = match row.state() {
            Cell::State { word, tone, .. } => (word, tone),
            _ => (String::new(), Tone::Neutral),
        };
        let target = report::target_words(row.indicator, &row.indicator.stages[row.stage]);
        let measure = report::value_measure(row.indicator);
        let now = row.reading.recorded.map(|value| number(value) + measure).unwrap_or_default();
        let share = row.reading.percent.map_or(String::new(), |share| {
            let (share, pace) = (percent(share), percent(self.pace()));
            tr(format!("，完成{share}，序时进度{pace}"), format!(", {share} at a pace of {pace}"))
        });
        let text = tr(
            format!("{id} {} {target}，{word}：现{now}{share}", row.indicator.name),
            format!("{id} {} {target}: {word}, now {now}{share}", row.indicator.name),
        );
        let units = self.units_of(row.checkpoint);
        let mut details = vec![tr(format!("责任单位 {units}"), format!("Units {units}"))];
        details.extend(report::last_issue(status, row.checkpoint));
        Entry { tone, text, details }
    }

    fn unclear_entry(&self, checkpoint: &Checkpoint<'_>) -> Entry {
        let plan = self.status.plan;
        let (id, what) = (&checkpoint.task(plan).id, report::what(plan, checkpoint));
        let zero = matches!(checkpoint.item, Item::Stage(indicator, _) if indicator.baseline.as_ref().is_some_and(|baseline| baseline.value.is_some()));
        let text = if zero {
            tr(
                format!("{id} {what}，暂无法评估：基数为零，算不出增长"),
                format!("{id} {what}: not assessable, nothing grows from a baseline of zero"),
            )
        } else {
            tr(
                format!("{id} {what}，暂无法评估：基数尚未填写"),
                format!("{id} {what}: not assessable, the baseline is not written in"),
            )
        };
        let units = self.units_of(checkpoint);
        let details = vec![tr(
            format!("时限 {}；责任单位 {units}", report::deadline(checkpoint)),
            format!("Deadline {}; units {units}", report::deadline(checkpoint)),
        )];
        Entry { tone: Tone::Neutral, text, details }
    }

    /// The responsible units in few words, with the group through which the work is that of the unit that is reported.
    fn units_of(&self, checkpoint: &Checkpoint<'_>) -> String {
        let units = checkpoint.units(self.status.plan);
        match report::units_with_link(self.status.plan, units, self.query.link(units)) {
            Cell::Text(text) => text,
            _ => tr("（原文没有写）", "(none named)").to_string(),
        }
    }

    fn carried_part(&self, parts: &mut Parts<'_>) {
        parts.heading(tr("以前结转事项", "Carried over"), Some(self.carried.len()));
        parts.table(lists::table(self.status, &self.carried, Some("carried_over")));
        if weight(&self.carried) > self.carried.len() {
            let checkpoints = weight(&self.carried);
            parts.note(tr(
                format!("一项定期工作欠几期只列一行，按考核点计共{checkpoints}个。"),
                format!(
                    "The missed periods of one duty are one row; counted singly, {checkpoints} checkpoints."
                ),
            ));
        }
    }

    fn units_part(&self, parts: &mut Parts<'_>) {
        let plan = self.status.plan;
        parts.heading(tr("各责任单位完成情况", "Units"), Some(self.units.len()));
        let mut table = units::table(plan, &self.units, Some("units"));
        table.empty = tr("本期没有到期事项", "nothing was due").to_string();
        parts.table(table);
        let names: Vec<_> = self.silent.iter().map(|unit| plan.unit(*unit).name.clone()).collect();
        if !names.is_empty() {
            let (count, list) = (names.len(), names.join(tr("、", ", ")));
            parts.paragraph(tr(
                format!("未报送{count}家（本期有到期事项而无任何记录）：{list}。"),
                format!("{count} units reported nothing although something of theirs was due: {list}."),
            ));
        }
        let column = Column::data("unit");
        let rows = names.into_iter().map(|name| vec![Cell::text(name)]).collect();
        parts.data(Table {
            key: Some("not_reporting"),
            shown: false,
            columns: vec![column],
            rows,
            empty: String::new(),
        });
    }

    fn next_part(&self, parts: &mut Parts<'_>) {
        parts.heading(tr("下期到期事项", "Due in the next period"), Some(self.next.len()));
        parts.table(self.plain_table("next", &self.next));
    }

    fn notes_part(&self, parts: &mut Parts<'_>) {
        if self.cancelled.is_empty() {
            parts.data(self.plain_table("cancelled", &self.cancelled));
        } else {
            parts.heading(tr("已终止事项", "Cancelled"), Some(self.cancelled.len()));
            parts.table(self.plain_table("cancelled", &self.cancelled));
        }
        parts.heading(tr("统计口径", "How this was counted"), None);
        let today = tr("今日到期不计逾期。", "What is due today is not overdue. ");
        parts.note(format!("{today}{}", units::counting_rule()));
    }

    fn plain_table(&self, key: &'static str, checkpoints: &[&Checkpoint<'_>]) -> Table {
        let rows: Vec<Row<'_, '_>> = (checkpoints.iter())
            .map(|checkpoint| {
                let link = self.query.link(checkpoint.units(self.status.plan));
                Row { checkpoint, missed: Vec::new(), link }
            })
            .collect();
        lists::table(self.status, &rows, Some(key))
    }
}

/// The parts of a report, numbered as they come.
struct Parts<'b> {
    count: usize,
    blocks: &'b mut Vec<Block>,
}

impl Parts<'_> {
    fn heading(&mut self, name: &str, entries: Option<usize>) {
        const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
        let numeral = NUMERALS.get(self.count).copied().unwrap_or_default();
        self.count += 1;
        let number = self.count;
        let entries =
            entries.map(|count| tr(format!("（{count}项）"), format!(" ({count})"))).unwrap_or_default();
        let text = tr(format!("{numeral}、{name}{entries}"), format!("{number}. {name}{entries}"));
        self.blocks.push(Block::Heading { level: 1, text });
    }

    fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Note(text.into()));
    }

    fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// A table for data formats only.
    fn data(&mut self, table: Table) {
        self.blocks.push(Block::Table(Table { shown: false, ..table }));
    }

    fn items(&mut self, entries: Vec<Entry>, empty: &str) {
        self.blocks.push(if entries.is_empty() {
            Block::Paragraph(empty.to_string())
        } else {
            Block::Items(entries)
        });
    }
}

/// How many checkpoints the rows stand for.
fn weight(rows: &[Row<'_, '_>]) -> usize {
    rows.iter().map(Row::weight).sum()
}

fn copy<'s, 'p>(row: &IndicatorRow<'s, 'p>) -> IndicatorRow<'s, 'p> {
    IndicatorRow {
        checkpoint: row.checkpoint,
        indicator: row.indicator,
        stage: row.stage,
        reading: row.reading,
    }
}
