//! `plan diff`.

use super::{Common, Filters, Outcome, World, parse_day};
use crate::language::tr;
use crate::report;
use anyhow::{Result, bail};

/// What changed between two days.
#[derive(clap::Args, Debug)]
#[command(about = tr("两天之间的变化：新增逾期、新完成、新问题、指标变动", "What changed between two days"))]
pub struct Diff {
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("从哪一天（不含当天的事）", "From the evening of this day"), help_heading = tr("期间", "Period"))]
    from: String,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("到哪一天（含当天）；默认为 --as-of 或今天", "To the evening of this day; else --as-of or today"), help_heading = tr("期间", "Period"))]
    to: Option<String>,
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    common: Common,
}

impl Diff {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, section or day, days in the wrong order, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let from = parse_day(&self.from, plan, world)?;
        let to = match &self.to {
            Some(text) => parse_day(text, plan, world)?,
            None => self.common.day(world, plan)?,
        };
        if to < from {
            bail!(tr(format!("{to} 早于 {from}"), format!("{to} is before {from}")));
        }
        let (before, after) = (self.common.status(plan, from), self.common.status(plan, to));
        let document = report::diff::diff(&before, &after, &self.filters.query(plan)?).document();
        self.common.finish(world, &after, &document)
    }
}
