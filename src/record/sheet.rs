//! A table of reports, as `plan deadlines --format csv` prints it and people fill it in: which columns it has, what its
//! cells mean, and what is wrong in which row.

use super::{Deed, Report, Row};
use crate::calendar;
use crate::diagnostic::nearest;
use crate::language::tr;
use chrono::NaiveDate;
use std::collections::HashSet;

/// Something wrong in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The row, counted from 1 for the heading, as spreadsheets count.
    pub row: u64,
    /// What is wrong.
    pub words: String,
}

/// What the table says: a report for every row that was filled in, and whatever is wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The reports with their rows.
    pub reports: Vec<(u64, Report)>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
    /// What rows with a fault of their own seem to say, so that whatever else is wrong in them is told at once.
    pub faulty: Vec<(u64, Report)>,
    /// Columns that nobody knows and of which has been told.
    strange: HashSet<usize>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Task,
    What,
    Kind,
    From,
    Due,
    Value,
    Done,
    On,
    Unit,
    Note,
    Issue,
    Next,
    Extend,
    Why,
    For,
    Missed,
    /// Printed for people to read, and not read back.
    Printed,
}

/// The names of the columns: as data formats print them, and in Chinese.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Task, &["task", "id", "任务", "任务编号", "编号"]),
    (Field::What, &["what", "name", "内容", "名称", "事项"]),
    (Field::Kind, &["kind", "类别"]),
    (Field::From, &["from", "起始日期"]),
    (Field::Due, &["due", "时限", "完成时限"]),
    (Field::Value, &["value", "完成数", "数值"]),
    (Field::Done, &["done", "完成", "已完成", "办结", "是否完成"]),
    (Field::On, &["on", "日期", "完成日期", "记录日期"]),
    (Field::Unit, &["unit", "单位", "报送单位", "填报单位"]),
    (Field::Note, &["note", "备注", "说明"]),
    (Field::Issue, &["issue", "问题", "存在问题"]),
    (Field::Next, &["next", "下一步", "下一步打算"]),
    (Field::Extend, &["extend", "延期到", "延期至"]),
    (Field::Why, &["why", "原因"]),
    (Field::For, &["for", "周期", "哪一期"]),
    (Field::Missed, &["missed"]),
    (
        Field::Printed,
        &[
            "source",
            "wording",
            "state",
            "overdue_days",
            "days_left",
            "units",
            "target",
            "measure",
            "actual",
            "via",
            "title",
            "状态",
            "出处",
            "责任单位",
            "目标值",
            "计量单位",
            "序号",
        ],
    ),
];

/// The columns that say that something happened.
const HAPPENED: [Field; 6] =
    [Field::Value, Field::Done, Field::Extend, Field::Note, Field::Issue, Field::Next];

/// Reads the table, with tabs or commas between its cells. Days without a year are of `year`; a report without a day is
/// of `on`.
pub fn read(text: &str, year: i32, today: NaiveDate, on: NaiveDate) -> Sheet {
    let text = format!("{}\n", text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut sheet = Sheet::default();
    let delimiter = delimiter(&text);
    if let Some(row) = loose_quote(&text, delimiter) {
        let words = tr(
            "有一格以引号开头，引号却没有成对，从这里起分不清各格；去掉这个引号再读",
            "a cell begins with a quotation mark that is not paired; from here on the cells cannot be told apart: take it out",
        );
        sheet.fault(row, words.to_string());
        return sheet;
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<Column>> = None;
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                sheet.fault(row + 1, tr(format!("读不出：{error}"), format!("cannot be read: {error}")));
                break;
            }
        }
        // Empty lines are skipped by the reader and counted by spreadsheets; lines within a cell the other way round.
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let passed = reader.position().line() - line;
        row += passed.saturating_sub(u64::try_from(within).unwrap_or(u64::MAX)).max(1);
        let cells: Vec<String> = record.iter().map(plain).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        match &columns {
            None => match sheet.columns(row, &cells) {
                Some(found) => columns = Some(found),
                None => return sheet,
            },
            Some(columns) => Cells { columns, cells: &cells, year, today, on, row }.report(&mut sheet),
        }
    }
    if columns.is_none() && sheet.faults.is_empty() {
        sheet.fault(1, tr("表是空的", "the table is empty").to_string());
    }
    sheet
}

/// What stands between the cells: what the heading has most of, which is a comma where it has nothing.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| heading.bytes().filter(|byte| byte == delimiter).count();
    [b';', b',', b'\t'].into_iter().max_by_key(count).filter(|most| count(most) > 0).unwrap_or(b',')
}

/// The row of a quotation mark that begins a cell and is not closed at the end of one. The reader would take all that
/// follows for one cell, and nobody would miss the rows.
fn loose_quote(text: &str, delimiter: u8) -> Option<u64> {
    let bytes = text.as_bytes();
    let ends =
        |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\r' | b'\n') || *byte == delimiter);
    let (mut row, mut at) = (1, 0);
    while at < bytes.len() {
        let begins = at == 0 || bytes[at - 1] == b'\n' || bytes[at - 1] == delimiter;
        if bytes[at] == b'"' && begins {
            let start = row;
            at += 1;
            loop {
                match bytes.get(at) {
                    None => return Some(start),
                    Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') if ends(bytes.get(at + 1)) => break,
                    Some(b'"') => return Some(start),
                    Some(_) => at += 1,
                }
            }
        } else if bytes[at] == b'\n' {
            row += 1;
        }
        at += 1;
    }
    None
}

/// A cell without what spreadsheets put around it: blanks, and the apostrophe before what looks like a formula.
fn plain(cell: &str) -> String {
    let cell = cell.trim_matches([' ', '\t', '\r', '\n', '\u{3000}', '\u{a0}', '\u{feff}']);
    let formula = |text: &str| text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    match cell.strip_prefix('\'').filter(|rest| formula(rest)) {
        Some(rest) => rest.trim().to_string(),
        None => cell.to_string(),
    }
}

/// A column of the heading.
struct Column {
    name: String,
    /// `None` for a column that nobody knows.
    field: Option<Field>,
}

impl Sheet {
    fn fault(&mut self, row: u64, words: String) {
        self.faults.push(Fault { row, words });
    }

    /// Reads the heading.
    fn columns(&mut self, row: u64, cells: &[String]) -> Option<Vec<Column>> {
        let field = |name: &String| {
            let lower = name.to_lowercase();
            NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(field, _)| *field)
        };
        let columns: Vec<Column> =
            cells.iter().map(|name| Column { name: name.clone(), field: field(name) }).collect();
        let has = |wanted: Field| columns.iter().filter(|column| column.field == Some(wanted)).count();
        for (wanted, names) in NAMES.iter().filter(|(wanted, _)| *wanted != Field::Printed) {
            if has(*wanted) > 1 {
                let name = names[0];
                self.fault(row, tr(format!("列“{name}”有两个"), format!("there are two columns {name}")));
            }
        }
        if has(Field::Task) == 0 {
            let words = tr(
                "第一行要写列名，其中要有 task（任务编号）；先用 plan deadlines --format csv 导出一份来填",
                "the first row names the columns, and one of them is task; fill in what plan deadlines --format csv prints",
            );
            self.fault(row, words.to_string());
            return None;
        }
        if HAPPENED.iter().all(|field| has(*field) == 0) {
            let words = tr(
                "没有可填的列：value（完成数）、done（完成）、note（备注）、issue（问题）、extend（延期到）等",
                "there is no column to fill in: value, done, note, issue, extend …",
            );
            self.fault(row, words.to_string());
            return None;
        }
        Some(columns)
    }
}

struct Cells<'s> {
    columns: &'s [Column],
    cells: &'s [String],
    year: i32,
    today: NaiveDate,
    on: NaiveDate,
    row: u64,
}

impl Cells<'_> {
    fn get(&self, field: Field) -> Option<&str> {
        let at = self.columns.iter().position(|column| column.field == Some(field))?;
        self.cells.get(at).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn text(&self, field: Field) -> Option<String> {
        self.get(field).map(str::to_string)
    }

    /// The report of the row, if anything was filled in.
    fn report(&self, sheet: &mut Sheet) {
        let known = sheet.faults.len();
        self.strangers(sheet);
        let on = self.day(Field::On, sheet);
        let (is_done, done_on) = self.done(sheet);
        let extend = self.day(Field::Extend, sheet);
        let happened = HAPPENED.iter().any(|field| match field {
            Field::Done => is_done,
            other => self.get(*other).is_some(),
        });
        if !happened {
            let left = [Field::On, Field::Unit, Field::Why, Field::For].into_iter().find_map(|f| self.get(f));
            if let Some(left) = left.filter(|_| sheet.faults.len() == known) {
                sheet.fault(
                    self.row,
                    tr(
                        format!("写了“{left}”，但没有写 value、done 或 note，不知道要记什么"),
                        format!("there is {left}, but no value, done or note: nothing says what to record"),
                    ),
                );
            }
            return;
        }
        if let (Some(on), Some(done)) = (on, done_on)
            && on != done
        {
            sheet.fault(
                self.row,
                tr(
                    format!("done 写的是 {done}，on 写的是 {on}，两个日期不一样"),
                    format!("done says {done} and on says {on}"),
                ),
            );
        }
        let deeds: Vec<Deed> = [
            self.text(Field::Value).map(Deed::Value),
            is_done.then_some(Deed::Done),
            extend.map(Deed::Extend),
        ]
        .into_iter()
        .flatten()
        .collect();
        if deeds.len() > 1 {
            sheet.fault(
                self.row,
                tr(
                    "value、done、extend 一行只填一个；要记两样，写成两行",
                    "only one of value, done and extend stands in a row; write two rows for two",
                )
                .to_string(),
            );
        }
        let missed: usize = self.get(Field::Missed).and_then(|text| text.parse().ok()).unwrap_or_default();
        if is_done && missed > 1 && self.get(Field::For).is_none() {
            sheet.fault(
                self.row,
                tr(
                    format!("这一行合了{missed}期；用 plan deadlines 导出的表逐期填，或加一列 for 写明是哪一期"),
                    format!("this row stands for {missed} periods; fill in the table of plan deadlines, or say which in a column for"),
                ),
            );
        }
        let Some(task) = self.text(Field::Task) else {
            sheet.fault(self.row, tr("没有任务编号", "there is no task").to_string());
            return;
        };
        let (from, due) = (self.printed_day(Field::From, sheet), self.printed_day(Field::Due, sheet));
        let row = Row { kind: self.text(Field::Kind), from, due };
        let report = Report {
            task,
            item: self.text(Field::What).unwrap_or_default(),
            row: Some(row),
            chosen: None,
            on: done_on.or(on).unwrap_or(self.on),
            deed: deeds.into_iter().next().unwrap_or(Deed::Nothing),
            unit: self.text(Field::Unit),
            note: self.text(Field::Note),
            issue: self.text(Field::Issue),
            next: self.text(Field::Next),
            why: self.text(Field::Why),
            what: None,
            period: self.text(Field::For),
        };
        let place = if sheet.faults.len() > known { &mut sheet.faulty } else { &mut sheet.reports };
        place.push((self.row, report));
    }

    /// What stands under no name, or under one that nobody knows, is not passed over.
    fn strangers(&self, sheet: &mut Sheet) {
        for (at, cell) in self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let name = match self.columns.get(at) {
                Some(Column { field: Some(_), .. }) => continue,
                Some(column) => column.name.as_str(),
                None => "",
            };
            if !sheet.strange.insert(at) {
                continue;
            }
            let words = if name.is_empty() {
                tr(format!("“{cell}”上面没有列名"), format!("no column name stands above {cell}"))
            } else {
                let known = NAMES.iter().flat_map(|(_, names)| names.iter().copied());
                let near = nearest(name, known)
                    .map(|near| tr(format!("；是不是“{near}”？"), format!("; do you mean {near}?")));
                let near = near.unwrap_or_default();
                tr(format!("不认识列“{name}”{near}"), format!("there is no column {name}{near}"))
            };
            sheet.fault(self.row, words);
        }
    }

    fn day(&self, field: Field, sheet: &mut Sheet) -> Option<NaiveDate> {
        let text = self.get(field)?;
        let day = self.parse_day(text);
        if day.is_none() {
            sheet.fault(self.row, tr(format!("“{text}”不是日期"), format!("{text:?} is not a day")));
        }
        day
    }

    /// A day that was printed, for people perhaps with the document's phrase behind it.
    fn printed_day(&self, field: Field, sheet: &mut Sheet) -> Option<NaiveDate> {
        let text = self.get(field).filter(|text| *text != "—")?;
        calendar::parse_date(first_word(text)).or_else(|| self.day(field, sheet))
    }

    /// A day as spreadsheets write it back, perhaps with midnight behind it.
    fn parse_day(&self, text: &str) -> Option<NaiveDate> {
        let date = match text.split_once(' ') {
            Some((date, time)) if time.starts_with("0:00") || time.starts_with("00:00") => date,
            _ => text,
        };
        calendar::parse_day(date, self.year, self.today)
    }

    /// Whether the row says that it is done, and on which day if it says so.
    fn done(&self, sheet: &mut Sheet) -> (bool, Option<NaiveDate>) {
        let Some(text) = self.get(Field::Done) else { return (false, None) };
        match text.to_lowercase().as_str() {
            "1" | "y" | "yes" | "true" | "x" | "done" | "是" | "√" | "✓" | "✔" | "完成" | "已完成"
            | "已办结" | "办结" => (true, None),
            "0" | "n" | "no" | "false" | "否" | "×" | "未" | "未完成" | "未办结" | "-" => {
                (false, None)
            }
            _ => match self.parse_day(text) {
                Some(day) => (true, Some(day)),
                None => {
                    sheet.fault(
                        self.row,
                        tr(
                            format!("done 里的“{text}”看不明白；写 是、否 或完成日期"),
                            format!("done says {text:?}; write yes, no, or the day"),
                        ),
                    );
                    (false, None)
                }
            },
        }
    }
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        calendar::parse_date(text).expect("a date that the test wrote")
    }

    fn sheet(text: &str) -> Sheet {
        read(text, 2023, day("2023-07-10"), day("2023-07-01"))
    }

    #[track_caller]
    fn one(text: &str) -> Report {
        let sheet = sheet(text);
        assert_eq!(sheet.faults, []);
        assert_eq!(sheet.reports.len(), 1, "{text}");
        sheet.reports[0].1.clone()
    }

    fn faults(text: &str) -> Vec<(u64, String)> {
        sheet(text).faults.into_iter().map(|fault| (fault.row, fault.words)).collect()
    }

    #[test]
    fn rows_that_nobody_filled_in_say_nothing() {
        let text =
            "task,what,due,units,value,done,on,unit,note\r\nA1,x,2023-06-30,甲、乙,,,,,\r\nA2,y,,,,否,,,\r\n";
        assert_eq!(sheet(text), Sheet::default());
    }

    #[test]
    fn a_row_is_read_under_english_and_chinese_names_between_commas_and_tabs() {
        let english = one(
            "\u{feff}task,what,kind,from,due,value,on,unit,note\nA1,x,indicator,,2023/6/30,\"1,500\",2023/6/5,甲,\"a, b\"\n",
        );
        let chinese = one(
            "任务\t内容\t类别\t起始日期\t完成时限\t完成数\t日期\t报送单位\t备注\nA1\tx\tindicator\t\t2023-06-30 6月底\t1,500\t2023年6月5日\t甲\ta, b\n",
        );
        assert_eq!(english, chinese);
        assert_eq!(english.deed, Deed::Value("1,500".into()));
        assert_eq!(english.on, day("2023-06-05"));
        assert_eq!(english.row.and_then(|row| row.due), Some(day("2023-06-30")));
        assert_eq!(english.note.as_deref(), Some("a, b"));
    }

    #[test]
    fn done_is_a_word_or_the_day_itself() {
        for (cell, on) in [
            ("是", "2023-07-01"),
            ("Yes", "2023-07-01"),
            ("2023/6/5 0:00", "2023-06-05"),
            ("6月5日", "2023-06-05"),
        ] {
            let report = one(&format!("task,done\nA1,{cell}\n"));
            assert_eq!((report.deed, report.on), (Deed::Done, day(on)), "{cell}");
        }
    }

    #[test]
    fn the_apostrophe_before_a_formula_goes_and_any_other_stays() {
        for (cell, note) in
            [("'=1+1", "=1+1"), ("'-甲", "-甲"), ("'＋5", "＋5"), ("'甲'", "'甲'"), ("'", "'")]
        {
            assert_eq!(one(&format!("task,note\nA1,{cell}\n")).note.as_deref(), Some(note));
        }
    }

    #[test]
    fn every_fault_has_the_row_that_the_spreadsheet_shows() {
        let text = "task,what,value,done,on,nots,unit\n\nA1,\"two\nlines\",5,,2023-13-01,,\nA2,,5,是,,,\nA3,,5,,,x,\n,,5,,,,\nA5,,,也许,,,\nA6,,,,2023-06-01,,\nA7,,5,,,,,z\nA8,,,2023-06-01,2023-06-02,,\n";
        let faults = faults(text);
        let rows: Vec<u64> = faults.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [3, 4, 5, 6, 7, 8, 9, 10], "{faults:?}");
        assert!(faults[2].1.contains("是不是“note”"), "{faults:?}");
        assert_eq!(sheet(text).reports, []);
    }

    #[test]
    fn a_heading_that_cannot_be_used_is_explained() {
        assert!(faults("a,b\n1,2\n")[0].1.contains("task"));
        assert!(faults("task,what\nA1,x\n")[0].1.contains("value"));
        assert!(faults("task,value,完成数\nA1,1,2\n")[0].1.contains("有两个"));
        assert_eq!(faults("")[0].1, "表是空的");
    }
}
