//! Reports and lists: one file each, a struct, a pure function that fills it, and its `document()`.
//!
//! This file holds what they share: how a checkpoint, a target or a list of units is put into words and cells.

pub mod checkpoints;
pub mod diff;
pub mod index;
pub mod indicators;
pub mod log;
pub mod period;
pub mod remind;
pub mod show;
pub mod summary;
pub mod tasks;
pub mod timeline;
pub mod units;

use crate::calendar::{Period, PeriodName, Quarter};
use crate::document::{Cell, Tone, number};
pub use crate::document::{rate, rate_words};
use crate::language::tr;
use crate::model::{Comparator, Frequency, Goal, Indicator, Plan, Responsible, Stage, UnitId};
use crate::query::Link;
use crate::status::{Checkpoint, Item, Standing, State, Status, goal_value};

/// The word for a state.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Done => tr("按期完成", "done"),
        State::DoneLate => tr("逾期完成", "done late"),
        State::Overdue => tr("逾期", "overdue"),
        State::DueSoon => tr("临期", "due soon"),
        State::Upcoming => tr("未到期", "upcoming"),
        State::NotAssessable => tr("暂无法评估", "not assessable"),
        State::Waiting => tr("待触发", "waiting"),
        State::Cancelled => tr("已终止", "cancelled"),
    }
}

/// How a state is to be felt.
pub fn state_tone(state: State) -> Tone {
    match state {
        State::Done => Tone::Good,
        State::DoneLate | State::DueSoon => Tone::Warning,
        State::Overdue => Tone::Bad,
        State::Upcoming | State::NotAssessable => Tone::Neutral,
        State::Waiting | State::Cancelled => Tone::Quiet,
    }
}

/// A state as a cell.
pub fn state_cell(state: State) -> Cell {
    Cell::State { key: state.id(), word: state_word(state).to_string(), tone: state_tone(state) }
}

/// A task's state as a cell: a task whose checkpoints are all finished is 已完成, whether or not some were late.
pub fn task_state_cell(state: State) -> Cell {
    match state {
        State::Done => {
            Cell::State {
                key: state.id(), word: tr("已完成", "done").to_string(), tone: state_tone(state)
            }
        }
        other => state_cell(other),
    }
}

/// A checkpoint's state with its days: 逾期91天, 今日到期, 临期 剩12天.
pub fn state_with_days(status: &Status<'_>, checkpoint: &Checkpoint<'_>) -> Cell {
    let state = checkpoint.state;
    let late = checkpoint.late_days(status.day);
    let left = checkpoint.days_left(status.day);
    let word = match (state, late, left) {
        (State::Overdue, Some(days), _) => tr(format!("逾期{days}天"), format!("{days} days overdue")),
        (State::DoneLate, Some(days), _) => {
            tr(format!("逾期完成（晚{days}天）"), format!("done {days} days late"))
        }
        (State::DueSoon, _, Some(0)) => tr("今日到期", "due today").to_string(),
        (State::DueSoon, _, Some(days)) => tr(format!("临期 剩{days}天"), format!("due in {days} days")),
        (State::Upcoming, _, Some(days)) => tr(format!("未到期 剩{days}天"), format!("due in {days} days")),
        _ => state_word(state).to_string(),
    };
    Cell::State { key: state.id(), word, tone: state_tone(state) }
}

/// The word for a standing against pace.
pub fn standing_cell(standing: Standing) -> Cell {
    let (word, tone) = match standing {
        Standing::OnTrack => (tr("正常", "on track"), Tone::Good),
        Standing::Behind => (tr("滞后", "behind"), Tone::Warning),
        Standing::FarBehind => (tr("严重滞后", "far behind"), Tone::Bad),
        Standing::NotAssessable => (tr("暂无法评估", "not assessable"), Tone::Neutral),
    };
    Cell::State { key: standing.id(), word: word.to_string(), tone }
}

/// What a checkpoint is about, in one line.
pub fn what(plan: &Plan, checkpoint: &Checkpoint<'_>) -> String {
    match checkpoint.item {
        Item::Milestone(milestone) | Item::Relative(milestone, None) => milestone.what.clone(),
        Item::Relative(milestone, Some(trigger)) => match &trigger.what {
            Some(what) => tr(format!("{}（{what}）", milestone.what), format!("{} ({what})", milestone.what)),
            None => milestone.what.clone(),
        },
        Item::Stage(indicator, at) => {
            let target = target_words(indicator, &indicator.stages[at]);
            format!("{} {target}", indicator.name)
        }
        Item::Period(duty, period) => {
            let name = period_short(&period);
            tr(format!("{}（{name}）", duty.what), format!("{} ({name})", duty.what))
        }
        Item::Task => plan.tasks[checkpoint.task].title.clone(),
    }
}

/// What kind of checkpoint it is, in data.
pub fn kind(checkpoint: &Checkpoint<'_>) -> &'static str {
    match checkpoint.item {
        Item::Milestone(_) => "milestone",
        Item::Stage(..) => "indicator",
        Item::Period(..) => "duty",
        Item::Relative(..) => "relative",
        Item::Task => "implied",
    }
}

/// The document's own phrase for a checkpoint's deadline.
pub fn wording<'p>(checkpoint: &Checkpoint<'p>) -> Option<&'p str> {
    let stage = match checkpoint.item {
        Item::Stage(indicator, at) => indicator.stages[at].wording.as_deref(),
        _ => None,
    };
    stage.or_else(|| checkpoint.item.terms()?.wording.as_deref())
}

/// The deadline for people: the date, and the document's phrase or why it is this date.
pub fn deadline(checkpoint: &Checkpoint<'_>) -> String {
    let Some(due) = checkpoint.due else {
        let phrase = wording(checkpoint).unwrap_or_default();
        return phrase.to_string();
    };
    let mut text = due.to_string();
    match (wording(checkpoint), checkpoint.implied) {
        (Some(phrase), false) => text.push_str(&format!(" {phrase}")),
        (Some(phrase), true) => {
            text.push_str(&tr(format!(" 方案期末（{phrase}）"), format!(" end of plan ({phrase})")));
        }
        (None, true) => text.push_str(tr(" 方案期末", " end of plan")),
        (None, false) => {}
    }
    if let Some(planned) = checkpoint.planned.filter(|planned| *planned != due) {
        text.push_str(&tr(format!(" 由{planned}延期"), format!(" (extended from {planned})")));
    }
    text
}

/// A target in words: ≥ 60%, 329个, ≥ 2022年12月贷款余额.
pub fn target_words(indicator: &Indicator, stage: &Stage) -> String {
    let sign = match stage.comparator {
        Comparator::Equals => String::new(),
        other => other.sign().to_string(),
    };
    match stage.goal {
        Goal::Number(value) => {
            let growth = indicator.baseline.as_ref().filter(|_| indicator.measure == "%");
            let of = growth.map_or(String::new(), |baseline| {
                tr(format!("（比{}增长）", baseline.what), format!(" (growth over {})", baseline.what))
            });
            format!("{sign}{}{}{of}", number(value), indicator.measure)
        }
        Goal::Baseline => {
            let what = indicator.baseline.as_ref().map_or("", |baseline| baseline.what.as_str());
            format!("{sign}{what}")
        }
    }
}

/// The number of a target in data; `None` while it depends on an unknown baseline.
pub fn target_number(indicator: &Indicator, stage: &Stage) -> Option<f64> {
    match stage.goal {
        Goal::Number(value) => Some(value),
        Goal::Baseline => goal_value(indicator, stage),
    }
}

/// The measure word of the recorded values: the baseline's for a relative target.
pub fn value_measure(indicator: &Indicator) -> &str {
    match &indicator.baseline {
        Some(baseline) => baseline.measure.as_deref().unwrap_or_default(),
        None => &indicator.measure,
    }
}

/// All units by registered name.
pub fn unit_names(plan: &Plan, units: &[Responsible]) -> Cell {
    Cell::List(units.iter().map(|responsible| plan.unit(responsible.unit).name.clone()).collect())
}

/// The first two units, and how many there are: 乡村振兴局、财政局等16家.
pub fn units_short(plan: &Plan, units: &[Responsible]) -> String {
    let name = |responsible: &Responsible| plan.unit(responsible.unit).name.as_str();
    match units {
        [] => String::new(),
        [one] => name(one).to_string(),
        [one, two] => format!("{}{}{}", name(one), tr("、", ", "), name(two)),
        [one, two, ..] => {
            let count = units.len();
            tr(
                format!("{}、{}等{count}家", name(one), name(two)),
                format!("{}, {} and {} more", name(one), name(two), count - 2),
            )
        }
    }
}

/// The units for people, with the group through which an item came to the unit that was asked for.
pub fn units_with_link(plan: &Plan, units: &[Responsible], link: Option<Link>) -> Cell {
    let mut text = units_short(plan, units);
    if let Some(Link::Through(group)) = link {
        let group = &plan.unit(group).name;
        text.push_str(&tr(format!("（经 {group}）"), format!(" (through {group})")));
    }
    Cell::text(text)
}

/// The group through which an item came to the unit, in data.
pub fn via(plan: &Plan, link: Option<Link>) -> Cell {
    match link {
        Some(Link::Through(group)) => Cell::text(plan.unit(group).name.clone()),
        _ => Cell::Empty,
    }
}

/// A period's name: 2023年第二季度.
pub fn period_name(period: &Period) -> String {
    match period.name {
        PeriodName::Month(year, month) => tr(format!("{year}年{month}月"), format!("{year}-{month:02}")),
        PeriodName::Quarter(Quarter { year, number }) => {
            let zh = ["一", "二", "三", "四"].get(number as usize - 1).copied().unwrap_or_default();
            tr(format!("{year}年第{zh}季度"), format!("{year} Q{number}"))
        }
        PeriodName::Year(year) => tr(format!("{year}年度"), format!("{year}")),
        PeriodName::Span => {
            tr(format!("{} 至 {}", period.first, period.last), format!("{} to {}", period.first, period.last))
        }
    }
}

/// A period's name within its year: 3月, 二季度, 全年.
pub fn period_short(period: &Period) -> String {
    match period.name {
        PeriodName::Month(_, month) => tr(format!("{month}月"), format!("{}", period.first.format("%b"))),
        PeriodName::Quarter(Quarter { number, .. }) => {
            let zh = ["一", "二", "三", "四"].get(number as usize - 1).copied().unwrap_or_default();
            tr(format!("{zh}季度"), format!("Q{number}"))
        }
        PeriodName::Year(year) => tr(format!("{year}年"), format!("{year}")),
        PeriodName::Span => period_name(period),
    }
}

/// Several periods of one duty in few words: 1月、3—5月.
pub fn periods_short(periods: &[Period]) -> String {
    let mut runs: Vec<(Period, Period)> = Vec::new();
    for period in periods {
        match runs.last_mut() {
            Some((_, last)) if last.next() == Some(*period) => *last = *period,
            _ => runs.push((*period, *period)),
        }
    }
    let run = |(first, last): &(Period, Period)| match (first.name, last.name) {
        _ if first == last => period_short(first),
        (PeriodName::Month(_, from), PeriodName::Month(_, to)) => {
            tr(format!("{from}—{to}月"), format!("{}–{}", period_short(first), period_short(last)))
        }
        _ => format!("{}{}{}", period_short(first), tr("至", "–"), period_short(last)),
    };
    runs.iter().map(run).collect::<Vec<_>>().join(tr("、", ", "))
}

/// How often a duty recurs, in words.
pub fn frequency_word(every: Option<Frequency>) -> &'static str {
    match every {
        Some(Frequency::Month) => tr("每月", "every month"),
        Some(Frequency::Quarter) => tr("每季度", "every quarter"),
        Some(Frequency::Year) => tr("每年", "every year"),
        None => tr("常态化", "continuous"),
    }
}

/// The last problem that was recorded for a checkpoint's task by the status's day, with its day and who reported it.
///
/// Where the item has units of its own, what another unit reported is about another item.
pub fn last_issue(status: &Status<'_>, checkpoint: &Checkpoint<'_>) -> Option<String> {
    let plan = status.plan;
    let own = checkpoint.item.terms().map_or(&[][..], |terms| terms.units.as_slice());
    let concerns = |reporter: Option<UnitId>| {
        let Some(reporter) = reporter else { return true };
        own.is_empty() || own.iter().any(|responsible| plan.stands_for(responsible.unit, reporter))
    };
    let known = plan.tasks[checkpoint.task].log.iter().filter(|entry| entry.on <= status.day);
    let entry =
        known.filter(|entry| entry.issue.is_some() && concerns(entry.unit)).max_by_key(|entry| entry.on)?;
    let issue = entry.issue.as_deref()?;
    let reporter = entry.unit.map(|unit| plan.unit(unit).name.as_str());
    let source = match reporter {
        Some(name) => tr(format!("{} {name}报送", entry.on), format!("{}, {name}", entry.on)),
        None => entry.on.to_string(),
    };
    let mut text = tr(format!("存在问题：{issue}（{source}）"), format!("Issue: {issue} ({source})"));
    if let Some(next) = &entry.next {
        text.push_str(&tr(format!("；下一步：{next}"), format!("; next: {next}")));
    }
    Some(text)
}

/// The last line of every list: which day, and what was counted.
pub fn as_of_words(status: &Status<'_>) -> String {
    tr(format!("截至 {}", status.day), format!("as of {}", status.day))
}

/// The registered name of a unit that may be absent.
pub fn maybe_unit(plan: &Plan, unit: Option<UnitId>) -> Cell {
    unit.map_or(Cell::Empty, |unit| Cell::text(plan.unit(unit).name.clone()))
}
