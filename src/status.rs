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

/// The deadline in force: that of the last extension granted on or before the day.
fn due_in_force(planned: NaiveDate, extended: &[Extension], day: NaiveDate) -> NaiveDate {
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
    if base == 0.0 { None } else { Some((value / base - 1.0) * 100.0) }
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
