//! The shipped plan against the official document itself, where a copy of it is present: `seeds/*.txt`, or the file or
//! folder that `PLAN_SOURCE` names. Without a copy these tests say that they skipped.

#![allow(clippy::print_stderr, reason = "a test that skips says so")]

use chrono::{Datelike, NaiveDate};
use plan::model::{Goal, Plan, When};
use plan::{load, original};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Figures of the document that no indicator and no deadline carries, and why.
const CONTEXT: &[(&str, &str, &str)] = &[
    ("A1.1", "12317", "the number of a telephone service"),
    ("B7", "2012", "the year since which the industries exist"),
    ("E1", "2023", "the year of the projects and funds, not a deadline"),
    ("E5", "2020", "the first year of the audited funds"),
    ("E5", "2022", "the last year of the audited funds"),
    ("E7", "2012", "the first year of the recorded assets"),
    ("E7", "2021", "the last year of the recorded assets"),
    ("F5", "2022", "the year of the assessment that is followed up"),
];

fn copy_of_the_document() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = std::env::var_os("PLAN_SOURCE").map_or_else(|| root.join("seeds"), PathBuf::from);
    let file = if place.is_dir() {
        let entries = std::fs::read_dir(&place).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut copies: Vec<_> =
            entries.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
        copies.sort();
        copies.into_iter().next()?
    } else {
        place
    };
    std::fs::read_to_string(file).ok()
}

/// The document, or a message on the error stream that says that the test skipped.
fn document_or_skip() -> Option<String> {
    let copy = copy_of_the_document();
    if copy.is_none() {
        eprintln!("skipped: no copy of the official document in seeds/ or PLAN_SOURCE");
    }
    copy
}

fn shipped_plan() -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plan.yaml");
    let text = std::fs::read_to_string(path).expect("the shipped plan");
    let loaded = load::plan(&text, NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date"));
    assert_eq!(loaded.problems, [], "the shipped plan has no problem");
    loaded.plan.expect("a plan")
}

/// The units of one line of responsible units, with 各苏木镇、中心、公司 as the three groups.
fn units_of(line: &str) -> Option<Vec<String>> {
    let start = line.rfind("(责任单位:")? + "(责任单位:".len();
    let list = line[start..].strip_suffix(')')?;
    let names = list.split(['、', ',', '，']).map(str::trim);
    Some(
        names
            .map(|name| match name {
                "中心" | "公司" => format!("各{name}"),
                name => name.to_string(),
            })
            .collect(),
    )
}

#[test]
fn the_shipped_plan_has_48_tasks_with_units_and_7_measures_without() {
    let plan = shipped_plan();
    let in_section = |id: &str, with_units: bool| {
        let tasks = plan.tasks.iter().filter(|task| plan.section(task).id == id);
        tasks.filter(|task| task.units.is_empty() != with_units).count()
    };
    let counts = ["A", "B", "C", "D", "E"].map(|id| in_section(id, true));
    assert_eq!(counts, [13, 7, 15, 4, 9]);
    assert_eq!(in_section("F", false), 7);
    assert_eq!(plan.tasks.len(), 55);
}

#[test]
fn the_shipped_plan_invents_no_progress() {
    for task in &shipped_plan().tasks {
        assert!(task.done.is_none() && task.log.is_empty() && task.cancelled.is_none(), "{}", task.id);
        assert!(task.indicators.iter().all(|indicator| indicator.actuals.is_empty()), "{}", task.id);
        assert!(task.duties.iter().all(|duty| duty.done.is_empty()), "{}", task.id);
        for milestone in &task.milestones {
            match &milestone.when {
                When::Dated { done, extended, .. } => {
                    assert!(done.is_none() && extended.is_empty(), "{}", task.id)
                }
                When::Within { triggers, .. } => assert!(triggers.is_empty(), "{}", task.id),
            }
        }
    }
}

#[test]
fn every_task_has_its_place_and_the_units_of_its_line_in_order() {
    let plan = shipped_plan();
    let Some(text) = document_or_skip() else { return };
    for task in &plan.tasks {
        let source = task.source.as_deref().expect("every task names its place");
        let passage =
            original::passage(&text, source).unwrap_or_else(|| panic!("{} {source} not found", task.id));
        let written: Vec<String> = task.units.iter().map(|unit| unit.written.clone()).collect();
        assert_eq!(written, units_of(passage).unwrap_or_default(), "{} {source}", task.id);
    }
    let lines = text.lines().filter(|line| line.contains("责任单位:")).count();
    assert_eq!(lines, plan.tasks.iter().filter(|task| !task.units.is_empty()).count());
}

#[test]
fn thirty_eight_tasks_are_the_rural_revitalisation_bureaus() {
    let plan = shipped_plan();
    let named = plan.tasks.iter().filter(|task| task.units.iter().any(|unit| unit.written == "乡村振兴局"));
    assert_eq!(named.count(), 38);
}

/// The runs of Arabic digits in a text, with their decimal part.
fn figures(text: &str) -> Vec<String> {
    let mut figures: Vec<String> = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len()
            && (chars[at].is_ascii_digit()
                || (chars[at] == '.' && chars.get(at + 1).is_some_and(char::is_ascii_digit)))
        {
            at += 1;
        }
        figures.push(chars[start..at].iter().collect());
    }
    figures
}

/// Every figure that the plan carries for a task, in its numbers, its dates and its words.
fn carried(plan: &Plan, at: usize) -> BTreeSet<String> {
    let task = &plan.tasks[at];
    let mut known = BTreeSet::new();
    let date = |day: NaiveDate| [day.year().to_string(), day.month().to_string()];
    for milestone in &task.milestones {
        match &milestone.when {
            When::Dated { from, due, .. } => {
                known.extend([Some(*due), *from].into_iter().flatten().flat_map(date));
            }
            When::Within { days, .. } => {
                known.insert(days.to_string());
            }
        }
    }
    for stage in task.indicators.iter().flat_map(|indicator| &indicator.stages) {
        known.extend(stage.due.into_iter().flat_map(date));
        if let Goal::Number(goal) = stage.goal {
            known.insert(goal.to_string());
        }
        known.extend(stage.wording.iter().flat_map(|words| figures(words)));
    }
    for indicator in &task.indicators {
        known.extend(indicator.breakdown.iter().map(|(_, value)| value.to_string()));
        known.extend(indicator.baseline.iter().flat_map(|baseline| figures(&baseline.what)));
        known.extend(indicator.terms.wording.iter().flat_map(|words| figures(words)));
    }
    for milestone in &task.milestones {
        known.extend(figures(&milestone.what));
        known.extend(milestone.terms.wording.iter().flat_map(|words| figures(words)));
    }
    known
}

#[test]
fn every_arabic_figure_is_an_indicator_a_deadline_or_listed_as_context() {
    let plan = shipped_plan();
    let Some(text) = document_or_skip() else { return };
    let mut used = BTreeSet::new();
    let mut read = 0;
    for (at, task) in plan.tasks.iter().enumerate() {
        let source = task.source.as_deref().unwrap_or_default();
        let passage = original::passage(&text, source).expect("a passage");
        let known = carried(&plan, at);
        // The number of the item itself opens the line.
        let own_number = passage.split('.').next().unwrap_or_default();
        let opens = !own_number.is_empty() && own_number.bytes().all(|byte| byte.is_ascii_digit());
        let body = if opens { &passage[own_number.len() + 1..] } else { passage };
        for figure in figures(body) {
            read += 1;
            let context = CONTEXT.iter().find(|(id, number, _)| *id == task.id && *number == figure);
            if let Some((id, number, _)) = context {
                used.insert((*id, *number));
                continue;
            }
            assert!(known.contains(&figure), "{} {source}: {figure} is nowhere in the plan", task.id);
        }
    }
    assert_eq!(read, 90, "the figures of parts 二 and 三, counted by hand with a regular expression");
    assert_eq!(used.len(), CONTEXT.len(), "a figure listed as context is not in the document");
    // Lines that are no task's passage carry no figure but the numbers of items.
    let start = text.find("二、").expect("part 二");
    for line in text[start..].lines() {
        let is_passage = plan.tasks.iter().any(|task| {
            task.source.as_deref().and_then(|source| original::passage(&text, source)) == Some(line.trim())
        });
        if !is_passage {
            let own = figures(line);
            assert!(own.len() <= 1 && (own.is_empty() || line.starts_with(own[0].as_str())), "{own:?}");
        }
    }
}
