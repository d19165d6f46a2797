//! Several writers at once, and writers that are killed: no record is lost, none is written twice, and the file is
//! always whole. `RECORD_KILLS=500 RECORD_WRITES=50 cargo test --test writers -- --nocapture` looks longer.

use chrono::NaiveDate;
use plan::load;
use plan::record::{Deed, Ledger, Report};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

fn count(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

/// One test at a time: how long a record usually takes is measured while nobody else is at work.
static ALONE: Mutex<()> = Mutex::new(());

const PLAN: &str = "\
plan: {title: 试验县工作方案, year: 2023}
units: [{name: 财政局}]
sections:
  - id: C
    title: 建设
    tasks:
      - id: C3
        title: 厕所革命
        units: [财政局]
        indicators:
          - name: 厕所新改建
            target: {at_least: 329, measure: 个}
";

/// A plan with little to read and much to write, so that many are killed while they write.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = format!("{PLAN}{}", "# 往年的说明，一行又一行\n".repeat(400));
    std::fs::write(folder.path().join("plan.yaml"), text).expect("the plan is written");
    folder
}

fn plan_of(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("plan.yaml")
}

fn record(folder: &tempfile::TempDir, value: u64, note: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
    command.current_dir(folder.path()).env_remove("PLAN_FILE").env("PLAN_LANG", "zh").stdin(Stdio::null());
    command.args([
        "record",
        "C3",
        "厕所",
        "--on",
        "2023-06-30",
        "--value",
        &value.to_string(),
        "--note",
        note,
    ]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The notes of the records in the file, in order.
fn notes(folder: &tempfile::TempDir) -> Vec<String> {
    let text = std::fs::read_to_string(plan_of(folder)).expect("the plan is there");
    let loaded = load::plan(&text, NaiveDate::MAX);
    assert!(!loaded.has_errors(), "{:#?}", loaded.problems);
    let plan = loaded.plan.expect("a plan");
    let task = plan.tasks.iter().find(|task| task.id == "C3").expect("the task");
    task.indicators[0].actuals.iter().map(|actual| actual.note.clone().unwrap_or_default()).collect()
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("standard output");
}

#[test]
fn of_eight_writers_no_record_is_lost_and_none_is_written_twice() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = folder();
    let writes = count("RECORD_WRITES", 5);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let folder = &folder;
            scope.spawn(move || {
                for number in 0..writes {
                    let note = format!("第{writer}人第{number}条");
                    let output = record(folder, number, &note).output().expect("it runs");
                    let words = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert!(output.status.success(), "{note}: {words}");
                }
            });
        }
    });
    let found = notes(&folder);
    for writer in 0..8 {
        let own: Vec<_> =
            found.iter().filter(|note| note.starts_with(&format!("第{writer}人"))).cloned().collect();
        let expected: Vec<_> = (0..writes).map(|number| format!("第{writer}人第{number}条")).collect();
        assert_eq!(own, expected);
    }
    assert_eq!(found.len() as u64, 8 * writes);
    say(&format!("8 writers, {writes} records each: {} in the file, each once", found.len()));
}

/// What the file holds once the record is in it.
fn with_record(text: &str, value: u64, note: &str) -> String {
    let mut ledger = Ledger::open(text.to_string(), NaiveDate::MAX).expect("a plan");
    let report = Report {
        task: "C3".into(),
        item: "厕所".into(),
        row: None,
        chosen: None,
        on: NaiveDate::from_ymd_opt(2023, 6, 30).expect("a date"),
        deed: Deed::Value(value.to_string()),
        unit: None,
        note: Some(note.into()),
        issue: None,
        next: None,
        why: None,
        what: None,
        period: None,
    };
    ledger.record(&report).expect("it can be recorded");
    ledger.text
}

#[test]
fn a_writer_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = folder();
    let kills = count("RECORD_KILLS", 40);
    let begun = Instant::now();
    assert!(record(&folder, 0, "先写一条").status().expect("it runs").success());
    let usual = begun.elapsed();
    let (mut old, mut new, mut finished, mut left_over) = (0, 0, 0, 0);
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for number in 1..=kills {
        let before = std::fs::read_to_string(plan_of(&folder)).expect("the plan is there");
        let note = format!("第{number}条");
        let after = with_record(&before, number, &note);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // Any moment from the start to somewhat after the usual end.
        let moment = Duration::from_nanos(random % (usual.as_nanos() as u64 * 5 / 4));
        let mut child = record(&folder, number, &note).spawn().expect("it starts");
        std::thread::sleep(moment);
        let _ = child.kill();
        let status = child.wait().expect("it ends");
        finished += usize::from(status.success());
        let found = std::fs::read_to_string(plan_of(&folder)).expect("the plan is there");
        match found {
            found if found == before => old += 1,
            found if found == after => new += 1,
            found => panic!("neither the old file nor the new one:\n{found}"),
        }
        assert!(!status.success() || found_new(&folder, &after), "it ended well, and wrote nothing");
        left_over += usize::from(folder.path().join(".plan.yaml.new").exists());
    }
    say(&format!(
        "{kills} killed at random moments: {old} left the old file, {new} the new one ({finished} had ended before); {left_over} times a left-over lay beside it"
    ));
    // The next one writes as if nothing had happened, and clears away what was left over.
    assert!(record(&folder, 9, "最后一条").status().expect("it runs").success());
    assert_eq!(notes(&folder).len(), new + 2);
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    assert_eq!(names, [".plan.yaml.undo", "plan.yaml"]);
}

fn found_new(folder: &tempfile::TempDir, after: &str) -> bool {
    std::fs::read_to_string(plan_of(folder)).is_ok_and(|found| found == after)
}
