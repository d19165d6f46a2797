//! `plan tasks`.

use super::{Common, Filters, Outcome, World, parse_day};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// Which tasks there are, whose they are, and how each stands.
#[derive(clap::Args, Debug)]
#[command(about = tr("列出任务：谁的、下一时限、状态", "List the tasks: whose they are, and how each stands"))]
pub struct Tasks {
    #[command(flatten)]
    filters: Filters,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("有时限在这一天或以后的", "With a deadline on this day or later"), help_heading = tr("筛选", "Filters"))]
    due_from: Option<String>,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("有时限在这一天或以前的", "With a deadline on this day or earlier"), help_heading = tr("筛选", "Filters"))]
    due_to: Option<String>,
    #[command(flatten)]
    common: Common,
}

impl Tasks {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, section or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let day =
            |text: &Option<String>| text.as_deref().map(|text| parse_day(text, plan, world)).transpose();
        let mut query = self.filters.query(plan)?;
        query.due_from = day(&self.due_from)?;
        query.due_to = day(&self.due_to)?;
        let status = self.common.status(plan, self.common.day(world, plan)?);
        let document = report::tasks::tasks(&status, &query).document();
        self.common.finish(world, &status, &document)
    }
}
