//! Through the binary: flags, exit codes, streams and formats. What the figures mean is tested below it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TEXT: &str = "\
plan: {title: 试验县工作方案, year: 2023}
units:
  - {name: 教育局}
  - {name: 财政局}
  - {name: 各乡镇, members: [青山镇]}
  - {name: 青山镇}
sections:
  - id: A
    title: 保障
    source: 二(一)
    tasks:
      - id: A1
        title: 资助
        source: 二(一)1
        units: [教育局, 各乡镇]
        milestones:
          - {what: 春季资助, due: 2023-04-30, wording: 4月底前, done: 2023-05-03}
          - {what: 名单核对, due: 2023-06-30, wording: 6月底}
        duties:
          - {what: 月报, every: month, done: [2023-04-30, 2023-06-29]}
      - id: A2
        title: 资金
        source: 二(一)2
        units: [财政局]
        indicators:
          - name: 拨付
            measure: \"%\"
            targets: [{due: 2023-03-31, at_least: 30}, {due: 2023-06-30, at_least: 50}]
            actuals: [{on: 2023-03-30, value: 31, unit: 财政局}]
        log:
          - {on: 2023-02-01, issue: \"=系统未开通，待上级\"}
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

    fn run(&self, arguments: &str) -> Output {
        command(self.0.path()).args(arguments.split(' ')).output().expect("the program runs")
    }

    fn text(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn json(&self, arguments: &str) -> Value {
        serde_json::from_str(&self.text(&format!("{arguments} --format json"))).expect("JSON")
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
    command.current_dir(folder).env_remove("PLAN_FILE").env_remove("PLAN_SOURCE");
    command.env("PLAN_LANG", "zh");
    command
}

fn shipped() -> Command {
    command(Path::new(env!("CARGO_MANIFEST_DIR")))
}

fn column<'v>(rows: &'v Value, key: &str) -> Vec<&'v Value> {
    rows.as_array().expect("rows").iter().map(|row| &row[key]).collect()
}

#[test]
fn overdue_lists_the_longest_first_and_missed_periods_in_one_row() {
    let rows = Folder::new().json("overdue --as-of 2023-06-30");
    // January to March and May of the monthly report; the stage of March was met; June's are due today.
    assert_eq!(column(&rows, "what"), ["月报"]);
    assert_eq!(rows[0]["missed"], 4);
    assert_eq!(rows[0]["due"], "2023-01-31");
    assert_eq!(rows[0]["overdue_days"], 150);
    assert_eq!(rows[0]["units"], serde_json::json!(["教育局", "各乡镇"]));
    assert_eq!(rows[0]["kind"], "duty");
    assert_eq!(rows[0]["state"], "overdue");
    let next_day = Folder::new().json("overdue --as-of 2023-07-01");
    assert_eq!(column(&next_day, "what"), ["月报", "名单核对", "拨付"]);
    assert_eq!(column(&next_day, "overdue_days"), [151, 1, 1]);
}

#[test]
fn rows_have_the_promised_keys_in_json_and_csv() {
    let folder = Folder::new();
    let promised = [
        ("tasks", "id title section source units next_due state done total"),
        (
            "deadlines",
            "task source what kind from due wording state overdue_days days_left units target measure actual",
        ),
        (
            "overdue",
            "task source what kind from due wording state overdue_days days_left units target measure actual missed",
        ),
        (
            "due",
            "task source what kind from due wording state overdue_days days_left units target measure actual",
        ),
        (
            "indicators",
            "task source name kind comparator target measure due wording actual actual_on percent pace state",
        ),
        ("units", "unit tasks due done done_late overdue completion_rate on_time_rate rank"),
    ];
    for (name, keys) in promised {
        let day = "--as-of 2023-07-01";
        let rows = folder.json(&format!("{name} {day}"));
        let csv = folder.text(&format!("{name} {day} --format csv"));
        let heading =
            csv.strip_prefix('\u{feff}').expect("a byte-order mark").lines().next().expect("a heading");
        let columns: Vec<&str> = heading.split(',').collect();
        let first =
            rows.as_array().and_then(|rows| rows.first()).unwrap_or_else(|| panic!("{name} has a row"));
        for key in keys.split(' ') {
            assert!(first.get(key).is_some(), "{name} has no {key}");
            assert!(columns.contains(&key), "{name} has no column {key}");
        }
        assert!(csv.lines().count() > 1 && csv.ends_with("\r\n"), "{name}");
    }
}

#[test]
fn keys_do_not_depend_on_the_language() {
    let folder = Folder::new();
    let arguments = ["report", "--quarter", "2", "--format", "json"];
    let english = command(folder.0.path()).env("PLAN_LANG", "en").args(arguments).output().expect("it runs");
    let english: Value = serde_json::from_slice(&english.stdout).expect("JSON");
    let chinese = folder.json("report --quarter 2");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&english), keys(&chinese));
    assert_eq!(english["totals"], chinese["totals"]);
}

#[test]
fn the_report_of_a_past_quarter_is_as_it_stood_when_it_closed() {
    let report = Folder::new().json("report --quarter 2");
    assert_eq!(report["as_of"], "2023-06-30");
    assert_eq!(report["period"], "2023Q2");
    // Due: 春季资助 (late), 名单核对 (today), 月报 of April (done), May (missed), June (done), 拨付 50% (today).
    let totals = &report["totals"];
    assert_eq!(totals["due"], 6);
    assert_eq!(totals["done"], 2);
    assert_eq!(totals["done_late"], 1);
    assert_eq!(totals["overdue"], 1);
    assert_eq!(totals["due_today"], 2);
    assert_eq!(totals["completion_rate"], 50);
    assert_eq!(totals["on_time_rate"], 33.3);
    // January to March of 月报 were open when the quarter began.
    assert_eq!(totals["carried_over"], 3);
    // 财政局 recorded nothing in the quarter, and its stage was due.
    assert_eq!(column(&report["not_reporting"], "unit"), ["财政局"]);
}

#[test]
fn every_count_in_a_report_is_the_length_of_its_list() {
    let report = Folder::new().json("report --quarter 2");
    let length = |key: &str| report[key].as_array().expect("a list").len() as u64;
    let totals = |key: &str| report["totals"][key].as_u64().expect("a count");
    assert_eq!(length("finished"), totals("done") + totals("done_late") + totals("ahead"));
    assert_eq!(length("not_overdue"), totals("due_today") + totals("to_come"));
    let missed = |key: &str| -> u64 {
        let rows = report[key].as_array().expect("a list").iter();
        rows.map(|row| row["missed"].as_u64().unwrap_or(1)).sum()
    };
    assert_eq!(missed("overdue"), totals("overdue"));
    assert_eq!(missed("carried_over"), totals("carried_over"));
    assert_eq!(
        totals("due"),
        totals("done")
            + totals("done_late")
            + totals("overdue")
            + totals("due_today")
            + totals("not_assessable")
    );
}

#[test]
fn a_group_counts_as_one_unit_and_for_its_members() {
    let rows = Folder::new().json("units --quarter 2");
    let of = |name: &str| {
        let rows = rows.as_array().expect("rows").iter();
        rows.clone().find(|row| row["unit"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    for name in ["教育局", "各乡镇", "青山镇"] {
        let row = of(name);
        assert_eq!(
            (&row["due"], &row["done"], &row["done_late"]),
            (&5.into(), &2.into(), &1.into()),
            "{name}"
        );
        assert_eq!(row["completion_rate"], 60, "{name}");
        assert_eq!(row["rank"], 1, "{name}");
    }
    // Dense: the next rate has the next rank although three share the first.
    assert_eq!(of("财政局")["rank"], 2);
}

#[test]
fn what_came_through_a_group_says_so() {
    let folder = Folder::new();
    let rows = folder.json("tasks --unit 青山镇");
    assert_eq!(column(&rows, "via"), ["各乡镇"]);
    assert!(folder.text("tasks --unit 青山镇").contains("经 各乡镇"));
    assert_eq!(folder.json("tasks --unit 青山镇 --direct"), serde_json::json!([]));
}

#[test]
fn exit_code_tells_whether_anything_is_overdue() {
    let folder = Folder::new();
    assert_eq!(folder.run("overdue --as-of 2023-07-01 --exit-code").status.code(), Some(1));
    assert_eq!(folder.run("overdue --as-of 2023-07-01").status.code(), Some(0));
    assert_eq!(folder.run("overdue --as-of 2023-01-31 --exit-code").status.code(), Some(0));
}

#[test]
fn a_wrong_file_stops_every_command_with_2_and_prints_nothing() {
    let folder = Folder::with(&TEXT.replace("units: [财政局]", "units: [财证局]"));
    for name in
        ["tasks", "show A1", "deadlines", "overdue", "due", "indicators", "units", "report --quarter 2"]
    {
        let output = folder.run(name);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        let words = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(words.contains("plan.yaml:24:17") && words.contains("最接近的是“财政局”"), "{words}");
    }
}

#[test]
fn a_wrong_command_line_is_explained_in_the_language_of_the_reader() {
    let folder = Folder::new();
    let output = folder.run("overdue --as-off 2023-06-30");
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(words.contains("没有选项“--as-off”") && words.contains("--as-of"), "{words}");
    assert!(!words.contains("error"), "{words}");
    for (arguments, said) in [
        ("overdue --as-of 2023-02-30", "不是日期"),
        ("report --quarter 5", "不是季度"),
        ("tasks --unit 财证局", "财政局"),
        ("show Z9", "没有任务“Z9”"),
        ("due --within 3y", "不是时长"),
        ("tasks --file nowhere.yaml", "nowhere.yaml"),
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(output.stdout.is_empty(), "{arguments}");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(words.contains(said), "{arguments}: {words}");
    }
}

#[test]
fn a_folder_or_a_file_of_another_encoding_is_refused() {
    let folder = Folder::new();
    let output = folder.run("tasks --file .");
    assert_eq!(output.status.code(), Some(2));
    std::fs::write(folder.path("gbk.yaml"), b"plan: {title: \xca\xd4\xd1\xe9}\n").expect("bytes are written");
    let output = folder.run("tasks --file gbk.yaml");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("GBK"));
}

#[test]
fn output_goes_into_a_file_whole() {
    let folder = Folder::new();
    let printed = folder.text("overdue --as-of 2023-07-01 --format csv");
    let output = folder.run("overdue --as-of 2023-07-01 --format csv -o late.csv");
    assert!(output.status.success() && output.stdout.is_empty());
    let written = std::fs::read_to_string(folder.path("late.csv")).expect("the file is there");
    assert_eq!(written, printed);
    let output = folder.run("overdue --as-of 2023-07-01 -o nowhere/late.txt");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_plan_is_found_in_the_folders_above() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("a/b")).expect("folders");
    let output = command(&folder.path("a/b")).args(["tasks"]).output().expect("it runs");
    assert!(output.status.success());
    let output = command(Path::new("/")).env("PLAN_FILE", folder.path("plan.yaml")).args(["tasks"]).output();
    assert!(output.expect("it runs").status.success());
}

#[test]
fn a_formula_in_the_file_reaches_no_spreadsheet() {
    let csv = Folder::new().text("show A2 --as-of 2023-07-01 --format csv");
    assert!(csv.contains("'=系统未开通，待上级"), "{csv}");
}

#[test]
fn colours_are_shown_only_where_they_are_wanted() {
    let folder = Folder::new();
    assert!(!folder.text("overdue --as-of 2023-07-01").contains('\u{1b}'));
    assert!(folder.text("overdue --as-of 2023-07-01 --color always").contains("\u{1b}[1;31m"));
}

#[test]
fn text_of_the_shipped_plan_never_exceeds_its_width() {
    for width in [40, 80, 120] {
        for line in
            ["report --quarter 2", "deadlines", "tasks", "indicators", "units", "show C2 E3 A2.1", "overdue"]
        {
            let mut command = shipped();
            command.args(line.split(' ')).args(["--as-of", "2023-06-30", "--width", &width.to_string()]);
            let output = command.output().expect("it runs");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            for row in text.lines() {
                assert!(plan::render::wrap::width(row) <= width, "{line} at {width}: {row}");
                assert_eq!(row.trim_end(), row, "{line} at {width}");
                let first = row.trim_start().chars().next();
                let closing = first.is_some_and(|c| "。，、；：？！）％".contains(c));
                assert!(width < 80 || !closing, "{line} at {width}: {row}");
            }
        }
    }
}

#[test]
fn the_shipped_plan_has_what_was_due_by_the_end_of_june_and_nothing_due_that_day() {
    let output =
        shipped().args(["overdue", "--as-of", "2023-06-30", "--format", "json"]).output().expect("it runs");
    let rows: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut found: Vec<(String, String)> = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            (row["task"].as_str().unwrap_or_default().into(), row["due"].as_str().unwrap_or_default().into())
        })
        .collect();
    found.sort();
    // From the document: 一季度 and 3月底 are due 03-31; 4月底(前) and 4月份 are due 04-30; 按月 is due every month's end.
    let expected = [
        ("A1.2", "2023-04-30"),
        ("A1.2", "2023-04-30"),
        ("A1.3", "2023-03-31"),
        ("C6", "2023-04-30"),
        ("E2", "2023-01-31"),
        ("E4", "2023-04-30"),
        ("E7", "2023-03-31"),
        ("E8", "2023-04-30"),
        ("F5", "2023-03-31"),
    ];
    assert_eq!(found, expected.map(|(task, due)| (task.to_string(), due.to_string())));
}

#[test]
fn the_bureau_has_38_tasks() {
    let output =
        shipped().args(["tasks", "--unit", "乡村振兴局", "--format", "json"]).output().expect("it runs");
    let rows: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(38));
}

#[test]
fn check_is_silent_on_the_shipped_plan() {
    let output = shipped().arg("check").output().expect("it runs");
    assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(0), 0, 0));
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let mut child = shipped()
        .args(["deadlines", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The invented example, counted by hand: Q2 holds 月度调度 of April and May (missed) and June, 集中排查, the students,
/// 补贴核查, the balance, 施工招标, 对象认定, 开工, 试运行, 设备到位, the Q2 statistics, two triggers and two stages.
#[test]
fn the_examples_second_quarter_adds_up() {
    let output = shipped()
        .args(["report", "--quarter", "2", "--file", "examples/shiyan.yaml", "--format", "json"])
        .output()
        .expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let totals = |key: &str| report["totals"][key].as_u64().unwrap_or_else(|| panic!("{key}"));
    assert_eq!(totals("due"), 17);
    assert_eq!((totals("done"), totals("done_late"), totals("overdue")), (9, 2, 3));
    assert_eq!((totals("due_today"), totals("not_assessable"), totals("carried_over")), (2, 1, 2));
    assert_eq!(report["totals"]["completion_rate"], 64.7);
    assert_eq!(report["totals"]["on_time_rate"], 52.9);
    assert_eq!(report["pace"], 49.6);
    assert_eq!(column(&report["not_reporting"], "unit"), ["残联"]);
    assert_eq!(column(&report["cancelled"], "task"), ["B4"]);
    let standing = |name: &str| {
        let rows = report["indicators"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}"));
        (row["percent"].clone(), row["state"].clone())
    };
    assert_eq!(standing("新建冷库"), (124.2.into(), "on_track".into()));
    assert_eq!(standing("高标准农田"), (31.6.into(), "behind".into()));
    assert_eq!(standing("设施农业"), (10.into(), "far_behind".into()));
    assert_eq!(standing("发放量比上年增长"), (60.into(), "on_track".into()));
    assert_eq!(standing("供水管网漏损率"), (Value::Null, "far_behind".into()));
}

fn example(line: &str) -> Value {
    let output = shipped()
        .args(line.split(' '))
        .args(["--file", "examples/shiyan.yaml", "--format", "json"])
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_summary_has_at_most_ten_lines() {
    for day in ["2022-12-31", "2023-06-30", "2024-02-01"] {
        for file in ["plan.yaml", "examples/shiyan.yaml"] {
            let output =
                shipped().args(["summary", "--as-of", day, "--file", file]).output().expect("it runs");
            let lines = String::from_utf8(output.stdout).expect("UTF-8").lines().count();
            assert!((1..=10).contains(&lines), "{day} {file}: {lines}");
        }
    }
    let summary = example("summary --as-of 2023-06-30");
    assert_eq!(
        (&summary["due"], &summary["finished"], &summary["overdue"]),
        (&17.into(), &11.into(), &4.into())
    );
}

#[test]
fn a_diff_holds_what_changed_after_the_first_day() {
    let diff = example("diff --from 2023-06-30 --to 2023-07-10");
    // 集中排查 was due on 06-30 and finished on 07-03, the second stage on 07-06; nothing newly late is left open.
    assert_eq!(column(&diff["finished_late"], "task"), ["A1", "D2"]);
    assert_eq!(column(&diff["newly_overdue"], "task"), Vec::<&Value>::new());
    assert_eq!(column(&diff["moved"], "to"), [&Value::from(51.2)]);
    let day_after = example("diff --from 2023-06-30 --to 2023-07-01");
    assert_eq!(column(&day_after["newly_overdue"], "task"), ["A1", "D2"]);
    assert_eq!(example("diff --from 2023-06-30 --to 2023-06-30")["newly_overdue"], serde_json::json!([]));
}

#[test]
fn a_unit_is_reminded_at_most_once_and_only_when_there_is_something_to_say() {
    let reminders = example("remind --as-of 2023-06-30");
    let mut units = column(&reminders, "unit");
    let count = units.len();
    units.dedup();
    assert_eq!(units.len(), count);
    assert!(!units.contains(&&Value::from("卫健委")), "nothing of theirs is late or due within 30 days");
    let silent: Vec<_> =
        reminders.as_array().expect("rows").iter().filter(|row| row["silent"] == true).collect();
    assert_eq!(silent.len(), 1);
    assert_eq!(silent[0]["unit"], "残联");
    assert_eq!(example("remind --as-of 2023-06-30 --unit 卫健委"), serde_json::json!([]));
}

#[test]
fn each_unit_gets_its_own_report_in_a_folder_written_whole() {
    let folder = Folder::new();
    let run = || folder.run("report --quarter 2 --each-unit -o out --format markdown");
    let output = run();
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let list = || {
        let entries = std::fs::read_dir(folder.path("out")).expect("the folder is there");
        let mut names: Vec<_> =
            entries.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    };
    assert_eq!(list(), [".plan-reports", "index.md", "各乡镇.md", "教育局.md", "财政局.md", "青山镇.md"]);
    let index = std::fs::read_to_string(folder.path("out/index.md")).expect("the index");
    assert!(index.contains("没有邮箱的单位（4家）"), "{index}");
    // Again: the folder is the program's own and is replaced; a foreign one is not.
    assert!(run().status.success());
    std::fs::create_dir(folder.path("mine")).expect("a folder");
    std::fs::write(folder.path("mine/letter.txt"), "x").expect("a file");
    let refused = folder.run("report --quarter 2 --each-unit -o mine");
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(folder.path("mine/letter.txt")).expect("still there"), "x");
}

#[test]
fn a_units_name_cannot_leave_the_folder() {
    let folder = Folder::with(&TEXT.replace("青山镇", "\"../../青山/镇\""));
    let output = folder.run("report --quarter 2 --each-unit -o out");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path("out/______青山_镇.txt").is_file());
}

#[test]
fn the_log_holds_records_in_the_order_of_their_days_with_what_each_changed() {
    let rows = example("log A2");
    assert_eq!(column(&rows, "on"), ["2023-03-31", "2023-04-30", "2023-05-20", "2023-06-25"]);
    assert_eq!(rows[2]["record"], "58人（原60人），更正：两人转学，重新核对");
    assert_eq!(column(&example("log A2 --from 2023-05-01 --to 2023-06-01"), "on"), ["2023-05-20"]);
    // 残联 recorded nothing; what others recorded is not its own.
    assert_eq!(example("log --unit 残联"), serde_json::json!([]));
    let own = example("log --unit 青山镇");
    assert!(column(&own, "unit").iter().all(|unit| unit.is_null() || *unit == "青山镇"));
    assert!(column(&own, "task").iter().all(|task| *task != "D2"));
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_loop_of_links_as_the_plan_is_refused_without_waiting() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(folder.run("tasks --file pipe").status.code(), Some(2));
    }
    std::os::unix::fs::symlink("loop", folder.path("loop")).expect("a link to itself");
    assert_eq!(folder.run("tasks --file loop").status.code(), Some(2));
}
