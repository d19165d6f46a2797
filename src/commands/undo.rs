//! `plan undo`.

use super::rewrite::{Draft, Halt, Manner, rewrite};
use super::{ColorWhen, Outcome, World, plan_path};
use crate::language::tr;
use crate::record::{Ledger, undo};
use anyhow::Result;
use std::path::PathBuf;

/// Takes back what was recorded last.
#[derive(clap::Args, Debug)]
#[command(about = tr("撤销最近一次 record 写入的内容", "Take back what record wrote last"))]
pub struct Undo {
    #[arg(long, help_heading = tr("写入", "Writing"), help = tr("只看会改什么，不写", "Only show what would be changed"))]
    dry_run: bool,
    #[arg(short, long, help_heading = tr("写入", "Writing"), help = tr("不问，直接写", "Write without asking"))]
    yes: bool,
    #[arg(short, long, value_name = tr("文件", "PATH"), help = tr("方案文件；默认依次为 PLAN_FILE、本文件夹或上级文件夹里的 plan.yaml", "The plan; else PLAN_FILE, else plan.yaml here or above"), help_heading = tr("通用选项", "Common options"))]
    file: Option<PathBuf>,
    #[arg(long, value_name = tr("何时", "WHEN"), default_value = "auto", hide_default_value = true, hide_possible_values = true, help = tr("颜色：auto、always、never", "Colours: auto, always, never"), help_heading = tr("通用选项", "Common options"))]
    color: ColorWhen,
}

impl Undo {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let manner = Manner {
            path: plan_path(self.file.as_deref(), world)?,
            dry_run: self.dry_run,
            yes: self.yes,
            color: self.color.shows(world.color),
            err_color: self.color.shows(world.err_color),
        };
        let today = world.today;
        rewrite(world, &manner, &|text, remembered| {
            let Some(entry) = remembered else {
                let words = tr(
                    "没有可撤销的：这份方案最近没有用 record 写过，或者已经撤销了",
                    "there is nothing to take back: nothing was recorded of late, or it was taken back already",
                );
                return Err(Halt::Wrong(vec![words.to_string()]));
            };
            let text = undo::take_back(text, entry)
                .map_err(|why| Halt::Wrong(why.lines().map(str::to_string).collect()))?;
            let ledger = Ledger::open(text, today).map_err(|problems| {
                let why = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                Halt::Wrong(vec![tr(
                    format!("撤销之后文件会有错（{why}），没有改动"),
                    format!("without it the file would be wrong ({why}); nothing was changed"),
                )])
            })?;
            let undone = |words: &String| tr(format!("撤销 {words}"), format!("taking back {words}"));
            Ok(Draft {
                text: ledger.text,
                words: entry.words.iter().map(undone).collect(),
                doubts: Vec::new(),
                notices: Vec::new(),
                remembered: None,
            })
        })
    }
}
