//! Each code has a file in `tests/diagnostics/` that provokes it, and the text that people then read.
//!
//! `SNAPSHOTS=overwrite cargo test --test diagnostics` writes the texts again; they are read before they are accepted.

use chrono::NaiveDate;
use plan::diagnostic::{Code, Diagnostic, Lines};
use plan::load;
use plan::render::diagnostics;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name))
        .unwrap_or_else(|_| panic!("tests/diagnostics/{name} is missing"))
}

fn problems(text: &str) -> Vec<Diagnostic> {
    load::plan(text, NaiveDate::from_ymd_opt(2024, 1, 15).expect("a date")).problems
}

/// Compares what people read with the file of that name.
fn same(name: &str, text: &str) {
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        std::fs::write(folder().join(name), text).expect("the text is written");
    }
    assert_eq!(text, read(name), "tests/diagnostics/{name}");
}

#[test]
fn every_code_has_a_file_that_provokes_it_and_its_text() {
    for code in Code::ALL {
        // What is not text, or too large to keep, is provoked below.
        if matches!(code, Code::NotUtf8 | Code::TooLarge) {
            continue;
        }
        let name = format!("{}.yaml", code.id());
        let text = read(&name);
        let found = problems(&text);
        assert!(found.iter().all(|problem| problem.code == *code), "{name}: {found:#?}");
        assert!(!found.is_empty(), "{name} provokes nothing");
        assert!(found.iter().all(|problem| problem.help.is_some()), "{name}: no advice");
        same(&format!("{}.txt", code.id()), &diagnostics::full(&found, &name, &text, false));
    }
}

#[test]
fn a_file_in_another_encoding_is_named_and_one_too_large_is_not_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |bytes: &[u8]| {
        std::fs::write(folder.path().join("plan.yaml"), bytes).expect("bytes are written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
        command.current_dir(folder.path()).env("PLAN_LANG", "zh").env_remove("PLAN_FILE").arg("tasks");
        let output = command.output().expect("it runs");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let gbk = std::fs::read(self::folder().join("E001.yaml")).expect("the file in GBK");
    assert!(run(&gbk).contains("E001") && run(&gbk).contains("GBK"));
    let utf16: Vec<u8> = "\u{feff}plan: 方案".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(run(&utf16).contains("UTF-16"));
    std::fs::File::create(folder.path().join("plan.yaml"))
        .expect("a file")
        .set_len(200 << 20)
        .expect("200 MB");
    let output = Command::new(env!("CARGO_BIN_EXE_plan")).current_dir(folder.path()).arg("tasks").output();
    assert_eq!(output.expect("it runs").status.code(), Some(2));
}

#[test]
fn a_byte_order_mark_at_the_start_is_accepted() {
    let text = format!("\u{feff}{}", read("twenty.yaml"));
    assert_eq!(problems(&text).len(), problems(&read("twenty.yaml")).len());
    let shipped =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("plan.yaml")).expect("the plan");
    assert_eq!(problems(&format!("\u{feff}{shipped}")), []);
}

/// Twenty mistakes in one file, each marked in its own line by `# !CODE`.
#[test]
fn twenty_mistakes_come_out_in_one_run_each_on_its_line() {
    let text = read("twenty.yaml");
    let lines = Lines::of(&text);
    let mut expected: Vec<(usize, &str)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if let Some((_, code)) = line.split_once("# !") {
            expected.push((at + 1, code.trim()));
        }
    }
    assert_eq!(expected.len(), 20);
    let found = problems(&text);
    let places: Vec<(usize, &str)> =
        found.iter().map(|problem| (lines.place(problem.span.start).line, problem.code.id())).collect();
    assert_eq!(places, expected);
    same("twenty.txt", &diagnostics::full(&found, "twenty.yaml", &text, false));
}

#[test]
fn errors_are_never_crowded_out_by_warnings() {
    let units: String = (0..300).map(|at| format!("  - name: 单位{at}\n")).collect();
    let text = format!(
        "plan: {{title: 试, year: 2023}}\nunits:\n{units}sections:\n  - id: A\n    title: 甲\n    tasks:\n      - {{id: A1, title: 子, units: [单位0], done: 2033-01-01}}\n"
    );
    let many = problems(&text);
    assert_eq!(many.len(), load::MAX_PROBLEMS);
    let wrong = text.replace("units: [单位0]", "units: [没有]");
    assert!(load::plan(&wrong, NaiveDate::from_ymd_opt(2024, 1, 15).expect("a date")).has_errors());
}
