//! Messages against programs that are not ours: Python's parser, and `msmtp -t` delivering to a server on loopback.
//! Where these are absent, the tests say that they skip.

#![allow(clippy::print_stderr, reason = "a test that skips says so")]

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn script(name: &str) -> PathBuf {
    root().join("tests/mail").join(name)
}

/// Whether a tool can be run; where all tools are required, it must be.
fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    assert!(found || std::env::var_os("PLAN_REQUIRE_TOOLS").is_none(), "{tool} is not installed");
    if !found {
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

fn plan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan"));
    command.current_dir(root()).env_remove("PLAN_FILE").env_remove("PLAN_FROM").env("PLAN_LANG", "zh");
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> Output {
    plan(arguments).output().expect("it runs")
}

fn message(line: &str) -> String {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = output(&arguments);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("ASCII")
}

/// What Python's parser makes of a message.
fn parsed(message: &str) -> Value {
    let mut python = Command::new("python3")
        .arg(script("read.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    python.stdin.take().expect("a pipe").write_all(message.as_bytes()).expect("it reads");
    let output = python.wait_with_output().expect("it ends");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn header(parsed: &Value, name: &str) -> Option<String> {
    let headers = parsed["headers"].as_array().expect("headers");
    let mut found = headers.iter().filter(|pair| pair[0] == name);
    let value = found.next().map(|pair| pair[1].as_str().expect("text").to_string());
    assert!(found.next().is_none(), "{name} stands twice");
    value
}

const TO: &str = "--format email --to 办公室<office@example.org>";

#[test]
fn every_report_is_a_message_in_which_another_parser_finds_no_defect() {
    if !has("python3") {
        return;
    }
    let file = "--file examples/shiyan.yaml";
    for line in [
        "report --quarter 2",
        "report --quarter 2 --unit 财政局",
        "overdue --as-of 2023-06-30",
        "units --quarter 2",
        "show A1 B2",
        "remind --as-of 2023-06-30",
        "diff --from 2023-04-01 --to 2023-06-30",
        "summary --as-of 2023-06-30",
        "indicators --as-of 2023-06-30",
        "log",
    ] {
        for language in ["zh", "en"] {
            let to = if line.starts_with("diff") || line.starts_with("log") {
                TO.replace("--to", "--mail-to")
            } else {
                TO.into()
            };
            let whole = format!("{line} {file} {to}");
            let mut command = plan(&whole.split(' ').collect::<Vec<_>>());
            // As cron runs it.
            command.env("PLAN_LANG", language).env("LC_ALL", "C").env_remove("LANG");
            let output = command.output().expect("it runs");
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 76), "{line}");
            let parsed = parsed(&text);
            assert_eq!(parsed["defects"], serde_json::json!([]), "{line}");
            assert_eq!(
                parsed["types"],
                serde_json::json!(["multipart/alternative", "text/plain", "text/html"])
            );
            assert_eq!(parsed["to"], serde_json::json!([["办公室", "office@example.org"]]), "{line}");
            let subject = header(&parsed, "Subject").expect("a subject");
            let plain = parsed["plain"].as_str().expect("text");
            assert_eq!(plain.lines().next(), Some(subject.as_str()), "{line}");
            assert!(parsed["html"].as_str().expect("text").contains("<h1"), "{line}");
        }
    }
}

#[test]
fn a_message_bears_the_day_of_its_report_and_is_the_same_every_time() {
    let line = format!("report --quarter 2 --file examples/shiyan.yaml {TO}");
    let first = message(&line);
    assert!(first.contains("\nDate: Fri, 30 Jun 2023 00:00:00 +0000\n"), "{first}");
    assert_eq!(message(&line), first);
    let dated = message(&format!("{line} --date 2023-07-03"));
    assert!(dated.contains("\nDate: Mon, 3 Jul 2023 "), "{dated}");
}

#[test]
fn a_units_report_goes_to_its_registered_address() {
    let text = message("report --quarter 2 --unit 财政局 --file examples/shiyan.yaml --format email");
    assert!(text.contains("<czj@example.org>"), "{text}");
    let nobody = "report --quarter 2 --unit 残联 --file examples/shiyan.yaml --format email";
    let output = output(&nobody.split(' ').collect::<Vec<_>>());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[test]
fn nothing_that_somebody_types_or_writes_adds_a_header() {
    let base = ["overdue", "--as-of", "2023-06-30", "--format", "email"];
    for (option, value) in [
        ("--to", "x@y\r\nBcc: z"),
        ("--to", "甲\nBcc: z@w <x@y>"),
        ("--cc", "x@y,z"),
        ("--from", "a@b, c@d"),
        ("--subject", "甲\r\nBcc: z@w"),
    ] {
        let mut arguments = base.to_vec();
        if option != "--to" {
            arguments.extend(["--to", "a@b"]);
        }
        arguments.extend([option, value]);
        let output = output(&arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{option} {value:?}");
    }
    if !has("python3") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("plan.yaml");
    let name = "甲\\r\\nBcc: z@w \\\"局\\\" <script>";
    let text = format!(
        "plan: {{title: \"题\\nBcc: z@w\", year: 2023}}\nunits: [{{name: \"{name}\", email: a@b}}]\nsections:\n  - id: A\n    title: 甲\n    tasks:\n      - {{id: A1, title: \"=1\\u202e\", units: [\"{name}\"], milestones: [{{what: \"</td><img src=x>\", due: 2023-03-31}}]}}\n"
    );
    std::fs::write(&file, text).expect("the plan is written");
    let path = file.to_str().expect("UTF-8");
    let arguments = ["report", "--quarter", "1", "--unit", "局", "--format", "email", "--file", path];
    let output = output(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let parsed = parsed(&String::from_utf8(output.stdout).expect("ASCII"));
    assert_eq!(parsed["defects"], serde_json::json!([]));
    assert_eq!(header(&parsed, "Bcc"), None);
    assert_eq!(parsed["to"].as_array().map(Vec::len), Some(1));
    assert_eq!(parsed["to"][0][1], "a@b");
    let html = parsed["html"].as_str().expect("text");
    assert!(!html.contains("<img") && !html.contains("<script"), "{html}");
}

#[test]
fn an_address_in_the_plan_cannot_hold_a_line_end() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text =
        "plan: {title: 题, year: 2023}\nunits: [{name: 甲, email: \"x@y\\r\\nBcc: z\"}]\nsections: []\n";
    std::fs::write(folder.path().join("plan.yaml"), text).expect("the plan is written");
    let output = plan(&["check"]).current_dir(folder.path()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("E038"));
}

#[test]
fn a_folder_of_messages_holds_one_for_each_unit_and_says_who_has_no_address() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join("通知");
    let path = place.to_str().expect("UTF-8");
    let arguments = [
        "remind",
        "--as-of",
        "2023-06-30",
        "--file",
        "examples/shiyan.yaml",
        "--format",
        "email",
        "--each-unit",
        "-o",
        path,
    ];
    let output = output(&arguments);
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("没有登记邮箱、收件人空着的3家：残联、红石乡、各乡镇"), "{said}");
    let read = |name: &str| std::fs::read_to_string(place.join(name)).expect(name);
    let own = read("财政局.eml");
    assert!(own.contains("<czj@example.org>\r\n") && own.contains("\r\nX-Unsent: 1\r\n"), "{own}");
    assert!(!read("残联.eml").contains("\r\nTo:"));
}

#[test]
fn msmtp_delivers_the_message_as_it_was_piped() {
    if !has("python3") || !has("msmtp") {
        return;
    }
    let mut sink = Command::new("python3")
        .arg(script("sink.py"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the mail server starts");
    let mut answers = BufReader::new(sink.stdout.take().expect("a pipe"));
    let mut port = String::new();
    answers.read_line(&mut port).expect("a port");
    let line = format!(
        "report --quarter 2 --file examples/shiyan.yaml {TO} --cc a@example.org --from plan@example.org"
    );
    let printed = message(&line);
    let mut report = plan(&line.split(' ').collect::<Vec<_>>())
        .env("LC_ALL", "C")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let pipe = report.stdout.take().expect("a pipe");
    let port = format!("--port={}", port.trim());
    let sent = Command::new("msmtp")
        .args(["--host=127.0.0.1", &port, "--auth=off", "--tls=off", "--read-envelope-from", "-t"])
        .env("LC_ALL", "C")
        .stdin(pipe)
        .output()
        .expect("msmtp runs");
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    assert!(report.wait().expect("it ends").success());
    let mut text = String::new();
    answers.read_to_string(&mut text).expect("the server's record");
    sink.wait().expect("it ends");
    let received: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(received["from"], "plan@example.org");
    assert_eq!(received["to"], serde_json::json!(["office@example.org", "a@example.org"]));
    assert_eq!(received["data"].as_str().map(|data| data.replace("\r\n", "\n")), Some(printed));
}
