//! One document a unit, in a folder with an index, written whole or not at all.

use super::{Common, FormatName, Outcome, World, write_folder};
use crate::document::Document;
use crate::language::tr;
use crate::model::UnitId;
use crate::status::Status;
use anyhow::{Context, Result, bail};

/// From so many documents on, a terminal is told how far the work has come.
const MANY: usize = 100;

/// A unit's own document.
pub(super) struct Own {
    pub(super) unit: UnitId,
    pub(super) document: Document,
}

/// Writes the documents and an index of them into the folder of `--output`. `index` makes it from the files' names.
pub(super) fn write(
    common: &Common,
    world: &mut World<'_>,
    status: &Status<'_>,
    documents: &[Own],
    index: impl FnOnce(&[(UnitId, String)]) -> Document,
) -> Result<Outcome> {
    let plan = status.plan;
    if common.mail.has_recipients() {
        bail!(tr(
            "--each-unit 按各单位登记的邮箱填收件人，不与 --to 同用；要抄送的写 --cc",
            "with --each-unit each goes to its unit's address, not to --to; use --cc for copies",
        ));
    }
    let folder = common.output.as_deref().context("--output")?;
    let extension = common.format.extension();
    let index_format = common.format.of_index();
    let index_name = format!("index.{}", index_format.extension());
    let mut names: Vec<(UnitId, String)> = Vec::new();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, own) in documents.iter().enumerate() {
        let unit = &plan.unit(own.unit).name;
        let mut name = format!("{}.{extension}", file_name(unit));
        // Some systems do not tell capitals from small letters.
        let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        let taken =
            |name: &String| same(name, &index_name) || names.iter().any(|(_, other)| same(other, name));
        if taken(&name) {
            name = format!("{}-{}.{extension}", file_name(unit), own.unit.0 + 1);
        }
        let text = common.render(world, status, Some(own.unit), &own.document, common.format)?;
        files.push((name.clone(), text.into_bytes()));
        names.push((own.unit, name));
        progress(world, at + 1, documents.len())?;
    }
    let page = common.render(world, status, None, &index(&names), index_format)?;
    files.push((index_name, page.into_bytes()));
    write_folder(folder, &files)?;
    let (count, shown) = (documents.len(), folder.display());
    let mut words =
        tr(format!("写了{count}份和目录：{shown}"), format!("wrote {count} files and an index: {shown}"));
    let without: Vec<&str> = (documents.iter())
        .map(|own| plan.unit(own.unit))
        .filter(|unit| unit.email.is_none())
        .map(|unit| unit.name.as_str())
        .collect();
    if common.format == FormatName::Email && !without.is_empty() {
        let (count, list) = (without.len(), without.join(tr("、", ", ")));
        words.push_str(&tr(
            format!("。没有登记邮箱、收件人空着的{count}家：{list}"),
            format!("; {count} without an address, left open: {list}"),
        ));
    }
    writeln!(world.err, "{}", crate::render::wrap::clean(&words))?;
    Ok(Outcome::Success)
}

/// Tells a terminal how far the work has come, on one line that is written over.
fn progress(world: &mut World<'_>, done: usize, all: usize) -> Result<()> {
    if all < MANY || !world.err_terminal {
        return Ok(());
    }
    let end = if done == all { "\n" } else { "" };
    write!(world.err, "\r{}{end}", tr(format!("已写 {done}/{all}"), format!("{done}/{all} written")))?;
    world.err.flush()?;
    Ok(())
}

/// A name that every system takes for a file: letters, digits, - and _; stable for the same name.
fn file_name(name: &str) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(60).collect();
    let upper = safe.to_ascii_uppercase();
    let device = matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (upper.len() == 4 && (upper.starts_with("COM") || upper.starts_with("LPT")));
    if device || safe.is_empty() { format!("{safe}_") } else { safe }
}
