//! `plan log`.

use super::{Common, Filters, Outcome, World, find_tasks, parse_day};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// Everything that was written down.
#[derive(clap::Args, Debug)]
#[command(about = tr("按日期列出记下的进展", "Everything that was written down, by day"))]
pub struct Log {
    #[arg(value_name = tr("编号", "ID"), help_heading = tr("编号", "Ids"), help = tr("只看这些任务", "Only these tasks"))]
    ids: Vec<String>,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("从这一天起", "From this day on"), help_heading = tr("期间", "Period"))]
    from: Option<String>,
    #[arg(long, value_name = tr("日期", "DAY"), conflicts_with = "as_of", help = tr("到这一天为止，同 --as-of", "To this day, like --as-of"), help_heading = tr("期间", "Period"))]
    to: Option<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    common: Common,
}

impl Log {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown id, unit, section or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let only = find_tasks(plan, &self.ids)?;
        let from = self.from.as_deref().map(|text| parse_day(text, plan, world)).transpose()?;
        let day = match &self.to {
            Some(text) => parse_day(text, plan, world)?,
            None => self.common.day(world, plan)?,
        };
        let status = self.common.status(plan, day);
        let document = report::log::log(&status, &self.filters.query(plan)?, &only, from).document();
        self.common.finish(world, &status, &document)
    }
}
