//! The plan as the file states it: every idea of the document once, each with its Chinese term. No states here;
//! what is done or overdue follows from these facts and a day (see `status`).

use crate::calendar::Period;
use crate::diagnostic::Span;
use chrono::NaiveDate;
use std::collections::HashSet;

/// 方案: one official document, one year, one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The name of the document.
    pub title: String,
    /// The plan's year; its last day is the deadline of whatever names none.
    pub year: i32,
    /// Where the document was published.
    pub source: Source,
    /// Whether the first unit of each list leads (`lead: first_listed`).
    pub first_listed_leads: bool,
    /// A remark on the whole plan.
    pub note: Option<String>,
    /// The registry of units (单位名录).
    pub units: Vec<Unit>,
    /// 板块, in the document's order.
    pub sections: Vec<Section>,
    /// 任务, in the document's order, each pointing to its section.
    pub tasks: Vec<Task>,
}

/// Where the official document was published.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// 发布机构.
    pub publisher: Option<String>,
    /// 索引号.
    pub index: Option<String>,
    /// 发布日期.
    pub published: Option<NaiveDate>,
}

/// The position of a unit in [`Plan::units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub usize);

/// 责任单位: an office named as responsible, or a group of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The registered name.
    pub name: String,
    /// Other names under which it is found.
    pub aliases: Vec<String>,
    /// Where its reports are sent.
    pub email: Option<String>,
    /// 集体单位: the units that it stands for; `None` for a single unit.
    pub members: Option<Vec<UnitId>>,
    /// A remark, such as an anomaly of the document.
    pub note: Option<String>,
    /// Where its name stands in the file.
    pub span: Span,
}

/// 板块: a part of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// A letter.
    pub id: String,
    /// Its title in the plan's words.
    pub title: String,
    /// Its place in the document (二(三)).
    pub source: Option<String>,
    /// Where its id stands in the file.
    pub span: Span,
}

/// A unit as one list of the file names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Responsible {
    /// Which unit is meant.
    pub unit: UnitId,
    /// The name as written, which may be an alias.
    pub written: String,
}

/// 任务: one leaf item of the document, what a line of responsible units belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The section's letter and the document's numbers (C6, A1.3).
    pub id: String,
    /// A short title in the plan's words.
    pub title: String,
    /// The position of its section in [`Plan::sections`].
    pub section: usize,
    /// Its place in the document (二(三)6).
    pub source: Option<String>,
    /// 责任单位, in the document's order.
    pub units: Vec<Responsible>,
    /// 牵头单位, only where the document names them.
    pub lead: Vec<UnitId>,
    /// What it is about, in the plan's words.
    pub summary: Option<String>,
    /// How something in it was read.
    pub note: Option<String>,
    /// 时间节点.
    pub milestones: Vec<Milestone>,
    /// 指标.
    pub indicators: Vec<Indicator>,
    /// 经常性工作.
    pub duties: Vec<Duty>,
    /// 进展记录 of the task as a whole.
    pub log: Vec<LogEntry>,
    /// When a task with no dated item of its own was finished.
    pub done: Option<NaiveDate>,
    /// 已终止.
    pub cancelled: Option<Cancelled>,
    /// Where its id stands in the file.
    pub span: Span,
}

/// What every item of a task has in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// The document's own short phrase for the deadline (4月底前).
    pub wording: Option<String>,
    /// How the item was read.
    pub note: Option<String>,
    /// Responsible units narrower than the task's; empty where the task's hold.
    pub units: Vec<Responsible>,
    /// 已终止.
    pub cancelled: Option<Cancelled>,
    /// Where the item stands in the file.
    pub span: Span,
}

/// 时间节点: something that must have happened by a date, yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct Milestone {
    /// What must have happened.
    pub what: String,
    /// When.
    pub when: When,
    /// Wording, note, units, cancellation.
    pub terms: Terms,
}

/// The deadline of a milestone.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// One deadline on the calendar.
    Dated {
        /// The first day of the window, where the document gives one.
        from: Option<NaiveDate>,
        /// The last day.
        due: NaiveDate,
        /// When it happened.
        done: Option<NaiveDate>,
        /// 延期.
        extended: Vec<Extension>,
    },
    /// 收到……后N日内: so many days after each trigger.
    Within {
        /// Days after the trigger.
        days: u32,
        /// What triggers it.
        after: String,
        /// The times it was triggered.
        triggers: Vec<Trigger>,
    },
}

/// One time that a relative deadline was set off.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The day of the triggering event.
    pub on: NaiveDate,
    /// Which one (第一批).
    pub what: Option<String>,
    /// When what had to follow was finished.
    pub done: Option<NaiveDate>,
    /// 延期.
    pub extended: Vec<Extension>,
}

/// 延期: a dated decision that moves a deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// From this day the new deadline is in force.
    pub on: NaiveDate,
    /// The new deadline.
    pub to: NaiveDate,
    /// The reason.
    pub why: Option<String>,
}

/// 终止: a dated decision that ends a task or an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Cancelled {
    /// From this day it is neither due nor counted.
    pub on: NaiveDate,
    /// The reason.
    pub why: Option<String>,
}

/// 指标: something measured against a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// What is measured.
    pub name: String,
    /// A target to reach, or a population to cover in full.
    pub kind: IndicatorKind,
    /// The measure word of the target (个, 公里, %).
    pub measure: String,
    /// 阶段目标, in the order of their dates; one where the target has no stages.
    pub stages: Vec<Stage>,
    /// What the target is relative to.
    pub baseline: Option<Baseline>,
    /// The parts of the target, by name.
    pub breakdown: Vec<(String, f64)>,
    /// The values that were reported, in the file's order.
    pub actuals: Vec<Actual>,
    /// Wording, note, units, cancellation.
    pub terms: Terms,
}

/// Whether an indicator is a target or a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndicatorKind {
    /// 目标.
    Target,
    /// 全覆盖: everyone counted is to be reached.
    Coverage,
}

/// One target of an indicator with its deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// How the value is compared.
    pub comparator: Comparator,
    /// What it is compared with.
    pub goal: Goal,
    /// The first day of the window, where the document gives one.
    pub from: Option<NaiveDate>,
    /// The last day; `None` where the document names none and the plan's last day is implied.
    pub due: Option<NaiveDate>,
    /// The stage's own phrase.
    pub wording: Option<String>,
    /// 延期.
    pub extended: Vec<Extension>,
}

/// How a value is compared with its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// 不低于.
    AtLeast,
    /// 不高于.
    AtMost,
    /// 等于.
    Equals,
}

/// The number that a value is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// A number of the document, in the indicator's measure.
    Number(f64),
    /// The baseline's value itself (`at_least: baseline`).
    Baseline,
}

/// What a relative target is relative to.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// What it is (2022年发放量).
    pub what: String,
    /// Its value, once somebody has written it in.
    pub value: Option<f64>,
    /// Its measure word.
    pub measure: Option<String>,
}

/// A reported value.
#[derive(Clone, Debug, PartialEq)]
pub struct Actual {
    /// The day from which it is known.
    pub on: NaiveDate,
    /// The value, in the indicator's measure (the baseline's for a relative target).
    pub value: f64,
    /// Who reported it.
    pub unit: Option<UnitId>,
    /// A remark.
    pub note: Option<String>,
}

/// 经常性工作: work that recurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// What recurs.
    pub what: String,
    /// How often; `None` for 常态化, with no stated frequency.
    pub every: Option<Frequency>,
    /// The periods that were done.
    pub done: Vec<DutyDone>,
    /// Wording, note, units, cancellation.
    pub terms: Terms,
}

/// How often a duty recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// 每月.
    Month,
    /// 每季度.
    Quarter,
    /// 每年.
    Year,
}

/// One period of a duty, done.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyDone {
    /// Which period; `None` for a duty with no stated frequency.
    pub period: Option<Period>,
    /// When it was done.
    pub on: NaiveDate,
    /// Who reported it.
    pub unit: Option<UnitId>,
    /// A remark.
    pub note: Option<String>,
}

/// 进展记录: a dated remark on a task.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// The day.
    pub on: NaiveDate,
    /// Who reported it.
    pub unit: Option<UnitId>,
    /// What happened.
    pub note: Option<String>,
    /// 存在问题.
    pub issue: Option<String>,
    /// 下一步.
    pub next: Option<String>,
}

impl Plan {
    /// The unit with this position.
    pub fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id.0]
    }

    /// The section of a task.
    pub fn section(&self, task: &Task) -> &Section {
        &self.sections[task.section]
    }

    /// All units with their positions.
    pub fn unit_ids(&self) -> impl Iterator<Item = (UnitId, &Unit)> {
        self.units.iter().enumerate().map(|(at, unit)| (UnitId(at), unit))
    }

    /// The last day of the plan's year, on which whatever names no date is due.
    pub fn last_day(&self) -> NaiveDate {
        Period::year(self.year).map_or(NaiveDate::MAX, |year| year.last)
    }

    /// The same facts without their places in the file, to be compared with those of another text.
    pub fn without_places(mut self) -> Plan {
        let nowhere = Span::default();
        self.units.iter_mut().for_each(|unit| unit.span = nowhere);
        self.sections.iter_mut().for_each(|section| section.span = nowhere);
        for task in &mut self.tasks {
            task.span = nowhere;
            task.milestones.iter_mut().for_each(|item| item.terms.span = nowhere);
            task.indicators.iter_mut().for_each(|item| item.terms.span = nowhere);
            task.duties.iter_mut().for_each(|item| item.terms.span = nowhere);
        }
        self
    }

    /// Whether `unit` is `named` itself or a member, at any depth, of the group that is named.
    pub fn stands_for(&self, named: UnitId, unit: UnitId) -> bool {
        named == unit || (self.unit(named).members.is_some() && self.reach(named).contains(&unit))
    }

    /// Everyone whose work it is when `named` is named: itself and, of a group, all members at any depth, each once.
    pub fn reach(&self, named: UnitId) -> Vec<UnitId> {
        let mut reached = vec![named];
        let mut seen = HashSet::from([named]);
        let mut next = 0;
        while let Some(unit) = reached.get(next).copied() {
            reached.extend(self.unit(unit).members.iter().flatten().filter(|member| seen.insert(**member)));
            next += 1;
        }
        reached
    }
}

impl Task {
    /// Whether one of its items has dates of its own, so that `done` on the task counts for nothing.
    pub fn has_dated_items(&self) -> bool {
        !self.milestones.is_empty()
            || !self.indicators.is_empty()
            || self.duties.iter().any(|duty| duty.every.is_some())
    }

    /// The units that answer for an item of this task: its own, or else the task's.
    pub fn responsible<'t>(&'t self, own: &'t [Responsible]) -> &'t [Responsible] {
        if own.is_empty() { &self.units } else { own }
    }
}

impl Frequency {
    /// The word in the file.
    pub fn id(self) -> &'static str {
        match self {
            Frequency::Month => "month",
            Frequency::Quarter => "quarter",
            Frequency::Year => "year",
        }
    }

    /// The periods of a year at this frequency, in order.
    pub fn periods(self, year: i32) -> Vec<Period> {
        match self {
            Frequency::Month => Period::months_of(year).collect(),
            Frequency::Quarter => Period::quarters_of(year).collect(),
            Frequency::Year => Period::year(year).into_iter().collect(),
        }
    }
}

impl Comparator {
    /// The word in the file and in data.
    pub fn id(self) -> &'static str {
        match self {
            Comparator::AtLeast => "at_least",
            Comparator::AtMost => "at_most",
            Comparator::Equals => "equals",
        }
    }

    /// The sign before a number: ≥, ≤ or =.
    pub fn sign(self) -> &'static str {
        match self {
            Comparator::AtLeast => "≥",
            Comparator::AtMost => "≤",
            Comparator::Equals => "=",
        }
    }

    /// Whether the value satisfies the goal. Numbers that differ by less than a billionth are equal.
    pub fn holds(self, value: f64, goal: f64) -> bool {
        let slack = 1e-9 * goal.abs().max(1.0);
        match self {
            Comparator::AtLeast => value >= goal - slack,
            Comparator::AtMost => value <= goal + slack,
            Comparator::Equals => (value - goal).abs() <= slack,
        }
    }
}
