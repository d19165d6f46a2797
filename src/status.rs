//! The state of everything in the plan on the evening of one day. The only place where "overdue" is decided.
//!
//! Only facts dated on or before the day exist (semantics, section 3): a record, a completion, an extension or a
//! cancellation of a later day is not known yet.

use crate::calendar::{self, Period};
use crate::model::*;
use chrono::{Days, NaiveDate};

/// How many days ahead of its deadline a checkpoint is due soon, unless told otherwise.
pub const WARN_DAYS: u32 = 30;

/// The whole plan as of a day.
#[derive(Clone, Debug)]
pub struct Status<'p> {
    /// The plan itself.
    pub plan: &'p Plan,
    /// 截至: the day whose evening it is.
    pub day: NaiveDate,
    /// 考核点 of all tasks, in the plan's order.
    pub checkpoints: Vec<Checkpoint<'p>>,
    /// Each task in the plan's order.
    pub tasks: Vec<TaskStatus>,
}

/// A task's own state.
#[derive(Clone, Debug)]
pub struct TaskStatus {
    /// The worst state of its checkpoints.
    pub state: State,
    /// Its checkpoints: a stretch of [`Status::checkpoints`].
    pub checkpoints: std::ops::Range<usize>,
    /// The earliest deadline that is not finished.
    pub next_due: Option<NaiveDate>,
    /// Finished checkpoints.
    pub done: usize,
    /// All checkpoints but the cancelled ones.
    pub total: usize,
}

/// 考核点: one thing of one task with one due date.
#[derive(Clone, Debug)]
pub struct Checkpoint<'p> {
    /// The position of the task in [`Plan::tasks`].
    pub task: usize,
    /// Which item of the task.
    pub item: Item<'p>,
    /// The first day of its window, where the document gives one.
    pub from: Option<NaiveDate>,
    /// The due date in force on the day; `None` while a relative deadline waits for its trigger.
    pub due: Option<NaiveDate>,
    /// The due date before any extension in force.
    pub planned: Option<NaiveDate>,
    /// Whether the document names no date, so that the plan's last day stands in (方案期末).
    pub implied: bool,
    /// Its state on the day.
    pub state: State,
    /// When it was finished.
    pub finished: Option<NaiveDate>,
}

/// The item of a task that a checkpoint comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Item<'p> {
    /// A milestone with a date.
    Milestone(&'p Milestone),
    /// One stage of an indicator, by its position.
    Stage(&'p Indicator, usize),
    /// One period of a recurring duty.
    Period(&'p Duty, Period),
    /// One trigger of a relative deadline; `None` while there is none.
    Relative(&'p Milestone, Option<&'p Trigger>),
    /// The task as a whole, which has no dated item of its own.
    Task,
}

/// The state of a checkpoint (semantics, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 逾期: not finished, and the deadline has passed.
    Overdue,
    /// 临期: not finished, due within the warning days, the day itself included.
    DueSoon,
    /// 暂无法评估: the target needs a value that nobody has written in.
    NotAssessable,
    /// 待触发: a relative deadline with no trigger.
    Waiting,
    /// 未到期: not finished, due later.
    Upcoming,
    /// 逾期完成.
    DoneLate,
    /// 按期完成.
    Done,
    /// 已终止.
    Cancelled,
}

impl State {
    /// All states, the worst first.
    pub const ALL: [State; 8] = [
        State::Overdue,
        State::DueSoon,
        State::NotAssessable,
        State::Waiting,
        State::Upcoming,
        State::DoneLate,
        State::Done,
        State::Cancelled,
    ];

    /// The identifier in data.
    pub fn id(self) -> &'static str {
        match self {
            State::Overdue => "overdue",
            State::DueSoon => "due_soon",
            State::NotAssessable => "not_assessable",
            State::Waiting => "waiting",
            State::Upcoming => "upcoming",
            State::DoneLate => "done_late",
            State::Done => "done",
            State::Cancelled => "cancelled",
        }
    }

    /// Whether it is finished, in time or late.
    pub fn is_finished(self) -> bool {
        matches!(self, State::Done | State::DoneLate)
    }
}

impl<'p> Checkpoint<'p> {
    /// The task that it belongs to.
    pub fn task(&self, plan: &'p Plan) -> &'p Task {
        &plan.tasks[self.task]
    }

    /// The units that answer for it: the item's own, or else the task's.
    pub fn units(&self, plan: &'p Plan) -> &'p [Responsible] {
        let task = self.task(plan);
        match self.item.terms() {
            Some(terms) => task.responsible(&terms.units),
            None => &task.units,
        }
    }

    /// What tells the record of the file that it comes from, whichever stage, period or trigger of it, from all others.
    pub fn record(&self) -> (usize, *const ()) {
        let record = match self.item {
            Item::Milestone(milestone) | Item::Relative(milestone, _) => std::ptr::from_ref(milestone).cast(),
            Item::Stage(indicator, _) => std::ptr::from_ref(indicator).cast(),
            Item::Period(duty, _) => std::ptr::from_ref(duty).cast(),
            Item::Task => std::ptr::null(),
        };
        (self.task, record)
    }

    /// Days by which it is or was late; `None` where it is neither overdue nor finished late.
    pub fn late_days(&self, day: NaiveDate) -> Option<i64> {
        let due = self.due?;
        match self.state {
            State::Overdue => Some((day - due).num_days()),
            State::DoneLate => Some((self.finished? - due).num_days()),
            _ => None,
        }
    }

    /// Days that are left, 0 on the day itself; `None` where it is not open or already past.
    pub fn days_left(&self, day: NaiveDate) -> Option<i64> {
        let due = self.due?;
        let open = matches!(self.state, State::DueSoon | State::Upcoming | State::NotAssessable);
        (open && due >= day).then(|| (due - day).num_days())
    }

    /// Whether it counts in sums: cancelled ones do not.
    pub fn counts(&self) -> bool {
        self.state != State::Cancelled
    }
}

impl<'p> Item<'p> {
    /// Wording, note, units and cancellation of the item; the task as a whole has none.
    pub fn terms(&self) -> Option<&'p Terms> {
        match self {
            Item::Milestone(milestone) | Item::Relative(milestone, _) => Some(&milestone.terms),
            Item::Stage(indicator, _) => Some(&indicator.terms),
            Item::Period(duty, _) => Some(&duty.terms),
            Item::Task => None,
        }
    }
}

/// The plan on the evening of `day`; whatever is due within `warn_days` days counts as due soon.
pub fn as_of(plan: &Plan, day: NaiveDate, warn_days: u32) -> Status<'_> {
    let warn_until = day.checked_add_days(Days::new(warn_days.into())).unwrap_or(NaiveDate::MAX);
    let mut checkpoints = Vec::new();
    let mut tasks = Vec::with_capacity(plan.tasks.len());
    for (at, task) in plan.tasks.iter().enumerate() {
        let start = checkpoints.len();
        Judge { plan, task, at, day, warn_until }.checkpoints(&mut checkpoints);
        tasks.push(task_status(&checkpoints, start));
    }
    Status { plan, day, checkpoints, tasks }
}

fn task_status(checkpoints: &[Checkpoint<'_>], start: usize) -> TaskStatus {
    let own = &checkpoints[start..];
    let worst = own.iter().map(|checkpoint| checkpoint.state).min().unwrap_or(State::Cancelled);
    let state = if worst == State::DoneLate { State::Done } else { worst };
    let open = own.iter().filter(|checkpoint| checkpoint.counts() && !checkpoint.state.is_finished());
    TaskStatus {
        state,
        checkpoints: start..checkpoints.len(),
        next_due: open.filter_map(|checkpoint| checkpoint.due).min(),
        done: own.iter().filter(|checkpoint| checkpoint.state.is_finished()).count(),
        total: own.iter().filter(|checkpoint| checkpoint.counts()).count(),
    }
}

/// Judges the items of one task.
struct Judge<'p> {
    plan: &'p Plan,
    task: &'p Task,
    at: usize,
    day: NaiveDate,
    warn_until: NaiveDate,
}

/// What is known of a checkpoint's end.
enum Outcome {
    Finished(NaiveDate),
    Open,
    NotAssessable,
}

impl<'p> Judge<'p> {
    fn checkpoints(&self, out: &mut Vec<Checkpoint<'p>>) {
        let start = out.len();
        for milestone in &self.task.milestones {
            self.milestone(milestone, out);
        }
        for indicator in &self.task.indicators {
            for stage in 0..indicator.stages.len() {
                out.push(self.stage(indicator, stage));
            }
        }
        for duty in &self.task.duties {
            self.duty(duty, out);
        }
        if out.len() == start {
            let outcome = self.known(self.task.done);
            out.push(self.checkpoint(Item::Task, None, None, &[], outcome));
        }
    }

    fn milestone(&self, milestone: &'p Milestone, out: &mut Vec<Checkpoint<'p>>) {
        match &milestone.when {
            When::Dated { from, due, done, extended } => {
                let outcome = self.known(*done);
                out.push(self.checkpoint(Item::Milestone(milestone), *from, Some(*due), extended, outcome));
            }
            When::Within { days, triggers, .. } => {
                let known: Vec<_> = triggers.iter().filter(|trigger| trigger.on <= self.day).collect();
                if known.is_empty() {
                    out.push(self.waiting(milestone));
                }
                for trigger in known {
                    let due = trigger.on.checked_add_days(Days::new((*days).into()));
                    let outcome = self.known(trigger.done);
                    let item = Item::Relative(milestone, Some(trigger));
                    out.push(self.checkpoint(item, Some(trigger.on), due, &trigger.extended, outcome));
                }
            }
        }
    }

    fn waiting(&self, milestone: &'p Milestone) -> Checkpoint<'p> {
        let item = Item::Relative(milestone, None);
        let state = if self.is_cancelled(&item) { State::Cancelled } else { State::Waiting };
        Checkpoint {
            task: self.at,
            item,
            from: None,
            due: None,
            planned: None,
            implied: false,
            state,
            finished: None,
        }
    }

    fn stage(&self, indicator: &'p Indicator, at: usize) -> Checkpoint<'p> {
        let stage = &indicator.stages[at];
        let outcome = match met_since(indicator, stage, self.day) {
            Met::Since(day) => Outcome::Finished(day),
            Met::No => Outcome::Open,
            Met::Unknown => Outcome::NotAssessable,
        };
        self.checkpoint(Item::Stage(indicator, at), stage.from, stage.due, &stage.extended, outcome)
    }

    fn duty(&self, duty: &'p Duty, out: &mut Vec<Checkpoint<'p>>) {
        let Some(every) = duty.every else { return };
        for period in every.periods(self.plan.year) {
            let done = duty.done.iter().filter(|done| done.period == Some(period)).map(|done| done.on).min();
            let outcome = self.known(done);
            let item = Item::Period(duty, period);
            out.push(self.checkpoint(item, Some(period.first), Some(period.last), &[], outcome));
        }
    }

    /// A completion counts from its day on.
    fn known(&self, done: Option<NaiveDate>) -> Outcome {
        match done {
            Some(done) if done <= self.day => Outcome::Finished(done),
            _ => Outcome::Open,
        }
    }

    fn checkpoint(
        &self,
        item: Item<'p>,
        from: Option<NaiveDate>,
        named: Option<NaiveDate>,
        extended: &[Extension],
        outcome: Outcome,
    ) -> Checkpoint<'p> {
        let planned = named.unwrap_or_else(|| self.plan.last_day());
        let due = due_in_force(planned, extended, self.day);
        let (state, finished) = match outcome {
            _ if self.is_cancelled(&item) => (State::Cancelled, None),
            Outcome::Finished(day) if day <= due => (State::Done, Some(day)),
            Outcome::Finished(day) => (State::DoneLate, Some(day)),
            Outcome::NotAssessable => (State::NotAssessable, None),
            Outcome::Open if due < self.day => (State::Overdue, None),
            Outcome::Open if due <= self.warn_until => (State::DueSoon, None),
            Outcome::Open => (State::Upcoming, None),
        };
        Checkpoint {
            task: self.at,
            item,
            from,
            due: Some(due),
            planned: Some(planned),
            implied: named.is_none(),
            state,
            finished,
        }
    }

    fn is_cancelled(&self, item: &Item<'_>) -> bool {
        let own = item.terms().and_then(|terms| terms.cancelled.as_ref());
        [own, self.task.cancelled.as_ref()].into_iter().flatten().any(|cancelled| cancelled.on <= self.day)
    }
}

/// The deadline in force on a day: that of the last extension granted on or before it (semantics, section 2).
pub fn due_in_force(planned: NaiveDate, extended: &[Extension], day: NaiveDate) -> NaiveDate {
    let granted = extended.iter().filter(|extension| extension.on <= day);
    granted.max_by_key(|extension| extension.on).map_or(planned, |extension| extension.to)
}

/// Whether a target is met.
enum Met {
    /// Since this day, without a break.
    Since(NaiveDate),
    No,
    /// It needs a baseline that nobody has written in.
    Unknown,
}

/// The first day of the last unbroken run of records, up to `day`, that satisfy the target.
fn met_since(indicator: &Indicator, stage: &Stage, day: NaiveDate) -> Met {
    let Some(goal) = goal_value(indicator, stage) else { return Met::Unknown };
    let mut since = None;
    for actual in readings(indicator, day) {
        let Some(value) = comparable(indicator, stage, actual.value) else { return Met::Unknown };
        let satisfied = stage.comparator.holds(value, goal);
        since = if satisfied { since.or(Some(actual.on)) } else { None };
    }
    since.map_or(Met::No, Met::Since)
}

/// The records known on the day, oldest first; of several on one day, the one written last.
pub fn readings(indicator: &Indicator, day: NaiveDate) -> Vec<&Actual> {
    let mut known: Vec<&Actual> = indicator.actuals.iter().filter(|actual| actual.on <= day).collect();
    known.sort_by_key(|actual| actual.on);
    let mut last_of_day: Vec<&Actual> = Vec::with_capacity(known.len());
    for actual in known {
        match last_of_day.last_mut() {
            Some(last) if last.on == actual.on => *last = actual,
            _ => last_of_day.push(actual),
        }
    }
    last_of_day
}

/// The number that values are compared with; `None` while the baseline that it needs is unknown.
pub fn goal_value(indicator: &Indicator, stage: &Stage) -> Option<f64> {
    let baseline = indicator.baseline.as_ref().and_then(|baseline| baseline.value);
    match stage.goal {
        Goal::Baseline => baseline,
        Goal::Number(_) if is_relative(indicator, stage) && baseline.is_none() => None,
        Goal::Number(number) => Some(number),
    }
}

/// A recorded value as it is compared with the goal: for a relative target its growth over the baseline, in percent.
fn comparable(indicator: &Indicator, stage: &Stage, value: f64) -> Option<f64> {
    if !is_relative(indicator, stage) {
        return Some(value);
    }
    let base = indicator.baseline.as_ref().and_then(|baseline| baseline.value)?;
    if base == 0.0 { None } else { Some((value - base) / base * 100.0) }
}

/// Whether a percentage is asked for in relation to a baseline.
fn is_relative(indicator: &Indicator, stage: &Stage) -> bool {
    indicator.baseline.is_some() && indicator.measure == "%" && matches!(stage.goal, Goal::Number(_))
}

/// 指标 against its target and against pace, for one stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The current value: the last record's; the growth in percent for a relative target.
    pub value: Option<f64>,
    /// The value as it was written down.
    pub recorded: Option<f64>,
    /// The day of that record.
    pub on: Option<NaiveDate>,
    /// The value as a share of the target, in percent; `None` for a target of zero or a ceiling.
    pub percent: Option<f64>,
    /// 序时进度 in percent, for a target of the whole plan year.
    pub pace: Option<f64>,
    /// How it stands against pace; `None` where pace does not apply.
    pub standing: Option<Standing>,
}

/// How an indicator stands against pace (semantics, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 滞后较多: more than 30 points below.
    FarBehind,
    /// 滞后: 10 to 30 points below.
    Behind,
    /// 暂无法评估: no current value.
    NotAssessable,
    /// 正常: ahead, or less than 10 points below.
    OnTrack,
}

impl Standing {
    /// The identifier in data.
    pub fn id(self) -> &'static str {
        match self {
            Standing::FarBehind => "far_behind",
            Standing::Behind => "behind",
            Standing::NotAssessable => "not_assessable",
            Standing::OnTrack => "on_track",
        }
    }
}

/// How the indicator of a checkpoint stands on the day; `None` where the checkpoint is no indicator's.
pub fn reading(status: &Status<'_>, checkpoint: &Checkpoint<'_>) -> Option<Reading> {
    let Item::Stage(indicator, at) = checkpoint.item else { return None };
    let stage = &indicator.stages[at];
    let last = readings(indicator, status.day).pop();
    let value = last.and_then(|actual| comparable(indicator, stage, actual.value));
    let goal = goal_value(indicator, stage);
    let percent = value.zip(goal).and_then(|(value, goal)| share(stage.comparator, value, goal));
    let year_target = checkpoint.due == Some(status.plan.last_day()) && checkpoint.counts();
    let pace = year_target.then(|| calendar::pace(status.day, status.plan.year));
    let standing = pace.map(|pace| match (value, goal, percent) {
        (Some(_), Some(_), Some(percent)) => standing(percent - pace),
        (Some(value), Some(goal), None) if stage.comparator.holds(value, goal) => Standing::OnTrack,
        (Some(_), Some(_), None) => Standing::FarBehind,
        _ => Standing::NotAssessable,
    });
    let recorded = last.map(|actual| actual.value);
    Some(Reading { value, recorded, on: last.map(|actual| actual.on), percent, pace, standing })
}

/// A value as a share of its goal, in percent. A ceiling or a goal of zero has no share.
fn share(comparator: Comparator, value: f64, goal: f64) -> Option<f64> {
    if comparator == Comparator::AtMost || goal == 0.0 { None } else { Some(value / goal * 100.0) }
}

/// Points above or below pace. A billionth of a point is no difference.
fn standing(points: f64) -> Standing {
    if points > -10.0 + 1e-9 {
        Standing::OnTrack
    } else if points >= -30.0 - 1e-9 {
        Standing::Behind
    } else {
        Standing::FarBehind
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        calendar::parse_date(text).expect("a date that the test wrote")
    }

    /// A plan of 2023 with one task, whose fields are given.
    fn plan_of(fields: &str) -> Plan {
        let mut text = String::from(
            "plan: {title: 试验, year: 2023}\nunits: [{name: 财政局}]\nsections:\n  - id: A\n    title: 甲\n    tasks:\n      - id: A1\n        title: 子\n        units: [财政局]\n",
        );
        for line in fields.lines() {
            text.push_str(&format!("        {line}\n"));
        }
        let loaded = load::plan(&text, day("2026-01-01"));
        assert!(!loaded.has_errors(), "{:#?}", loaded.problems);
        loaded.plan.expect("a plan without errors")
    }

    /// The states and due dates of all checkpoints on a day.
    fn states(fields: &str, on: &str) -> Vec<(State, Option<NaiveDate>)> {
        let plan = plan_of(fields);
        as_of(&plan, day(on), WARN_DAYS).checkpoints.iter().map(|c| (c.state, c.due)).collect()
    }

    fn state(fields: &str, on: &str) -> State {
        let states = states(fields, on);
        assert_eq!(states.len(), 1, "{states:?}");
        states[0].0
    }

    const MILESTONE: &str = "milestones: [{what: 发放, due: 2023-04-30}]";

    #[test]
    fn a_milestone_due_today_is_not_overdue() {
        let plan = plan_of(MILESTONE);
        let status = as_of(&plan, day("2023-04-30"), WARN_DAYS);
        assert_eq!(status.checkpoints[0].state, State::DueSoon);
        assert_eq!(status.checkpoints[0].days_left(status.day), Some(0));
        assert_eq!(status.checkpoints[0].late_days(status.day), None);
    }

    #[test]
    fn a_milestone_is_overdue_from_the_day_after() {
        let plan = plan_of(MILESTONE);
        let status = as_of(&plan, day("2023-06-30"), WARN_DAYS);
        assert_eq!(status.checkpoints[0].state, State::Overdue);
        assert_eq!(status.checkpoints[0].late_days(status.day), Some(61));
        assert_eq!(state(MILESTONE, "2023-05-01"), State::Overdue);
    }

    #[test]
    fn thirty_days_before_is_due_soon_and_thirty_one_is_upcoming() {
        assert_eq!(state(MILESTONE, "2023-03-31"), State::DueSoon);
        assert_eq!(state(MILESTONE, "2023-03-30"), State::Upcoming);
    }

    #[test]
    fn a_completion_is_known_from_its_day_on() {
        let fields = "milestones: [{what: 发放, due: 2023-04-30, done: 2023-05-02}]";
        assert_eq!(state(fields, "2023-05-01"), State::Overdue);
        assert_eq!(state(fields, "2023-05-02"), State::DoneLate);
        let on_the_day = "milestones: [{what: 发放, due: 2023-04-30, done: 2023-04-30}]";
        assert_eq!(state(on_the_day, "2023-06-30"), State::Done);
    }

    #[test]
    fn an_extension_moves_the_deadline_from_the_day_it_was_granted() {
        let fields = "milestones: [{what: 清算, due: 2023-04-30, extended: [{on: 2023-05-10, to: 2023-05-31, why: 系统升级}]}]";
        assert_eq!(states(fields, "2023-05-09"), [(State::Overdue, Some(day("2023-04-30")))]);
        assert_eq!(states(fields, "2023-05-10"), [(State::DueSoon, Some(day("2023-05-31")))]);
        assert_eq!(states(fields, "2023-06-01"), [(State::Overdue, Some(day("2023-05-31")))]);
    }

    #[test]
    fn what_is_cancelled_is_neither_due_nor_counted() {
        let fields = "milestones: [{what: 甲, due: 2023-04-30, cancelled: {on: 2023-06-01, why: 并入}}]";
        assert_eq!(state(fields, "2023-05-31"), State::Overdue);
        let plan = plan_of(fields);
        let status = as_of(&plan, day("2023-06-01"), WARN_DAYS);
        assert_eq!(status.checkpoints[0].state, State::Cancelled);
        assert_eq!((status.tasks[0].done, status.tasks[0].total), (0, 0));
        assert_eq!(status.tasks[0].state, State::Cancelled);
    }

    #[test]
    fn a_window_is_due_on_its_last_day() {
        let fields = "milestones: [{what: 甲, during: 2023Q1}]";
        assert_eq!(states(fields, "2023-01-01"), [(State::Upcoming, Some(day("2023-03-31")))]);
    }

    #[test]
    fn a_correction_downwards_reopens_an_indicator() {
        let fields = "indicators:\n  - name: 改厕\n    target: {at_least: 100, measure: 个}\n    due: 2023-06-30\n    actuals:\n      - {on: 2023-05-01, value: 100}\n      - {on: 2023-06-01, value: 90}\n      - {on: 2023-07-05, value: 101}";
        assert_eq!(state(fields, "2023-05-31"), State::Done);
        assert_eq!(state(fields, "2023-06-01"), State::DueSoon);
        assert_eq!(state(fields, "2023-07-04"), State::Overdue);
        let plan = plan_of(fields);
        let status = as_of(&plan, day("2023-07-31"), WARN_DAYS);
        assert_eq!(status.checkpoints[0].finished, Some(day("2023-07-05")));
        assert_eq!(status.checkpoints[0].late_days(status.day), Some(5));
    }

    #[test]
    fn stages_are_judged_one_by_one() {
        let fields = "indicators:\n  - name: 拨付\n    measure: '%'\n    targets: [{due: 2023-04-30, at_least: 30}, {due: 2023-06-30, at_least: 50}, {due: 2023-09-30, at_least: 75}]\n    actuals: [{on: 2023-04-28, value: 31}, {on: 2023-07-02, value: 52}]";
        let found: Vec<State> = states(fields, "2023-07-02").into_iter().map(|(state, _)| state).collect();
        assert_eq!(found, [State::Done, State::DoneLate, State::Upcoming]);
    }

    #[test]
    fn a_target_without_its_baseline_is_not_assessable_even_when_late() {
        let fields = "indicators: [{name: 余额, target: {at_least: baseline}, baseline: {what: 上年余额, value: ~}, due: 2023-03-31, actuals: [{on: 2023-03-01, value: 5}]}]";
        assert_eq!(state(fields, "2023-06-30"), State::NotAssessable);
        assert_eq!(state(&fields.replace("value: ~", "value: 6"), "2023-06-30"), State::Overdue);
        assert_eq!(state(&fields.replace("value: ~", "value: 5"), "2023-06-30"), State::Done);
    }

    #[test]
    fn a_relative_target_is_met_by_growth_over_its_baseline() {
        let fields = "indicators: [{name: 发放量, target: {at_least: 10, measure: '%'}, baseline: {what: 上年, value: 200}, actuals: [{on: 2023-03-01, value: 219}, {on: 2023-05-01, value: 220}]}]";
        assert_eq!(state(fields, "2023-04-01"), State::Upcoming);
        assert_eq!(state(fields, "2023-05-01"), State::Done);
        let plan = plan_of(fields);
        let status = as_of(&plan, day("2023-04-01"), WARN_DAYS);
        let reading = reading(&status, &status.checkpoints[0]).expect("an indicator's checkpoint");
        assert!(reading.value.is_some_and(|growth| (growth - 9.5).abs() < 1e-9));
        assert_eq!(reading.recorded, Some(219.0));
    }

    #[test]
    fn a_zero_target_is_met_by_a_record_of_zero_and_not_by_silence() {
        let fields = "indicators: [{name: 黑臭水体, target: {equals: 0, measure: 处}, actuals: [{on: 2023-03-01, value: 0}]}]";
        assert_eq!(state(fields, "2023-02-28"), State::Upcoming);
        assert_eq!(state(fields, "2023-03-01"), State::Done);
    }

    #[test]
    fn a_relative_deadline_waits_for_its_trigger() {
        let fields = "milestones: [{what: 下达, within: {days: 30, after: 收到资金}, triggers: [{on: 2023-03-15, done: 2023-04-10}, {on: 2023-06-01}]}]";
        assert_eq!(states(fields, "2023-03-14"), [(State::Waiting, None)]);
        assert_eq!(states(fields, "2023-04-10"), [(State::Done, Some(day("2023-04-14")))]);
        assert_eq!(
            states(fields, "2023-07-02"),
            [(State::Done, Some(day("2023-04-14"))), (State::Overdue, Some(day("2023-07-01")))]
        );
    }

    #[test]
    fn a_monthly_duty_is_twelve_checkpoints_due_on_month_ends() {
        let fields =
            "duties: [{what: 调度, every: month, done: [2023-01-31, {for: 2023-02, on: 2023-03-02}]}]";
        let found = states(fields, "2023-04-30");
        assert_eq!(found.len(), 12);
        assert_eq!(found[0], (State::Done, Some(day("2023-01-31"))));
        assert_eq!(found[1], (State::DoneLate, Some(day("2023-02-28"))));
        assert_eq!(found[2], (State::Overdue, Some(day("2023-03-31"))));
        assert_eq!(found[3], (State::DueSoon, Some(day("2023-04-30"))));
    }

    #[test]
    fn an_undated_duty_is_never_overdue_and_leaves_the_task_its_implied_checkpoint() {
        let fields = "duties: [{what: 巡查, every: ~, wording: 常态化}]";
        assert_eq!(states(fields, "2023-12-31"), [(State::DueSoon, Some(day("2023-12-31")))]);
        assert_eq!(state(fields, "2024-01-01"), State::Overdue);
        assert_eq!(state(&format!("{fields}\ndone: 2023-11-30"), "2024-01-01"), State::Done);
    }

    #[test]
    fn an_indicator_without_a_date_is_due_on_the_plans_last_day() {
        let fields = "indicators: [{name: 改厕, target: {at_least: 329, measure: 个}}]";
        assert_eq!(states(fields, "2023-06-30"), [(State::Upcoming, Some(day("2023-12-31")))]);
    }

    #[test]
    fn a_task_is_as_bad_as_its_worst_checkpoint() {
        let fields = "milestones: [{what: 甲, due: 2023-03-31, done: 2023-03-01}, {what: 乙, due: 2023-12-31}, {what: 丙, due: 2023-07-10}]";
        let plan = plan_of(fields);
        assert_eq!(as_of(&plan, day("2023-06-30"), WARN_DAYS).tasks[0].state, State::DueSoon);
        assert_eq!(as_of(&plan, day("2023-07-11"), WARN_DAYS).tasks[0].state, State::Overdue);
    }

    #[test]
    fn pace_has_three_bands() {
        assert_eq!(standing(5.0), Standing::OnTrack);
        assert_eq!(standing(-9.9), Standing::OnTrack);
        assert_eq!(standing(-10.0), Standing::Behind);
        assert_eq!(standing(-30.0), Standing::Behind);
        assert_eq!(standing(-30.1), Standing::FarBehind);
    }

    #[test]
    fn a_value_above_the_target_is_shown_as_such() {
        let fields = "indicators: [{name: 甲, target: {at_least: 33, measure: 个}, actuals: [{on: 2023-05-01, value: 41}]}]";
        let plan = plan_of(fields);
        let status = as_of(&plan, day("2023-06-30"), WARN_DAYS);
        let reading = reading(&status, &status.checkpoints[0]).expect("an indicator's checkpoint");
        assert!(reading.percent.is_some_and(|percent| (percent - 124.242_424).abs() < 1e-3));
        assert_eq!(reading.standing, Some(Standing::OnTrack));
    }

    proptest! {
        /// Facts of later days change nothing on an earlier one.
        #[test]
        fn later_facts_are_unknown(on in 0u64..365, done in 0u64..365) {
            let start = day("2023-01-01");
            let (on, done) = (start + Days::new(on), start + Days::new(done));
            let with = format!("milestones: [{{what: 甲, due: 2023-06-30, done: {done}}}]");
            let without = "milestones: [{what: 甲, due: 2023-06-30}]";
            let known = state(&with, &on.to_string());
            if done > on {
                prop_assert_eq!(known, state(without, &on.to_string()));
            } else {
                prop_assert!(known.is_finished());
                prop_assert_eq!(known == State::Done, done <= day("2023-06-30"));
            }
        }

        /// A checkpoint is overdue on exactly the days after its deadline while it is open.
        #[test]
        fn overdue_means_after_the_deadline(on in 0u64..365, due in 0u64..365) {
            let start = day("2023-01-01");
            let (on, due) = (start + Days::new(on), start + Days::new(due));
            let plan = plan_of(&format!("milestones: [{{what: 甲, due: {due}}}]"));
            let status = as_of(&plan, on, WARN_DAYS);
            let checkpoint = &status.checkpoints[0];
            prop_assert_eq!(checkpoint.state == State::Overdue, due < on);
            prop_assert_eq!(checkpoint.late_days(on), (due < on).then(|| (on - due).num_days()));
        }
    }
}
