//! The program `plan`: the clock, the streams, the terminal, the language and the exit code; everything else is in
//! the library.

use plan::commands::{Outcome, World};
use plan::language::{self, tr};
use plan::{cli, render};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    language::set(language::from_environment(variable));
    let typed = match cli::parse(std::env::args_os()) {
        Ok(typed) => typed,
        Err(stop) => return say(&stop),
    };
    let stdout = io::stdout();
    let no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let mut out = io::BufWriter::new(stdout.lock());
    let path = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let mut world = World {
        today: chrono::Local::now().date_naive(),
        color: io::stdout().is_terminal() && !no_color,
        err_color: io::stderr().is_terminal() && !no_color,
        err_terminal: io::stderr().is_terminal(),
        width: terminal_width(),
        out: &mut out,
        err: &mut io::stderr(),
        input: &mut io::stdin().lock(),
        interactive: io::stdin().is_terminal() && io::stdout().is_terminal(),
        folder: std::env::current_dir().unwrap_or_default(),
        plan_file: path("PLAN_FILE"),
        from: variable("PLAN_FROM").filter(|from| !from.trim().is_empty()),
        source: path("PLAN_SOURCE"),
    };
    let outcome = cli::run(typed, &mut world);
    let flushed = match outcome {
        Ok(Outcome::Written) => Ok(()),
        _ => out.flush().map_err(anyhow::Error::from),
    };
    match outcome.and_then(|outcome| flushed.map(|()| outcome)) {
        Ok(Outcome::Success | Outcome::Written) => ExitCode::SUCCESS,
        Ok(Outcome::Overdue) => ExitCode::from(1),
        Ok(Outcome::Refused) => ExitCode::from(2),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// The columns of the terminal on standard output, if it is one.
fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0))
}

/// Help goes to standard output, a wrong command line to standard error.
fn say(stop: &cli::Stop) -> ExitCode {
    let written = match stop.exit_code {
        0 => write!(io::stdout(), "{}", stop.text),
        _ => write!(io::stderr(), "{}", stop.text),
    };
    match written {
        Ok(()) => ExitCode::from(stop.exit_code),
        Err(_) => ExitCode::from(stop.exit_code.max(1)),
    }
}

/// The reader of a pipe may go whenever it likes.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(broken))
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let words = error.chain().map(words_of).collect::<Vec<_>>().join(tr("：", ": "));
    let words = render::wrap::clean(&words).into_owned();
    // Nothing is left to be done where standard error is gone as well.
    let _ = writeln!(io::stderr(), "{}{words}", tr("错误：", "error: "));
    ExitCode::from(2)
}

/// What the operating system says, in the reader's language where it is one of the usual refusals.
fn words_of(cause: &(dyn std::error::Error + 'static)) -> String {
    /// ELOOP, for which the standard library has no stable name.
    const LINKS_IN_CIRCLES: i32 = 40;
    use io::ErrorKind::{
        IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull,
    };
    let error = cause.downcast_ref::<io::Error>();
    if cfg!(target_os = "linux") && error.and_then(io::Error::raw_os_error) == Some(LINKS_IN_CIRCLES) {
        return tr("链接绕成了圈", "the links lead in circles").to_string();
    }
    let kind = error.map(io::Error::kind);
    let words = match kind {
        Some(NotFound) => tr("没有这个文件或文件夹", "there is no such file or folder"),
        Some(PermissionDenied) => tr("没有权限", "permission denied"),
        Some(StorageFull) => tr("磁盘已满", "the disk is full"),
        Some(ReadOnlyFilesystem) => tr("磁盘是只读的", "the disk is read-only"),
        Some(IsADirectory) => tr("这是一个文件夹", "this is a folder"),
        Some(NotADirectory) => tr("路径中有一段不是文件夹", "a part of the path is not a folder"),
        _ => return cause.to_string(),
    };
    words.to_string()
}
