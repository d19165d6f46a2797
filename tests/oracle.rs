//! The program against figures that were worked out without it, from the rules alone: a plan with every kind of item
//! and a year of records, on four days. `tests/oracle/DAY.json` holds every checkpoint, and the figures of the quarter.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

const DAYS: [&str; 4] = ["2023-03-31", "2023-06-30", "2023-10-15", "2024-01-31"];

fn expected(day: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/oracle/{day}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the expected figures")).expect("JSON")
}

fn program(line: &str, day: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(line.split(' '))
        .args(["--as-of", day, "--file", "tests/oracle/plan.yaml", "--format", "json"])
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The same members of every row, in an order that does not depend on the list's.
fn sorted(rows: &Value, keys: &[&str]) -> Vec<String> {
    let row =
        |row: &Value| keys.iter().map(|key| format!("{key}={}", row[*key])).collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> = rows.as_array().expect("rows").iter().map(row).collect();
    lines.sort();
    lines
}

#[test]
fn every_checkpoint_has_its_due_date_its_state_and_its_units() {
    for day in DAYS {
        let keys = ["task", "kind", "due", "state", "units"];
        let expected = sorted(&expected(day)["checkpoints"], &keys);
        assert!(expected.len() > 60);
        assert_eq!(sorted(&program("deadlines", day), &keys), expected, "{day}");
    }
}

#[test]
fn every_task_is_as_bad_as_its_worst_checkpoint() {
    for day in DAYS {
        let expected = expected(day);
        let states = expected["task_states"].as_object().expect("states");
        let tasks = program("tasks", day);
        let tasks = tasks.as_array().expect("rows");
        assert_eq!(tasks.len(), states.len());
        for task in tasks {
            let id = task["id"].as_str().expect("an id");
            assert_eq!(task["state"], states[id], "{day} {id}");
        }
    }
}

#[test]
fn a_quarters_totals_ranks_and_silent_units_are_those_of_the_rules() {
    for day in DAYS {
        let expected = expected(day);
        let line = format!("report --quarter {}", expected["quarter"]);
        let report = program(&line, day);
        for (key, value) in expected["totals"].as_object().expect("totals") {
            assert_eq!(report["totals"][key].as_f64(), value.as_f64(), "{day} {key}");
        }
        let silent: Vec<&Value> =
            report["not_reporting"].as_array().expect("rows").iter().map(|row| &row["unit"]).collect();
        let mut expected_silent: Vec<&Value> =
            expected["not_reporting"].as_array().expect("names").iter().collect();
        let text = |value: &&Value| value.to_string();
        let mut silent = silent;
        silent.sort_by_key(text);
        expected_silent.sort_by_key(text);
        assert_eq!(silent, expected_silent, "{day}");
        let units = program(&format!("units --quarter {}", expected["quarter"]), day);
        let rate = |value: &Value| value.as_f64();
        for row in expected["units"].as_array().expect("rows") {
            let own = units
                .as_array()
                .expect("rows")
                .iter()
                .find(|own| own["unit"] == row["unit"])
                .expect("the unit");
            for key in ["due", "done", "done_late", "overdue", "completion_rate", "on_time_rate", "rank"] {
                assert_eq!(rate(&own[key]), rate(&row[key]), "{day} {} {key}", row["unit"]);
            }
        }
    }
}
