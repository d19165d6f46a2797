//! A writer's turn at the plan file: one writer at a time, whole or not at all, and only while it is still what was read.
//!
//! Beside `plan.yaml` lies `.plan.yaml.undo`. Writers take turns by locking it, and it holds what was written last, for
//! `plan undo`; it may be deleted whenever nobody writes. `.plan.yaml.new` is there only while a file is being written:
//! one that a killed program left behind is overwritten by the next.

use super::read;
use crate::language::tr;
use crate::record::undo::Entry;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// What lies in the file beside the plan.
#[derive(Default, Serialize, Deserialize)]
struct Journal {
    /// For whoever opens the file.
    about: String,
    #[serde(default)]
    entry: Option<Entry>,
}

/// What was written last, without waiting for a turn.
pub(super) fn remembered(path: &Path) -> Option<Entry> {
    let target = std::fs::canonicalize(path).ok()?;
    let bytes = read(&beside(&target, ".undo").ok()?, crate::yaml::MAX_BYTES).ok()?;
    serde_json::from_slice::<Journal>(&bytes).ok()?.entry
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
pub(super) struct Turn {
    /// The file itself, symbolic links followed.
    pub target: PathBuf,
    /// Locked as long as it is open.
    file: File,
}

impl Turn {
    /// Waits for its turn; `waiting` is called before it has to.
    ///
    /// # Errors
    /// A file that cannot be written, or must not be.
    pub fn take(path: &Path, waiting: &mut dyn FnMut()) -> Result<Turn> {
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
                .with_context(|| {
                    let place = place.display();
                    tr(
                        format!("写不了 {shown} 旁边的 {place}"),
                        format!("cannot write {place} beside {shown}"),
                    )
                })?;
            if fresh && let Ok(plan) = std::fs::metadata(&target) {
                // Whoever may write the plan may take a turn. Where that cannot be set, they will be told.
                let _ = file.set_permissions(plan.permissions());
            }
            if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
                waiting();
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

    /// What was written last.
    pub fn remembered(&mut self) -> Option<Entry> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        self.file.read_to_string(&mut text).ok()?;
        serde_json::from_str::<Journal>(&text).ok()?.entry
    }

    /// Puts new bytes in the file's place. False where the file does not hold the old ones any more.
    ///
    /// What will have been written is remembered first: of a program that is killed in between, `plan undo` finds that
    /// nothing stands as it is remembered, and never takes back what came before.
    pub fn replace(&mut self, old: &[u8], new: &[u8], entry: Option<Entry>) -> Result<bool> {
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
    file.set_permissions(old.permissions())?;
    #[cfg(unix)]
    keep_attributes(file, target);
    Ok(())
}

/// Access lists and other attributes besides the permissions. Some of them only the system may set: what cannot be kept is
/// left.
#[cfg(unix)]
fn keep_attributes(file: &File, target: &Path) {
    use xattr::FileExt;
    for name in xattr::list(target).into_iter().flatten() {
        if let Ok(Some(value)) = xattr::get(target, &name) {
            let _ = file.set_xattr(&name, &value);
        }
    }
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
        let mut turn = Turn::take(&path, &mut || ()).expect("a turn");
        assert!(turn.replace(b"a", b"b", entry("first")).expect("it is written"));
        std::fs::write(&path, "by hand").expect("an edit by hand");
        assert!(!turn.replace(b"b", b"c", entry("second")).expect("nothing failed"));
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), "by hand");
        assert!(!folder.path().join(".plan.yaml.new").exists());
        assert_eq!(turn.remembered(), entry("first"));
    }

    #[test]
    fn a_turn_lasts_until_it_is_dropped() {
        let (_folder, path) = plan("a");
        let mut turn = Turn::take(&path, &mut || ()).expect("a turn");
        turn.remember(None).expect("it is remembered");
        let other = File::open(beside(&turn.target, ".undo").expect("a name")).expect("the lock");
        assert!(other.try_lock().is_err());
        drop(turn);
        assert!(other.try_lock().is_ok());
    }

    #[test]
    fn a_turn_without_a_record_leaves_nothing_behind() {
        let (folder, path) = plan("a");
        drop(Turn::take(&path, &mut || ()).expect("a turn"));
        assert!(!folder.path().join(".plan.yaml.undo").exists());
        let mut turn = Turn::take(&path, &mut || ()).expect("a turn");
        assert!(turn.replace(b"a", b"b", None).expect("it is written"));
        drop(turn);
        assert!(folder.path().join(".plan.yaml.undo").exists());
    }

    #[test]
    fn a_shorter_memory_leaves_nothing_of_a_longer_one() {
        let (_folder, path) = plan("a");
        let mut turn = Turn::take(&path, &mut || ()).expect("a turn");
        turn.remember(entry(&"长".repeat(500))).expect("it is remembered");
        turn.remember(None).expect("it is remembered");
        assert_eq!(turn.remembered(), None);
        let text = std::fs::read_to_string(beside(&turn.target, ".undo").expect("a name")).expect("the file");
        assert!(serde_json::from_str::<Journal>(&text).is_ok(), "{text}");
    }
}
