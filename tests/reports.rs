//! What a report says of cases that are easily lost: a plan of a few lines, a day, and the rows that must be there.

use chrono::NaiveDate;
use plan::calendar::Period;
use plan::model::Plan;
use plan::query::Query;
use plan::render::json;
use plan::{load, report, status};
use serde_json::{Value, json};

/// A plan with one task of 财政局 for each piece; the units 各镇 (东镇, 西镇) are registered, too.
fn plan(tasks: &[&str]) -> Plan {
    let tasks: String = (tasks.iter().enumerate())
        .map(|(at, task)| {
            let units = if task.contains("units:") { "" } else { "units: [财政局], " };
            format!("      - {{id: A{}, title: 任务, {units}{task}}}\n", at + 1)
        })
        .collect();
    let text = format!(
        "plan: {{title: 试验, year: 2023}}\nunits: [{{name: 财政局}}, {{name: 各镇, members: [东镇, 西镇]}}, {{name: 东镇}}, {{name: 西镇}}]\nsections:\n  - id: A\n    title: 甲\n    tasks:\n{tasks}"
    );
    let loaded = load::plan(&text, day("2024-06-01"));
    assert!(!loaded.has_errors(), "{:#?}", loaded.problems);
    loaded.plan.expect("a plan")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn quarter(number: u32) -> Period {
    Period::quarter(2023, number).expect("a quarter")
}

/// The report of a quarter as of a day.
fn report(plan: &Plan, number: u32, on: &str) -> Value {
    let status = status::as_of(plan, day(on), 30);
    json::value(&report::period::period(&status, quarter(number), None).document())
}

/// Some members of every row of a list.
fn rows(list: &Value, keys: &[&str]) -> Vec<String> {
    let row = |row: &Value| keys.iter().map(|key| row[*key].to_string().replace('"', "")).collect::<Vec<_>>();
    list.as_array().expect("a list").iter().map(|value| row(value).join(" ")).collect()
}

#[test]
fn periods_of_one_duty_that_are_finished_late_and_missed_are_rows_of_their_own() {
    let plan = plan(&[
        "duties: [{what: 月报, every: month, done: [2023-01-31, 2023-02-28, 2023-03-31, {for: 2023-04, on: 2023-07-05}, 2023-06-30]}]",
        "duties: [{what: 周报, every: month, done: [{for: 2023-01, on: 2023-04-05}, {for: 2023-03, on: 2023-04-06}]}]",
    ]);
    let third = report(&plan, 3, "2023-09-30");
    let carried = rows(&third["carried_over"], &["task", "due", "state", "missed"]);
    assert_eq!(
        carried,
        ["A2 2023-02-28 overdue 4", "A1 2023-04-30 done_late null", "A1 2023-05-31 overdue 1"]
    );
    assert_eq!(third["totals"]["carried_over"], 6);
    let second = report(&plan, 2, "2023-06-30");
    let carried = rows(&second["carried_over"], &["task", "due", "state", "missed"]);
    assert_eq!(
        carried,
        ["A2 2023-01-31 done_late null", "A2 2023-02-28 overdue 1", "A2 2023-03-31 done_late null"]
    );
}

#[test]
fn whatever_is_given_up_in_a_period_is_listed_in_its_report() {
    let plan = plan(&[
        "milestones: [{what: 逾期后终止, due: 2023-03-15, cancelled: {on: 2023-05-01}}]",
        "milestones: [{what: 待触发, within: {days: 30, after: 到账}, cancelled: {on: 2023-05-02}}]",
        "duties: [{what: 月报, every: month, cancelled: {on: 2023-05-03}}]",
        "milestones: [{what: 早已终止, due: 2023-12-31, cancelled: {on: 2023-02-01}}]",
        "milestones: [{what: 后来终止, due: 2023-05-31, cancelled: {on: 2023-07-01}}]",
    ]);
    let cancelled = |number, on| rows(&report(&plan, number, on)["cancelled"], &["task", "due"]);
    assert_eq!(
        cancelled(2, "2023-06-30"),
        ["A1 2023-03-15", "A2 null", "A3 2023-04-30", "A3 2023-05-31", "A3 2023-06-30"]
    );
    assert_eq!(cancelled(1, "2023-03-31"), ["A4 2023-12-31"]);
}

#[test]
fn every_list_of_a_report_is_there_when_it_is_empty() {
    let report = report(&plan(&["summary: 甲"]), 1, "2023-03-31");
    for key in [
        "finished",
        "not_overdue",
        "overdue",
        "behind",
        "not_assessable",
        "carried_over",
        "units",
        "not_reporting",
        "next",
        "cancelled",
        "indicators",
    ] {
        assert_eq!(report[key], json!([]), "{key}");
    }
}

#[test]
fn a_group_that_reports_has_reported_for_its_members() {
    let with = |log: &str| {
        plan(&[&format!("units: [各镇], milestones: [{{what: 甲, due: 2023-05-31}}], log: [{log}]")])
    };
    let silent = |log: &str| rows(&report(&with(log), 2, "2023-06-30")["not_reporting"], &["unit"]);
    assert_eq!(silent(""), ["各镇", "东镇", "西镇"]);
    assert_eq!(silent("{on: 2023-05-06, unit: 各镇, note: 乙}"), [""; 0]);
    // One member speaks for the group, and not for the other member.
    assert_eq!(silent("{on: 2023-05-06, unit: 东镇, note: 乙}"), ["西镇"]);
}

#[test]
fn before_a_period_begins_only_what_is_late_is_carried_into_it() {
    let plan = plan(&[
        "milestones: [{what: 甲, due: 2023-05-31}, {what: 乙, due: 2023-06-30}, {what: 丙, due: 2023-08-31}]",
    ]);
    let carried = |on| rows(&report(&plan, 4, on)["carried_over"], &["what"]);
    assert_eq!(carried("2023-06-30"), ["甲"]);
    assert_eq!(carried("2023-10-01"), ["甲", "乙", "丙"]);
}

#[test]
fn a_unit_with_an_indicator_that_is_behind_has_something_to_report() {
    let plan = plan(&[
        "indicators: [{name: 甲, target: {at_least: 100, measure: 个}, actuals: [{on: 2023-03-01, value: 10}]}]",
    ]);
    let status = status::as_of(&plan, day("2023-09-30"), 30);
    let own = report::period::period(&status, quarter(3), Some(plan::model::UnitId(0)));
    assert!(own.has_anything());
}

#[test]
fn a_unit_reads_through_which_group_the_work_is_its_own() {
    let plan = plan(&[
        "units: [财政局, 各镇], milestones: [{what: 甲, due: 2023-05-31, done: 2023-05-30}, {what: 乙, due: 2023-07-31}, {what: 丙, due: 2023-06-30}]",
    ]);
    let status = status::as_of(&plan, day("2023-06-30"), 30);
    let own =
        json::value(&report::period::period(&status, quarter(2), Some(plan::model::UnitId(2))).document());
    for key in ["finished", "not_overdue", "next"] {
        assert_eq!(rows(&own[key], &["via"]), ["各镇"], "{key}");
    }
}

/// What changed from one day to another.
fn diff(plan: &Plan, from: &str, to: &str) -> Value {
    let (before, after) = (status::as_of(plan, day(from), 30), status::as_of(plan, day(to), 30));
    json::value(&report::diff::diff(&before, &after, &Query::default()).document())
}

#[test]
fn a_first_value_is_no_change() {
    let plan = plan(&[
        "indicators: [{name: 甲, target: {at_most: 12, measure: 个}, actuals: [{on: 2023-05-31, value: 13.5}, {on: 2023-06-30, value: 11}]}]",
    ]);
    let moved = |from, to| rows(&diff(&plan, from, to)["moved"], &["from", "to", "change"]);
    assert_eq!(moved("2023-05-01", "2023-06-01"), ["null 13.5 null"]);
    assert_eq!(moved("2023-06-01", "2023-07-01"), ["13.5 11 -2.5"]);
}

#[test]
fn what_an_extension_makes_punctual_afterwards_is_not_newly_finished() {
    let plan = plan(&[
        "milestones: [{what: 甲, due: 2023-02-28, done: 2023-03-15, extended: [{on: 2023-04-05, to: 2023-04-30}]}]",
    ]);
    let diff = diff(&plan, "2023-04-01", "2023-04-06");
    assert_eq!(diff["finished"], json!([]));
    assert_eq!(rows(&diff["postponed"], &["what"]), ["甲"]);
}

#[test]
fn growth_is_a_plain_number() {
    let plan = plan(&[
        "indicators: [{name: 甲, target: {at_least: 10, measure: \"%\"}, baseline: {what: 上年, value: 500, measure: 万元}, actuals: [{on: 2023-06-30, value: 530}]}]",
    ]);
    let status = status::as_of(&plan, day("2023-06-30"), 30);
    let rows = json::value(&report::indicators::indicators(&status, &Query::default()).document());
    assert_eq!(rows[0]["actual"].to_string(), "6");
}
