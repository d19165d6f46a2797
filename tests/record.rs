//! `plan record` and `plan undo` through the program: flags, exit codes, what is asked, what is left on the disk.

use chrono::NaiveDate;
use plan::cli;
use plan::commands::{Outcome, World};
use plan::render::difference::difference;
use serde_json::Value;
use std::io::{self, BufRead, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TEXT: &str = "\
plan: {title: 试验县工作方案, year: 2023}
units:
  - {name: 教育局}
  - {name: 财政局, aliases: [县财政局]}
  - {name: 各乡镇, members: [青山镇]}
  - {name: 青山镇}
sections:
  - id: A
    title: 保障
    tasks:
      - id: A1
        title: 资助
        units: [教育局, 各乡镇]
        milestones:
          - {what: 春季资助, due: 2023-04-30, wording: 4月底前}
          - {what: 秋季资助, due: 2023-09-30, done: 2023-09-20}
        duties:
          - {what: 月报, every: month, done: [2023-01-31]}
          - {what: 走访, every: ~}
      # 资金
      - id: A2
        title: 资金
        units: [财政局]
        milestones:
          - what: 分解下达
            within: {days: 30, after: 收到上级资金}
            triggers: []
        indicators:
          - name: 拨付
            measure: \"%\"
            targets: [{due: 2023-03-31, at_least: 30}, {due: 2023-06-30, at_least: 50}]
          - name: 项目
            target: {at_least: 9, measure: 个}   # 全年
      - id: A3
        title: 总结
        units: [财政局]
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder::with(TEXT)
    }

    fn with(text: &str) -> Folder {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("plan.yaml"), text).expect("the plan is written");
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn plan(&self) -> String {
        std::fs::read_to_string(self.path("plan.yaml")).expect("the plan is there")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
        command.current_dir(self.0.path()).env_remove("PLAN_FILE").env_remove("PLAN_SOURCE");
        command.env("PLAN_LANG", "zh").stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command().args(line.split(' ')).output().expect("the program runs")
    }

    #[track_caller]
    fn done(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {}", words(&output.stderr));
        words(&output.stdout)
    }

    /// The command is refused with these words, and the file is what it was.
    #[track_caller]
    fn refused(&self, line: &str, said: &str) {
        let before = self.plan();
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert_eq!(words(&output.stdout), "", "{line}");
        assert!(words(&output.stderr).contains(said), "{line}: {}", words(&output.stderr));
        assert_eq!(self.plan(), before, "{line}");
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.done(&format!("{line} --format json"))).expect("JSON")
    }

    /// `plan record --from -` with a table on standard input.
    fn pasted(&self, table: &[u8]) -> Output {
        let mut command = self.command();
        command.args(["record", "--from", "-"]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("a pipe").write_all(table).expect("the table is written");
        child.wait_with_output().expect("it ends")
    }
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn day(text: &str) -> NaiveDate {
    plan::calendar::parse_date(text).expect("a date that the test wrote")
}

/// Runs a command as on a terminal, on 2023-07-10, with what somebody types. Returns how it ended and what was said.
fn typed(folder: &Folder, line: &str, input: &mut dyn BufRead) -> (Result<Outcome, String>, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = std::iter::once("plan").chain(line.split(' ')).map(Into::into);
    let typed = cli::parse(arguments).unwrap_or_else(|stop| panic!("{}", stop.text));
    let mut world = World {
        today: day("2023-07-10"),
        out: &mut out,
        err: &mut err,
        input,
        interactive: true,
        color: false,
        err_color: false,
        err_terminal: true,
        from: None,
        width: None,
        folder: folder.0.path().to_path_buf(),
        plan_file: Some(folder.path("plan.yaml")),
        source: None,
    };
    let outcome = cli::run(typed, &mut world).map_err(|error| format!("{error:#}"));
    (outcome, words(&out) + &words(&err))
}

#[test]
fn what_was_recorded_stands_in_the_file_and_in_the_log() {
    let folder = Folder::new();
    let shown = folder.done("record A1 春季 --done --on 2023-05-03");
    assert!(
        shown.contains("+           - {what: 春季资助, due: 2023-04-30, wording: 4月底前, done: 2023-05-03}"),
        "{shown}"
    );
    folder.done("record A2 项目 --value 3个 --on 2023/6/30 --unit 县财政局 --note 已开工");
    folder.done("record A2 下达 --trigger --on 2023-03-15 --what 第一批");
    folder.done("record A2 下达 --done --on 2023年4月10日");
    folder.done("record A1 月报 --done --for 2023-03 --on 2023-04-02");
    folder.done("record A2 拨付 2023-06-30 --extend 2023-07-15 --on 2023-06-20 --why 系统升级 --dry-run");
    folder.done("record A3 --done --on 2023-11-30");
    folder.done("record A1 --issue 资金未到位 --next 5月底前到位 --on 2023-05-01 --unit 教育局");
    let log = folder.json("log");
    let told: Vec<String> = log
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| ["on", "task", "record", "unit"].map(|key| row[key].as_str().unwrap_or("-")).join(" "))
        .collect();
    assert_eq!(
        told,
        [
            "2023-01-31 A1 完成1月 -",
            "2023-03-15 A2 触发，第一批 -",
            "2023-04-02 A1 完成3月 -",
            "2023-04-10 A2 完成，第一批 -",
            "2023-05-01 A1 存在问题：资金未到位；下一步：5月底前到位 教育局",
            "2023-05-03 A1 完成 -",
            "2023-06-30 A2 3个，已开工 财政局",
            "2023-09-20 A1 完成 -",
            "2023-11-30 A3 完成 -",
        ]
    );
    let text = folder.plan();
    for line in [
        "          - {what: 月报, every: month, done: [2023-01-31, {for: 2023-03, on: 2023-04-02}]}",
        "            triggers: [{on: 2023-03-15, what: 第一批, done: 2023-04-10}]",
        "            target: {at_least: 9, measure: 个}   # 全年\n            actuals:\n              - {on: 2023-06-30, value: 3, unit: 财政局, note: 已开工}",
        "        units: [财政局]\n        done: 2023-11-30\n",
        "        log:\n          - {on: 2023-05-01, unit: 教育局, issue: 资金未到位, next: 5月底前到位}\n      # 资金\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(folder.run("check").status.code(), Some(0));
}

#[test]
fn a_dry_run_shows_the_lines_and_leaves_nothing_behind() {
    let folder = Folder::new();
    let shown = folder.done("record A2 项目 --value 3 --on 2023-06-30 --dry-run");
    assert!(shown.contains("+             actuals:\n") && shown.contains("试写"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
    assert_eq!(folder.plan(), TEXT);
    assert_eq!(folder.names(), ["plan.yaml"]);
    let painted = folder.done("record A2 项目 --value 3 --on 2023-06-30 --dry-run --color always");
    assert!(painted.contains("\u{1b}[32m+"));
}

#[test]
fn in_a_pipe_an_ambiguous_name_lists_the_candidates() {
    let folder = Folder::new();
    folder.refused("record A1 资助 --done --on 2023-05-03", "春季资助 4月底前、秋季资助");
    folder.refused("record A2 拨付 --extend 2023-08-01 --on 2023-07-01", "拨付 2023-03-31、拨付 2023-06-30");
    assert_eq!(folder.names(), ["plan.yaml"]);
}

#[test]
fn on_a_terminal_one_of_several_is_chosen_by_number() {
    let folder = Folder::new();
    let line = "record A2 拨付 --extend 2023-08-01 --on 2023-06-01";
    let (outcome, said) = typed(&folder, line, &mut Cursor::new("7\n2\n\n"));
    assert_eq!(outcome, Ok(Outcome::Written), "{said}");
    assert!(said.contains("  1  拨付 2023-03-31\n  2  拨付 2023-06-30\n"), "{said}");
    assert!(
        folder.plan().contains("at_least: 50, extended: [{on: 2023-06-01, to: 2023-08-01}]}"),
        "{}",
        folder.plan()
    );
    let (outcome, said) = typed(&folder, "record A1 资助 --done", &mut Cursor::new("\n"));
    assert_eq!(outcome, Ok(Outcome::Refused));
    assert!(said.contains("可以指几项"), "{said}");
}

#[test]
fn on_a_terminal_it_is_asked_and_without_a_day_it_is_today() {
    let folder = Folder::new();
    for answer in ["n\n", "否\n", "什么\nno\n", ""] {
        let (outcome, said) = typed(&folder, "record A1 春季 --done", &mut Cursor::new(answer));
        assert_eq!(outcome, Ok(Outcome::Success));
        assert!(said.contains("写入？[Y/n]") && said.contains("没有写入"), "{said}");
        assert_eq!(folder.plan(), TEXT);
    }
    let (_, said) = typed(&folder, "record A1 春季 --done", &mut Cursor::new("\n"));
    assert!(said.contains("已写入"), "{said}");
    assert!(folder.plan().contains("done: 2023-07-10"));
    // --yes asks nothing.
    let (outcome, said) = typed(&folder, "undo --yes", &mut Cursor::new(""));
    assert_eq!(outcome, Ok(Outcome::Written));
    assert!(!said.contains('？'), "{said}");
    assert_eq!(folder.plan(), TEXT);
}

#[test]
fn what_is_doubtful_is_written_only_on_an_express_yes() {
    let doubtful = [
        ("record A2 项目 --value 3 --on 2022-12-30", "早于方案年度"),
        ("record A2 拨付 --value 9300 --on 2023-06-30", "百分比"),
        ("record A2 项目 --value 3 --on 2023-06-30 --unit 教育局", "教育局不是 A2 的责任单位"),
        ("record A1 春季 --extend 2023-06-30 --on 2023-05-10", "才批准延期"),
    ];
    for (line, said) in doubtful {
        let folder = Folder::new();
        folder.refused(line, said);
        folder.refused(line, "加 --yes");
        let (_, words) = typed(&folder, line, &mut Cursor::new("\n"));
        assert!(words.contains("[y/N]") && words.contains(said), "{words}");
        assert_eq!(folder.plan(), TEXT, "{line}");
        folder.done(&format!("{line} --yes"));
        assert_ne!(folder.plan(), TEXT, "{line}");
    }
    // A member of a group that is responsible is no stranger.
    Folder::new().done("record A1 月报 --done --for 2023-03 --on 2023-04-02 --unit 青山镇");
}

#[test]
fn mistakes_are_explained_and_change_nothing() {
    let mistakes = [
        ("record Z9 --done", "没有任务“Z9”", "there is no task Z9"),
        ("record A1 秋季 --done --on 2023-09-25", "已经记为 2023-09-20 完成", "done on 2023-09-20 already"),
        ("record A1 春季 --value 5 --on 2023-05-01", "是时间节点，不记数", "is a milestone"),
        ("record A1 月报 --value 5 --on 2023-05-01", "是经常性工作，不记数", "is a duty"),
        ("record A1 冬季 --done --on 2023-05-01", "没有“冬季”；这里有：春季资助", "there is no 冬季 in A1"),
        ("record A2 项目 --done --on 2023-05-01", "是指标，记数才算完成", "is an indicator"),
        ("record A2 项目 --value 许多 --on 2023-05-01", "“许多”不是数", "is not a number"),
        ("record A2 项目 --value 3 --on 2999-01-01", "还没有到", "has not come yet"),
        ("record A2 项目 --value 3 --on 5月40日", "不是日期", "is not a day"),
        ("record A2 下达 --done --on 2023-05-01", "还没有触发", "has not been triggered"),
        ("record A1 春季 --trigger --on 2023-05-01", "没有触发", "cannot be triggered"),
        ("record A1 --value 3 --on 2023-05-01", "A1 没有指标", "A1 has no indicator"),
        ("record A1 月报 --done --on 2023-01-30", "2023年1月已经记为 2023-01-31 完成", "2023-01 is recorded"),
        (
            "record A1 月报 --done --for 2023-06 --on 2023-05-30",
            "早于2023年6月的开始",
            "before 2023-06 begins",
        ),
        ("record A1 月报 --done --for 二季度 --on 2023-05-30", "不是这项工作的一期", "is not a period"),
        ("record A1 月报 --done --on 2024-05-30", "不在方案年度 2023 内", "outside the plan's year"),
        ("record A1 走访 --done --for 2023-05 --on 2023-05-30", "没有频次", "no stated frequency"),
        ("record A1 月报 --extend 2023-06-30 --on 2023-05-01", "没有时限可延", "without a deadline"),
        ("record A1 春季 --extend 2023-04-30 --on 2023-04-01", "并不晚于现在的时限", "not later than"),
        ("record A2 项目 --value 3 --unit 公安局 --on 2023-05-01", "没有单位“公安局”", "there is no unit"),
        ("record A1 春季 --done --why x --on 2023-05-01", "--why 只与", "--why goes with"),
        ("record A1 --on 2023-05-01", "没有说要记什么", "say what to record"),
        ("record A3 --value 3 --on 2023-05-01", "A3 没有指标", "A3 has no indicator"),
        ("record", "缺少", "is missing"),
        ("record A1 春季 --done --cancel", "不能与", "cannot be used with"),
        ("undo", "没有可撤销的", "nothing to take back"),
    ];
    let folder = Folder::new();
    for (line, zh, en) in mistakes {
        folder.refused(line, zh);
        let output = folder.command().env("PLAN_LANG", "en").args(line.split(' ')).output().expect("it runs");
        assert!(words(&output.stderr).contains(en), "{line}: {}", words(&output.stderr));
    }
    assert_eq!(folder.names(), ["plan.yaml"]);
}

#[test]
fn the_same_thing_is_not_recorded_twice() {
    let folder = Folder::new();
    for line in [
        "record A2 项目 --value 3 --on 2023-06-30",
        "record A2 下达 --trigger --on 2023-03-15",
        "record A1 走访 --done --on 2023-05-30",
        "record A1 --note 开会 --on 2023-05-30",
        "record A1 --cancel --on 2023-06-01 --yes",
    ] {
        folder.done(line);
        folder.refused(line, "已");
    }
    // A correction on the same day is another thing.
    folder.done("record A2 项目 --value 4 --on 2023-06-30");
}

#[test]
fn in_the_first_days_of_a_month_the_one_before_is_mentioned() {
    let folder = Folder::new();
    let output = folder.run("record A1 月报 --done --on 2023-04-02");
    assert!(output.status.success());
    assert!(words(&output.stderr).contains("加 --for 2023-03"), "{}", words(&output.stderr));
    assert!(folder.plan().contains("done: [2023-01-31, 2023-04-02]"));
}

#[test]
fn a_remark_or_a_reporter_for_whom_the_record_has_no_place_goes_into_the_log() {
    let folder = Folder::new();
    folder.done("record A1 春季 --done --on 2023-04-26 --unit 教育局 --note 全部发放 --issue 两户待核");
    folder.done("record A2 项目 --value 3 --on 2023-06-30 --note 已开工 --issue 缺电工");
    let text = folder.plan();
    for line in [
        "done: 2023-04-26}\n",
        "        log:\n          - {on: 2023-04-26, unit: 教育局, note: 春季资助：全部发放, issue: 两户待核}\n",
        "- {on: 2023-06-30, value: 3, note: 已开工}\n",
        "- {on: 2023-06-30, issue: 项目：缺电工}\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // All of it is one record.
    folder.done("undo");
    assert!(!folder.plan().contains("缺电工") && !folder.plan().contains("value: 3"));
}

#[test]
fn line_ends_the_byte_order_mark_and_a_missing_final_line_end_stay() {
    let old = format!("\u{feff}{}", TEXT.trim_end().replace('\n', "\r\n"));
    let folder = Folder::with(&old);
    folder.done("record A3 --done --on 2023-11-30");
    assert_eq!(folder.plan(), format!("{old}\r\n        done: 2023-11-30"));
    folder.done("undo");
    assert_eq!(folder.plan(), old);
}

#[test]
fn undo_takes_back_what_was_recorded_last_and_nothing_else() {
    let folder = Folder::new();
    folder.done("record A1 春季 --done --on 2023-05-03");
    let before = folder.plan();
    folder.done("record A2 下达 --trigger --on 2023-03-15 --what 第一批");
    let shown = folder.done("undo --dry-run");
    assert!(shown.contains("撤销 A2 分解下达") && shown.contains("- "), "{shown}");
    assert_ne!(folder.plan(), before);
    folder.done("undo");
    assert_eq!(folder.plan(), before);
    folder.refused("undo", "没有可撤销的");
}

#[test]
fn undo_leaves_what_was_written_by_hand() {
    let folder = Folder::new();
    folder.done("record A2 项目 --value 3 --on 2023-06-30");
    let by_hand =
        folder.plan().replace("# 全年", "# 全年，含续建").replace("year: 2023}", "year: 2023} # 年度");
    std::fs::write(folder.path("plan.yaml"), &by_hand).expect("an edit by hand");
    folder.done("undo");
    let expected = TEXT.replace("# 全年", "# 全年，含续建").replace("year: 2023}", "year: 2023} # 年度");
    assert_eq!(folder.plan(), expected);

    folder.done("record A2 项目 --value 3 --on 2023-06-30");
    let by_hand = folder.plan().replace("value: 3", "value: 4");
    std::fs::write(folder.path("plan.yaml"), &by_hand).expect("an edit by hand");
    folder.refused("undo", "已经不是原样");
}

#[cfg(unix)]
#[test]
fn a_plan_that_is_a_link_stays_one_and_keeps_its_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    std::fs::create_dir(folder.path("kept")).expect("a folder");
    let kept = folder.path("kept/台账.yaml");
    std::fs::rename(folder.path("plan.yaml"), &kept).expect("the plan moves");
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("kept/台账.yaml", folder.path("link.yaml")).expect("a link");
    symlink("link.yaml", folder.path("plan.yaml")).expect("a link to it");
    folder.done("record A3 --done --on 2023-11-30");
    assert!(std::fs::symlink_metadata(folder.path("plan.yaml")).expect("it is there").is_symlink());
    assert_eq!(std::fs::read_link(folder.path("link.yaml")).expect("a link"), Path::new("kept/台账.yaml"));
    let text = std::fs::read_to_string(&kept).expect("the plan");
    assert!(text.contains("done: 2023-11-30"));
    assert_eq!(std::fs::metadata(&kept).expect("it is there").permissions().mode() & 0o777, 0o640);
    // What lies beside it lies beside the file itself.
    assert_eq!(folder.names(), ["kept", "link.yaml", "plan.yaml"]);
    assert!(folder.path("kept/.台账.yaml.undo").is_file() && !folder.path("kept/.台账.yaml.new").exists());
    folder.done("undo");
    assert_eq!(std::fs::read_to_string(&kept).expect("the plan"), TEXT);
}

/// Runs the command in a shell, as somebody who is not the administrator.
#[cfg(unix)]
fn as_somebody(folder: &Folder, before: &str, line: &str) -> Output {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let mut command = Command::new("sh");
    let own = tempfile::tempfile().and_then(|file| file.metadata()).expect("a file of one's own");
    if own.uid() == 0 {
        // The administrator may write anywhere.
        chown(folder.path("plan.yaml"), Some(65534), Some(65534)).expect("the file is given away");
        chown(folder.0.path(), Some(65534), Some(65534)).expect("the folder is given away");
        command.uid(65534).gid(65534);
    }
    // The program may be where only its builder comes.
    let program = folder.path("program");
    if !program.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_plan"), &program).expect("the program is copied");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it may run");
    }
    command.args(["-c", &format!("{before}\nexec ./program {line}")]).current_dir(folder.0.path());
    command.env("PLAN_LANG", "zh").env_remove("PLAN_FILE").stdin(Stdio::null());
    command.output().expect("the shell runs")
}

#[cfg(unix)]
#[test]
fn in_a_folder_that_cannot_be_written_nothing_changes() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let line = "record A3 --done --on 2023-11-30";
    let mode = |mode| std::fs::set_permissions(folder.0.path(), std::fs::Permissions::from_mode(mode));
    // Once more than needed, so that the program is there and it is known to work.
    let output = as_somebody(&folder, "", &format!("{line} --dry-run"));
    assert!(output.status.success(), "{}", words(&output.stderr));
    mode(0o555).expect("a folder to read");
    let output = as_somebody(&folder, "", line);
    mode(0o755).expect("a folder to write");
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("写不了 plan.yaml"), "{}", words(&output.stderr));
    assert_eq!(folder.plan(), TEXT);
    assert_eq!(folder.names(), ["plan.yaml", "program"]);
    let output = as_somebody(&folder, "", line);
    assert!(output.status.success(), "{}", words(&output.stderr));
}

#[cfg(unix)]
#[test]
fn where_there_is_no_room_the_old_file_stays() {
    // A limit on the size of files refuses to write as a full disk does. The file is larger than the limit.
    let long = format!("{TEXT}{}", "# 说明\n".repeat(2_000));
    let folder = Folder::with(&long);
    let output = as_somebody(&folder, "trap '' XFSZ; ulimit -f 8", "record A3 --done --on 2023-11-30");
    assert_eq!(output.status.code(), Some(2), "{}", words(&output.stderr));
    assert!(words(&output.stderr).contains("写不了"), "{}", words(&output.stderr));
    assert_eq!(folder.plan(), long);
    assert_eq!(folder.names(), ["plan.yaml", "program"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_protected_is_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let mode = std::fs::Permissions::from_mode(0o444);
    std::fs::set_permissions(folder.path("plan.yaml"), mode).expect("permissions");
    folder.refused("record A3 --done --on 2023-11-30", "是只读的");
    assert_eq!(folder.names(), ["plan.yaml"]);
}

#[test]
fn a_file_left_by_a_killed_program_is_in_nobodys_way() {
    let folder = Folder::new();
    std::fs::write(folder.path(".plan.yaml.new"), "half of a pl").expect("a left-over");
    std::fs::write(folder.path(".plan.yaml.undo"), "{\"about\": \"half of a rec").expect("a left-over");
    folder.refused("undo", "没有可撤销的");
    folder.done("record A3 --done --on 2023-11-30");
    assert_eq!(folder.names(), [".plan.yaml.undo", "plan.yaml"]);
    folder.done("undo");
    assert_eq!(folder.plan(), TEXT);
}

/// Somebody who changes the file before answering.
struct Meddler<'m> {
    change: &'m dyn Fn(),
    rest: Cursor<&'static str>,
}

impl Read for Meddler<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.rest.read(buffer)
    }
}

impl BufRead for Meddler<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        (self.change)();
        self.rest.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.rest.consume(amount);
    }
}

#[test]
fn a_file_that_was_changed_while_it_was_asked_keeps_both_changes() {
    let folder = Folder::new();
    let line = "record A1 春季 --done --on 2023-05-03";
    let by_hand = TEXT.replace("# 资金", "# 资金，两批");
    let change = || std::fs::write(folder.path("plan.yaml"), &by_hand).expect("an edit by hand");
    let mut meddler = Meddler { change: &change, rest: Cursor::new("y\n") };
    let (outcome, said) = typed(&folder, line, &mut meddler);
    assert_eq!(outcome, Ok(Outcome::Written), "{said}");
    assert!(folder.plan().contains("# 资金，两批") && folder.plan().contains("done: 2023-05-03"));
}

#[test]
fn a_file_in_which_something_else_would_be_written_is_not_written() {
    for (old, new, said) in [
        ("wording: 4月底前}", "wording: 4月底}", "没有写入"),
        ("wording: 4月底前}", "wording: 4月底前, done: 2023-05-01}", "已经记为 2023-05-01 完成"),
    ] {
        let folder = Folder::new();
        let by_hand = TEXT.replace(old, new);
        let change = || std::fs::write(folder.path("plan.yaml"), &by_hand).expect("an edit by hand");
        let mut meddler = Meddler { change: &change, rest: Cursor::new("y\n") };
        let (outcome, words) = typed(&folder, "record A1 春季 --done --on 2023-05-03", &mut meddler);
        let words = words + &outcome.err().unwrap_or_default();
        assert!(words.contains(said), "{words}");
        assert_eq!(folder.plan(), by_hand);
    }
}

#[test]
fn the_table_of_deadlines_that_nobody_filled_in_changes_nothing() {
    for (name, text) in [("own", TEXT.to_string()), ("example", example()), ("shipped", shipped())] {
        let folder = Folder::with(&text);
        folder.done("deadlines --format csv -o sheet.csv");
        let sheet = std::fs::read_to_string(folder.path("sheet.csv")).expect("the sheet");
        let heading = sheet.lines().next().expect("a heading");
        assert!(heading.ends_with(",via,value,done,on,unit,note"), "{heading}");
        // The columns to fill in are for spreadsheets alone.
        assert_eq!(folder.json("deadlines")[0].get("done"), None);
        let said = folder.done("record --from sheet.csv");
        assert!(said.contains("没有可记的"), "{name}: {said}");
        assert_eq!(folder.plan(), text, "{name}");
    }
}

fn shipped() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plan.yaml");
    std::fs::read_to_string(path).expect("the shipped plan")
}

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shiyan.yaml");
    std::fs::read_to_string(path).expect("the example")
}

/// Fills in cells of the printed table: for the row with these cells, the value of a column.
fn filled_in(table: &str, cells: &[(&[&str], &str, &str)]) -> String {
    let mut lines: Vec<Vec<String>> =
        table.trim_end().split("\r\n").map(|line| line.split(',').map(str::to_string).collect()).collect();
    let heading = lines[0].clone();
    for (with, column, value) in cells {
        let at = heading.iter().position(|name| name == column).unwrap_or_else(|| panic!("{column}"));
        let row = lines.iter_mut().find(|row| with.iter().all(|cell| row.iter().any(|other| other == cell)));
        row.unwrap_or_else(|| panic!("{with:?}"))[at] = (*value).to_string();
    }
    lines.iter().map(|row| row.join(",") + "\r\n").collect()
}

#[test]
fn every_row_of_the_table_finds_its_own_item() {
    let folder = Folder::with(
        &TEXT.replace("triggers: []", "triggers: [{on: 2023-03-15, what: 第一批}, {on: 2023-05-15}]"),
    );
    let table = folder.done("deadlines --format csv --as-of 2023-06-30");
    let table = filled_in(
        &table,
        &[
            (&["春季资助"], "done", "2023/5/3"),
            (&["月报", "2023-03-31"], "done", "是"),
            (&["月报", "2023-03-31"], "on", "2023/4/2"),
            (&["拨付", "2023-06-30"], "value", "51%"),
            (&["拨付", "2023-06-30"], "on", "2023-06-28"),
            (&["项目"], "value", "3"),
            (&["项目"], "on", "2023/6/30"),
            (&["项目"], "unit", "财政局"),
            (&["项目"], "note", "'=已开工"),
            (&["分解下达", "2023-05-15"], "done", "2023-06-01"),
            (&["总结"], "done", "2023-11-30"),
        ],
    );
    std::fs::write(folder.path("sheet.csv"), &table).expect("the sheet");
    let before = folder.plan();
    folder.done("record --from sheet.csv");
    let text = folder.plan();
    for line in [
        "wording: 4月底前, done: 2023-05-03}",
        "done: [2023-01-31, {for: 2023-03, on: 2023-04-02}]",
        "{on: 2023-06-28, value: 51}",
        "{on: 2023-06-30, value: 3, unit: 财政局, note: \"=已开工\"}",
        "triggers: [{on: 2023-03-15, what: 第一批}, {on: 2023-05-15, done: 2023-06-01}]",
        "        done: 2023-11-30\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // The same table again: everything in it is recorded already, and every row says so.
    let output = folder.run("record --from sheet.csv");
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("表里共6处有问题"), "{}", words(&output.stderr));
    // A table is taken back as a whole.
    folder.done("undo");
    assert_eq!(folder.plan(), before);
}

#[test]
fn a_table_is_recorded_whole_or_not_at_all_and_every_fault_has_its_row() {
    let folder = Folder::new();
    let table = "任务\t内容\t完成数\t完成\t日期\t报送单位\n\
        A1\t春季\t\t是\t2023-05-03\t教育局\n\
        A2\t项目\t许多\t\t2023-05-03\t\n\
        A9\t\t\t是\t2023-05-03\t\n\
        A1\t秋季\t\t是\t2023-05-03\t\n\
        A1\t资助\t\t是\t2023-05-03\t\n\
        A2\t项目\t3\t\t2023-5-40\t\n";
    let output = folder.pasted(table.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let said = words(&output.stderr);
    for line in [
        "第3行：“许多”不是数",
        "第4行：没有任务“A9”",
        "第5行：“秋季资助”已经记为",
        "第6行：A1 里“资助”可以指几项",
        "第7行：“2023-5-40”不是日期",
        "表里共5处有问题，一条也没有写入",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(folder.plan(), TEXT);
    let output = folder.pasted(table.lines().take(2).collect::<Vec<_>>().join("\r\n").as_bytes());
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert!(folder.plan().contains("note: 春季资助完成"), "{}", folder.plan());
}

#[test]
fn a_whole_year_can_be_filled_in_at_once_and_taken_back() {
    let text = shipped();
    let folder = Folder::with(&text);
    let table = folder.done("deadlines --format csv --no-bom --as-of 2023-06-30");
    let mut lines = csv::Reader::from_reader(table.as_bytes());
    let heading = lines.headers().expect("a heading").clone();
    let at = |name: &str| heading.iter().position(|column| column == name).expect("a column");
    let mut filled = csv::Writer::from_writer(Vec::new());
    filled.write_record(&heading).expect("it is written");
    let mut count = 0;
    for (number, row) in lines.records().enumerate() {
        let mut row: Vec<String> = row.expect("a row").iter().map(str::to_string).collect();
        if row[at("state")] != "waiting" {
            let (column, value) = if row[at("kind")] == "indicator" {
                ("value", (number % 90).to_string())
            } else {
                ("done", "√".into())
            };
            row[at(column)] = value;
            row[at("on")] = "2023/12/31".into();
            count += 1;
        }
        filled.write_record(&row).expect("it is written");
    }
    std::fs::write(folder.path("年底.csv"), filled.into_inner().expect("bytes")).expect("the sheet");
    folder.done("record --from 年底.csv");
    let done = folder.json("log").as_array().expect("rows").len();
    assert_eq!(done, count);
    // Everything that is finished by being done is done now.
    let open = folder.json("deadlines --as-of 2023-12-31 --state overdue");
    assert!(open.as_array().expect("rows").iter().all(|row| row["kind"] == "indicator"), "{open}");
    assert_eq!(folder.run("check").status.code(), Some(0));
    folder.done("undo");
    assert_eq!(folder.plan(), text);
}

#[test]
fn a_row_that_stands_for_several_periods_is_not_recorded_as_one() {
    let folder = Folder::new();
    let table = folder.done("overdue --format csv --as-of 2023-06-30");
    let table: String = table
        .trim_end()
        .split("\r\n")
        .map(|line| format!("{line},{}\r\n", if line.contains("task") { "done" } else { "2023-06-30" }))
        .collect();
    assert!(table.contains("月报"), "{table}");
    let output = folder.pasted(table.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("这一行合了4期"), "{}", words(&output.stderr));
}

#[test]
fn a_table_is_read_in_whatever_encoding_a_spreadsheet_saved_it() {
    let table = "task,on,note\r\nA1,2023-05-10,试验\r\n";
    let gbk = b"task,on,note\r\nA1,2023-05-10,\xca\xd4\xd1\xe9\r\n".to_vec();
    let utf16 = format!("\u{feff}{table}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [table.as_bytes().to_vec(), format!("\u{feff}{table}").into_bytes(), gbk, utf16] {
        let folder = Folder::new();
        std::fs::write(folder.path("sheet.csv"), bytes).expect("bytes");
        folder.done("record --from sheet.csv");
        assert!(folder.plan().contains("{on: 2023-05-10, note: 试验}"), "{}", folder.plan());
    }
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = Folder::new();
    std::fs::write(folder.path("noise.csv"), b"task,note\r\nA1,\xff\xff\x81\r\n").expect("bytes");
    folder.refused("record --from noise.csv", "E001");
    folder.refused("record --from nowhere.csv", "nowhere.csv");
    folder.refused("record --from plan.yaml", "task");
    assert_eq!(folder.names(), ["noise.csv", "plan.yaml"]);
}

#[test]
fn the_file_that_is_wrong_is_explained_and_not_touched() {
    let folder = Folder::with(&TEXT.replace("units: [财政局]", "units: [财证局]"));
    folder.refused("record A3 --done --on 2023-11-30", "最接近的是“财政局”");
    let output = folder.pasted(b"task,done\nA3,2023-11-30\n");
    assert_eq!(output.status.code(), Some(2));
}

/// Ten records by telephone, in the shipped plan; the difference was read by a person before it was put into the file.
#[test]
fn ten_records_in_the_shipped_plan_look_as_if_a_person_had_typed_them() {
    let folder = Folder::with(&shipped());
    for line in [
        "record C3 厕所 --value 150 --on 2023-06-30 --unit 乡村振兴局 --note 已完工150个",
        "record C3 厕所 --value 180 --on 2023-07-31",
        "record E8 清算 --extend 2023-05-31 --on 2023-04-20 --why 系统升级",
        "record E8 清算 --done --on 2023-05-26",
        "record E3 下达 --trigger --on 2023-03-15 --what 第一批",
        "record E3 下达 --done --on 2023-04-10",
        "record E2 调度 --done --for 2023-03 --on 2023-04-02",
        "record C6 --issue 资金未到位 --next 5月底前到位 --on 2023-05-10 --unit 住建局",
        "record D2 --cancel --why 并入D3 --on 2023-08-01",
        "record E5 --done --on 2023-11-30",
    ] {
        folder.done(line);
    }
    let shown = difference("plan.yaml", &shipped(), &folder.plan(), false);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/ten.diff");
    let expected = std::fs::read_to_string(path).expect("the difference that was read");
    assert_eq!(shown, expected);
    assert_eq!(folder.run("check").status.code(), Some(0));
}

#[test]
fn a_row_whose_printed_day_is_unreadable_is_told_of_and_not_booked_elsewhere() {
    let folder = Folder::new();
    let row = |due: &str| format!("task,what,kind,from,due,done,on\nA1,月报,duty,,{due},是,2023-06-02\n");
    for due in ["4/30/2023", "45046", "###"] {
        let output = folder.pasted(row(due).as_bytes());
        assert_eq!(output.status.code(), Some(2), "{due}");
        assert!(
            words(&output.stderr).contains(&format!("第2行：“{due}”不是日期")),
            "{}",
            words(&output.stderr)
        );
    }
    assert_eq!(folder.plan(), TEXT);
    // The document's own phrase, and what people see behind a date, are days.
    for due in ["5月底", "2023-05-31 每月"] {
        let folder = Folder::new();
        assert_eq!(folder.pasted(row(due).as_bytes()).status.code(), Some(0), "{due}");
        assert!(folder.plan().contains("{for: 2023-05, on: 2023-06-02}"), "{}", folder.plan());
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_swallows_no_rows() {
    let folder = Folder::new();
    for table in [
        "task\twhat\tnote\nA1\t\t\"一卡通\nA2\t\t乙\n",
        "task,what,note\nA1,,\"一卡通\nA2,,乙\n",
        "task,what,note\nA1,,\"一卡通\"已发放\nA2,,乙\n",
    ] {
        let output = folder.pasted(table.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{table}");
        assert!(words(&output.stderr).contains("第2行：有一格以引号开头"), "{}", words(&output.stderr));
        assert_eq!(folder.plan(), TEXT);
    }
    let output = folder.pasted("task,on,note\nA1,2023-05-10,\"甲,\"\"乙\"\"\"\n".as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", words(&output.stderr));
    assert!(folder.plan().contains("甲,\\\"乙\\\""), "{}", folder.plan());
}

#[test]
fn a_printed_row_whose_item_is_gone_falls_on_no_other() {
    let folder = Folder::with(&TEXT.replace("what: 秋季资助", "what: 春季资助核查"));
    let gone = "task,what,kind,due,done\nA1,秋季资助,milestone,2023-09-30,2023-09-20\n";
    assert_eq!(folder.pasted(gone.as_bytes()).status.code(), Some(2));
    let part = "task,what,kind,due,done\nA1,资助核查,milestone,2023-09-30,2023-09-20\n";
    assert_eq!(folder.pasted(part.as_bytes()).status.code(), Some(2));
}

#[test]
fn the_way_back_names_the_file_that_was_named() {
    let folder = Folder::new();
    std::fs::write(folder.path("b.yaml"), TEXT).expect("another plan");
    let said = folder.done("record -f b.yaml A1 --note 乙 --on 2023-05-10");
    assert!(said.contains("撤销：plan undo -f b.yaml"), "{said}");
    assert!(folder.done("record A1 --note 甲 --on 2023-05-10").contains("撤销：plan undo\n"));
}

#[test]
fn an_extension_is_compared_with_the_deadline_in_force_when_it_was_granted() {
    let folder = Folder::new();
    folder.done("record A1 秋季 --extend 2023-11-15 --on 2023-07-01");
    // Granted earlier, and superseded since: only on an express yes.
    folder.refused("record A1 秋季 --extend 2023-10-31 --on 2023-06-20", "取代");
    folder.done("record A1 秋季 --extend 2023-10-31 --on 2023-06-20 --yes");
    folder.done("record A1 秋季 --extend 2023-12-01 --on 2023-07-05");
    assert_eq!(words(&folder.run("check").stdout), "");
}

#[test]
fn a_remark_may_begin_with_a_dash_and_an_option_is_no_remark() {
    let folder = Folder::new();
    folder.done("record A1 --on 2023-05-10 --note -已完工");
    assert!(folder.plan().contains("note: \"-已完工\""), "{}", folder.plan());
    folder.refused("record A1 --note --yes", "plan record --help");
}

#[test]
fn a_workbook_is_no_table() {
    let folder = Folder::new();
    std::fs::write(folder.path("sheet.xlsx"), b"PK\x03\x04\x14\x00").expect("bytes");
    folder.refused("record --from sheet.xlsx", "另存为 CSV");
}

#[cfg(target_os = "linux")]
#[test]
fn what_stands_in_the_file_is_no_failure_though_nobody_can_be_told() {
    let folder = Folder::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let mut command = folder.command();
    let status = command.args(["record", "A1", "--note", "甲", "--on", "2023-05-10"]).stdout(full).output();
    let output = status.expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    assert!(words(&output.stderr).contains("已写入"), "{}", words(&output.stderr));
    assert!(folder.plan().contains("note: 甲"));
}

#[test]
fn what_was_typed_below_a_record_stays_when_it_is_taken_back() {
    let folder = Folder::new();
    folder.done("record A1 秋季 --extend 2023-11-15 --on 2023-07-01");
    folder.done("undo");
    folder.done("record A1 --note 甲 --on 2023-05-10");
    let by_hand = folder.plan().replace("note: 甲}\n", "note: 甲}\n          - {on: 2023-05-11, note: 乙}\n");
    assert_ne!(by_hand, folder.plan());
    std::fs::write(folder.path("plan.yaml"), &by_hand).expect("an edit by hand");
    folder.done("undo");
    assert!(folder.plan().contains("note: 乙") && !folder.plan().contains("note: 甲"), "{}", folder.plan());
}

#[test]
fn everything_that_is_wrong_in_a_row_is_told_at_once() {
    let folder = Folder::new();
    let output = folder.pasted("task,what,value,on,unit\nA2,项目,13x,2023-07-41,张三局\n".as_bytes());
    let said = words(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    for fault in ["“2023-07-41”不是日期", "“13x”不是数", "没有单位“张三局”"] {
        assert!(said.contains(fault), "{said}");
    }
}
