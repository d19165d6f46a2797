//! The plan file is rewritten: one writer at a time, whole or not at all, and only while it is still what was read.
//!
//! Beside `plan.yaml` lies `.plan.yaml.undo`. Writers take turns by locking it, and it holds what was written last, for
//! `plan undo`; it may be deleted whenever nobody writes. `.plan.yaml.new` is there only while a file is being written:
//! one that a killed program left behind is overwritten by the next.

use super::{Outcome, World, decode, read};
use crate::language::tr;
use crate::record::undo::Entry;
use crate::render::{self, difference::difference};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// How a command that writes is run.
pub(super) struct Manner {
    /// The plan file, as it was named.
    pub path: PathBuf,
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
    let remembered = Journal::beside(&manner.path).and_then(|journal| journal.entry);
    let draft = match drafted(world, manner, &bytes, remembered.as_ref(), work)? {
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
    let mut turn = Turn::take(&manner.path)?;
    // Whoever does not lock, an editor or a synchronised folder, may still change the file: then all is done once more.
    for _ in 0..2 {
        let there = read(&turn.target, crate::yaml::MAX_BYTES)?;
        if there != bytes {
            let remembered = turn.journal().and_then(|journal| journal.entry);
            draft = match drafted(world, manner, &there, remembered.as_ref(), work)? {
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
        if !agreed {
            show(world, manner, &bytes, &draft)?;
        }
        let path = render::wrap::clean(&manner.path.display().to_string()).into_owned();
        let words = match draft.remembered {
            Some(_) => tr(
                format!("已写入 {path}。撤销：plan undo"),
                format!("Wrote {path}. To take it back: plan undo"),
            ),
            None => tr(format!("已写入 {path}。"), format!("Wrote {path}.")),
        };
        writeln!(world.out, "{words}")?;
        return Ok(Outcome::Success);
    }
    bail!(tr(
        "文件一直在被别的程序改动，没有写入；关掉打开它的程序再试",
        "another program keeps changing the file; nothing was written: close it and try again",
    ))
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
    show(world, manner, bytes, draft)?;
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

/// The lines that change, and what there is to say of them.
fn show(world: &mut World<'_>, manner: &Manner, before: &[u8], draft: &Draft) -> Result<()> {
    let before = String::from_utf8_lossy(before);
    for words in &draft.words {
        writeln!(world.out, "{}", render::wrap::clean(words))?;
    }
    let path = manner.path.display().to_string();
    write!(world.out, "{}", difference(&path, &before, &draft.text, manner.color))?;
    world.out.flush()?;
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

/// What lies in the file beside the plan.
#[derive(Default, Serialize, Deserialize)]
struct Journal {
    /// For whoever opens the file.
    about: String,
    #[serde(default)]
    entry: Option<Entry>,
}

impl Journal {
    /// What is remembered of a plan, without waiting for a turn.
    fn beside(path: &Path) -> Option<Journal> {
        let target = std::fs::canonicalize(path).ok()?;
        let bytes = read(&beside(&target, ".undo").ok()?, crate::yaml::MAX_BYTES).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

/// The hidden file of a kind beside another one: `.plan.yaml.undo`.
fn beside(target: &Path, kind: &str) -> Result<PathBuf> {
    let name = target.file_name().context(tr("没有文件名", "there is no file name"))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(kind);
    Ok(target.with_file_name(hidden))
}

/// A writer's turn: while it lasts no other writer has one.
struct Turn {
    /// The file itself, symbolic links followed.
    target: PathBuf,
    /// Locked as long as it is open.
    file: File,
}

impl Turn {
    fn take(path: &Path) -> Result<Turn> {
        let shown = path.display();
        let cannot = || tr(format!("写不了 {shown}"), format!("cannot write {shown}"));
        let target = std::fs::canonicalize(path)
            .with_context(|| tr(format!("读不了 {shown}"), format!("cannot read {shown}")))?;
        // A rename asks nobody whether the file may be written; whoever protects a file means it.
        let protected = std::fs::metadata(&target).with_context(cannot)?.permissions().readonly();
        if protected {
            bail!(tr(
                format!("{shown} 是只读的，没有写入"),
                format!("{shown} is read-only; nothing was written")
            ));
        }
        OpenOptions::new().write(true).open(&target).with_context(cannot)?;
        let place = beside(&target, ".undo")?;
        if std::fs::symlink_metadata(&place).is_ok_and(|there| there.is_symlink()) {
            let place = place.display();
            bail!(tr(
                format!("{place} 是链接，不该在这里；删掉它再试"),
                format!("{place} is a link; delete it and try again")
            ));
        }
        loop {
            let fresh = !place.exists();
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&place)
                .with_context(cannot)?;
            if fresh && let Ok(plan) = std::fs::metadata(&target) {
                // Whoever may write the plan may take a turn. Where that cannot be set, they will be told.
                let _ = file.set_permissions(plan.permissions());
            }
            match file.lock() {
                // A file system without locks: the comparison before the rename is what is left.
                Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {}
                locked => locked.with_context(cannot)?,
            }
            // Somebody may have deleted the file while this writer waited for it: then others lock another one.
            if is_the_same(&file, &place) {
                return Ok(Turn { target, file });
            }
        }
    }

    fn journal(&mut self) -> Option<Journal> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        self.file.read_to_string(&mut text).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Puts new bytes in the file's place. False where the file does not hold the old ones any more.
    ///
    /// What will have been written is remembered first: of a program that is killed in between, `plan undo` finds that
    /// nothing stands as it is remembered, and never takes back what came before.
    fn replace(&mut self, old: &[u8], new: &[u8], entry: Option<Entry>) -> Result<bool> {
        let shown = self.target.display().to_string();
        let cannot = || tr(format!("写不了 {shown}"), format!("cannot write {shown}"));
        let place = beside(&self.target, ".new")?;
        let removed = std::fs::remove_file(&place);
        if removed.is_err_and(|error| error.kind() != std::io::ErrorKind::NotFound) {
            return Err(std::io::Error::other(place.display().to_string())).with_context(cannot);
        }
        let outcome = self.prepare(&place, old, new, entry).with_context(cannot);
        if !matches!(outcome, Ok(true)) {
            // What was begun is of no use; where it cannot be removed the next writer does it.
            let _ = std::fs::remove_file(&place);
            return outcome;
        }
        std::fs::rename(&place, &self.target).with_context(cannot)?;
        sync_folder(&self.target);
        Ok(true)
    }

    /// All but the rename. The file is compared twice: before what was remembered is overwritten, and at the very end.
    fn prepare(&mut self, place: &Path, old: &[u8], new: &[u8], entry: Option<Entry>) -> Result<bool> {
        self.write_beside(place, new)?;
        if read(&self.target, crate::yaml::MAX_BYTES)? != old {
            return Ok(false);
        }
        self.remember(entry)?;
        Ok(read(&self.target, crate::yaml::MAX_BYTES)? == old)
    }

    fn write_beside(&self, place: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(place)?;
        keep_owner_and_permissions(&file, &self.target)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn remember(&mut self, entry: Option<Entry>) -> std::io::Result<()> {
        let about = tr(
            "plan undo 用它撤销最近一次写入；写方案时也靠它排队。不用管它，删掉也可以",
            "plan undo takes back the last record with this; writers of the plan take turns by it. It may be deleted",
        );
        let journal = Journal { about: about.to_string(), entry };
        let text = serde_json::to_string_pretty(&journal).map_err(std::io::Error::other)?;
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.write_all(b"\n")?;
        self.file.sync_data()
    }
}

impl Drop for Turn {
    /// A turn in which nothing came to be written leaves nothing behind. Whoever waits for the lock meanwhile finds that
    /// the file is gone, and begins anew; where an open file cannot be deleted, it stays, and is in nobody's way.
    fn drop(&mut self) {
        if self.file.metadata().is_ok_and(|file| file.len() == 0)
            && let Ok(place) = beside(&self.target, ".undo")
        {
            let _ = std::fs::remove_file(place);
        }
    }
}

#[cfg(unix)]
fn is_the_same(file: &File, place: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(place)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
fn is_the_same(_file: &File, place: &Path) -> bool {
    place.exists()
}

/// The file that takes the plan's place belongs to the same people and may be read by the same.
fn keep_owner_and_permissions(file: &File, target: &Path) -> std::io::Result<()> {
    let old = std::fs::metadata(target)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Only the administrator may give files away; everybody else keeps the group where it is one of their own.
        if std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid())).is_err() {
            let _ = std::os::unix::fs::fchown(file, None, Some(old.gid()));
        }
    }
    file.set_permissions(old.permissions())
}

/// A rename lasts through a loss of power only once the folder is written, too.
fn sync_folder(target: &Path) {
    #[cfg(unix)]
    if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
        // The file is in its place already; that it lasts is the file system's affair from here on.
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = target;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("plan.yaml");
        std::fs::write(&path, text).expect("the file is written");
        (folder, path)
    }

    fn entry(words: &str) -> Option<Entry> {
        Some(Entry { words: vec![words.into()], lines: Vec::new() })
    }

    #[test]
    fn a_file_that_is_not_what_was_read_is_left_alone_and_what_is_remembered_stays() {
        let (folder, path) = plan("a");
        let mut turn = Turn::take(&path).expect("a turn");
        assert!(turn.replace(b"a", b"b", entry("first")).expect("it is written"));
        std::fs::write(&path, "by hand").expect("an edit by hand");
        assert!(!turn.replace(b"b", b"c", entry("second")).expect("nothing failed"));
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), "by hand");
        assert!(!folder.path().join(".plan.yaml.new").exists());
        assert_eq!(turn.journal().and_then(|journal| journal.entry), entry("first"));
    }

    #[test]
    fn a_turn_lasts_until_it_is_dropped() {
        let (_folder, path) = plan("a");
        let mut turn = Turn::take(&path).expect("a turn");
        turn.remember(None).expect("it is remembered");
        let other = File::open(beside(&turn.target, ".undo").expect("a name")).expect("the lock");
        assert!(other.try_lock().is_err());
        drop(turn);
        assert!(other.try_lock().is_ok());
    }

    #[test]
    fn a_turn_without_a_record_leaves_nothing_behind() {
        let (folder, path) = plan("a");
        drop(Turn::take(&path).expect("a turn"));
        assert!(!folder.path().join(".plan.yaml.undo").exists());
        let mut turn = Turn::take(&path).expect("a turn");
        assert!(turn.replace(b"a", b"b", None).expect("it is written"));
        drop(turn);
        assert!(folder.path().join(".plan.yaml.undo").exists());
    }

    #[test]
    fn a_shorter_memory_leaves_nothing_of_a_longer_one() {
        let (_folder, path) = plan("a");
        let mut turn = Turn::take(&path).expect("a turn");
        turn.remember(entry(&"长".repeat(500))).expect("it is remembered");
        turn.remember(None).expect("it is remembered");
        assert_eq!(turn.journal().map(|journal| journal.entry), Some(None));
    }
}
