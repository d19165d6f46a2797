//! The pages of `--format html`: held against the data, and opened in a browser where there is one.
//!
//! The browser part needs Chromium, Node.js and `npm ci` in `tests/browser`; without them it says that it skips, unless
//! `PLAN_REQUIRE_BROWSER` is set.

#![allow(clippy::print_stderr, reason = "a test that skips says so")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const EXAMPLE: &str = "examples/shiyan.yaml";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(plan: &Path, language: &str, line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_plan"))
        .current_dir(root())
        .args(line.split(' '))
        .arg("--file")
        .arg(plan)
        .env("PLAN_LANG", language)
        .env_remove("PLAN_SOURCE")
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Each figure of a page, by key, as the page tells it to programs.
fn figures(page: &str) -> Vec<(String, Value)> {
    let quoted = |text: &str| text.split('"').nth(1).map(str::to_string);
    let figures = page.split(" data-key=").skip(1).map(|rest| {
        let key = quoted(rest).expect("a key");
        let value = rest.split_once("data-value=").and_then(|(_, rest)| quoted(rest)).expect("a value");
        (key, serde_json::from_str(&value).expect("a number"))
    });
    figures.collect()
}

#[test]
fn the_figures_of_a_page_are_the_totals_of_the_data() {
    for plan in ["plan.yaml", EXAMPLE] {
        for line in
            ["report --quarter 1", "report --quarter 2", "report --month 6 --as-of 2023-06-10", "report"]
        {
            let page = run(Path::new(plan), "zh", &format!("{line} --format html"));
            let data: Value =
                serde_json::from_str(&run(Path::new(plan), "zh", &format!("{line} --format json")))
                    .expect("JSON");
            let figures = figures(&page);
            assert!(figures.len() >= 9, "{plan} {line}: {figures:?}");
            for (key, value) in figures {
                let expected = if key == "pace" { &data["pace"] } else { &data["totals"][&key] };
                assert_eq!(&value, expected, "{plan} {line}: {key}");
            }
        }
    }
    let line = "summary --as-of 2023-06-30";
    let data: Value =
        serde_json::from_str(&run(Path::new(EXAMPLE), "zh", &format!("{line} --format json"))).expect("JSON");
    let figures = figures(&run(Path::new(EXAMPLE), "zh", &format!("{line} --format html")));
    assert_eq!(figures.len(), 4);
    for (key, value) in figures {
        assert_eq!(value, data[&key], "{key}");
    }
}

#[test]
fn the_picture_counts_what_the_data_count() {
    let page = run(Path::new(EXAMPLE), "zh", "report --quarter 2 --format html");
    let rows = run(Path::new(EXAMPLE), "zh", "deadlines --as-of 2023-06-30 --format json");
    let rows: Value = serde_json::from_str(&rows).expect("JSON");
    let dated = rows.as_array().expect("rows").iter().filter(|row| {
        row["state"] != "cancelled" && row["due"].as_str().is_some_and(|due| due.starts_with("2023-"))
    });
    let words = format!("2023-01-01 至 2023-12-31 的{}个考核点，截至 2023-06-30", dated.count());
    assert!(page.contains(&words), "{words}");
}

#[test]
fn the_report_in_the_documentation_is_what_the_program_prints() {
    let kept =
        std::fs::read_to_string(root().join("docs/shiyan-2023Q2.html")).expect("docs/shiyan-2023Q2.html");
    let line = "report --quarter 2 --as-of 2023-06-30 --format html";
    assert!(run(Path::new(EXAMPLE), "zh", line) == kept, "out of date: run docs/make.sh");
}

/// A plan whose every text tries to become something else, or to burst its place.
fn hostile() -> String {
    let script = "<script>window.ran=1</script>";
    let picture = "\\\"><img src=x onerror=window.ran=1>";
    let turned = "\\u202Ecod\\u2066.exe";
    let (latin, digits, han) = ("W".repeat(300), "2023-06-30".repeat(30), "字".repeat(300));
    format!(
        "\
plan: {{title: \"{script} {latin}\", year: 2023}}
units:
  - {{name: \"{picture}\", note: \"{turned}\"}}
  - {{name: \"{latin}\"}}
  - {{name: \"{han}\"}}
sections:
  - id: A
    title: \"{script}\"
    source: \"{latin}\"
    tasks:
      - id: A1
        title: \"{picture}{digits}\"
        source: \"{script}\"
        units: [\"{picture}\", \"{latin}\", \"{han}\"]
        summary: \"{latin} {picture}\"
        note: \"{digits}\"
        milestones:
          - {{what: \"{digits}\", due: 2023-04-30, wording: \"{latin}\"}}
          - {{what: \"{turned}{script}\", due: 2023-05-31, wording: \"{picture}\", done: 2023-05-30}}
          - {{what: \"{han}\", due: 2023-07-15, wording: \"{han}\", note: \"{latin}\"}}
        indicators:
          - name: \"{latin}\"
            target: {{at_least: 123456789012, measure: \"{latin}\"}}
            actuals: [{{on: 2023-06-01, value: 99999999999, note: \"{script}\"}}]
        duties:
          - {{what: \"{picture}\", every: month, wording: \"{digits}\"}}
        log:
          - {{on: 2023-06-02, unit: \"{latin}\", note: \"{picture}\", issue: \"{latin}{script}\", next: \"{digits}\"}}
"
    )
}

/// Writes the pages of every kind of report into the folder.
fn write_pages(folder: &Path) {
    let hostile_plan = folder.join("hostile.yaml");
    std::fs::write(&hostile_plan, hostile()).expect("the plan is written");
    let write =
        |name: String, page: String| std::fs::write(folder.join(name), page).expect("the page is written");
    let shipped = PathBuf::from("plan.yaml");
    let example = PathBuf::from(EXAMPLE);
    let lines = [
        ("report", "report --quarter 2"),
        ("year", "report --as-of 2023-10-15"),
        ("units", "units --quarter 2 --as-of 2023-06-30"),
        ("overdue", "overdue --as-of 2023-06-30"),
        ("deadlines", "deadlines --as-of 2023-06-30"),
        ("indicators", "indicators --as-of 2023-06-30"),
        ("tasks", "tasks --as-of 2023-06-30"),
        ("remind", "remind --as-of 2023-06-30"),
        ("diff", "diff --from 2023-03-31 --to 2023-06-30"),
        ("summary", "summary --as-of 2023-06-30"),
        ("show", "show A1 --as-of 2023-06-30"),
        ("log", "log --as-of 2023-06-30"),
    ];
    for (kind, line) in lines {
        let page = |plan: &Path, language: &str| run(plan, language, &format!("{line} --format html"));
        write(format!("example-{kind}.html"), page(&example, "zh"));
        if !["year", "tasks", "summary"].contains(&kind) {
            write(format!("hostile-{kind}.html"), page(&hostile_plan, "zh"));
        }
        if kind != "show" {
            write(format!("shipped-{kind}.html"), page(&shipped, "zh"));
        }
    }
    write("english-report.html".into(), run(&example, "en", "report --quarter 2 --format html"));
    write("english-remind.html".into(), run(&example, "en", "remind --as-of 2023-06-30 --format html"));
    write(
        "shipped-show.html".into(),
        run(&shipped, "zh", "show A2.2 C6 E4 --as-of 2023-06-30 --format html"),
    );
    write("unit-report.html".into(), run(&shipped, "zh", "report --quarter 2 --unit 财政局 --format html"));
    let units = folder.join("units");
    let each = format!("report --quarter 2 --each-unit --format html -o {}", units.display());
    run(&example, "zh", &each);
    let each = format!("report --quarter 2 --each-unit --format html -o {}", folder.join("spite").display());
    run(&hostile_plan, "zh", &each);
}

fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("PLAN_CHROMIUM").map(PathBuf::from);
    let usual =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.is_file())
}

#[test]
fn pages_open_in_a_browser_without_overflow_errors_requests_or_barriers() {
    let scripts = root().join("tests/browser");
    let node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let chromium = browser();
    let ready = node && scripts.join("node_modules/axe-core").is_dir();
    let Some(chromium) = chromium.filter(|_| ready) else {
        assert!(
            std::env::var_os("PLAN_REQUIRE_BROWSER").is_none(),
            "PLAN_REQUIRE_BROWSER is set, but Chromium, Node.js or tests/browser/node_modules is missing"
        );
        eprintln!("skipped: needs Chromium, Node.js and `npm ci` in tests/browser");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_pages(folder.path());
    let output = Command::new("node")
        .arg(scripts.join("check.mjs"))
        .args([folder.path(), &chromium])
        .output()
        .expect("node runs");
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{words}{}", String::from_utf8_lossy(&output.stderr));
    eprintln!("{}", words.trim());
}
