//! The schema that editors use: current, of one mind with the reader about what must be written, and tried by a checker
//! that is not ours (`check-jsonschema`, where it is installed).

#![allow(clippy::print_stderr, reason = "a test that skips says so")]

use chrono::NaiveDate;
use plan::diagnostic::Code;
use plan::shape::{FILE, Kind, Rule, Shape};
use plan::{load, schema};
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let committed = std::fs::read_to_string(root().join("plan.schema.json")).expect("plan.schema.json");
    assert!(committed == schema::schema(), "plan schema -o plan.schema.json");
}

#[test]
fn the_plans_name_their_schema_in_the_first_line() {
    for (plan, folder) in [("plan.yaml", ""), ("examples/shiyan.yaml", "examples")] {
        let text = std::fs::read_to_string(root().join(plan)).expect("the plan");
        let first = text.lines().next().unwrap_or_default();
        let named = first.strip_prefix("# yaml-language-server: $schema=").expect(plan);
        assert!(root().join(folder).join(named).is_file(), "{plan} names {named}");
    }
}

/// A plan in which every field of every shape stands at least once.
const EVERYTHING: &str = "
plan: {title: 试, year: 2023, source: {title: 原, publisher: 甲, index: 乙, published: 2023-12-13, url: 丙}, lead: first_listed, note: 丁}
units:
  - {name: 财政局, aliases: [县财政局], email: a@example.org, note: 甲}
  - {name: 各镇, members: [财政局]}
sections:
  - id: A
    title: 甲
    source: 二
    tasks:
      - id: A1
        title: 子
        source: 二(一)
        units: [财政局]
        lead: [财政局]
        summary: 甲
        note: 乙
        cancelled: {on: 2023-11-01, why: 甲}
        milestones:
          - {what: 甲, due: 2023-04-30, wording: 4月底, note: 乙, units: [财政局], done: 2023-05-20, extended: [{on: 2023-04-20, to: 2023-05-31, why: 丙}], cancelled: {on: 2023-06-01, why: 丁}}
          - {what: 乙, during: {from: 2023-04-01, to: 2023-04-30}}
          - {what: 丙, within: {days: 30, after: 丁}, triggers: [{on: 2023-03-15, what: 戊, done: 2023-04-01, extended: [{on: 2023-04-02, to: 2023-05-31, why: 丙}]}]}
        indicators:
          - {name: 甲, kind: coverage, target: {equals: 2, measure: 个}, breakdown: {乙: 1, 丙: 1}, due: 2023-05-31, wording: 5月底, note: 丁, units: [财政局], actuals: [{on: 2023-05-01, value: 1, unit: 财政局, note: 戊}], extended: [{on: 2023-05-20, to: 2023-06-30, why: 己}], cancelled: {on: 2023-07-01, why: 庚}}
          - {name: 乙, measure: 个, targets: [{at_least: 1, due: 2023-04-30, wording: 4月底, extended: [{on: 2023-04-20, to: 2023-05-15, why: 甲}]}, {at_least: 2, during: 2023Q2}]}
          - {name: 丁, measure: 个, targets: [{at_most: 3, due: 2023-04-30}, {equals: 2, due: 2023-06-30}]}
          - {name: 戊, target: {at_least: baseline, measure: 个}, baseline: {what: 甲, value: 5, measure: 个}}
          - {name: 丙, target: {at_most: 2, measure: 个}, during: 2023-05, baseline: {what: 甲, value: 5, measure: 个}}
        duties:
          - {what: 甲, every: month, wording: 每月, note: 乙, units: [财政局], done: [{for: 2023-03, on: 2023-04-02, unit: 财政局, note: 丙}], cancelled: {on: 2023-06-01, why: 丁}}
        log:
          - {on: 2023-05-10, unit: 财政局, note: 甲, issue: 乙, next: 丙}
      - {id: A2, title: 丑, units: [财政局], done: 2023-05-01}
";

fn problems(value: &Value) -> Vec<plan::diagnostic::Diagnostic> {
    let text = serde_yaml::to_string(value).expect("YAML");
    load::plan(&text, NaiveDate::from_ymd_opt(2024, 1, 15).expect("a date")).problems
}

/// Every mapping of the value with its shape, by the keys and places that lead to it.
fn mappings(value: &Value, kind: &Kind, at: &mut Vec<Value>, out: &mut Vec<(Vec<Value>, &'static Shape)>) {
    match (kind, value) {
        (Kind::Record(shape), Value::Mapping(mapping)) => {
            out.push((at.clone(), shape));
            for field in shape.fields {
                if let Some(inner) = mapping.get(field.key) {
                    at.push(field.key.into());
                    mappings(inner, &field.kind, at, out);
                    at.pop();
                }
            }
        }
        (Kind::List(item), Value::Sequence(items)) => {
            for (place, inner) in items.iter().enumerate() {
                at.push(Value::from(place));
                mappings(inner, item, at, out);
                at.pop();
            }
        }
        (Kind::Either(kinds), _) => kinds.iter().for_each(|kind| mappings(value, kind, at, out)),
        _ => {}
    }
}

fn at_mut<'v>(value: &'v mut Value, at: &[Value]) -> &'v mut serde_yaml::Mapping {
    let mut value = value;
    for step in at {
        value = match step {
            Value::Number(place) => {
                &mut value.as_sequence_mut().expect("a list")[place.as_u64().expect("a place") as usize]
            }
            key => value.as_mapping_mut().expect("a mapping").get_mut(key).expect("the key"),
        };
    }
    value.as_mapping_mut().expect("a mapping")
}

#[test]
fn the_reader_asks_for_just_those_fields_that_the_table_requires() {
    let whole: Value = serde_yaml::from_str(EVERYTHING).expect("YAML");
    assert!(problems(&whole).iter().all(|problem| !problem.is_error()), "{:#?}", problems(&whole));
    let mut found = Vec::new();
    mappings(&whole, &Kind::Record(&FILE), &mut Vec::new(), &mut found);
    let mut tried = BTreeSet::new();
    for (at, shape) in found {
        for field in shape.fields {
            let mut without = whole.clone();
            if at_mut(&mut without, &at).remove(field.key).is_none() {
                continue;
            }
            tried.insert((shape.id, field.key));
            let asked = problems(&without)
                .iter()
                .any(|problem| problem.code == Code::MissingField && problem.message.contains(field.key));
            // A measure is required only beside stages.
            let needed = shape.rules.iter().any(|rule| {
                matches!(rule, Rule::Needs(key, needed) if *needed == field.key && at_mut(&mut without, &at).contains_key(*key))
            });
            let expected = field.required || needed && field.key == "measure";
            assert_eq!(asked, expected, "{} {}", shape.id, field.key);
        }
    }
    let mut all = BTreeSet::new();
    every_field(&FILE, &mut all);
    assert_eq!(all.difference(&tried).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "not tried");
}

fn every_field(shape: &'static Shape, all: &mut BTreeSet<(&'static str, &'static str)>) {
    for field in shape.fields {
        if all.insert((shape.id, field.key)) {
            shapes_in(&field.kind, all);
        }
    }
}

fn shapes_in(kind: &'static Kind, all: &mut BTreeSet<(&'static str, &'static str)>) {
    match kind {
        Kind::Record(shape) => every_field(shape, all),
        Kind::List(item) => shapes_in(item, all),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| shapes_in(kind, all)),
        _ => {}
    }
}

/// Codes whose example a schema can refuse, or a YAML reader before it; the others need the whole plan.
const REFUSED: [&str; 20] = [
    "E001", "E003", "E004", "E006", "E007", "E008", "E009", "E010", "E011", "E013", "E014", "E015", "E016",
    "E022", "E023", "E034", "E035", "E036", "E038", "twenty",
];

#[test]
fn a_checker_that_is_not_ours_passes_the_plans_and_refuses_the_broken_examples() {
    let checker = "check-jsonschema";
    if Command::new(checker).arg("--version").output().is_err() {
        assert!(std::env::var_os("PLAN_REQUIRE_TOOLS").is_none(), "{checker} is not installed");
        eprintln!("skipped: {checker} is not installed (pip install {checker})");
        return;
    }
    let folder = root().join("tests/diagnostics");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the examples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    let plans = ["plan.yaml", "examples/shiyan.yaml", "tests/oracle/plan.yaml"];
    let output = Command::new(checker)
        .current_dir(root())
        .args(["--output-format", "json", "--schemafile", "plan.schema.json"])
        .args(plans)
        .args(&files)
        .output()
        .expect("it runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut refused = BTreeSet::new();
    for list in ["errors", "parse_errors"] {
        for error in report[list].as_array().into_iter().flatten() {
            let path = Path::new(error["filename"].as_str().expect("a file"));
            refused.insert(path.file_stem().expect("a name").to_string_lossy().into_owned());
        }
    }
    assert_eq!(refused, REFUSED.into_iter().map(str::to_string).collect(), "{report:#}");
}
