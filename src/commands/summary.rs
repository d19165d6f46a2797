//! `plan summary`.

use super::{Common, Outcome, PeriodArgs, World};
use crate::calendar::Period;
use crate::language::tr;
use crate::report;
use anyhow::{Context, Result};

/// The plan in at most ten lines.
#[derive(clap::Args, Debug)]
#[command(about = tr("不超过十行的摘要，发给领导手机", "The plan in at most ten lines, for a phone"))]
pub struct Summary {
    #[command(flatten)]
    period: PeriodArgs,
    #[command(flatten)]
    common: Common,
}

impl Summary {
    /// Runs the command. Without a period it is the quarter in which the day lies.
    ///
    /// # Errors
    /// An unknown period or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let (period, day) = match self.period.period(plan)? {
            Some(period) => (period, self.common.day_of(world, plan, &period)?),
            None => {
                let day = self.common.day(world, plan)?;
                let quarter = Period::quarter_of(day);
                (quarter.with_context(|| tr("日期超出范围", "the day is out of range"))?, day)
            }
        };
        let status = self.common.status(plan, day);
        let document = report::summary::summary(&status, period).document();
        self.common.finish(world, &status, &document)
    }
}
