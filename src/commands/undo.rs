//! `plan undo`.

use super::rewrite::{Draft, Halt, WritingArgs, rewrite};
use super::{Outcome, World};
use crate::language::tr;
use crate::record::{Ledger, undo};
use anyhow::Result;

/// Takes back what was recorded last.
#[derive(clap::Args, Debug)]
#[command(about = tr("撤销最近一次 record 写入的内容", "Take back what record wrote last"))]
pub struct Undo {
    #[command(flatten)]
    writing: WritingArgs,
}

impl Undo {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let manner = self.writing.manner(world)?;
        let today = world.today;
        rewrite(world, &manner, &|text, remembered| {
            let Some(entry) = remembered else {
                let words = tr(
                    "没有可撤销的：这份方案最近没有用 record 写过，或者已经撤销了",
                    "there is nothing to take back: nothing was recorded of late, or it was taken back already",
                );
                return Err(Halt::Wrong(vec![words.to_string()]));
            };
            let without = |text: Result<String, String>| {
                let text = text.map_err(|why| Halt::Wrong(why.lines().map(str::to_string).collect()))?;
                Ok(Ledger::open(text, today).ok())
            };
            let ledger = match without(undo::take_back(text, entry))? {
                Some(ledger) => Some(ledger),
                None => without(undo::take_back_items(text, entry))?,
            };
            let ledger = ledger.ok_or_else(|| {
                let words = tr(
                    "撤销之后文件会有错，多半是下面又添了别的内容；没有改动，请手工去掉",
                    "without it the file would be wrong, perhaps because more was written below; nothing was changed: take it out by hand",
                );
                Halt::Wrong(vec![words.to_string()])
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
