//! `plan due`.

use super::{Common, Filters, Outcome, PeriodArgs, World, within};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// What comes: open checkpoints that fall due.
#[derive(clap::Args, Debug)]
#[command(about = tr("列出即将到期的事项", "List what falls due"))]
pub struct Due {
    #[arg(long, value_name = tr("时长", "TIME"), default_value = "30d", hide_default_value = true, conflicts_with_all = ["quarter", "month"], help = tr("今后多久之内：30d、2w、3m；默认 30d", "Within 30d, 2w, 3m from the day on; 30d"), help_heading = tr("期间", "Period"))]
    within: String,
    #[command(flatten)]
    period: PeriodArgs,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    common: Common,
}

impl Due {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, section, period or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let day = self.common.day(world, plan)?;
        let period = match self.period.period(plan)? {
            Some(period) => period,
            None => within(&self.within, day)?,
        };
        let query = self.filters.query(plan)?;
        let status = self.common.status(plan, day);
        let document = report::checkpoints::due(&status, &query, period).document();
        self.common.finish(world, &status, &document)
    }
}
