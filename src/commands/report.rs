//! `plan report`.

use super::each::{self, Own};
use super::{Common, Outcome, PeriodArgs, World, find_unit, plan_year};
use crate::calendar::Period;
use crate::language::tr;
use crate::report;
use crate::status::Status;
use anyhow::{Context, Result};

/// The report of a period.
#[derive(clap::Args, Debug)]
#[command(about = tr("一个季度、月份或全年的进展报告", "The report of a quarter, a month or the year"))]
pub struct Report {
    #[command(flatten)]
    period: PeriodArgs,
    #[arg(short, long, value_name = tr("年份", "YEAR"), num_args = 0..=1, require_equals = true, conflicts_with_all = ["quarter", "month"], help = tr("全年；默认为方案年度", "The whole year; else the plan's own"), help_heading = tr("期间", "Period"))]
    year: Option<Option<i32>>,
    #[arg(short, long, value_name = tr("单位", "UNIT"), help = tr("只报告这个单位", "Only this unit's own work"))]
    unit: Option<String>,
    #[arg(long, requires = "output", conflicts_with = "unit", help = tr("每个单位一份，写入 -o 指定的文件夹，附目录", "One report a unit, into the folder of -o, with an index"))]
    each_unit: bool,
    #[command(flatten)]
    common: Common,
}

impl Report {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit, period or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let unit = self.unit.as_deref().map(|name| find_unit(plan, name)).transpose()?;
        let period = match (self.period.period(plan)?, self.year.flatten()) {
            (Some(period), _) => period,
            (None, None) => plan_year(plan)?,
            (None, Some(year)) => Period::year(year)
                .with_context(|| tr(format!("“{year}”不是年份"), format!("{year} is not a year")))?,
        };
        let status = self.common.status(plan, self.common.day_of(world, plan, &period)?);
        if self.each_unit {
            return self.each_unit(world, &status, period);
        }
        let document = report::period::period(&status, period, unit).document();
        self.common.finish_for(world, &status, unit, &document)
    }

    /// One report for each unit that has anything in the period, and an index of what was written.
    fn each_unit(&self, world: &mut World<'_>, status: &Status<'_>, period: Period) -> Result<Outcome> {
        let mut index = report::index::Index::new(status, period);
        let mut documents = Vec::new();
        let field = report::period::field(status, period);
        for (unit, _) in status.plan.unit_ids() {
            let own = report::period::within(status, period, Some(unit), &field);
            if own.has_anything() {
                documents.push(Own { unit, document: own.document() });
                index.add(unit, own.totals);
            } else {
                index.leave_out(unit);
            }
        }
        each::write(&self.common, world, status, &documents, |names| index.document(names))
    }
}
