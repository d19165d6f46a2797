//! The deadlines of the plan's year by state, as a picture for pages.

use crate::calendar::Period;
use crate::document::{Series, Timeline};
use crate::report::{state_tone, state_word};
use crate::status::{Checkpoint, State, Status};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The states in the order in which they are stacked: what is finished lies at the bottom, what is late on top of it.
const ORDER: [State; 6] =
    [State::Done, State::DoneLate, State::Overdue, State::DueSoon, State::NotAssessable, State::Upcoming];

/// The checkpoints by due date; what is cancelled or waits for a trigger has none that counts, and is left out.
///
/// `None` where the plan's year is not one of the calendar's.
pub fn timeline(status: &Status<'_>, checkpoints: &[&Checkpoint<'_>], period: &Period) -> Option<Timeline> {
    let year = Period::year(status.plan.year)?;
    let dated: Vec<(State, NaiveDate)> = (checkpoints.iter())
        .filter(|checkpoint| checkpoint.counts())
        .filter_map(|checkpoint| Some((checkpoint.state, checkpoint.due?)))
        .collect();
    let series = |state: State| {
        let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for (_, due) in dated.iter().filter(|(own, due)| *own == state && year.contains(*due)) {
            *days.entry(*due).or_default() += 1;
        }
        let (word, tone) = (state_word(state).to_string(), state_tone(state));
        Series { key: state.id(), word, tone, days: days.into_iter().collect() }
    };
    Some(Timeline {
        span: (year.first, year.last),
        period: (period.first, period.last),
        day: status.day,
        series: ORDER.into_iter().map(series).filter(|series| !series.days.is_empty()).collect(),
        outside: dated.iter().filter(|(_, due)| !year.contains(*due)).count(),
    })
}
