//! `plan deadlines`.

use super::{Common, Filters, Outcome, PeriodArgs, World, parse_day};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// Every checkpoint with its state.
#[derive(clap::Args, Debug)]
#[command(about = tr("列出全部考核点及其状态", "List every checkpoint with its state"))]
pub struct Deadlines {
    #[command(flatten)]
    filters: Filters,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("时限在这一天或以后", "Due on this day or later"), help_heading = tr("期间", "Period"))]
    from: Option<String>,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("时限在这一天或以前", "Due on this day or earlier"), help_heading = tr("期间", "Period"))]
    to: Option<String>,
    #[command(flatten)]
    period: PeriodArgs,
    #[command(flatten)]
    common: Common,
}

impl Deadlines {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, section, period or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let day =
            |text: &Option<String>| text.as_deref().map(|text| parse_day(text, plan, world)).transpose();
        let period = self.period.period(plan)?;
        let mut query = self.filters.query(plan)?;
        query.due_from = day(&self.from)?.max(period.map(|period| period.first));
        query.due_to = match (day(&self.to)?, period.map(|period| period.last)) {
            (Some(to), Some(last)) => Some(to.min(last)),
            (to, last) => to.or(last),
        };
        let status = self.common.status(plan, self.common.day(world, plan)?);
        let document = report::checkpoints::deadlines(&status, &query).document();
        self.common.finish(world, &status, &document)
    }
}
