//! Which item of a task somebody means, among those to which what is reported can happen.

use super::Trouble;
use super::decide::Deed;
use crate::language::tr;
use crate::model::*;
use chrono::NaiveDate;

/// An item of a task, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The task as a whole.
    Task,
    /// 时间节点.
    Milestone(usize),
    /// One trigger of a relative deadline.
    Trigger(usize, usize),
    /// 指标.
    Indicator(usize),
    /// One stage of an indicator.
    Stage(usize, usize),
    /// 经常性工作.
    Duty(usize),
}

/// One of several items that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub spot: Spot,
    /// Its name and what tells it from the others.
    pub words: String,
}

/// What a row of `plan deadlines` says of its checkpoint besides the name, as far as it was left in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// `milestone`, `indicator`, `duty`, `relative` or `implied`.
    pub kind: Option<String>,
    /// The first day of its window, or the day of its trigger.
    pub from: Option<NaiveDate>,
    /// Its deadline.
    pub due: Option<NaiveDate>,
}

/// The item that is meant.
///
/// # Errors
/// That there is none, that what is reported cannot happen to it, or several that may be meant.
pub fn find(task: &Task, deed: &Deed, asked: &str, row: Option<&Row>) -> Result<Spot, Trouble> {
    // A row of the task as a whole bears the task's title, which is no item's name.
    let implied = row.and_then(|row| row.kind.as_deref()) == Some("implied");
    let asked = if implied { "" } else { asked };
    let of_the_task = asked.is_empty();
    if of_the_task && takes_the_task(task, deed) {
        return Ok(Spot::Task);
    }
    let fitting: Vec<Candidate> = spots(task).into_iter().filter(|c| deed.fits(task, c.spot)).collect();
    let mut by_name = named(task, &fitting, asked);
    if row.is_some_and(|row| row.kind.is_some()) {
        // A printed row bears the whole name: part of another one is another item.
        by_name.retain(|candidate| is_exactly(task, candidate, asked));
    }
    let found = narrowed(task, by_name.clone(), row);
    match found.as_slice() {
        [] if !by_name.is_empty() => Err(Trouble::Wrong(tr(
            format!("“{asked}”这一行在方案里没有对得上的一项，可能已经记过，或者方案改过；请重新导出表格"),
            format!(
                "nothing in the plan answers to this row of {asked}; it may be recorded already, or the plan was changed: print the table anew"
            ),
        ))),
        [one] => Ok(one.spot),
        [] => Err(Trouble::Wrong(nothing_fits(task, deed, asked, &fitting))),
        several => {
            let id = &task.id;
            let question = if asked.is_empty() {
                tr(format!("{id} 有几项，要指明哪一项"), format!("{id} has several items; say which"))
            } else {
                tr(format!("{id} 里“{asked}”可以指几项"), format!("in {id}, {asked} may mean several"))
            };
            Err(Trouble::Several { question, candidates: several.to_vec() })
        }
    }
}

/// Whether what is reported is said of the task as a whole where no item is named.
fn takes_the_task(task: &Task, deed: &Deed) -> bool {
    match deed {
        Deed::Done => !task.has_dated_items(),
        Deed::Cancel | Deed::Nothing => true,
        Deed::Value(_) | Deed::Extend(_) | Deed::Trigger => false,
    }
}

impl Deed {
    /// Whether it can happen to an item of this kind.
    fn fits(&self, task: &Task, spot: Spot) -> bool {
        let relative =
            |at: usize| matches!(task.milestones.get(at).map(|item| &item.when), Some(When::Within { .. }));
        match (self, spot) {
            (Deed::Value(_), Spot::Indicator(_)) | (Deed::Done, Spot::Duty(_)) => true,
            (Deed::Done | Deed::Extend(_), Spot::Milestone(at)) => !relative(at),
            (Deed::Done | Deed::Extend(_), Spot::Trigger(at, which)) => is_open(task, at, which),
            (Deed::Extend(_), Spot::Stage(..)) => true,
            (Deed::Trigger, Spot::Milestone(at)) => relative(at),
            (Deed::Cancel | Deed::Nothing, Spot::Milestone(_) | Spot::Indicator(_) | Spot::Duty(_)) => true,
            (Deed::Nothing, Spot::Trigger(..)) => true,
            _ => false,
        }
    }
}

fn is_open(task: &Task, at: usize, which: usize) -> bool {
    match &task.milestones[at].when {
        When::Within { triggers, .. } => triggers[which].done.is_none(),
        When::Dated { .. } => false,
    }
}

/// Every item of the task, with its triggers and stages.
fn spots(task: &Task) -> Vec<Candidate> {
    let mut spots = Vec::new();
    for (at, milestone) in task.milestones.iter().enumerate() {
        spots.push(Spot::Milestone(at));
        if let When::Within { triggers, .. } = &milestone.when {
            spots.extend((0..triggers.len()).map(|which| Spot::Trigger(at, which)));
        }
    }
    for (at, indicator) in task.indicators.iter().enumerate() {
        spots.push(Spot::Indicator(at));
        spots.extend((0..indicator.stages.len()).map(|stage| Spot::Stage(at, stage)));
    }
    spots.extend((0..task.duties.len()).map(Spot::Duty));
    spots.into_iter().map(|spot| Candidate { spot, words: spot.words(task) }).collect()
}

/// Whether this is the whole name of the candidate.
fn is_exactly(task: &Task, candidate: &Candidate, asked: &str) -> bool {
    let name = candidate.spot.name(task);
    // In English the table of deadlines writes other brackets.
    name == asked || name.replace('（', " (").replace('）', ")") == asked || candidate.words == asked
}

/// Those with the name that was asked for, else those of which it is a part: all of its words occur.
fn named(task: &Task, candidates: &[Candidate], asked: &str) -> Vec<Candidate> {
    let exactly: Vec<_> =
        candidates.iter().filter(|candidate| is_exactly(task, candidate, asked)).cloned().collect();
    if !exactly.is_empty() {
        return exactly;
    }
    let asked = asked.to_lowercase();
    let has_all = |candidate: &&Candidate| {
        let words = candidate.words.to_lowercase();
        asked.split_whitespace().all(|word| words.contains(word))
    };
    candidates.iter().filter(has_all).cloned().collect()
}

/// Those that the row's kind and days leave over.
fn narrowed(task: &Task, candidates: Vec<Candidate>, row: Option<&Row>) -> Vec<Candidate> {
    let Some(row) = row else { return candidates };
    let agrees = |candidate: &Candidate| {
        let spot = candidate.spot;
        let kind = row.kind.as_deref().is_none_or(|kind| kind == spot.kind(task));
        // A trigger is known by its day alone.
        let other_day =
            matches!(spot, Spot::Trigger(..)) && row.from.is_some() && row.from != spot.from(task);
        kind && !other_day
    };
    let mut left: Vec<_> = candidates.into_iter().filter(agrees).collect();
    if left.len() > 1 && row.due.is_some() {
        left.retain(|candidate| row.due.is_some_and(|due| candidate.spot.deadlines(task).contains(&due)));
    }
    left
}

/// Why nothing was found: the name is unknown, or names something to which this cannot happen.
fn nothing_fits(task: &Task, deed: &Deed, asked: &str, fitting: &[Candidate]) -> String {
    let id = &task.id;
    let all = spots(task);
    let items: Vec<_> =
        all.iter().filter(|c| !matches!(c.spot, Spot::Stage(..) | Spot::Task)).cloned().collect();
    let known = if asked.is_empty() { Vec::new() } else { named(task, &items, asked) };
    if let Some(one) = known.first().filter(|_| known.len() == 1 || fitting.is_empty()) {
        return unsuited(task, deed, one.spot);
    }
    let listed = if fitting.is_empty() { &items } else { fitting };
    let names = listed.iter().map(|c| c.words.as_str()).collect::<Vec<_>>().join(tr("、", ", "));
    match (known.is_empty() && !asked.is_empty(), listed.is_empty()) {
        (true, false) => tr(
            format!("{id} 里没有“{asked}”；这里有：{names}"),
            format!("there is no {asked} in {id}; there are: {names}"),
        ),
        (true, true) => tr(format!("{id} 里没有“{asked}”"), format!("there is no {asked} in {id}")),
        _ => {
            let thing = deed.thing();
            tr(format!("{id} 没有{thing}"), format!("{id} has no {thing}"))
        }
    }
}

/// Why this cannot happen to the item, and what to type instead.
fn unsuited(task: &Task, deed: &Deed, spot: Spot) -> String {
    let name = spot.name(task);
    let within = match spot {
        Spot::Milestone(at) => match &task.milestones[at].when {
            When::Within { triggers, .. } => Some(triggers),
            When::Dated { .. } => None,
        },
        _ => None,
    };
    let finished = match spot {
        Spot::Trigger(at, which) => spot.trigger(task, at, which).and_then(|trigger| trigger.done),
        _ => None,
    };
    if let (Deed::Done | Deed::Extend(_), Some(done)) = (deed, finished) {
        return tr(
            format!("“{name}”已经记为 {done} 完成"),
            format!("{name} is recorded as done on {done} already"),
        );
    }
    match (deed, spot, within) {
        (Deed::Cancel, Spot::Trigger(..), _) => tr(
            format!("“{name}”是一次触发，不能单独终止；要终止整个节点，不写是哪一次"),
            format!("{name} is one trigger and is not cancelled alone; name the milestone to cancel it"),
        ),
        (Deed::Done | Deed::Extend(_), _, Some(triggers)) if triggers.is_empty() => tr(
            format!("“{name}”还没有触发；先记 --trigger --on 日期"),
            format!("{name} has not been triggered; record --trigger --on DAY first"),
        ),
        (Deed::Done | Deed::Extend(_), _, Some(_)) => tr(
            format!("“{name}”的每次触发都已办结"),
            format!("everything that {name} was triggered for is done"),
        ),
        (Deed::Value(_), Spot::Milestone(_), _) => tr(
            format!("“{name}”是时间节点，不记数；办结了用 --done"),
            format!("{name} is a milestone and takes no value; use --done"),
        ),
        (Deed::Value(_), Spot::Duty(_), _) => tr(
            format!("“{name}”是经常性工作，不记数；办了用 --done"),
            format!("{name} is a duty and takes no value; use --done"),
        ),
        (Deed::Done, Spot::Indicator(_), _) => tr(
            format!("“{name}”是指标，记数才算完成；用 --value 数"),
            format!("{name} is an indicator and is finished by its values; use --value N"),
        ),
        (Deed::Extend(_), Spot::Duty(_), _) => tr(
            format!("“{name}”是经常性工作，没有时限可延；补办了用 --done --for 期"),
            format!("{name} is a duty without a deadline to extend; use --done --for PERIOD"),
        ),
        (Deed::Trigger, _, _) => tr(
            format!("“{name}”不是“收到……后几日内”的节点，没有触发"),
            format!("{name} has no relative deadline and cannot be triggered"),
        ),
        _ => tr(format!("“{name}”不能这样记"), format!("this cannot be recorded of {name}")),
    }
}

impl Spot {
    /// Its name; of a trigger with which one it is.
    pub fn name(self, task: &Task) -> String {
        match self {
            Spot::Task => task.title.clone(),
            Spot::Milestone(at) => task.milestones[at].what.clone(),
            Spot::Indicator(at) | Spot::Stage(at, _) => task.indicators[at].name.clone(),
            Spot::Duty(at) => task.duties[at].what.clone(),
            Spot::Trigger(at, which) => {
                let name = &task.milestones[at].what;
                match self.trigger(task, at, which).and_then(|trigger| trigger.what.as_ref()) {
                    Some(what) => format!("{name}（{what}）"),
                    None => name.clone(),
                }
            }
        }
    }

    /// Its name and what tells it from others of that name: the day of a trigger, the deadline and phrase of a stage.
    pub(super) fn words(self, task: &Task) -> String {
        let name = self.name(task);
        let more: Vec<String> = match self {
            Spot::Trigger(at, which) => {
                self.trigger(task, at, which).map(|trigger| trigger.on.to_string()).into_iter().collect()
            }
            Spot::Stage(at, stage) if task.indicators[at].stages.len() > 1 => {
                let stage = &task.indicators[at].stages[stage];
                stage.wording.iter().cloned().chain(stage.due.map(|due| due.to_string())).collect()
            }
            Spot::Milestone(at) => {
                let milestone = &task.milestones[at];
                let due = match &milestone.when {
                    When::Dated { due, .. } => Some(due.to_string()),
                    When::Within { .. } => None,
                };
                milestone.terms.wording.clone().or(due).into_iter().collect()
            }
            _ => Vec::new(),
        };
        if more.is_empty() { name } else { format!("{name} {}", more.join(" ")) }
    }

    fn trigger(self, task: &Task, at: usize, which: usize) -> Option<&Trigger> {
        match &task.milestones[at].when {
            When::Within { triggers, .. } => triggers.get(which),
            When::Dated { .. } => None,
        }
    }

    /// What the table of deadlines calls it.
    fn kind(self, task: &Task) -> &'static str {
        match self {
            Spot::Task => "implied",
            Spot::Milestone(at) if matches!(task.milestones[at].when, When::Dated { .. }) => "milestone",
            Spot::Milestone(_) | Spot::Trigger(..) => "relative",
            Spot::Indicator(_) | Spot::Stage(..) => "indicator",
            Spot::Duty(_) => "duty",
        }
    }

    fn from(self, task: &Task) -> Option<NaiveDate> {
        match self {
            Spot::Milestone(at) => match &task.milestones[at].when {
                When::Dated { from, .. } => *from,
                When::Within { .. } => None,
            },
            Spot::Trigger(at, which) => self.trigger(task, at, which).map(|trigger| trigger.on),
            Spot::Stage(at, stage) => task.indicators[at].stages[stage].from,
            _ => None,
        }
    }

    /// The deadlines that it has or had.
    fn deadlines(self, task: &Task) -> Vec<NaiveDate> {
        let all = |due: Option<NaiveDate>, extended: &[Extension]| {
            due.into_iter().chain(extended.iter().map(|extension| extension.to)).collect()
        };
        match self {
            Spot::Milestone(at) => match &task.milestones[at].when {
                When::Dated { due, extended, .. } => all(Some(*due), extended),
                When::Within { .. } => Vec::new(),
            },
            Spot::Trigger(at, which) => {
                self.trigger(task, at, which).map(|trigger| all(None, &trigger.extended)).unwrap_or_default()
            }
            Spot::Stage(at, stage) => {
                let stage = &task.indicators[at].stages[stage];
                all(stage.due, &stage.extended)
            }
            Spot::Indicator(at) => {
                let stages = &task.indicators[at].stages;
                stages.iter().flat_map(|stage| all(stage.due, &stage.extended)).collect()
            }
            Spot::Task | Spot::Duty(_) => Vec::new(),
        }
    }

    /// From when on it is cancelled, itself or with its task.
    pub fn cancelled(self, task: &Task) -> Option<NaiveDate> {
        let own = match self {
            Spot::Task => None,
            Spot::Milestone(at) | Spot::Trigger(at, _) => task.milestones[at].terms.cancelled.as_ref(),
            Spot::Indicator(at) | Spot::Stage(at, _) => task.indicators[at].terms.cancelled.as_ref(),
            Spot::Duty(at) => task.duties[at].terms.cancelled.as_ref(),
        };
        own.or(task.cancelled.as_ref()).map(|cancelled| cancelled.on)
    }

    /// The units that answer for it.
    pub fn units(self, task: &Task) -> &[Responsible] {
        let own: &[Responsible] = match self {
            Spot::Task => &[],
            Spot::Milestone(at) | Spot::Trigger(at, _) => &task.milestones[at].terms.units,
            Spot::Indicator(at) | Spot::Stage(at, _) => &task.indicators[at].terms.units,
            Spot::Duty(at) => &task.duties[at].terms.units,
        };
        task.responsible(own)
    }
}
