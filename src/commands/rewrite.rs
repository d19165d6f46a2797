//! How a command rewrites the plan file: what will be written is shown, asked for where somebody can be asked, and
//! written in a [`Turn`] of its own.

use super::turn::{Turn, remembered};
use super::{ColorWhen, Outcome, World, decode, plan_path, read};
use crate::language::tr;
use crate::record::undo::Entry;
use crate::render::{self, difference::difference};
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// Options of the commands that write.
#[derive(Args, Debug)]
pub struct WritingArgs {
    #[arg(long, help_heading = tr("写入", "Writing"), help = tr("只看会写什么，不写", "Only show what would be written"))]
    dry_run: bool,
    #[arg(short, long, help_heading = tr("写入", "Writing"), help = tr("不问，直接写；有疑问的也写", "Write without asking, what is doubtful as well"))]
    yes: bool,
    #[arg(short, long, value_name = tr("文件", "PATH"), help = tr("方案文件；默认依次为 PLAN_FILE、本文件夹或上级文件夹里的 plan.yaml", "The plan; else PLAN_FILE, else plan.yaml here or above"), help_heading = tr("通用选项", "Common options"))]
    file: Option<PathBuf>,
    #[arg(long, value_name = tr("何时", "WHEN"), default_value = "auto", hide_default_value = true, hide_possible_values = true, help = tr("颜色：auto、always、never", "Colours: auto, always, never"), help_heading = tr("通用选项", "Common options"))]
    color: ColorWhen,
}

impl WritingArgs {
    /// How the command is run.
    pub(super) fn manner(&self, world: &World<'_>) -> Result<Manner> {
        Ok(Manner {
            path: plan_path(self.file.as_deref(), world)?,
            named: self.file.is_some(),
            dry_run: self.dry_run,
            yes: self.yes,
            color: self.color.shows(world.color),
            err_color: self.color.shows(world.err_color),
        })
    }
}

/// How a command that writes is run.
pub(super) struct Manner {
    /// The plan file, as it was named.
    pub path: PathBuf,
    /// Whether it was named with `--file`.
    pub named: bool,
    /// Only show what would be written.
    pub dry_run: bool,
    /// Write without asking.
    pub yes: bool,
    /// Whether what is shown has colours.
    pub color: bool,
    /// The same of standard error.
    pub err_color: bool,
}

/// A new text of the plan file, before it is written.
pub(super) struct Draft {
    /// The whole text.
    pub text: String,
    /// What it records, in words.
    pub words: Vec<String>,
    /// What is possible but may be a slip: it is asked for, or needs `--yes`.
    pub doubts: Vec<String>,
    /// What is worth knowing.
    pub notices: Vec<String>,
    /// What `plan undo` is to remember; `None` where nothing can be taken back any more.
    pub remembered: Option<Entry>,
}

/// Why there is no new text.
pub(super) enum Halt {
    /// The plan file is wrong.
    File(Vec<crate::diagnostic::Diagnostic>),
    /// What was asked for is wrong; one line each.
    Wrong(Vec<String>),
    /// There is nothing to do.
    Nothing(String),
}

/// Makes a new text of the old one and what was written last.
pub(super) type Work<'w> = &'w dyn Fn(&str, Option<&Entry>) -> Result<Draft, Halt>;

/// Shows what will be written, asks where somebody can be asked, and writes.
///
/// # Errors
/// A file that cannot be read or written, or that others keep changing.
pub(super) fn rewrite(world: &mut World<'_>, manner: &Manner, work: Work<'_>) -> Result<Outcome> {
    let bytes = read(&manner.path, crate::yaml::MAX_BYTES)?;
    let last = remembered(&manner.path);
    let draft = match drafted(world, manner, &bytes, last.as_ref(), work)? {
        Ok(draft) => draft,
        Err(outcome) => return Ok(outcome),
    };
    let ask = world.interactive && !manner.yes;
    if manner.dry_run || ask {
        show(world, manner, &bytes, &draft)?;
    }
    if manner.dry_run {
        writeln!(world.out, "{}", tr("（试写，文件没有改动）", "(dry run: nothing was written)"))?;
        return Ok(Outcome::Success);
    }
    if ask && !confirmed(world, draft.doubts.is_empty())? {
        writeln!(world.out, "{}", tr("没有写入。", "Nothing was written."))?;
        return Ok(Outcome::Success);
    }
    write(world, manner, work, Prepared { bytes, draft, agreed: ask })
}

/// What was prepared without waiting for a turn.
struct Prepared {
    /// The file that was read.
    bytes: Vec<u8>,
    draft: Draft,
    /// Whether somebody has seen it and agreed.
    agreed: bool,
}

/// Takes its turn and writes what was prepared; prepares it once more where the file is another one meanwhile.
fn write(world: &mut World<'_>, manner: &Manner, work: Work<'_>, prepared: Prepared) -> Result<Outcome> {
    let Prepared { mut bytes, mut draft, agreed } = prepared;
    let lines = changed_lines(&bytes, &draft);
    if doubtful(world, manner, &bytes, &draft, agreed)? {
        return Ok(Outcome::Refused);
    }
    let mut turn = Turn::take(&manner.path, &mut || {
        let words =
            tr("别的程序正在写这份方案，等它写完……", "another program is writing this plan; waiting …");
        // Who cannot be told waits all the same.
        let _ = writeln!(world.err, "{words}");
    })?;
    // Whoever does not lock, an editor or a synchronised folder, may still change the file: then all is done once more.
    for _ in 0..2 {
        let there = read(&turn.target, crate::yaml::MAX_BYTES)?;
        if there != bytes {
            let last = turn.remembered();
            draft = match drafted(world, manner, &there, last.as_ref(), work)? {
                Ok(draft) => draft,
                Err(outcome) => return Ok(outcome),
            };
            bytes = there;
            if agreed && lines != changed_lines(&bytes, &draft) {
                bail!(tr(
                    "文件刚被别人改过，要写的内容变了；没有写入，请重来一次",
                    "the file was changed meanwhile, and so was what would be written; nothing was written, please try again",
                ));
            }
            if doubtful(world, manner, &bytes, &draft, agreed)? {
                return Ok(Outcome::Refused);
            }
        }
        if !turn.replace(&bytes, draft.text.as_bytes(), draft.remembered.clone())? {
            continue;
        }
        drop(turn);
        return Ok(told(world, manner, &bytes, &draft, agreed));
    }
    bail!(tr(
        "文件一直在被别的程序改动，没有写入；关掉打开它的程序再试",
        "another program keeps changing the file; nothing was written: close it and try again",
    ))
}

/// Tells what was written. It stands in the file whether or not anybody can be told, so this never fails: whoever is told
/// of a failure does it again.
fn told(world: &mut World<'_>, manner: &Manner, before: &[u8], draft: &Draft, agreed: bool) -> Outcome {
    let path = render::wrap::clean(&manner.path.display().to_string()).into_owned();
    let of = if manner.named { format!(" -f {path}") } else { String::new() };
    let words = match draft.remembered {
        Some(_) => tr(
            format!("已写入 {path}。撤销：plan undo{of}"),
            format!("Wrote {path}. To take it back: plan undo{of}"),
        ),
        None => tr(format!("已写入 {path}。"), format!("Wrote {path}.")),
    };
    let shown = if agreed { Ok(()) } else { show(world, manner, before, draft) };
    let shown =
        shown.and_then(|()| Ok(writeln!(world.out, "{words}")?)).and_then(|()| Ok(world.out.flush()?));
    if shown.is_err() {
        // Nothing is left to be done where standard error is gone as well.
        let _ = writeln!(world.err, "{words}");
    }
    Outcome::Written
}

/// Whether it is left undone because it is doubtful, and nobody could be asked or has said `--yes`.
fn doubtful(
    world: &mut World<'_>,
    manner: &Manner,
    bytes: &[u8],
    draft: &Draft,
    agreed: bool,
) -> Result<bool> {
    if draft.doubts.is_empty() || agreed || manner.yes {
        return Ok(false);
    }
    // Nothing came of it, so nothing goes to standard output.
    write!(world.err, "{}", shown(manner, bytes, draft))?;
    remarks(world, draft)?;
    let words =
        tr("没有写入。核对无误的，加 --yes 再来一次。", "Nothing was written. If it is right, add --yes.");
    writeln!(world.err, "{words}")?;
    Ok(true)
}

/// The draft; or how the command ends without one, after it was said why.
fn drafted(
    world: &mut World<'_>,
    manner: &Manner,
    bytes: &[u8],
    remembered: Option<&Entry>,
    work: Work<'_>,
) -> Result<Result<Draft, Outcome>> {
    let shown = manner.path.display().to_string();
    let (problems, text) = match decode(bytes) {
        Err(problem) => (vec![problem], ""),
        Ok(text) => match work(text, remembered) {
            Ok(draft) => return Ok(Ok(draft)),
            Err(Halt::File(problems)) => (problems, text),
            Err(Halt::Nothing(words)) => {
                writeln!(world.out, "{words}")?;
                return Ok(Err(Outcome::Success));
            }
            Err(Halt::Wrong(lines)) => {
                for line in lines {
                    let line = render::wrap::clean(&line).into_owned();
                    writeln!(world.err, "{}{line}", tr("错误：", "error: "))?;
                }
                return Ok(Err(Outcome::Refused));
            }
        },
    };
    write!(world.err, "{}", render::diagnostics::full(&problems, &shown, text, manner.err_color))?;
    Ok(Err(Outcome::Refused))
}

/// Shows the lines that change, and what there is to say of them.
fn show(world: &mut World<'_>, manner: &Manner, before: &[u8], draft: &Draft) -> Result<()> {
    write!(world.out, "{}", shown(manner, before, draft))?;
    world.out.flush()?;
    remarks(world, draft)
}

/// What is recorded, in words and in the file's own lines.
fn shown(manner: &Manner, before: &[u8], draft: &Draft) -> String {
    let before = String::from_utf8_lossy(before);
    let mut out: String =
        draft.words.iter().map(|words| format!("{}\n", render::wrap::clean(words))).collect();
    let path = manner.path.display().to_string();
    out.push_str(&difference(&path, &before, &draft.text, manner.color));
    out
}

fn remarks(world: &mut World<'_>, draft: &Draft) -> Result<()> {
    for doubt in &draft.doubts {
        writeln!(world.err, "{}{}", tr("请核对：", "please check: "), render::wrap::clean(doubt))?;
    }
    for notice in &draft.notices {
        writeln!(world.err, "{}{}", tr("提醒：", "note: "), render::wrap::clean(notice))?;
    }
    Ok(())
}

/// Asks whether to write; what is doubtful is written only on an express yes.
fn confirmed(world: &mut World<'_>, sure: bool) -> Result<bool> {
    loop {
        let question = if sure {
            tr("写入？[Y/n] ", "Write it? [Y/n] ")
        } else {
            tr("仍要写入？[y/N] ", "Write it all the same? [y/N] ")
        };
        write!(world.out, "{question}")?;
        world.out.flush()?;
        let Some(answer) = super::answer(world)? else { return Ok(false) };
        match answer.to_lowercase().as_str() {
            "" => return Ok(sure),
            "y" | "yes" | "是" | "好" | "写入" => return Ok(true),
            "n" | "no" | "否" | "不" => return Ok(false),
            _ => {}
        }
    }
}

/// The lines that go and come, without their places.
fn changed_lines(before: &[u8], draft: &Draft) -> String {
    let before = String::from_utf8_lossy(before);
    let text = difference("", &before, &draft.text, false);
    text.lines().filter(|line| line.starts_with(['-', '+'])).collect::<Vec<_>>().join("\n")
}
