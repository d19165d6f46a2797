//! What somebody reports, judged as a careful clerk would: which facts it makes, what cannot be right, and what
//! deserves a second look.

use super::find::{self, Candidate, Row, Spot};
use super::{Fact, Trouble, What};
use crate::calendar::{self, Period, PeriodName};
use crate::language::tr;
use crate::load;
use crate::model::*;
use crate::query;
use crate::report::{period_name, period_short, value_measure};
use crate::status;
use chrono::{Datelike, NaiveDate};

/// What somebody reports, as it was typed or stands in a row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The task's id.
    pub task: String,
    /// Part of the item's name; empty for the task as a whole.
    pub item: String,
    /// What a row of the table of deadlines says besides.
    pub row: Option<Row>,
    /// Which of several items was chosen.
    pub chosen: Option<Candidate>,
    /// The day on which it is so.
    pub on: NaiveDate,
    /// What happened.
    pub deed: Deed,
    /// Who reported it.
    pub unit: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// 存在问题.
    pub issue: Option<String>,
    /// 下一步.
    pub next: Option<String>,
    /// The reason of an extension or a cancellation.
    pub why: Option<String>,
    /// Which trigger (第一批).
    pub what: Option<String>,
    /// Which period of a duty.
    pub period: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// A value was reached, as it was written.
    Value(String),
    /// It was finished, or a period of it done.
    Done,
    /// Its deadline was moved to this day.
    Extend(NaiveDate),
    /// A relative deadline was set off.
    Trigger,
    /// It was ended.
    Cancel,
    /// Nothing but a remark.
    Nothing,
}

impl Deed {
    /// What a task must have for it.
    pub(super) fn thing(&self) -> &'static str {
        match self {
            Deed::Value(_) => tr("指标", "indicator"),
            Deed::Trigger => tr("“收到……后几日内”的节点", "milestone with a relative deadline"),
            Deed::Extend(_) => tr("可以延期的项目", "item with a deadline of its own"),
            _ => tr("可以这样记的项目", "item of which this can be recorded"),
        }
    }
}

/// The facts, and what is to be said of them.
pub(super) struct Decided {
    pub facts: Vec<Fact>,
    /// Possible, but perhaps a slip.
    pub doubts: Vec<String>,
    /// Only worth knowing.
    pub notices: Vec<String>,
}

/// The period of a duty in which a day falls.
pub(super) fn period_of(every: Frequency, day: NaiveDate) -> Option<Period> {
    every.periods(day.year()).into_iter().find(|period| period.contains(day))
}

/// Decides what is to be written.
pub(super) fn decide(plan: &Plan, report: &Report, today: NaiveDate) -> Result<Decided, Trouble> {
    let at = query::task(plan, &report.task)
        .map_err(|not_found| Trouble::Wrong(not_found.words(tr("任务", "task"), &report.task)))?;
    if report.on > today {
        let on = report.on;
        return wrong(tr(
            format!("{on} 还没有到（今天是 {today}）；只记已经发生的事"),
            format!("{on} has not come yet (today is {today}); only what has happened is recorded"),
        ));
    }
    fitting_options(report)?;
    let task = &plan.tasks[at];
    // An unknown unit keeps nothing else from being judged: what is wrong is told at once.
    let (unit, stranger) = match report.unit.as_deref().map(|name| unit(plan, name)).transpose() {
        Ok(unit) => (unit, None),
        Err(trouble) => (None, Some(trouble.words())),
    };
    match (judged(plan, at, task, report, unit), stranger) {
        (decided, None) => decided,
        (Ok(_), Some(stranger)) => wrong(stranger),
        (Err(trouble), Some(stranger)) => wrong(format!("{}{}{stranger}", trouble.words(), tr("；", "; "))),
    }
}

/// Decides what is to be written of a task, reported by a unit.
fn judged(
    plan: &Plan,
    at: usize,
    task: &Task,
    report: &Report,
    unit: Option<UnitId>,
) -> Result<Decided, Trouble> {
    let spot = spot(task, report)?;
    let mut decided = Decided { facts: Vec::new(), doubts: Vec::new(), notices: Vec::new() };
    if let Some(unit) = unit {
        decided.doubts.extend(foreign_unit(plan, task, spot, unit));
    }
    if let Some(on) = spot.cancelled(task).filter(|_| !matches!(report.deed, Deed::Nothing | Deed::Cancel)) {
        let name = spot.name(task);
        decided.doubts.push(tr(
            format!("“{name}”已于 {on} 终止，再记也不计入统计"),
            format!("{name} was cancelled on {on}; what is recorded does not count"),
        ));
    }
    let judge = Judge { plan, task, at, spot, report, unit };
    if let Some(fact) = judge.main(&mut decided)? {
        decided.facts.push(fact);
    }
    decided.facts.extend(judge.log()?);
    Ok(decided)
}

fn wrong<T>(words: String) -> Result<T, Trouble> {
    Err(Trouble::Wrong(words))
}

/// The item that is meant: the chosen one where somebody has chosen, if it is still the same.
fn spot(task: &Task, report: &Report) -> Result<Spot, Trouble> {
    if let Some(chosen) = &report.chosen {
        let same = |candidate: &Candidate| candidate == chosen;
        let asked = Report { chosen: None, ..report.clone() };
        return match spot(task, &asked) {
            Err(Trouble::Several { candidates, .. }) if candidates.iter().any(same) => Ok(chosen.spot),
            Ok(found) if found == chosen.spot => Ok(found),
            _ => wrong(
                tr("文件刚被改过，请重新选", "the file was changed meanwhile; choose again").to_string(),
            ),
        };
    }
    let asked = match (&report.deed, &report.what) {
        (Deed::Done | Deed::Extend(_), Some(which)) => format!("{} {which}", report.item),
        _ => report.item.clone(),
    };
    find::find(task, &report.deed, asked.trim(), report.row.as_ref())
}

/// Options that say nothing together are refused, and so are empty words.
fn fitting_options(report: &Report) -> Result<(), Trouble> {
    let texts = [
        ("--note", &report.note),
        ("--issue", &report.issue),
        ("--next", &report.next),
        ("--why", &report.why),
        ("--what", &report.what),
        ("--unit", &report.unit),
    ];
    if let Some((name, _)) =
        texts.iter().find(|(_, text)| text.as_ref().is_some_and(|text| text.trim().is_empty()))
    {
        return wrong(tr(format!("{name} 是空的"), format!("{name} is empty")));
    }
    let only = |name: &str, with: &str| {
        wrong(tr(format!("{name} 只与 {with} 同用"), format!("{name} goes with {with} only")))
    };
    match &report.deed {
        Deed::Extend(_) | Deed::Cancel => {}
        _ if report.why.is_some() => {
            return only("--why", tr("--extend 或 --cancel", "--extend or --cancel"));
        }
        _ => {}
    }
    if report.what.is_some() && !matches!(report.deed, Deed::Trigger | Deed::Done | Deed::Extend(_)) {
        return only("--what", tr("--trigger、--done 或 --extend", "--trigger, --done or --extend"));
    }
    if report.period.is_some() && report.deed != Deed::Done {
        return only("--for", "--done");
    }
    let remarks = report.note.is_some() || report.issue.is_some() || report.next.is_some();
    if report.deed == Deed::Nothing && !remarks {
        return wrong(
            tr(
                "没有说要记什么：--value 数、--done、--extend 日期、--trigger、--cancel，或 --note、--issue、--next",
                "say what to record: --value N, --done, --extend DAY, --trigger, --cancel, or --note, --issue, --next",
            )
            .to_string(),
        );
    }
    if report.unit.is_some()
        && !remarks
        && matches!(report.deed, Deed::Extend(_) | Deed::Trigger | Deed::Cancel)
    {
        return wrong(
            tr(
                "这样的记录里没有单位一栏；要记是谁报的，加 --note 写一句",
                "such a record has no unit; add a --note to record who reported it",
            )
            .to_string(),
        );
    }
    Ok(())
}

fn unit(plan: &Plan, asked: &str) -> Result<UnitId, Trouble> {
    query::unit(plan, asked).map_err(|not_found| Trouble::Wrong(not_found.words(tr("单位", "unit"), asked)))
}

/// A unit that answers for nothing here is perhaps a slip.
fn foreign_unit(plan: &Plan, task: &Task, spot: Spot, unit: UnitId) -> Option<String> {
    let units = spot.units(task);
    let answers = units.iter().any(|named| plan.stands_for(named.unit, unit));
    if units.is_empty() || answers {
        return None;
    }
    let (id, name) = (&task.id, &plan.unit(unit).name);
    Some(tr(
        format!("{name}不是 {id} 的责任单位"),
        format!("{name} is not one of the responsible units of {id}"),
    ))
}

struct Judge<'p> {
    plan: &'p Plan,
    task: &'p Task,
    at: usize,
    spot: Spot,
    report: &'p Report,
    unit: Option<UnitId>,
}

impl Judge<'_> {
    fn fact(&self, what: What) -> Fact {
        Fact { task: self.at, spot: self.spot, what }
    }

    /// The fact beside the remarks.
    fn main(&self, decided: &mut Decided) -> Result<Option<Fact>, Trouble> {
        let what = match &self.report.deed {
            Deed::Value(text) => self.value(text, decided)?,
            Deed::Done => self.done(decided)?,
            Deed::Extend(to) => self.extension(*to, decided)?,
            Deed::Trigger => self.trigger()?,
            Deed::Cancel => self.cancellation(decided)?,
            Deed::Nothing => return Ok(None),
        };
        Ok(Some(self.fact(what)))
    }

    fn name(&self) -> String {
        self.spot.name(self.task)
    }

    fn value(&self, text: &str, decided: &mut Decided) -> Result<What, Trouble> {
        let Spot::Indicator(at) = self.spot else { return self.unsuited() };
        let indicator = &self.task.indicators[at];
        let measure = value_measure(indicator);
        let Some(value) = number(text, measure) else {
            return wrong(tr(
                format!("“{text}”不是数；写成 150 或 411.82"),
                format!("{text:?} is not a number; write 150 or 411.82"),
            ));
        };
        // Growth may be negative; what is counted or measured is not.
        if value < 0.0 && indicator.measure != "%" {
            decided.doubts.push(tr(format!("{text} 是负数"), format!("{text} is negative")));
        }
        let note = self.report.note.clone().map(trimmed);
        let actual = Actual { on: self.report.on, value, unit: self.unit, note };
        if indicator.actuals.contains(&actual) {
            let (name, on) = (self.name(), self.report.on);
            return wrong(tr(
                format!("“{name}”{on} 的这个数已经记过了"),
                format!("this value of {name} on {on} is recorded already"),
            ));
        }
        Ok(What::Value(actual))
    }

    fn unsuited<T>(&self) -> Result<T, Trouble> {
        let name = self.name();
        wrong(tr(format!("“{name}”不能这样记"), format!("this cannot be recorded of {name}")))
    }

    fn done(&self, decided: &mut Decided) -> Result<What, Trouble> {
        let done = match self.spot {
            Spot::Duty(at) => return self.period_done(&self.task.duties[at], decided),
            _ if self.report.period.is_some() => {
                let name = self.name();
                return wrong(tr(
                    format!("“{name}”不分期，不写 --for"),
                    format!("{name} does not recur; leave --for out"),
                ));
            }
            _ => self.finished_on(),
        };
        if let Some(done) = done {
            let name = self.name();
            return wrong(tr(
                format!("“{name}”已经记为 {done} 完成"),
                format!("{name} is recorded as done on {done} already"),
            ));
        }
        if let Spot::Trigger(at, which) = self.spot
            && let When::Within { triggers, .. } = &self.task.milestones[at].when
            && self.report.on < triggers[which].on
        {
            let (on, trigger) = (self.report.on, triggers[which].on);
            return wrong(tr(
                format!("完成日期 {on} 早于触发日 {trigger}"),
                format!("finished on {on}, before the trigger on {trigger}"),
            ));
        }
        Ok(What::Done(self.report.on))
    }

    fn period_done(&self, duty: &Duty, decided: &mut Decided) -> Result<What, Trouble> {
        let on = self.report.on;
        let period = match duty.every {
            None if self.report.period.is_some() => {
                let name = self.name();
                return wrong(tr(
                    format!("“{name}”没有频次，不写 --for"),
                    format!("{name} has no stated frequency; leave --for out"),
                ));
            }
            None => None,
            Some(every) => Some(self.which_period(every)?),
        };
        if let Some(period) = period {
            let name = period_name(&period);
            if let Some(done) = duty.done.iter().find(|done| done.period == Some(period)) {
                let day = done.on;
                return wrong(tr(
                    format!("{name}已经记为 {day} 完成；是别的一期，用 --for 写明"),
                    format!("{name} is recorded as done on {day} already; say with --for which period it is"),
                ));
            }
            if on < period.first {
                return wrong(tr(
                    format!("完成日期 {on} 早于{name}的开始"),
                    format!("done on {on}, before {name} begins"),
                ));
            }
            decided.notices.extend(self.perhaps_the_one_before(duty, period));
        }
        let note = self.report.note.clone().map(trimmed);
        let done = DutyDone { period, on, unit: self.unit, note };
        if period.is_none() && duty.done.contains(&done) {
            let name = self.name();
            return wrong(tr(
                format!("“{name}”{on} 的这一次已经记过了"),
                format!("{name} on {on} is recorded already"),
            ));
        }
        Ok(What::Period(done))
    }

    /// The period that was named, else that of the row, else that in which the day falls.
    fn which_period(&self, every: Frequency) -> Result<Period, Trouble> {
        let year = self.plan.year;
        let of_row = || period_of(every, self.report.row.as_ref()?.due?);
        let period = match &self.report.period {
            Some(text) => match period_named(text, every, year) {
                Some(period) => period,
                None => {
                    let example = every.periods(year).first().map(Period::id).unwrap_or_default();
                    return wrong(tr(
                        format!("“{text}”不是这项工作的一期；写成 {example} 的样子"),
                        format!("{text:?} is not a period of this duty; write it like {example}"),
                    ));
                }
            },
            None => match of_row().or_else(|| period_of(every, self.report.on)) {
                Some(period) => period,
                None => return self.unsuited(),
            },
        };
        if period.first.year() != year {
            let name = period_name(&period);
            return wrong(tr(
                format!("{name}不在方案年度 {year} 内；用 --for 写明补记的是哪一期"),
                format!("{name} is outside the plan's year {year}; say with --for which period it is"),
            ));
        }
        Ok(period)
    }

    /// In the first days of a period people often report the one before.
    fn perhaps_the_one_before(&self, duty: &Duty, period: Period) -> Option<String> {
        if self.report.period.is_some() || self.report.row.is_some() || duty.every == Some(Frequency::Year) {
            return None;
        }
        let all = duty.every?.periods(self.plan.year);
        let before = all.iter().rev().find(|other| other.last < period.first)?;
        let missed = duty.done.iter().all(|done| done.period != Some(*before));
        let early = (self.report.on - period.first).num_days() < 10;
        let (this, that, id) = (period_short(&period), period_short(before), before.id());
        (missed && early).then(|| {
            tr(
                format!("记作{this}的；{that}还没有记，如果说的是{that}，加 --for {id}"),
                format!("recorded for {this}; {that} is still open: if that is meant, add --for {id}"),
            )
        })
    }

    fn extension(&self, to: NaiveDate, decided: &mut Decided) -> Result<What, Trouble> {
        let (due, extended, finished) = match self.spot {
            Spot::Milestone(at) => match &self.task.milestones[at].when {
                When::Dated { due, extended, done, .. } => (*due, extended, *done),
                When::Within { .. } => return self.unsuited(),
            },
            Spot::Trigger(at, which) => match &self.task.milestones[at].when {
                When::Within { days, triggers, .. } => {
                    let trigger = &triggers[which];
                    let due = trigger.on.checked_add_days(chrono::Days::new((*days).into()));
                    (due.unwrap_or(NaiveDate::MAX), &trigger.extended, trigger.done)
                }
                When::Dated { .. } => return self.unsuited(),
            },
            Spot::Stage(at, stage) => {
                let stage = &self.task.indicators[at].stages[stage];
                (stage.due.unwrap_or_else(|| self.plan.last_day()), &stage.extended, None)
            }
            _ => return self.unsuited(),
        };
        let on = self.report.on;
        let in_force = status::due_in_force(due, extended, on);
        if let Some(later) = extended.iter().find(|extension| extension.on > on) {
            let (granted, to) = (later.on, later.to);
            decided.doubts.push(tr(
                format!("{granted} 已经另有延期到 {to} 的决定，这一条记上也被它取代"),
                format!("a later decision of {granted} extends it to {to} and supersedes this one"),
            ));
        }
        if to <= in_force {
            return wrong(tr(
                format!("延期到 {to}，并不晚于现在的时限 {in_force}"),
                format!("extended to {to}, which is not later than the deadline of {in_force}"),
            ));
        }
        if to < on {
            return wrong(tr(
                format!("延期到 {to}，早于批准日 {on}"),
                format!("extended to {to}, before it was granted on {on}"),
            ));
        }
        if let Some(done) = finished.filter(|done| *done < on) {
            let name = self.name();
            decided.doubts.push(tr(
                format!("“{name}”{done} 就已完成，延期批准在后"),
                format!("{name} was done on {done}, before the extension was granted"),
            ));
        }
        Ok(What::Extended(Extension { on, to, why: self.report.why.clone().map(trimmed) }))
    }

    fn trigger(&self) -> Result<What, Trouble> {
        let Spot::Milestone(at) = self.spot else { return self.unsuited() };
        let When::Within { triggers, .. } = &self.task.milestones[at].when else { return self.unsuited() };
        let (on, what) = (self.report.on, self.report.what.clone().map(trimmed));
        if triggers.iter().any(|trigger| trigger.on == on && trigger.what == what) {
            let name = self.name();
            return wrong(tr(
                format!("“{name}”{on} 的这次触发已经记过了；是另一批，用 --what 写明"),
                format!("this trigger of {name} on {on} is recorded already; tell another one with --what"),
            ));
        }
        Ok(What::Triggered(Trigger { on, what, done: None, extended: Vec::new() }))
    }

    /// When the task or the milestone was finished.
    fn finished_on(&self) -> Option<NaiveDate> {
        match self.spot {
            Spot::Task => self.task.done,
            Spot::Milestone(at) => match &self.task.milestones[at].when {
                When::Dated { done, .. } => *done,
                When::Within { .. } => None,
            },
            _ => None,
        }
    }

    fn cancellation(&self, decided: &mut Decided) -> Result<What, Trouble> {
        let name = self.name();
        if let Some(on) = self.spot.cancelled(self.task).or(self.task.cancelled.as_ref().map(|c| c.on)) {
            return wrong(tr(
                format!("“{name}”已于 {on} 终止"),
                format!("{name} was cancelled on {on} already"),
            ));
        }
        let done = self.finished_on();
        if let Some(done) = done {
            decided.doubts.push(tr(
                format!("“{name}”已于 {done} 完成，终止后不再计入统计"),
                format!("{name} was done on {done}; once cancelled it counts no more"),
            ));
        }
        Ok(What::Cancelled(Cancelled { on: self.report.on, why: self.report.why.clone().map(trimmed) }))
    }

    /// The remarks that the main record has no place for, as an entry of the task's log.
    fn log(&self) -> Result<Option<Fact>, Trouble> {
        let report = self.report;
        let takes_note =
            matches!((&report.deed, self.spot), (Deed::Value(_), _) | (Deed::Done, Spot::Duty(_)));
        let mut note = report.note.clone().filter(|_| !takes_note).map(trimmed);
        let mut issue = report.issue.clone().map(trimmed);
        let mut next = report.next.clone().map(trimmed);
        if note.is_none() && issue.is_none() && next.is_none() {
            // A milestone's date says nothing of who reported it.
            match (&report.deed, self.unit) {
                (Deed::Done, Some(_)) if !takes_note => note = Some(format!("{}完成", self.name())),
                _ => return Ok(None),
            }
        }
        if self.spot != Spot::Task && self.has_several_items() {
            let name = self.name();
            let first = [&mut note, &mut issue, &mut next].into_iter().find_map(|text| text.as_mut());
            if let Some(text) = first.filter(|text| !text.contains(&name)) {
                *text = format!("{name}：{text}");
            }
        }
        let entry = LogEntry { on: report.on, unit: self.unit, note, issue, next };
        if self.task.log.contains(&entry) {
            let (id, on) = (&self.task.id, report.on);
            return wrong(tr(
                format!("{id} {on} 的这条记录已经有了"),
                format!("this entry of {id} on {on} is recorded already"),
            ));
        }
        Ok(Some(self.fact(What::Logged(entry))))
    }

    fn has_several_items(&self) -> bool {
        self.task.milestones.len() + self.task.indicators.len() + self.task.duties.len() > 1
    }
}

fn trimmed(text: String) -> String {
    text.trim().to_string()
}

/// A period as people write it: `2023-03`, `3月`, `2023Q1`, `一季度`, `2023`.
fn period_named(text: &str, every: Frequency, year: i32) -> Option<Period> {
    match every {
        Frequency::Month => calendar::parse_month(text, year),
        Frequency::Quarter => calendar::parse_quarter(text, year),
        Frequency::Year => calendar::parse_window(text.trim().trim_end_matches('年'))
            .filter(|period| matches!(period.name, PeriodName::Year(_))),
    }
}

/// Digits and signs are often typed in full width.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// A number as people write it: with its measure word or without, with commas between thousands or without.
fn number(text: &str, measure: &str) -> Option<f64> {
    let text: String = text.chars().map(half_width).collect();
    let text = text.trim();
    let digits = text.strip_suffix(measure).unwrap_or(text).trim_end();
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (digits, String::new()),
    };
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = whole.contains(',');
    let fits =
        !grouped || ((1..=3).contains(&first.trim_start_matches('-').len()) && groups.all(|g| g.len() == 3));
    if !fits {
        return None;
    }
    // Adding zero makes -0 plain 0.
    load::plain_number(&format!("{}{fraction}", whole.replace(',', ""))).map(|value| value + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_with_its_measure_and_in_groups_of_thousands() {
        for (text, measure, value) in [
            ("150", "个", 150.0),
            (" 150 个", "个", 150.0),
            ("93%", "%", 93.0),
            ("９３．５％", "%", 93.5),
            ("1,234.50", "公里", 1234.5),
            ("12,345,678", "元", 12_345_678.0),
            ("-3", "", -3.0),
        ] {
            assert_eq!(number(text, measure), Some(value), "{text}");
        }
        for text in ["", "个", "1,5", "1,2345", ",123", "150户", "1e3", "07", "1.2.3", "93%", "十"] {
            assert_eq!(number(text, "个"), None, "{text}");
        }
    }

    #[test]
    fn a_period_is_named_as_its_duty_recurs() {
        let id = |text, every| period_named(text, every, 2023).map(|period| period.id());
        assert_eq!(id("3月", Frequency::Month).as_deref(), Some("2023-03"));
        assert_eq!(id("2023-03", Frequency::Month).as_deref(), Some("2023-03"));
        assert_eq!(id("一季度", Frequency::Quarter).as_deref(), Some("2023Q1"));
        assert_eq!(id("2023", Frequency::Year).as_deref(), Some("2023"));
        assert_eq!(id("2023年", Frequency::Year).as_deref(), Some("2023"));
        assert_eq!(id("2023-03", Frequency::Year), None);
        assert_eq!(id("2023Q1", Frequency::Month), None);
    }
}
