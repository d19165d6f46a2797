//! What somebody reports becomes a fact of the plan and the lines of the file that say it.
//!
//! The item is found by part of its name, the fact is decided and checked against what the plan knows, written by
//! [`edit`], and read back: the new text must be the old plan plus exactly this fact. Text in, text out.

mod decide;
mod find;
pub mod sheet;
pub mod undo;

pub use decide::{Deed, Report};
pub use find::{Candidate, Row, Spot};

use crate::diagnostic::Diagnostic;
use crate::edit::{self, Change, How, New, Splice, Step};
use crate::language::tr;
use crate::load::{self, Loaded};
use crate::model::*;
use chrono::NaiveDate;
use std::collections::VecDeque;

/// One thing that happened, and where in the plan it belongs.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The position of the task in [`Plan::tasks`].
    pub task: usize,
    /// Which item of the task.
    pub spot: Spot,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// 完成: a milestone, a trigger, or the task as a whole.
    Done(NaiveDate),
    /// One period of a duty was done.
    Period(DutyDone),
    /// A value was reported.
    Value(Actual),
    /// 延期.
    Extended(Extension),
    /// A relative deadline was set off.
    Triggered(Trigger),
    /// 终止.
    Cancelled(Cancelled),
    /// 进展记录.
    Logged(LogEntry),
}

/// Why something was not recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// It cannot be right; in words.
    Wrong(String),
    /// Several items may be meant.
    Several {
        /// What is to be chosen.
        question: String,
        /// The items.
        candidates: Vec<Candidate>,
    },
}

impl Trouble {
    /// In one sentence, for where nobody can be asked.
    pub fn words(&self) -> String {
        match self {
            Trouble::Wrong(words) => words.clone(),
            Trouble::Several { question, candidates } => {
                let names = candidates.iter().map(|candidate| candidate.words.as_str()).collect::<Vec<_>>();
                let names = names.join(tr("、", ", "));
                tr(format!("{question}：{names}"), format!("{question}: {names}"))
            }
        }
    }
}

/// A text, the plan that it says, and its problems, ready to take a record.
#[derive(Clone)]
pub struct Ledger {
    /// The whole text.
    pub text: String,
    /// What it says.
    pub plan: Plan,
    problems: Vec<Diagnostic>,
    today: NaiveDate,
}

/// What a record did.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The facts that were written, in words with their task: C3 厕所新改建：2023-06-30 150个.
    pub words: Vec<String>,
    /// What is possible but deserves a second look.
    pub doubts: Vec<String>,
    /// What is worth knowing.
    pub notices: Vec<String>,
    /// What was done to the text, fact after fact; empty where many were recorded at once.
    pub edits: Vec<Vec<Splice>>,
}

impl Ledger {
    /// Reads a text; `None` where it has errors, which the problems tell.
    ///
    /// # Errors
    /// The problems of a wrong file.
    pub fn open(text: String, today: NaiveDate) -> Result<Ledger, Vec<Diagnostic>> {
        let loaded = load::plan(&text, today);
        let wrong = loaded.has_errors();
        match loaded {
            Loaded { plan: Some(plan), problems } if !wrong => Ok(Ledger { text, plan, problems, today }),
            Loaded { problems, .. } => Err(problems),
        }
    }

    /// The day up to which things can have happened.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Records what was reported. Nothing is changed unless all of it can be.
    ///
    /// # Errors
    /// Why it cannot be right, or which items may be meant.
    pub fn record(&mut self, report: &Report) -> Result<Recorded, Trouble> {
        let decided = decide::decide(&self.plan, report, self.today)?;
        let mut recorded = Recorded {
            words: Vec::new(),
            doubts: decided.doubts,
            notices: decided.notices,
            edits: Vec::new(),
        };
        let mut after = self.clone();
        for fact in decided.facts {
            recorded.words.push(fact.words(&after.plan));
            let (edits, doubts) = after.write(fact)?;
            recorded.edits.push(edits);
            recorded.doubts.extend(doubts);
        }
        *self = after;
        Ok(recorded)
    }

    /// Records many reports, with the file read only as often as they touch the same place of it. `None`, and nothing is
    /// changed, where anything is to be said of any of them: [`Ledger::record`] tells it of each.
    pub fn record_together(&mut self, reports: &[Report]) -> Option<Vec<Recorded>> {
        let mut after = self.clone();
        let mut all = Vec::with_capacity(reports.len());
        let mut facts = VecDeque::new();
        // What was decided before counts for what is decided next, as if it stood in the file already.
        let mut plan = self.plan.clone();
        for report in reports {
            let decided = decide::decide(&plan, report, self.today).ok()?;
            let words = decided.facts.iter().map(|fact| fact.words(&plan)).collect();
            decided.facts.iter().for_each(|fact| fact.add_to(&mut plan));
            facts.extend(decided.facts);
            all.push(Recorded { words, doubts: decided.doubts, notices: decided.notices, edits: Vec::new() });
        }
        while !facts.is_empty() {
            let changes: Vec<Change> = facts.iter().map(|fact| fact.change(&after.plan)).collect();
            let (edited, made) = edit::apply_some(&after.text, &changes.iter().collect::<Vec<_>>()).ok()?;
            let mut expected = after.plan.clone();
            let mut left = VecDeque::new();
            for (at, fact) in facts.into_iter().enumerate() {
                if made.binary_search(&at).is_ok() {
                    fact.add_to(&mut expected);
                } else {
                    left.push_back(fact);
                }
            }
            let Loaded { plan, problems } = load::plan(&edited.text, self.today);
            let plan = plan.filter(|_| fresh(&after.problems, &problems).is_empty())?;
            if plan.clone().without_places() != expected.without_places() {
                return None;
            }
            after = Ledger { text: edited.text, plan, problems, today: self.today };
            facts = left;
        }
        *self = after;
        Some(all)
    }

    /// Whether a report could be recorded, as far as that shows before the file is touched.
    ///
    /// # Errors
    /// As [`Ledger::record`].
    pub fn judge(&self, report: &Report) -> Result<(), Trouble> {
        decide::decide(&self.plan, report, self.today).map(|_| ())
    }

    /// Writes one fact, and returns what was done to the text, and the warnings that it has because of this.
    fn write(&mut self, fact: Fact) -> Result<(Vec<Splice>, Vec<String>), Trouble> {
        let refused = |why: String| {
            Trouble::Wrong(tr(format!("没有写入：{why}"), format!("nothing was written: {why}")))
        };
        let edited =
            edit::apply(&self.text, &fact.change(&self.plan)).map_err(|why| refused(why.to_string()))?;
        let Loaded { plan, problems } = load::plan(&edited.text, self.today);
        let fresh = fresh(&self.problems, &problems);
        if let Some(error) = fresh.iter().find(|problem| problem.is_error()) {
            return Err(refused(error.message.clone()));
        }
        let doubts = fresh.iter().map(|problem| problem.message.clone()).collect();
        let mut expected = self.plan.clone();
        fact.add_to(&mut expected);
        let same = plan.clone().map(Plan::without_places) == Some(expected.without_places());
        let Some(plan) = plan.filter(|_| same) else {
            return Err(refused(
                tr(
                    "改过的文件读出来不是原来的方案加上这一条，请手工写上",
                    "the file would not say the old plan and this one fact; please write it by hand",
                )
                .to_string(),
            ));
        };
        *self = Ledger { text: edited.text, plan, problems, today: self.today };
        Ok((edited.splices, doubts))
    }
}

/// The problems that were not there before, wherever they stand.
fn fresh<'a>(before: &[Diagnostic], after: &'a [Diagnostic]) -> Vec<&'a Diagnostic> {
    let mut known: Vec<_> = before.iter().map(|problem| Some((problem.code, &problem.message))).collect();
    after
        .iter()
        .filter(|problem| {
            let same = known.iter_mut().find(|known| **known == Some((problem.code, &problem.message)));
            same.map(Option::take).is_none()
        })
        .collect()
}

impl Fact {
    /// Adds the fact to the plan, as the file will say it.
    fn add_to(&self, plan: &mut Plan) {
        let Some(task) = plan.tasks.get_mut(self.task) else { return };
        match (&self.what, self.spot) {
            (What::Logged(entry), _) => task.log.push(entry.clone()),
            (What::Cancelled(cancelled), spot) => {
                let place = match spot {
                    Spot::Milestone(at) | Spot::Trigger(at, _) => &mut task.milestones[at].terms.cancelled,
                    Spot::Indicator(at) | Spot::Stage(at, _) => &mut task.indicators[at].terms.cancelled,
                    Spot::Duty(at) => &mut task.duties[at].terms.cancelled,
                    Spot::Task => &mut task.cancelled,
                };
                *place = Some(cancelled.clone());
            }
            (What::Done(day), Spot::Task) => task.done = Some(*day),
            (What::Done(day), Spot::Milestone(at)) => {
                if let When::Dated { done, .. } = &mut task.milestones[at].when {
                    *done = Some(*day);
                }
            }
            (What::Extended(extension), Spot::Milestone(at)) => {
                if let When::Dated { extended, .. } = &mut task.milestones[at].when {
                    extended.push(extension.clone());
                }
            }
            (What::Extended(extension), Spot::Stage(at, stage)) => {
                task.indicators[at].stages[stage].extended.push(extension.clone());
            }
            (what, Spot::Trigger(at, which)) => {
                let When::Within { triggers, .. } = &mut task.milestones[at].when else { return };
                match what {
                    What::Done(day) => triggers[which].done = Some(*day),
                    What::Extended(extension) => triggers[which].extended.push(extension.clone()),
                    _ => {}
                }
            }
            (What::Triggered(trigger), Spot::Milestone(at)) => {
                if let When::Within { triggers, .. } = &mut task.milestones[at].when {
                    triggers.push(trigger.clone());
                }
            }
            (What::Period(done), Spot::Duty(at)) => task.duties[at].done.push(done.clone()),
            (What::Value(actual), Spot::Indicator(at)) => task.indicators[at].actuals.push(actual.clone()),
            _ => {}
        }
    }

    /// The change of the file that says it.
    fn change(&self, plan: &Plan) -> Change {
        let task = &plan.tasks[self.task];
        let before = plan.tasks[..self.task].iter().filter(|other| other.section == task.section).count();
        let mut path =
            vec![Step::Key("sections"), Step::Item(task.section), Step::Key("tasks"), Step::Item(before)];
        if !matches!(self.what, What::Logged(_)) {
            path.extend(self.spot_path());
        }
        let name = |unit: Option<UnitId>| unit.map(|unit| New::Text(plan.unit(unit).name.clone()));
        let text = |text: &Option<String>| text.clone().map(New::Text);
        let day = |day: NaiveDate| Some(New::Plain(day.to_string()));
        let (key, how) = match &self.what {
            What::Done(on) => ("done", How::Set(New::Plain(on.to_string()))),
            What::Period(done) => {
                let own = self.own_period(task, done.on);
                let period = done.period.filter(|period| own != Some(*period));
                let bare = period.is_none() && done.unit.is_none() && done.note.is_none();
                let item = if bare {
                    New::Plain(done.on.to_string())
                } else {
                    record([
                        ("for", period.map(|period| New::Plain(period.id()))),
                        ("on", day(done.on)),
                        ("unit", name(done.unit)),
                        ("note", text(&done.note)),
                    ])
                };
                ("done", How::Append(item))
            }
            What::Value(actual) => {
                let value = New::Plain(actual.value.to_string());
                let fields = [
                    ("on", day(actual.on)),
                    ("value", Some(value)),
                    ("unit", name(actual.unit)),
                    ("note", text(&actual.note)),
                ];
                ("actuals", How::Append(record(fields)))
            }
            What::Extended(extension) => {
                let fields =
                    [("on", day(extension.on)), ("to", day(extension.to)), ("why", text(&extension.why))];
                ("extended", How::Append(record(fields)))
            }
            What::Triggered(trigger) => {
                ("triggers", How::Append(record([("on", day(trigger.on)), ("what", text(&trigger.what))])))
            }
            What::Cancelled(cancelled) => {
                ("cancelled", How::Set(record([("on", day(cancelled.on)), ("why", text(&cancelled.why))])))
            }
            What::Logged(entry) => {
                let fields = [
                    ("on", day(entry.on)),
                    ("unit", name(entry.unit)),
                    ("note", text(&entry.note)),
                    ("issue", text(&entry.issue)),
                    ("next", text(&entry.next)),
                ];
                ("log", How::Append(record(fields)))
            }
        };
        Change { path, key, how }
    }

    fn spot_path(&self) -> Vec<Step> {
        match self.spot {
            Spot::Task => Vec::new(),
            Spot::Milestone(at) => vec![Step::Key("milestones"), Step::Item(at)],
            Spot::Trigger(at, which) => {
                vec![Step::Key("milestones"), Step::Item(at), Step::Key("triggers"), Step::Item(which)]
            }
            Spot::Indicator(at) => vec![Step::Key("indicators"), Step::Item(at)],
            Spot::Stage(at, stage) => {
                vec![Step::Key("indicators"), Step::Item(at), Step::ItemIfListed("targets", stage)]
            }
            Spot::Duty(at) => vec![Step::Key("duties"), Step::Item(at)],
        }
    }

    /// The period in which a day falls by itself, without `for`.
    fn own_period(&self, task: &Task, day: NaiveDate) -> Option<crate::calendar::Period> {
        let Spot::Duty(at) = self.spot else { return None };
        decide::period_of(task.duties[at].every?, day)
    }

    /// The fact in words, with its task: E8 项目资产年度清算核实：完成 2023-04-26.
    pub fn words(&self, plan: &Plan) -> String {
        let task = &plan.tasks[self.task];
        let name = match self.what {
            What::Logged(_) => task.title.clone(),
            What::Extended(_) => self.spot.words(task),
            _ => self.spot.name(task),
        };
        let told = match &self.what {
            What::Done(on) => tr(format!("{on} 完成"), format!("done {on}")),
            What::Period(done) => {
                let on = done.on;
                match done.period {
                    Some(period) => {
                        let period = crate::report::period_short(&period);
                        tr(format!("{on} 完成{period}"), format!("done for {period} on {on}"))
                    }
                    None => tr(format!("{on} 完成"), format!("done {on}")),
                }
            }
            What::Value(actual) => {
                let measure = match self.spot {
                    Spot::Indicator(at) => crate::report::value_measure(&task.indicators[at]),
                    _ => "",
                };
                format!("{} {}{measure}", actual.on, actual.value)
            }
            What::Extended(extension) => {
                let (on, to) = (extension.on, extension.to);
                tr(format!("{on} 延期到 {to}"), format!("on {on} extended to {to}"))
            }
            What::Triggered(trigger) => {
                let which = trigger.what.as_deref().unwrap_or_default();
                tr(format!("{} 触发 {which}", trigger.on), format!("triggered {} {which}", trigger.on))
                    .trim_end()
                    .to_string()
            }
            What::Cancelled(cancelled) => {
                tr(format!("{} 终止", cancelled.on), format!("cancelled {}", cancelled.on))
            }
            What::Logged(entry) => {
                let words = entry.note.as_ref().or(entry.issue.as_ref()).or(entry.next.as_ref());
                format!("{} {}", entry.on, words.map(String::as_str).unwrap_or_default())
            }
        };
        tr(format!("{} {name}：{told}", task.id), format!("{} {name}: {told}", task.id))
    }
}

/// A record of the fields that have a value.
fn record<const N: usize>(fields: [(&'static str, Option<New>); N]) -> New {
    New::Record(fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
}
