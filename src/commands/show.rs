//! `plan show`.

use super::{Common, Outcome, World, find_tasks, read};
use crate::language::tr;
use crate::{original, report};
use anyhow::Result;
use std::path::Path;

/// The most bytes of a copy of the document.
const LARGEST_ORIGINAL: usize = 4 * 1024 * 1024;

/// One task whole.
#[derive(clap::Args, Debug)]
#[command(about = tr("一项任务的全部内容", "One task whole"))]
pub struct Show {
    #[arg(required = true, help_heading = tr("编号", "Ids"), value_name = tr("编号", "ID"), help = tr("任务编号，如 C6；可写几个", "Task ids, such as C6"))]
    ids: Vec<String>,
    #[command(flatten)]
    common: Common,
}

impl Show {
    /// Runs the command.
    ///
    /// # Errors
    /// An unknown id or day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let Some(opened) = self.common.open(world)? else { return Ok(Outcome::Refused) };
        let plan = &opened.plan;
        let positions = find_tasks(plan, &self.ids)?;
        let status = self.common.status(plan, self.common.day(world, plan)?);
        let text = document_copy(&opened.path, world.source.as_deref());
        let documents = positions.into_iter().map(|at| {
            let source = plan.tasks[at].source.as_deref();
            let passage =
                text.as_deref().zip(source).and_then(|(text, source)| original::passage(text, source));
            report::show::show(&status, at, passage.map(str::to_string)).document()
        });
        let document = report::show::together(documents.collect());
        self.common.finish(world, &status, &document)
    }
}

/// The user's own copy of the official document, if it can be read: the file or folder that `PLAN_SOURCE` names, else
/// the folder `seeds` beside the plan. Of a folder the first `*.txt`.
fn document_copy(plan: &Path, named: Option<&Path>) -> Option<String> {
    let beside = plan.parent().unwrap_or(Path::new("")).join("seeds");
    let place = named.unwrap_or(&beside);
    let mut copies = if place.is_dir() {
        let entries = std::fs::read_dir(place).ok()?;
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_text_file(path)).collect()
    } else {
        vec![place.to_path_buf()]
    };
    copies.sort();
    copies.iter().find_map(|path| String::from_utf8(read(path, LARGEST_ORIGINAL).ok()?).ok())
}

fn is_text_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "txt")
}
