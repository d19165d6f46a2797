//! `plan units`.

use super::{Common, Outcome, PeriodArgs, World, find_unit, plan_year};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// How each unit stands.
#[derive(clap::Args, Debug)]
#[command(about = tr("各责任单位完成情况和名次", "How each unit stands, with ranks"))]
pub struct Units {
    #[arg(short, long, value_name = tr("单位", "UNIT"), help = tr("只看这个单位；可重复", "Only this unit; may be repeated"))]
    unit: Vec<String>,
    #[command(flatten)]
    period: PeriodArgs,
    #[command(flatten)]
    common: Common,
}

impl Units {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, period or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let only: Result<Vec<_>> = self.unit.iter().map(|name| find_unit(plan, name)).collect();
        let period = match self.period.period(plan)? {
            Some(period) => period,
            None => plan_year(plan)?,
        };
        let status = self.common.status(plan, self.common.day_of(world, plan, &period)?);
        let document = report::units::units(&status, period, &only?).document();
        self.common.finish(world, &status, &document)
    }
}
