//! `plan remind`.

use super::each::{self, Own};
use super::{Common, FormatName, Outcome, World, find_unit, within};
use crate::calendar::Period;
use crate::language::tr;
use crate::report::{self, remind::Reminder};
use anyhow::{Context, Result};

/// The short notice per unit.
#[derive(clap::Args, Debug)]
#[command(about = tr("给各单位的催办单：逾期、临期、未报", "A reminder per unit: what is late, what comes, what was not reported"))]
pub struct Remind {
    #[arg(short, long, value_name = tr("单位", "UNIT"), help = tr("只给这个单位；可重复", "Only this unit; may be repeated"))]
    unit: Vec<String>,
    #[arg(long, value_name = tr("时长", "TIME"), default_value = "30d", hide_default_value = true, help = tr("今后多久之内到期的：30d、2w、3m；默认 30d", "What is due within 30d, 2w, 3m; 30d"))]
    within: String,
    #[arg(long, requires = "output", help = tr("每个单位一份，写入 -o 指定的文件夹，附目录", "One notice a unit, into the folder of -o, with an index"))]
    each_unit: bool,
    #[command(flatten)]
    common: Common,
}

impl Remind {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown unit or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let only: Result<Vec<_>> = self.unit.iter().map(|name| find_unit(plan, name)).collect();
        let day = self.common.day(world, plan)?;
        let within = within(&self.within, day)?;
        let quarter =
            Period::quarter_of(day).with_context(|| tr("日期超出范围", "the day is out of range"))?;
        let status = self.common.status(plan, day);
        let reminders = report::remind::remind(&status, within, quarter, &only?);
        if self.each_unit {
            let own =
                |reminder: &Reminder<'_, '_>| Own { unit: reminder.unit, document: reminder.document() };
            let documents: Vec<Own> = reminders.iter().map(own).collect();
            let index = |names: &[_]| report::remind::index(&status, &reminders, names);
            return each::write(&self.common, world, &status, &documents, index);
        }
        match reminders.as_slice() {
            // One notice alone is a message to its unit.
            [reminder] if self.common.format == FormatName::Email => {
                self.common.finish_for(world, &status, Some(reminder.unit), &reminder.document())
            }
            // Nobody to remind, nothing to send.
            [] if self.common.format == FormatName::Email => Ok(Outcome::Success),
            _ => self.common.finish(world, &status, &report::remind::document(&status, &reminders)),
        }
    }
}
