//! The same quarter in every format carries the same figures: they are read back out of each and compared with the data.

#![allow(clippy::print_stderr, reason = "a test that skips says so")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const REPORTS: [&str; 3] = [
    "report --quarter 2 --file examples/shiyan.yaml",
    "report --quarter 3 --as-of 2023-08-15 --file examples/shiyan.yaml",
    "report --quarter 2 --file plan.yaml",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn output(line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .current_dir(root())
        .env("PLAN_LANG", "zh")
        .env_remove("PLAN_FROM")
        .args(line.split(' '))
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn data(line: &str) -> Value {
    serde_json::from_str(&output(&format!("{line} --format json"))).expect("JSON")
}

/// What a report says: the totals by key, how many rows each part has, and each unit's completion.
#[derive(Debug, Default, PartialEq)]
struct Figures {
    totals: BTreeMap<&'static str, String>,
    parts: BTreeMap<&'static str, usize>,
    units: BTreeMap<String, String>,
}

/// The parts of a report by the words of their headings.
const PARTS: [(&str, &str); 7] = [
    ("indicators", "指标与序时进度"),
    ("finished", "已完成事项"),
    ("not_overdue", "未逾期事项"),
    ("carried_over", "以前结转事项"),
    ("units", "各责任单位完成情况"),
    ("next", "下期到期事项"),
    ("cancelled", "已终止事项"),
];

const TOTALS: [&str; 6] = ["due", "done", "done_late", "overdue", "due_today", "not_assessable"];

fn of_data(line: &str) -> Figures {
    let report = data(line);
    let totals = |key: &&'static str| (*key, report["totals"][*key].to_string());
    let mut figures = Figures { totals: TOTALS.iter().map(totals).collect(), ..Figures::default() };
    for (key, _) in PARTS {
        let length = report[key].as_array().map_or(0, Vec::len);
        if length > 0 {
            figures.parts.insert(key, length);
        }
    }
    for row in report["units"].as_array().expect("rows") {
        let number = |key: &str| row[key].as_u64().expect("a count");
        let share = format!("{}/{}", number("done") + number("done_late"), number("due"));
        figures.units.insert(row["unit"].as_str().expect("a name").to_string(), share);
    }
    figures
}

/// The number right behind some words.
fn behind(text: &str, words: &str) -> Option<String> {
    let rest = &text[text.find(words)? + words.len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// Reads the sentences, headings and unit lines that people see, whatever stands between them.
fn of_words(spaced: &str, units: &Figures) -> Figures {
    let text: String = spaced.chars().filter(|c| !c.is_whitespace()).collect();
    let mut figures = Figures::default();
    let sentences = [
        ("due", "应完成"),
        ("done", "个考核点：按期完成"),
        ("done_late", "，逾期完成"),
        ("overdue", "个中：逾期"),
        ("due_today", "，今日到期"),
        ("not_assessable", "，暂无法评估"),
    ];
    let start = text.find("总体情况").expect("the totals");
    for (key, words) in sentences {
        // Where nothing is open, the sentence about it is left out.
        let found = behind(&text[start..], words).unwrap_or_else(|| "0".into());
        figures.totals.insert(key, found);
    }
    for (key, words) in PARTS {
        if let Some(count) = behind(&text, &format!("、{words}（")).filter(|count| count != "0") {
            figures.parts.insert(key, count.parse().expect("a count"));
        }
    }
    let start = spaced.find("各责任单位完成情况").expect("the units");
    let end = spaced[start..].find("下期到期事项").map_or(spaced.len(), |end| start + end);
    let part = &spaced[start..end];
    for name in units.units.keys() {
        // A unit's own share is the first one that follows its name.
        let Some(at) = part.find(name.as_str()) else { continue };
        let rest = &part[at + name.len()..];
        let Some(slash) = rest.find('/') else { continue };
        let digits = |c: &char| c.is_ascii_digit();
        let part: String = rest[..slash].chars().rev().take_while(digits).collect();
        let whole: String = rest[slash + 1..].chars().take_while(digits).collect();
        let part: String = part.chars().rev().collect();
        figures.units.insert(name.clone(), format!("{part}/{whole}"));
    }
    figures
}

/// The words of a page without its tags.
fn words_of(html: &str) -> String {
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    let mut words = String::new();
    for piece in body.split('<') {
        words.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
        words.push(' ');
    }
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn text_and_markdown_say_what_the_data_say() {
    for line in REPORTS {
        let expected = of_data(line);
        assert!(expected.units.len() > 5);
        assert_eq!(of_words(&output(&format!("{line} --width 200")), &expected), expected, "{line}");
        let markdown = output(&format!("{line} --format markdown")).replace(['|', '\\'], " ");
        assert_eq!(of_words(&markdown, &expected), expected, "{line}");
    }
}

#[test]
fn the_page_says_what_the_data_say() {
    for line in REPORTS {
        let expected = of_data(line);
        let page = output(&format!("{line} --format html"));
        assert_eq!(of_words(&words_of(&page), &expected), expected, "{line}");
        // The headline figures carry their key and value.
        let report = data(line);
        let mut seen = 0;
        for piece in page.split("data-key=\"").skip(1) {
            let (key, rest) = piece.split_once('"').expect("a key");
            let (_, rest) = rest.split_once("data-value=\"").expect("a value");
            let (value, _) = rest.split_once('"').expect("a value");
            let data = if key == "pace" { &report["pace"] } else { &report["totals"][key] };
            assert_eq!(data.as_f64(), value.parse().ok(), "{line} {key}");
            seen += 1;
        }
        assert!(seen >= 8, "{line}: {seen} headline figures");
    }
}

#[test]
fn both_parts_of_the_message_say_what_the_data_say() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("PLAN_REQUIRE_TOOLS").is_none(), "python3 is not installed");
        eprintln!("skipped: python3 is not installed");
        return;
    }
    for line in REPORTS {
        let expected = of_data(line);
        let message = output(&format!("{line} --format email --to a@example.org"));
        let mut python = Command::new("python3")
            .arg(root().join("tests/mail/read.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        python.stdin.take().expect("a pipe").write_all(message.as_bytes()).expect("it reads");
        let parsed: Value =
            serde_json::from_slice(&python.wait_with_output().expect("it ends").stdout).expect("JSON");
        let part = |name: &str| parsed[name].as_str().expect("text").to_string();
        assert_eq!(of_words(&part("plain"), &expected), expected, "{line}");
        assert_eq!(of_words(&words_of(&part("html")), &expected), expected, "{line}");
    }
}
