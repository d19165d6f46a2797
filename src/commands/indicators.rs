//! `plan indicators`.

use super::{Common, Filters, Outcome, World};
use crate::language::tr;
use crate::report;
use anyhow::Result;

/// Every indicator: target, current value, share, pace, state.
#[derive(clap::Args, Debug)]
#[command(about = tr("列出指标：目标、现值、完成比例、与序时进度相比", "List the indicators: target, value, share, pace"))]
pub struct Indicators {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    common: Common,
}

impl Indicators {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, section or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let query = self.filters.query(&opened.plan)?;
        let status = self.common.status(&opened.plan, self.common.day(world, &opened.plan)?);
        let document = report::indicators::indicators(&status, &query).document();
        self.common.finish(world, &status, &document)
    }
}
