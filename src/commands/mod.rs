//! The commands, one file each: its arguments and its few lines of run.
//!
//! This file holds what they share: the [`World`] that `main` fills, the common options, and the two functions that
//! read and write files.

pub mod check;
pub mod deadlines;
pub mod diff;
pub mod due;
mod each;
pub mod indicators;
pub mod log;
pub mod mail;
pub mod overdue;
pub mod record;
pub mod remind;
pub mod report;
mod rewrite;
pub mod schema;
pub mod show;
pub mod summary;
pub mod tasks;
mod turn;
pub mod undo;
pub mod units;

use crate::calendar::{self, Duration, Period};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::Document;
use crate::language::tr;
use crate::load;
use crate::model::{Plan, UnitId};
use crate::query::{self, Query, UnitSet};
use crate::render::{self, Format, Page};
use crate::status::{self, State, Status};
use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use std::borrow::Cow;
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};

/// Everything outside of the program that a command may touch. `main` fills it, tests fill it by hand.
pub struct World<'w> {
    /// The machine's local date, read once.
    pub today: NaiveDate,
    /// Standard output.
    pub out: &'w mut dyn Write,
    /// Standard error.
    pub err: &'w mut dyn Write,
    /// Standard input.
    pub input: &'w mut dyn BufRead,
    /// Whether somebody sits there who can be asked: standard input and output are a terminal.
    pub interactive: bool,
    /// Whether standard output is a terminal that shows colours.
    pub color: bool,
    /// Whether standard error is one.
    pub err_color: bool,
    /// Whether standard error is a terminal of any kind.
    pub err_terminal: bool,
    /// The columns of the terminal; `None` where there is none.
    pub width: Option<usize>,
    /// The folder in which the program was started.
    pub folder: PathBuf,
    /// What `PLAN_FILE` says.
    pub plan_file: Option<PathBuf>,
    /// What `PLAN_FROM` says: who sends messages.
    pub from: Option<String>,
    /// What `PLAN_SOURCE` says: a copy of the official document, or the folder of one.
    pub source: Option<PathBuf>,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well: exit code 0.
    Success,
    /// The plan file was rewritten: exit code 0, even where nobody could be told.
    Written,
    /// `--exit-code` was given and something is overdue: exit code 1.
    Overdue,
    /// The plan file is wrong and was explained: exit code 2.
    Refused,
}

/// Options of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = tr("通用选项", "Common options"))]
pub struct Common {
    #[arg(short, long, value_name = tr("文件", "PATH"), help = tr("方案文件；默认依次为 PLAN_FILE、本文件夹或上级文件夹里的 plan.yaml", "The plan; else PLAN_FILE, else plan.yaml here or above"))]
    file: Option<PathBuf>,
    #[arg(long, value_name = tr("日期", "DAY"), help = tr("截至哪一天：2023-06-30、6月底、today", "As of which day: 2023-06-30, 2023/6/30, today"))]
    as_of: Option<String>,
    #[arg(long, value_name = tr("格式", "FORMAT"), default_value = "text", hide_default_value = true, hide_possible_values = true, help = tr("输出格式：text、json、yaml、csv、markdown、html、email", "text, json, yaml, csv, markdown, html or email"))]
    format: FormatName,
    #[arg(short, long, value_name = tr("文件", "FILE"), help = tr("写入文件（整份写入，或一字不写）", "Write to a file, whole or not at all"))]
    output: Option<PathBuf>,
    #[arg(long, help = tr("制表线和图形只用 ASCII 字符", "Draw with ASCII characters only"))]
    ascii: bool,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=1000), help = tr("每行多少列；默认为终端宽度，管道中为 80", "Columns of a line; else the terminal's, 80 in a pipe"))]
    width: Option<u16>,
    #[arg(long, value_name = tr("何时", "WHEN"), default_value = "auto", hide_default_value = true, hide_possible_values = true, help = tr("颜色：auto、always、never", "Colours: auto, always, never"))]
    color: ColorWhen,
    #[arg(long, value_name = tr("天数", "DAYS"), default_value_t = status::WARN_DAYS, hide_default_value = true, help = tr("提前多少天算临期，默认 30", "Days before a deadline that count as due soon; 30"))]
    warn_days: u32,
    #[arg(long, help = tr("CSV 开头不写 BOM", "CSV without a byte-order mark"))]
    no_bom: bool,
    #[command(flatten)]
    mail: mail::MailArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Text,
    Json,
    Yaml,
    Csv,
    Markdown,
    Html,
    Email,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorWhen {
    Auto,
    Always,
    Never,
}

impl FormatName {
    /// The ending of a file in this format.
    fn extension(self) -> &'static str {
        match self {
            FormatName::Text => "txt",
            FormatName::Json => "json",
            FormatName::Yaml => "yaml",
            FormatName::Csv => "csv",
            FormatName::Markdown => "md",
            FormatName::Html => "html",
            FormatName::Email => "eml",
        }
    }

    /// The format of an index of files in this format, which people open.
    fn of_index(self) -> FormatName {
        if self == FormatName::Email { FormatName::Html } else { self }
    }
}

impl ColorWhen {
    /// Whether to colour what goes to a stream that is, or is not, a terminal with colours.
    fn shows(self, terminal: bool) -> bool {
        match self {
            ColorWhen::Auto => terminal,
            ColorWhen::Always => true,
            ColorWhen::Never => false,
        }
    }
}

/// Filters by unit, section and state.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = tr("筛选", "Filters"))]
pub struct Filters {
    #[arg(short, long, value_name = tr("单位", "UNIT"), help = tr("责任单位：名称、别名、名称的一部分或拼音；可重复，任一即可", "A responsible unit: name, alias, part or pinyin; several mean any"))]
    unit: Vec<String>,
    #[arg(long, requires = "unit", help = tr("不算经集体单位分到的", "Leave out what comes through a group"))]
    direct: bool,
    #[arg(long, help = tr("只看牵头的", "Only where the unit leads"))]
    lead: bool,
    #[arg(long, value_name = tr("板块", "SECTION"), help = tr("板块：编号、出处或标题的一部分", "A section: id, place or part of its title"))]
    section: Vec<String>,
    #[arg(long, value_name = tr("状态", "STATE"), value_parser = parse_state, help = tr("状态：overdue、due_soon、upcoming、done、done_late、not_assessable、waiting、cancelled，或中文", "overdue, due_soon, upcoming, done, done_late, not_assessable, waiting, cancelled"))]
    state: Vec<State>,
    #[arg(long, value_name = tr("文字", "WORDS"), help = tr("任务里要有的文字；空格隔开的都要有", "Words that the task mentions, all of them"))]
    search: Option<String>,
}

fn parse_state(text: &str) -> Result<State, String> {
    let known =
        |state: &State| state.id().eq_ignore_ascii_case(text) || crate::report::state_word(*state) == text;
    let ids = || State::ALL.map(State::id).join(tr("、", ", "));
    State::ALL.into_iter().find(known).ok_or_else(ids)
}

impl Filters {
    /// What was asked for, against the plan's units and sections.
    fn query(&self, plan: &Plan) -> Result<Query> {
        let units = if self.unit.is_empty() {
            None
        } else {
            let asked: Result<Vec<UnitId>> = self.unit.iter().map(|name| find_unit(plan, name)).collect();
            Some(UnitSet::new(plan, asked?))
        };
        let mut sections = Vec::new();
        for asked in &self.section {
            match query::sections(plan, asked) {
                Ok(found) => sections.extend(found),
                Err(not_found) => bail!(not_found.words(tr("板块", "section"), asked)),
            }
        }
        let words =
            self.search.as_deref().unwrap_or_default().split_whitespace().map(str::to_string).collect();
        let states = self.state.clone();
        Ok(Query { units, direct: self.direct, lead: self.lead, sections, states, words, ..Query::default() })
    }
}

/// The unit that somebody means.
fn find_unit(plan: &Plan, asked: &str) -> Result<UnitId> {
    match query::unit(plan, asked) {
        Ok(id) => Ok(id),
        Err(not_found) => bail!(not_found.words(tr("单位", "unit"), asked)),
    }
}

/// The positions of the tasks with these ids.
fn find_tasks(plan: &Plan, ids: &[String]) -> Result<Vec<usize>> {
    let find = |id: &String| match query::task(plan, id) {
        Ok(at) => Ok(at),
        Err(not_found) => bail!(not_found.words(tr("任务", "task"), id)),
    };
    ids.iter().map(find).collect()
}

/// The plan file: the one that was named, else `PLAN_FILE`, else `plan.yaml` in this folder or the nearest one above.
fn plan_path(named: Option<&Path>, world: &World<'_>) -> Result<PathBuf> {
    if let Some(path) = named.or(world.plan_file.as_deref()) {
        return Ok(path.to_path_buf());
    }
    let found = world.folder.ancestors().map(|folder| folder.join("plan.yaml")).find(|path| path.exists());
    let Some(path) = found else {
        bail!(tr(
            "这里和上级文件夹里都没有 plan.yaml；请用 --file 指明方案文件",
            "there is no plan.yaml here or above; name the plan with --file",
        ));
    };
    Ok(path.strip_prefix(&world.folder).map(Path::to_path_buf).unwrap_or(path))
}

/// A plan that was read and may be trusted.
struct Opened {
    plan: Plan,
    path: PathBuf,
}

impl Common {
    /// Reads the plan. `None` where it is wrong: the problems have been explained on standard error.
    fn open(&self, world: &mut World<'_>) -> Result<Option<Opened>> {
        if self.format != FormatName::Email {
            self.mail.none_given()?;
        }
        let path = plan_path(self.file.as_deref(), world)?;
        let bytes = read(&path, crate::yaml::MAX_BYTES)?;
        let shown = path.display().to_string();
        let text = match decode(&bytes) {
            Ok(text) => text,
            Err(problem) => {
                let color = self.color.shows(world.err_color);
                let words = render::diagnostics::full(&[problem], &shown, "", color);
                write!(world.err, "{words}")?;
                return Ok(None);
            }
        };
        let loaded = load::plan(text, world.today);
        if loaded.has_errors() || loaded.plan.is_none() {
            let color = self.color.shows(world.err_color);
            write!(world.err, "{}", render::diagnostics::full(&loaded.problems, &shown, text, color))?;
            return Ok(None);
        }
        if !loaded.problems.is_empty() {
            let count = loaded.problems.len();
            let shown = render::wrap::clean(&shown);
            writeln!(
                world.err,
                "{}",
                tr(
                    format!("提醒：{shown} 有{count}处可疑，详见 plan check"),
                    format!("warning: {count} suspicious places in {shown}; see plan check"),
                )
            )?;
        }
        Ok(loaded.plan.map(|plan| Opened { plan, path }))
    }

    /// 截至: the day that was asked for, else today.
    fn day(&self, world: &World<'_>, plan: &Plan) -> Result<NaiveDate> {
        Ok(self.given_day(world, plan)?.unwrap_or(world.today))
    }

    fn given_day(&self, world: &World<'_>, plan: &Plan) -> Result<Option<NaiveDate>> {
        self.as_of.as_deref().map(|text| parse_day(text, plan, world)).transpose()
    }

    /// The day of a period report: the one that was asked for, else the earlier of today and the period's last day.
    fn day_of(&self, world: &World<'_>, plan: &Plan, period: &Period) -> Result<NaiveDate> {
        Ok(self.given_day(world, plan)?.unwrap_or_else(|| world.today.min(period.last)))
    }

    fn status<'p>(&self, plan: &'p Plan, day: NaiveDate) -> Status<'p> {
        status::as_of(plan, day, self.warn_days)
    }

    /// The document in a format, on the page that was asked for. `unit`: whose own document it is.
    fn render(
        &self,
        world: &World<'_>,
        status: &Status<'_>,
        unit: Option<UnitId>,
        document: &Document,
        format: FormatName,
    ) -> Result<String> {
        let page = Page {
            width: self.width.map(usize::from).or(world.width).unwrap_or(80),
            color: self.output.is_none() && self.color.shows(world.color),
            ascii: self.ascii,
            bom: !self.no_bom,
        };
        let format = match format {
            FormatName::Email => {
                let document = &named(document, status.plan);
                let to_file = self.output.is_some();
                let envelope = self.mail.envelope(world, status.plan, status.day, unit, to_file)?;
                return render::email::message(document, &envelope);
            }
            FormatName::Text => Format::Text,
            FormatName::Json => Format::Json,
            FormatName::Yaml => Format::Yaml,
            FormatName::Csv => Format::Csv,
            FormatName::Markdown => Format::Markdown,
            FormatName::Html => {
                return render::render(&named(document, status.plan), Format::Html, &page);
            }
        };
        render::render(document, format, &page)
    }

    /// Renders the document, and prints it or writes it into the file that was asked for.
    fn finish(&self, world: &mut World<'_>, status: &Status<'_>, document: &Document) -> Result<Outcome> {
        self.finish_for(world, status, None, document)
    }

    /// The same with a document that is one unit's own.
    fn finish_for(
        &self,
        world: &mut World<'_>,
        status: &Status<'_>,
        unit: Option<UnitId>,
        document: &Document,
    ) -> Result<Outcome> {
        let text = self.render(world, status, unit, document, self.format)?;
        match &self.output {
            None => world.out.write_all(text.as_bytes())?,
            Some(path) => write_whole(path, text.as_bytes())?,
        }
        Ok(Outcome::Success)
    }
}

/// The document as it leaves the house, where nobody sees which plan it is about: its title names the plan.
fn named<'d>(document: &'d Document, plan: &Plan) -> Cow<'d, Document> {
    if document.title.contains(&plan.title) {
        return Cow::Borrowed(document);
    }
    let title = format!("{} {}", plan.title, document.title);
    Cow::Owned(Document { title, ..document.clone() })
}

/// One line that somebody types; `None` at the end of the input.
fn answer(world: &mut World<'_>) -> Result<Option<String>> {
    // A terminal may send another encoding than UTF-8; whatever that is, it is no answer.
    let mut line = Vec::new();
    let length = world.input.read_until(b'\n', &mut line)?;
    Ok((length > 0).then(|| String::from_utf8_lossy(&line).trim().to_string()))
}

fn parse_day(text: &str, plan: &Plan, world: &World<'_>) -> Result<NaiveDate> {
    day_of_year(text, plan.year, world.today)
}

/// A day as somebody typed it, in the plan's year where it names none.
fn day_of_year(text: &str, year: i32, today: NaiveDate) -> Result<NaiveDate> {
    calendar::parse_day(text, year, today).with_context(|| {
        tr(
            format!("“{text}”不是日期；写成 2023-06-30、2023年6月30日、6月底或 today"),
            format!("{text:?} is not a day; write 2023-06-30, 2023/6/30 or today"),
        )
    })
}

/// The days from `day` on within a length of time that somebody typed.
fn within(text: &str, day: NaiveDate) -> Result<Period> {
    let last = Duration::parse(text).and_then(|time| time.after(day)).with_context(|| {
        tr(
            format!("“{text}”不是时长；写成 30d、2w 或 3m"),
            format!("{text:?} is not a length of time; write 30d, 2w or 3m"),
        )
    })?;
    Ok(Period::span(day, last))
}

/// Options that name a period.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = tr("期间", "Period"))]
pub struct PeriodArgs {
    #[arg(short, long, value_name = tr("季度", "QUARTER"), help = tr("季度：2、Q2、2023Q2、二季度", "A quarter: 2, Q2, 2023Q2"))]
    quarter: Option<String>,
    #[arg(short, long, value_name = tr("月份", "MONTH"), conflicts_with = "quarter", help = tr("月份：6、2023-06、6月", "A month: 6, 2023-06"))]
    month: Option<String>,
}

impl PeriodArgs {
    /// The period that was named, in the plan's year where it names none.
    fn period(&self, plan: &Plan) -> Result<Option<Period>> {
        if let Some(text) = &self.quarter {
            let period = calendar::parse_quarter(text, plan.year);
            return Ok(Some(period.with_context(|| {
                tr(
                    format!("“{text}”不是季度；写成 2、Q2、2023Q2 或二季度"),
                    format!("{text:?} is not a quarter; write 2, Q2 or 2023Q2"),
                )
            })?));
        }
        if let Some(text) = &self.month {
            let period = calendar::parse_month(text, plan.year);
            return Ok(Some(period.with_context(|| {
                tr(
                    format!("“{text}”不是月份；写成 6、2023-06 或 6月"),
                    format!("{text:?} is not a month; write 6 or 2023-06"),
                )
            })?));
        }
        Ok(None)
    }
}

/// The whole year of the plan.
fn plan_year(plan: &Plan) -> Result<Period> {
    Period::year(plan.year).with_context(|| tr("方案年度不对", "the plan's year is out of range"))
}

/// How often a file that changes while it is read is read again.
const READINGS: usize = 3;

/// Reads a regular file of at most `limit` bytes, as it stood at one moment. The only place that reads files.
fn read(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let shown = path.display();
    let cannot = || tr(format!("读不了 {shown}"), format!("cannot read {shown}"));
    for _ in 0..READINGS {
        // Asked before opening: to open a pipe is to wait for whoever writes into it.
        let before = std::fs::metadata(path).with_context(cannot)?;
        if !before.is_file() {
            bail!(tr(format!("{shown} 不是文件"), format!("{shown} is not a file")));
        }
        let file = std::fs::File::open(path).with_context(cannot)?;
        let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0).min(limit) + 1);
        (&file).take(limit as u64 + 1).read_to_end(&mut bytes).with_context(cannot)?;
        if bytes.len() > limit {
            let megabytes = limit / 1024 / 1024;
            bail!(tr(
                format!("{shown} 超过 {megabytes} MB"),
                format!("{shown} is larger than {megabytes} MB")
            ));
        }
        let after = file.metadata().with_context(cannot)?;
        let same_time = before.modified().ok() == after.modified().ok();
        if same_time && after.len() == bytes.len() as u64 {
            return Ok(bytes);
        }
    }
    bail!(tr(
        format!("{shown} 正在被别的程序改写，请稍后再试"),
        format!("{shown} is being written by another program; try again")
    ))
}

/// Writes a file whole or not at all: beside its place first, then moved there. The only place that writes files.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let shown = path.display();
    let cannot = || tr(format!("写不了 {shown}"), format!("cannot write {shown}"));
    // A symbolic link stays one: what it points to is written.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    file.write_all(bytes).with_context(cannot)?;
    file.as_file().sync_all().with_context(cannot)?;
    if let Ok(old) = std::fs::metadata(&target) {
        file.as_file().set_permissions(old.permissions()).with_context(cannot)?;
    } else {
        new_file_permissions(file.as_file()).with_context(cannot)?;
    }
    file.persist(&target).with_context(cannot)?;
    Ok(())
}

/// Marks a folder that [`write_folder`] wrote, so that it may be replaced.
const FOLDER_MARK: &str = ".plan-reports";

/// Writes a folder whole or not at all: beside its place first, then moved there. A folder of that name is replaced only
/// if it is empty or was written in the same way.
fn write_folder(path: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let shown = path.display();
    let cannot = || tr(format!("写不了 {shown}"), format!("cannot write {shown}"));
    let name = path.file_name().with_context(cannot)?;
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let exists = std::fs::symlink_metadata(path).is_ok();
    if exists && !is_replaceable(path) {
        bail!(tr(
            format!("{shown} 已经存在，而且不是本程序写的报告文件夹；请换一个名字"),
            format!("{shown} exists and is not a folder of reports; choose another name"),
        ));
    }
    let fresh = tempfile::Builder::new().prefix(".plan-").tempdir_in(beside).with_context(cannot)?;
    let inside = fresh.path().join(name);
    std::fs::create_dir(&inside).with_context(cannot)?;
    for (file, bytes) in files {
        std::fs::write(inside.join(file), bytes).with_context(cannot)?;
    }
    std::fs::write(inside.join(FOLDER_MARK), "").with_context(cannot)?;
    let old = fresh.path().join("old");
    if exists {
        std::fs::rename(path, &old).with_context(cannot)?;
    }
    if let Err(error) = std::fs::rename(&inside, path) {
        if exists {
            std::fs::rename(&old, path).with_context(cannot)?;
        }
        return Err(error).with_context(cannot);
    }
    Ok(())
}

fn is_replaceable(path: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(path) else { return false };
    entries.next().is_none() || path.join(FOLDER_MARK).is_file()
}

/// A temporary file is its owner's alone; a report is for everybody.
#[cfg(unix)]
fn new_file_permissions(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn new_file_permissions(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The bytes as text; a problem that says which encoding they are in where they are not UTF-8.
fn decode(bytes: &[u8]) -> Result<&str, Diagnostic> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let guess = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        _ if bytes.iter().filter(|byte| **byte == 0).count() > bytes.len() / 4 => "UTF-16",
        _ => "GBK/GB18030",
    };
    let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
    let message = tr(
        format!("文件不是 UTF-8 编码（看来是 {guess}），第 {line} 行起读不出"),
        format!("the file is not UTF-8 (it looks like {guess}); it cannot be read from line {line} on"),
    );
    Err(Diagnostic::new(Code::NotUtf8, Span::default(), message)
        .help(tr("在记事本或 WPS 里另存为，编码选 UTF-8", "save it again as UTF-8")))
}
