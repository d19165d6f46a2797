//! Records in files of every hand: comments, blank lines, lists and records in every style, quotes, CRLF, a byte order
//! mark, no final line end. After a record every other byte is the same, the plan is the old one and this fact, nobody
//! finds a new problem, another YAML library reads the same, and `undo` gives back the old file to the byte.
//!
//! `RECORD_CASES=10000 cargo test --test edits -- --nocapture` looks longer and says how many were right and refused.

use chrono::{Days, NaiveDate};
use plan::calendar::Period;
use plan::edit::Splice;
use plan::load;
use plan::model::*;
use plan::record::{Deed, Ledger, Report, Trouble, undo};
use plan::yaml;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use witness::same;

mod witness;

fn cases() -> u32 {
    std::env::var("RECORD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 15).expect("a date")
}

/// Small numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// What a file says, before somebody has written it in a style.
#[derive(Clone)]
enum Data {
    /// A day, a number or a word that stands without quotes.
    Bare(String),
    Words(String),
    Nothing,
    List(Vec<Data>),
    Map(Vec<(&'static str, Data)>),
}

const TEXTS: &[&str] = &[
    "已完工150个",
    "更正：两人转学，重新核对",
    "“两头在外”的户",
    "他说\"好\"：真的",
    "a: b",
    "甲, 乙",
    "[注] 见附件",
    "#1 号井",
    "it's 好的",
    "12:30 开会",
    "null",
    "- 甲",
    "c:\\路径",
    "一、二；三。",
    "{未定}",
    "% 不是数",
    "是",
];

const COMMENTS: &[&str] = &[
    "# 5月核对过",
    "# done: 2023-01-01",
    "# - {on: 2023-01-01, value: 9}",
    "# “引号”：还没有",
    "#没有空格",
    "# ----------------",
    "#",
];

fn words(dice: &mut Dice) -> Data {
    Data::Words(dice.pick(TEXTS).to_string())
}

fn day(dice: &mut Dice) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).expect("a date");
    first + Days::new(dice.roll(330) as u64)
}

fn bare(text: impl ToString) -> Data {
    Data::Bare(text.to_string())
}

/// What a plan may hold: every kind of item, with records of every kind or none.
fn plan(dice: &mut Dice) -> Data {
    let units =
        ["财政局", "教育局", "青山镇"].map(|name| Data::Map(vec![("name", Data::Words(name.into()))]));
    let sections = (0..1 + dice.roll(2))
        .map(|at| {
            let letter = ["A", "B"][at];
            let tasks = (0..1 + dice.roll(3)).map(|number| task(dice, letter, number + 1)).collect();
            Data::Map(vec![("id", bare(letter)), ("title", bare("板块")), ("tasks", Data::List(tasks))])
        })
        .collect();
    Data::Map(vec![
        ("plan", Data::Map(vec![("title", bare("试验方案")), ("year", bare(2023))])),
        ("units", Data::List(units.to_vec())),
        ("sections", Data::List(sections)),
    ])
}

fn task(dice: &mut Dice, letter: &str, number: usize) -> Data {
    let mut task = vec![
        ("id", bare(format!("{letter}{number}"))),
        ("title", Data::Words(format!("第{number}项任务"))),
        ("units", Data::List(vec![bare("财政局"), bare("教育局")])),
    ];
    if dice.one_in(3) {
        task.push(("summary", words(dice)));
    }
    if !dice.one_in(4) {
        let items = (0..1 + dice.roll(2)).map(|at| milestone(dice, at)).collect();
        task.push(("milestones", Data::List(items)));
    }
    if !dice.one_in(4) {
        let items = (0..1 + dice.roll(2)).map(|at| indicator(dice, at)).collect();
        task.push(("indicators", Data::List(items)));
    }
    if !dice.one_in(3) {
        let items = (0..1 + dice.roll(2)).map(|at| duty(dice, at)).collect();
        task.push(("duties", Data::List(items)));
    }
    if dice.one_in(3) {
        task.push(("done", Data::Nothing));
    }
    if dice.one_in(3) {
        let entries = (0..dice.roll(3))
            .map(|_| Data::Map(vec![("on", bare(day(dice))), ("note", words(dice))]))
            .collect();
        task.push(("log", Data::List(entries)));
    }
    if dice.one_in(3) {
        // People do not keep keys in one order.
        let last = task.pop().expect("a key");
        task.insert(2, last);
    }
    Data::Map(task)
}

fn milestone(dice: &mut Dice, at: usize) -> Data {
    let mut item = vec![("what", Data::Words(format!("节点{at}")))];
    if dice.one_in(3) {
        item.push(("within", Data::Map(vec![("days", bare(30)), ("after", bare("收到资金"))])));
        match dice.roll(4) {
            0 => {}
            1 => item.push(("triggers", Data::Nothing)),
            count => {
                let trigger = |n: usize| {
                    let on = NaiveDate::from_ymd_opt(2023, 2, 1 + n as u32).expect("a date");
                    Data::Map(vec![("on", bare(on)), ("what", Data::Words(format!("第{n}批")))])
                };
                item.push(("triggers", Data::List((0..count - 2).map(trigger).collect())));
            }
        }
    } else {
        item.push(("due", bare(day(dice))));
        if dice.one_in(3) {
            item.push(("done", Data::Nothing));
        }
        if dice.one_in(4) {
            item.push(("extended", Data::List(Vec::new())));
        }
    }
    if dice.one_in(2) {
        item.push(("wording", words(dice)));
    }
    Data::Map(item)
}

fn indicator(dice: &mut Dice, at: usize) -> Data {
    let mut item = vec![("name", Data::Words(format!("指标{at}")))];
    if dice.one_in(3) {
        let stage = |due: &str, goal: usize| Data::Map(vec![("due", bare(due)), ("at_least", bare(goal))]);
        item.push(("measure", Data::Words("个".into())));
        item.push(("targets", Data::List(vec![stage("2023-04-30", 30), stage("2023-06-30", 50)])));
    } else {
        item.push(("target", Data::Map(vec![("at_least", bare(9)), ("measure", Data::Words("个".into()))])));
        item.push(("due", bare("2023-06-30")));
    }
    match dice.roll(4) {
        0 => {}
        1 => item.push(("actuals", Data::Nothing)),
        count => {
            let actual = |n: usize, dice: &mut Dice| {
                let on = NaiveDate::from_ymd_opt(2023, 3, 1 + n as u32).expect("a date");
                let mut actual = vec![("on", bare(on)), ("value", bare(n))];
                if dice.one_in(2) {
                    actual.push(("note", words(dice)));
                }
                Data::Map(actual)
            };
            let actuals = (0..count - 1).map(|n| actual(n, dice)).collect();
            item.push(("actuals", Data::List(actuals)));
        }
    }
    if dice.one_in(2) {
        item.push(("note", words(dice)));
    }
    Data::Map(item)
}

fn duty(dice: &mut Dice, at: usize) -> Data {
    let every = match dice.roll(3) {
        0 => Data::Nothing,
        1 => bare("month"),
        _ => bare("quarter"),
    };
    let mut item = vec![("what", Data::Words(format!("工作{at}"))), ("every", every)];
    match dice.roll(5) {
        0 => {}
        1 => item.push(("done", Data::Nothing)),
        2 => item.push(("done", bare("2023-01-31"))),
        3 => item.push((
            "done",
            Data::List(vec![bare("2023-01-31"), Data::Map(vec![("on", bare("2023-06-30"))])]),
        )),
        _ => item.push(("done", Data::Map(vec![("on", bare("2023-01-31")), ("note", words(dice))]))),
    }
    Data::Map(item)
}

/// Writes as somebody might who has never read a style guide.
struct Hand<'d> {
    dice: &'d mut Dice,
    out: String,
    /// How far dashes stand to the right of their key, in most of this file.
    offset: usize,
}

impl Hand<'_> {
    /// The entries of a mapping, each on its lines; the first may follow a dash.
    fn map(&mut self, column: usize, entries: &[(&'static str, Data)], mut after_dash: bool) {
        for (key, value) in entries {
            if !std::mem::take(&mut after_dash) {
                self.between(column);
                self.out.push_str(&" ".repeat(column));
            }
            match self.dice.roll(12) {
                0 => self.out.push_str(&format!("\"{key}\":")),
                1 => self.out.push_str(&format!("{key} :")),
                _ => self.out.push_str(&format!("{key}:")),
            }
            self.value(column, value);
        }
    }

    /// Comments and blank lines between two entries or items.
    fn between(&mut self, column: usize) {
        while self.dice.one_in(8) {
            match self.dice.roll(5) {
                0 => self.out.push('\n'),
                1 => self.out.push_str("   \n"),
                2 => self.line(&" ".repeat(column)),
                3 => self.line(&" ".repeat(column + 2)),
                _ => self.line(&" ".repeat(column.saturating_sub(2))),
            }
        }
    }

    fn line(&mut self, indent: &str) {
        let comment = self.dice.pick(COMMENTS);
        self.out.push_str(&format!("{indent}{comment}\n"));
    }

    /// What may stand behind a value on its line.
    fn end(&mut self) {
        match self.dice.roll(10) {
            0 => {
                let comment = self.dice.pick(COMMENTS);
                self.out.push_str(&format!("   {comment}"));
            }
            1 => self.out.push_str("  "),
            _ => {}
        }
        self.out.push('\n');
    }

    fn value(&mut self, column: usize, value: &Data) {
        match value {
            Data::Nothing => {
                let null = self.dice.pick(&["", " ~", " null"]);
                self.out.push_str(null);
                self.end();
            }
            Data::Bare(text) => {
                self.out.push_str(&format!(" {text}"));
                self.end();
            }
            Data::Words(text) if self.dice.one_in(10) => self.block_text(column, text),
            Data::Words(text) => {
                let text = self.quoted(text);
                self.out.push_str(&format!(" {text}"));
                self.end();
            }
            Data::List(items) if items.is_empty() => {
                let empty = self.dice.pick(&[" []", " [ ]"]);
                self.out.push_str(empty);
                self.end();
            }
            Data::List(_) | Data::Map(_) if self.dice.one_in(4) => {
                self.out.push(' ');
                self.flow(column + 2, value);
                self.end();
            }
            Data::List(items) => {
                self.end();
                let offset = if self.dice.one_in(5) { [0, 2, 4][self.dice.roll(3)] } else { self.offset };
                self.items(column + offset, items);
            }
            Data::Map(entries) => {
                self.end();
                let deeper = [1, 2, 4][self.dice.roll(3)];
                self.map(column + deeper, entries, false);
            }
        }
    }

    fn items(&mut self, column: usize, items: &[Data]) {
        let gap = if self.dice.one_in(6) { 3 } else { 1 };
        let in_braces = self.dice.one_in(3);
        for item in items {
            self.between(column);
            self.out.push_str(&" ".repeat(column));
            self.out.push('-');
            match item {
                Data::Map(entries) if !in_braces && self.dice.one_in(12) => {
                    self.end();
                    self.map(column + 2, entries, false);
                }
                Data::Map(entries) if !in_braces => {
                    self.out.push_str(&" ".repeat(gap));
                    self.map(column + 1 + gap, entries, true);
                }
                item => {
                    self.out.push_str(&" ".repeat(gap));
                    self.flow(column + 2, item);
                    self.end();
                }
            }
        }
    }

    /// In brackets, on one line or several.
    fn flow(&mut self, column: usize, value: &Data) {
        let (open, close, parts): (_, _, Vec<(String, &Data)>) = match value {
            Data::List(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
            Data::Map(entries) => {
                ('{', '}', entries.iter().map(|(key, value)| (format!("{key}: "), value)).collect())
            }
            Data::Nothing => return self.out.push('~'),
            Data::Bare(text) => return self.out.push_str(text),
            Data::Words(text) => {
                let text = self.quoted(text);
                return self.out.push_str(&text);
            }
        };
        let lines = self.dice.one_in(6);
        let pad = if self.dice.one_in(4) { " " } else { "" };
        let comma_behind = self.dice.one_in(10) && !parts.is_empty();
        self.out.push(open);
        let count = parts.len();
        for (at, (key, value)) in parts.into_iter().enumerate() {
            if lines {
                self.out.push_str(&format!("\n{}", " ".repeat(column + 2)));
            } else if at > 0 {
                self.out.push(' ');
            } else {
                self.out.push_str(pad);
            }
            self.out.push_str(&key);
            self.flow(column + 2, value);
            if at + 1 < count || comma_behind {
                self.out.push(',');
            }
            if lines && self.dice.one_in(4) {
                let comment = self.dice.pick(COMMENTS);
                self.out.push_str(&format!(" {comment}"));
            }
        }
        match lines && count > 0 {
            true => self.out.push_str(&format!("\n{}", " ".repeat(column))),
            false => self.out.push_str(pad),
        }
        self.out.push(close);
    }

    fn block_text(&mut self, column: usize, text: &str) {
        let header = self.dice.pick(&["|-", ">-", "|-  # 段落"]);
        let deeper = [1, 2, 4][self.dice.roll(3)];
        self.out.push_str(&format!(" {header}\n{}{text}\n", " ".repeat(column + deeper)));
        if self.dice.one_in(4) {
            self.out.push('\n');
        }
    }

    fn quoted(&mut self, text: &str) -> String {
        let safe = text.chars().all(|c| c.is_alphanumeric() || "“”：，；。、".contains(c))
            && !matches!(text, "null" | "是")
            && text.starts_with(|c: char| !c.is_ascii());
        match self.dice.roll(3) {
            0 => format!("'{}'", text.replace('\'', "''")),
            1 => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            _ if safe => text.to_string(),
            _ => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

/// A file that a person might have written.
fn file(dice: &mut Dice) -> String {
    let data = plan(dice);
    let offset = [0, 2, 2, 4][dice.roll(4)];
    let Data::Map(entries) = &data else { unreachable!("a plan is a mapping") };
    let mut hand = Hand { dice, out: String::new(), offset };
    hand.map(0, entries, false);
    let mut text = hand.out;
    if dice.one_in(4) {
        text = text.trim_end().to_string();
    }
    if dice.one_in(4) {
        text = text.replace('\n', "\r\n");
    }
    if dice.one_in(4) {
        text.insert(0, '\u{feff}');
    }
    text
}

/// Something to report on the plan, and what the plan must be afterwards.
fn report(dice: &mut Dice, plan: &Plan) -> (Report, Plan) {
    let at = dice.roll(plan.tasks.len());
    let task = &plan.tasks[at];
    let mut expected = plan.clone();
    let after = &mut expected.tasks[at];
    let on =
        NaiveDate::from_ymd_opt(2023, 1 + dice.roll(12) as u32, 1 + dice.roll(28) as u32).expect("a date");
    let note = dice.one_in(2).then(|| dice.pick(TEXTS).to_string());
    let unit = dice.one_in(3).then_some(UnitId(dice.roll(2)));
    let mut report = Report {
        task: task.id.clone(),
        item: String::new(),
        row: None,
        chosen: None,
        on,
        deed: Deed::Nothing,
        unit: None,
        note: None,
        issue: None,
        next: None,
        why: None,
        what: None,
        period: None,
    };
    let name = |unit: Option<UnitId>| unit.map(|unit| plan.unit(unit).name.clone());
    match dice.roll(8) {
        0 if !task.milestones.is_empty() => {
            let which = dice.roll(task.milestones.len());
            report.item.clone_from(&task.milestones[which].what);
            report.deed = Deed::Done;
            if let Some(note) = note.filter(|_| dice.one_in(2)) {
                // A milestone has no place for a remark: it goes into the log, with the name where there are several.
                let which = match &task.milestones[which].when {
                    When::Within { triggers, .. } => triggers.iter().find_map(|trigger| trigger.what.clone()),
                    When::Dated { .. } => None,
                };
                let name = match which {
                    Some(which) => format!("{}（{which}）", report.item),
                    None => report.item.clone(),
                };
                let several = task.milestones.len() + task.indicators.len() + task.duties.len() > 1;
                let told = if several { format!("{name}：{note}") } else { note.clone() };
                after.log.push(LogEntry { on, unit: None, note: Some(told), issue: None, next: None });
                report.note = Some(note);
            }
            match &mut after.milestones[which].when {
                When::Dated { done, .. } => *done = Some(on),
                When::Within { triggers, .. } => {
                    let open: Vec<_> = triggers.iter_mut().filter(|trigger| trigger.done.is_none()).collect();
                    if let Some(trigger) = open.into_iter().next() {
                        trigger.done = Some(on);
                    }
                }
            }
        }
        1 if !task.milestones.is_empty() => {
            let which = dice.roll(task.milestones.len());
            report.item.clone_from(&task.milestones[which].what);
            match &mut after.milestones[which].when {
                When::Dated { due, extended, .. } => {
                    let to = (*due).max(on) + Days::new(10);
                    report.deed = Deed::Extend(to);
                    report.why.clone_from(&note);
                    extended.push(Extension { on, to, why: note });
                }
                When::Within { triggers, .. } => {
                    report.deed = Deed::Trigger;
                    report.what.clone_from(&note);
                    triggers.push(Trigger { on, what: note, done: None, extended: Vec::new() });
                }
            }
        }
        2 | 3 if !task.indicators.is_empty() => {
            let which = dice.roll(task.indicators.len());
            let value = [0.0, 7.5, 150.0, -3.0, 411.825][dice.roll(5)];
            report.item.clone_from(&task.indicators[which].name);
            report.deed = Deed::Value(value.to_string());
            report.note.clone_from(&note);
            report.unit = name(unit);
            after.indicators[which].actuals.push(Actual { on, value, unit, note });
        }
        4 if !task.indicators.is_empty() => {
            let which = dice.roll(task.indicators.len());
            let stage = dice.roll(task.indicators[which].stages.len());
            let stages = &mut after.indicators[which].stages;
            let due = stages[stage].due.expect("the stages of this test have dates");
            let to = due.max(on) + Days::new(5);
            report.item.clone_from(&task.indicators[which].name);
            if stages.len() > 1 {
                report.item.push_str(&format!(" {due}"));
            }
            report.deed = Deed::Extend(to);
            stages[stage].extended.push(Extension { on, to, why: None });
        }
        5 if !task.duties.is_empty() => {
            let which = dice.roll(task.duties.len());
            let every = task.duties[which].every;
            let period = every.map(|every| {
                let periods = every.periods(2023);
                let own = periods.iter().position(|period| period.contains(on)).expect("a day of the year");
                // This period, or one before it.
                periods[if dice.one_in(2) { own } else { dice.roll(own + 1) }]
            });
            report.item.clone_from(&task.duties[which].what);
            report.deed = Deed::Done;
            report.period = period.map(|period: Period| period.id());
            report.note.clone_from(&note);
            report.unit = name(unit);
            after.duties[which].done.push(DutyDone { period, on, unit, note });
        }
        6 => {
            report.deed = Deed::Cancel;
            report.why.clone_from(&note);
            let cancelled = Some(Cancelled { on, why: note });
            match (dice.roll(4), task.milestones.len(), task.duties.len()) {
                (0, 1.., _) => {
                    report.item.clone_from(&task.milestones[0].what);
                    after.milestones[0].terms.cancelled = cancelled;
                }
                (1, _, 1..) => {
                    report.item.clone_from(&task.duties[0].what);
                    after.duties[0].terms.cancelled = cancelled;
                }
                _ => after.cancelled = cancelled,
            }
        }
        7 if !task.has_dated_items() => {
            report.deed = Deed::Done;
            after.done = Some(on);
        }
        _ => {
            let issue = dice.pick(TEXTS).to_string();
            report.note.clone_from(&note);
            report.issue = Some(issue.clone());
            report.unit = name(unit);
            after.log.push(LogEntry { on, unit, note, issue: Some(issue), next: None });
        }
    }
    (report, expected)
}

/// Whether serde_yaml reads the text as we do; it takes a byte order mark for a column. `None` where it refuses.
fn witnessed(text: &str) -> Option<bool> {
    let root = yaml::parse(text).root.expect("a tree");
    let value: serde_yaml::Value = serde_yaml::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    Some(same(&root, &value))
}

/// The text after some splices, and whether they took anything away but an empty value.
fn spliced(text: &str, splices: &[Splice]) -> (String, bool) {
    let mut out = String::new();
    let mut from = 0;
    let mut harmless = true;
    for splice in splices {
        out.push_str(&text[from..splice.old.start]);
        out.push_str(&splice.new);
        harmless &= matches!(text[splice.old.start..splice.old.end].trim(), "" | "~" | "null");
        from = splice.old.end;
    }
    out.push_str(&text[from..]);
    (out, harmless)
}

fn messages(problems: &[plan::diagnostic::Diagnostic]) -> Vec<String> {
    let mut all: Vec<_> = problems.iter().map(|p| format!("{:?} {}", p.code, p.message)).collect();
    all.sort();
    all
}

/// One test counts at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// How records ended, by kind of end.
static ENDS: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

fn ended(how: impl Into<String>) {
    *ENDS.lock().expect("no test panics while it counts").entry(how.into()).or_default() += 1;
}

/// The file with a few slips of the keyboard; most make it wrong, some make it a plan in an odd style.
fn slips(dice: &mut Dice, text: &str) -> String {
    let mut text = text.to_string();
    for _ in 0..1 + dice.roll(3) {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_string).collect();
        let at = dice.roll(lines.len());
        match dice.roll(7) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => lines[at].insert(0, ' '),
            3 => lines[at] = lines[at].strip_prefix("  ").unwrap_or(&lines[at]).to_string(),
            _ => {
                let places: Vec<usize> = lines[at].char_indices().map(|(place, _)| place).collect();
                let place = places[dice.roll(places.len())];
                let piece = dice.pick(&[
                    " ", "  ", "\n", "\r", "\r\n", "#", " # x", "~", "\"", "'", ":", ": ", ",", "[", "]",
                    "{", "}", "- ", "|", ">", "\t", "，", "0", "null", "\u{feff}", "\u{3000}", "? ",
                    "done: ~", "...",
                ]);
                lines[at].insert_str(place, piece);
            }
        }
        text = lines.concat();
        if text.is_empty() {
            break;
        }
    }
    text
}

/// One record in one file: right, or refused for a reason. Anything else fails.
fn one_record(text: &str, dice: &mut Dice) -> Result<(), TestCaseError> {
    let before = load::plan(text, today());
    prop_assert!(!before.has_errors(), "{:#?}\n{}", before.problems, text);
    let plan = before.plan.expect("a plan without errors");
    let (report, expected) = report(dice, &plan);
    let mut ledger = Ledger::open(text.to_string(), today()).map_err(|_| TestCaseError::fail("no ledger"))?;
    let recorded = match ledger.record(&report) {
        Ok(recorded) => recorded,
        Err(Trouble::Several { .. }) => {
            ended("refused: several may be meant");
            return Ok(());
        }
        Err(Trouble::Wrong(why)) => {
            prop_assert_eq!(&ledger.text, text);
            // By its kind: names, days and numbers differ.
            let kind: String = why.chars().filter(|c| !c.is_ascii_digit() && *c != '-').take(60).collect();
            ended(format!("refused: {kind}"));
            return Ok(());
        }
    };
    let after = &ledger.text;
    let shown = || format!("{report:#?}\n--- before\n{text}\n--- after\n{after}");
    // Every other byte.
    prop_assert!(!recorded.edits.is_empty());
    let mut again = text.to_string();
    for edits in &recorded.edits {
        let (next, harmless) = spliced(&again, edits);
        prop_assert!(harmless, "{}", shown());
        again = next;
    }
    prop_assert!(again == *after, "{}", shown());
    prop_assert_eq!(text.starts_with('\u{feff}'), after.starts_with('\u{feff}'));
    prop_assert_eq!(text.ends_with('\n'), after.ends_with('\n'), "{}", shown());
    let bare_line_ends = |text: &str| text.replace("\r\n", "").matches('\n').count();
    if bare_line_ends(text) == 0 {
        prop_assert_eq!(bare_line_ends(after), 0, "{}", shown());
    }
    if !text.contains('\r') {
        prop_assert!(!after.contains('\r'), "{}", shown());
    }
    // The plan and this fact, and no new problem.
    let loaded = load::plan(after, today());
    prop_assert_eq!(loaded.plan.map(Plan::without_places), Some(expected.without_places()), "{}", shown());
    if recorded.doubts.is_empty() {
        let mut known = messages(&before.problems);
        for problem in messages(&loaded.problems) {
            let at = known.iter().position(|other| *other == problem);
            prop_assert!(at.is_some(), "{problem}\n{}", shown());
            known.remove(at.unwrap_or_default());
        }
    }
    // Another library reads the same, if it could read the old file.
    if witnessed(text) == Some(true) {
        prop_assert_eq!(witnessed(after), Some(true), "{}", shown());
    }
    // And back.
    let entry = undo::entry(recorded.words.clone(), text, after);
    let back = undo::take_back(after, &entry);
    prop_assert_eq!(back.as_deref(), Ok(text), "{}", shown());
    ended(if recorded.doubts.is_empty() { "right" } else { "right, with a doubt" });
    Ok(())
}

/// Runs one test for many seeds, and counts how the records ended.
fn for_many(cases: u32, one: impl Fn(u64) -> Result<(), TestCaseError>) -> (usize, usize, String) {
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() };
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = proptest::test_runner::TestRunner::new(config).run(&any::<u64>(), one);
    let ends = std::mem::take(&mut *ENDS.lock().expect("the count"));
    let total: usize = ends.values().sum();
    let right: usize = ends.iter().filter(|(how, _)| how.starts_with("right")).map(|(_, count)| count).sum();
    let mut words = format!("{total} records, {right} right\n");
    for (how, count) in &ends {
        words.push_str(&format!("{count:>7} {how}\n"));
    }
    // Shown with --nocapture: the counts of a long run are for people.
    write!(std::io::stdout(), "{words}").expect("standard output");
    if let Err(error) = outcome {
        panic!("{error}");
    }
    (total, right, words)
}

#[test]
fn a_record_in_a_file_of_any_hand_changes_nothing_else() {
    let (total, right, words) = for_many(cases(), |seed| {
        let mut dice = Dice(seed);
        let text = file(&mut dice);
        prop_assert_eq!(witnessed(&text), Some(true), "{}", text);
        one_record(&text, &mut dice)
    });
    assert!(right * 10 > total * 9, "nearly all of these records are possible:\n{words}");
    assert!(!words.contains("没有写入"), "no style is one that cannot be followed:\n{words}");
}

#[test]
fn a_record_in_an_oddly_written_file_is_right_or_refused() {
    // One in seven is still a plan.
    let (total, right, words) = for_many(cases() * 4, |seed| {
        let mut dice = Dice(seed);
        let text = file(&mut dice);
        let text = slips(&mut dice, &text);
        let loaded = load::plan(&text, today());
        let usual = |plan: &Plan| {
            let stages = plan.tasks.iter().flat_map(|task| &task.indicators).flat_map(|i| &i.stages);
            let dated = stages.into_iter().all(|stage| stage.due.is_some());
            dated && plan.year == 2023 && !plan.tasks.is_empty() && plan.units.len() == 3
        };
        match loaded.has_errors() || !loaded.plan.as_ref().is_some_and(usual) {
            true => Ok(()),
            false => one_record(&text, &mut dice),
        }
    });
    assert!(total > 0 && right * 5 > total * 4, "most that are plans at all take a record:\n{words}");
}

#[test]
fn one_record_after_another_in_the_plans_that_are_shipped() {
    for name in ["plan.yaml", "examples/shiyan.yaml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let mut text = std::fs::read_to_string(path).expect("a plan");
        let mut dice = Dice(7);
        let mut written = 0;
        for _ in 0..20 {
            let mut ledger = Ledger::open(text.clone(), today()).unwrap_or_else(|p| panic!("{p:#?}"));
            let at = dice.roll(ledger.plan.tasks.len());
            let task = &ledger.plan.tasks[at];
            let item = task.indicators.first().map(|indicator| indicator.name.clone());
            let report = Report {
                task: task.id.clone(),
                deed: if item.is_some() { Deed::Value("5".into()) } else { Deed::Nothing },
                item: item.unwrap_or_default(),
                row: None,
                chosen: None,
                on: day(&mut dice),
                unit: None,
                note: Some(dice.pick(TEXTS).to_string()),
                issue: None,
                next: None,
                why: None,
                what: None,
                period: None,
            };
            if ledger.record(&report).is_ok() {
                written += 1;
                text = ledger.text;
            }
        }
        assert!(written > 15, "{name}: {written}");
    }
}

/// A year's sheet of the example, with a note, a value or a completion in every row where one can stand.
#[test]
fn many_reports_together_say_what_they_say_one_by_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shiyan.yaml");
    let text = std::fs::read_to_string(path).expect("the example");
    let today = NaiveDate::from_ymd_opt(2024, 3, 1).expect("a day");
    let open = || Ledger::open(text.clone(), today).expect("the example has no errors");
    let plan = open().plan;
    let mut reports = Vec::new();
    for task in &plan.tasks {
        let names = (task.milestones.iter().map(|item| (&item.what, Deed::Done)))
            .chain(task.indicators.iter().map(|item| (&item.name, Deed::Value("7".into()))))
            .chain(task.duties.iter().map(|item| (&item.what, Deed::Done)));
        for (name, deed) in names.map(|(name, deed)| (name.clone(), deed)) {
            for (deed, note) in [(deed.clone(), None), (deed, Some("一注")), (Deed::Nothing, Some("二注"))]
            {
                reports.push(Report {
                    task: task.id.clone(),
                    item: name.clone(),
                    row: None,
                    chosen: None,
                    on: NaiveDate::from_ymd_opt(2023, 12, 30).expect("a day"),
                    deed,
                    unit: None,
                    note: note.map(str::to_string),
                    issue: None,
                    next: None,
                    why: None,
                    what: None,
                    period: None,
                });
            }
        }
    }
    // Those that can be recorded one after the other.
    let mut single = open();
    reports.retain(|report| single.record(report).is_ok());
    assert!(reports.len() > 50, "{}", reports.len());
    let mut together = open();
    let recorded = together.record_together(&reports).expect("all can be recorded");
    assert_eq!(recorded.len(), reports.len());
    assert_eq!(together.plan.without_places(), single.plan.without_places());
    let lines = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&together.text), lines(&single.text));
    // Where anything is to be said of one of them, nothing is changed.
    let mut refused = open();
    reports.push(Report { task: "Z9".into(), ..reports[0].clone() });
    assert_eq!(refused.record_together(&reports), None);
    assert_eq!(refused.text, text);
}
