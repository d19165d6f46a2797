//! `plan record`.

use super::rewrite::{Draft, Halt, Manner, WritingArgs, rewrite};
use super::{Outcome, World, answer, day_of_year, decode, read};
use crate::diagnostic::Diagnostic;
use crate::language::tr;
use crate::record::{Candidate, Deed, Ledger, Recorded, Report, Trouble, sheet, undo};
use crate::render;
use anyhow::{Result, bail};
use chrono::NaiveDate;
use encoding_rs::{Encoding, GB18030};
use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Writes progress into the plan file.
#[derive(clap::Args, Debug)]
#[command(about = tr("记一条进展，写进方案文件", "Write progress into the plan file"))]
pub struct Record {
    #[arg(value_name = tr("编号", "ID"), help_heading = tr("记在哪里", "Where"), required_unless_present = "from", help = tr("任务编号", "The task"))]
    id: Option<String>,
    #[arg(value_name = tr("名称", "ITEM"), help_heading = tr("记在哪里", "Where"), help = tr("节点、指标或经常性工作名称里的几个字；记在任务上的不写", "Part of the name of a milestone, indicator or duty; nothing for the task itself"))]
    item: Vec<String>,
    #[arg(long, value_name = tr("数", "N"), allow_hyphen_values = true, conflicts_with_all = ["done", "extend", "trigger", "cancel"], help_heading = tr("记什么", "What"), help = tr("指标完成数", "A value of an indicator"))]
    value: Option<String>,
    #[arg(long, conflicts_with_all = ["extend", "trigger", "cancel"], help_heading = tr("记什么", "What"), help = tr("完成了：节点、经常性工作的一期，或整项任务", "Done: a milestone, a period of a duty, or the task"))]
    done: bool,
    #[arg(long, value_name = tr("日期", "DAY"), conflicts_with_all = ["trigger", "cancel"], help_heading = tr("记什么", "What"), help = tr("批准延期到哪一天", "The deadline is moved to this day"))]
    extend: Option<String>,
    #[arg(long, conflicts_with = "cancel", help_heading = tr("记什么", "What"), help = tr("“收到……后几日内”的事发生了一次，如收到一批资金", "A relative deadline is set off, as by funds received"))]
    trigger: bool,
    #[arg(long, help_heading = tr("记什么", "What"), help = tr("不再执行", "It is given up"))]
    cancel: bool,
    #[arg(long, value_name = tr("文字", "WORDS"), allow_hyphen_values = true, value_parser = words, help_heading = tr("记什么", "What"), help = tr("做了什么", "What was done"))]
    note: Option<String>,
    #[arg(long, value_name = tr("文字", "WORDS"), allow_hyphen_values = true, value_parser = words, help_heading = tr("记什么", "What"), help = tr("存在问题", "What is in the way"))]
    issue: Option<String>,
    #[arg(long, value_name = tr("文字", "WORDS"), allow_hyphen_values = true, value_parser = words, help_heading = tr("记什么", "What"), help = tr("下一步", "What comes next"))]
    next: Option<String>,
    #[arg(long, value_name = tr("日期", "DAY"), help_heading = tr("细节", "Details"), help = tr("哪一天的事；默认今天", "The day of it; else today"))]
    on: Option<String>,
    #[arg(long, value_name = tr("单位", "UNIT"), help_heading = tr("细节", "Details"), help = tr("谁报的", "Who reported it"))]
    unit: Option<String>,
    #[arg(long = "for", value_name = tr("期", "PERIOD"), help_heading = tr("细节", "Details"), help = tr("经常性工作的哪一期：2023-03、一季度、2023；默认为 --on 所在的一期", "Which period of a duty: 2023-03, 2023Q1, 2023; else that of --on"))]
    period: Option<String>,
    #[arg(long, value_name = tr("文字", "WORDS"), allow_hyphen_values = true, value_parser = words, help_heading = tr("细节", "Details"), help = tr("延期或终止的原因", "Why it is extended or given up"))]
    why: Option<String>,
    #[arg(long, value_name = tr("文字", "WORDS"), allow_hyphen_values = true, value_parser = words, help_heading = tr("细节", "Details"), help = tr("哪一次触发，如 第一批", "Which trigger, such as 第一批"))]
    what: Option<String>,
    #[arg(long, value_name = tr("表", "FILE"), conflicts_with_all = ["id", "value", "done", "extend", "trigger", "cancel", "note", "issue", "next", "unit", "period", "why", "what"], help_heading = tr("多条一起记", "Many at once"), help = tr("读一张填好的表（CSV），- 为粘贴在标准输入的；先用 plan deadlines --format csv 导出来填", "A table that was filled in (CSV), or - for one pasted on standard input; plan deadlines --format csv prints it"))]
    from: Option<PathBuf>,
    #[command(flatten)]
    writing: WritingArgs,
}

/// Words that somebody typed, which may begin with a dash; what begins with two is an option in the wrong place.
fn words(text: &str) -> Result<String, String> {
    if text.starts_with("--") { Err(text.to_string()) } else { Ok(text.to_string()) }
}

impl Record {
    /// Runs the command.
    ///
    /// # Errors
    /// A wrong day, or a file that cannot be read or written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let manner = self.writing.manner(world)?;
        match &self.from {
            Some(table) => self.many(table, &manner, world),
            None => self.one(&manner, world),
        }
    }

    fn one(&self, manner: &Manner, world: &mut World<'_>) -> Result<Outcome> {
        let today = world.today;
        let chosen = if world.interactive { self.choose(manner, world)? } else { None };
        rewrite(world, manner, &|text, _| {
            let mut ledger = Ledger::open(text.to_string(), today).map_err(Halt::File)?;
            let report = self.report(ledger.plan.year, today);
            let report = report.map_err(|error| Halt::Wrong(vec![error.to_string()]))?;
            let report = Report { chosen: chosen.clone(), ..report };
            let recorded = ledger.record(&report).map_err(|trouble| Halt::Wrong(vec![trouble.words()]))?;
            Ok(draft(text, ledger, vec![recorded]))
        })
    }

    /// Which of several items is meant, if there is anything to choose; whatever else is wrong is told when it is recorded.
    fn choose(&self, manner: &Manner, world: &mut World<'_>) -> Result<Option<Candidate>> {
        let bytes = read(&manner.path, crate::yaml::MAX_BYTES)?;
        let ledger = decode(&bytes).ok().and_then(|text| Ledger::open(text.to_string(), world.today).ok());
        let Some(ledger) = ledger else { return Ok(None) };
        let report = self.report(ledger.plan.year, world.today);
        match report.map(|report| ledger.judge(&report)) {
            Ok(Err(Trouble::Several { question, candidates })) => choice(world, &question, candidates),
            _ => Ok(None),
        }
    }

    /// What was typed; days without a year are of `year`.
    fn report(&self, year: i32, today: NaiveDate) -> Result<Report> {
        let day = |text: &String| day_of_year(text, year, today);
        let deed = match (&self.value, &self.extend) {
            (Some(value), _) => Deed::Value(value.clone()),
            (_, Some(to)) => Deed::Extend(day(to)?),
            _ if self.done => Deed::Done,
            _ if self.trigger => Deed::Trigger,
            _ if self.cancel => Deed::Cancel,
            _ => Deed::Nothing,
        };
        Ok(Report {
            task: self.id.clone().unwrap_or_default(),
            item: self.item.join(" ").trim().to_string(),
            row: None,
            chosen: None,
            on: self.on.as_ref().map(day).transpose()?.unwrap_or(today),
            deed,
            unit: self.unit.clone(),
            note: self.note.clone(),
            issue: self.issue.clone(),
            next: self.next.clone(),
            why: self.why.clone(),
            what: self.what.clone(),
            period: self.period.clone(),
        })
    }

    fn many(&self, table: &Path, manner: &Manner, world: &mut World<'_>) -> Result<Outcome> {
        let bytes = match table.to_str() {
            Some("-") => pasted(world)?,
            _ => read(table, crate::yaml::MAX_BYTES)?,
        };
        if WORKBOOKS.iter().any(|signature| bytes.starts_with(signature)) {
            bail!(tr(
                "这是 Excel/WPS 的工作簿（.xlsx、.xls），不是 CSV；在 Excel 或 WPS 里另存为 CSV 再读",
                "this is a workbook (.xlsx, .xls) and no CSV; save it as CSV first",
            ));
        }
        let text = match sheet_text(&bytes) {
            Ok(text) => text,
            Err(problem) => {
                let shown = table.display().to_string();
                let words = render::diagnostics::full(&[problem], &shown, "", manner.err_color);
                write!(world.err, "{words}")?;
                return Ok(Outcome::Refused);
            }
        };
        let (today, given) = (world.today, self.on.clone());
        rewrite(world, manner, &|old, _| {
            let mut ledger = Ledger::open(old.to_string(), today).map_err(Halt::File)?;
            let year = ledger.plan.year;
            let on = match &given {
                None => today,
                Some(text) => crate::calendar::parse_day(text, year, today).ok_or_else(|| {
                    Halt::Wrong(vec![tr(format!("“{text}”不是日期"), format!("{text:?} is not a day"))])
                })?,
            };
            let recorded = fill_in(&mut ledger, &text, on)?;
            if recorded.is_empty() {
                let words =
                    tr("没有可记的：表里没有填 value、done 等", "nothing to record: no row was filled in");
                return Err(Halt::Nothing(words.to_string()));
            }
            Ok(draft(old, ledger, recorded))
        })
    }
}

/// How the files of spreadsheet programs begin: a ZIP archive, and the older compound file.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// A table as text. Spreadsheets in China save it in GBK or UTF-16 as they like; unlike the plan, it is only read.
fn sheet_text(bytes: &[u8]) -> Result<Cow<'_, str>, Diagnostic> {
    let problem = match decode(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(problem) => problem,
    };
    let encoding = Encoding::for_bom(bytes).map_or(GB18030, |(encoding, _)| encoding);
    let (text, wrong) = encoding.decode_with_bom_removal(bytes);
    if wrong { Err(problem) } else { Ok(text) }
}

/// Records every row that was filled in, or says what is wrong in each.
fn fill_in(ledger: &mut Ledger, table: &str, on: NaiveDate) -> Result<Vec<Recorded>, Halt> {
    let sheet = sheet::read(table, ledger.plan.year, ledger.today(), on);
    let mut faults: Vec<(u64, String)> =
        sheet.faults.into_iter().map(|fault| (fault.row, fault.words)).collect();
    for (row, report) in &sheet.faulty {
        faults.extend(ledger.judge(report).err().map(|trouble| (*row, trouble.words())));
    }
    let (rows, reports): (Vec<u64>, Vec<Report>) = sheet.reports.into_iter().unzip();
    let together = if faults.is_empty() { ledger.record_together(&reports) } else { None };
    let mut all = together.unwrap_or_default();
    if all.len() < reports.len() {
        for (row, report) in rows.iter().zip(&reports) {
            match ledger.record(report) {
                Ok(recorded) => all.push(recorded),
                Err(trouble) => faults.push((*row, trouble.words())),
            }
        }
    }
    if faults.is_empty() {
        for (row, recorded) in rows.iter().zip(&mut all) {
            for words in recorded.doubts.iter_mut().chain(&mut recorded.notices) {
                *words = in_row(*row, words);
            }
        }
        return Ok(all);
    }
    faults.sort();
    let count = faults.len();
    let mut lines: Vec<String> = faults.into_iter().map(|(row, words)| in_row(row, &words)).collect();
    lines.push(tr(
        format!("表里共{count}处有问题，一条也没有写入"),
        format!("{count} faults in the table; nothing was written"),
    ));
    Err(Halt::Wrong(lines))
}

fn in_row(row: u64, words: &str) -> String {
    tr(format!("第{row}行：{words}"), format!("row {row}: {words}"))
}

fn draft(old: &str, ledger: Ledger, recorded: Vec<Recorded>) -> Draft {
    let mut words = Vec::new();
    let mut doubts = Vec::new();
    let mut notices = Vec::new();
    for one in recorded {
        words.extend(one.words);
        doubts.extend(one.doubts);
        notices.extend(one.notices);
    }
    let remembered = Some(undo::entry(words.clone(), old, &ledger.text));
    Draft { text: ledger.text, words, doubts, notices, remembered }
}

/// A table pasted on standard input.
fn pasted(world: &mut World<'_>) -> Result<Vec<u8>> {
    if world.interactive {
        let words = tr(
            "把表粘贴在这里，连同列名那一行；最后另起一行按 Ctrl-D（Windows 按 Ctrl-Z 再回车）：",
            "Paste the table here, with the row of its column names, and end it with Ctrl-D (Ctrl-Z and Enter on Windows):",
        );
        writeln!(world.err, "{words}")?;
    }
    let limit = crate::yaml::MAX_BYTES as u64;
    let mut bytes = Vec::new();
    world.input.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Asks which of several items is meant; `None` where nobody answers, so that the error lists them.
fn choice(world: &mut World<'_>, question: &str, candidates: Vec<Candidate>) -> Result<Option<Candidate>> {
    writeln!(world.out, "{}", render::wrap::clean(question))?;
    for (at, candidate) in candidates.iter().enumerate() {
        writeln!(world.out, "  {}  {}", at + 1, render::wrap::clean(&candidate.words))?;
    }
    loop {
        write!(
            world.out,
            "{}",
            tr("选哪一个（写数字，回车放弃）：", "Which one (a number; Enter for none): ")
        )?;
        world.out.flush()?;
        match answer(world)? {
            None => return Ok(None),
            Some(text) if text.is_empty() => return Ok(None),
            Some(text) => {
                let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                if let Some(candidate) = number.and_then(|at| candidates.get(at)) {
                    return Ok(Some(candidate.clone()));
                }
            }
        }
    }
}
