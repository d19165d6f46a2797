//! `plan overdue`.

use super::{Common, Filters, Outcome, World};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// What is late, the longest overdue first.
#[derive(clap::Args, Debug)]
#[command(about = tr("列出逾期事项，逾期最久的在前", "List what is late, the longest overdue first"))]
pub struct Overdue {
    #[command(flatten)]
    filters: Filters,
    #[arg(long, help = tr("有逾期时退出码为 1", "Exit with 1 when anything is overdue"))]
    exit_code: bool,
    #[command(flatten)]
    common: Common,
}

impl Overdue {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, section or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let query = self.filters.query(&opened.plan)?;
        let status = self.common.status(&opened.plan, self.common.day(world, &opened.plan)?);
        let overdue = report::checkpoints::overdue(&status, &query);
        let outcome = self.common.finish(world, &status, &overdue.document())?;
        Ok(if self.exit_code && !overdue.rows.is_empty() { Outcome::Overdue } else { outcome })
    }
}
