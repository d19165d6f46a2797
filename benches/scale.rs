//! How the whole program's time grows with the plan: plans of 55 to 100,000 tasks, as ratios to an empty program and
//! to jq doing the same on the same content as JSON. Run with `cargo bench`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SIZES: [usize; 4] = [55, 1_000, 10_000, 100_000];
const UNIT: &str = "乡村振兴局";

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = empty_program(folder.path());
    let plan = PathBuf::from(env!("CARGO_BIN_EXE_plan"));
    let base = fastest(20, || Command::new(&empty));
    let jq = Command::new("jq").arg("--version").stdout(Stdio::null()).status().is_ok();
    let mut out =
        format!("empty program: {base:?}\n{}\n", if jq { "jq: present" } else { "jq: absent, not compared" });
    out.push_str("tasks     file      command   plan        ÷ empty   µs/task   jq          jq ÷ plan\n");
    for size in SIZES {
        let (yaml, json) = files(folder.path(), size);
        let megabytes = std::fs::metadata(&yaml).expect("the plan").len() as f64 / 1e6;
        let runs = if size > 10_000 { 3 } else { 15 };
        let tasks = |command: &mut Command| {
            command.args(["tasks", "--unit", UNIT, "--format", "csv", "--file"]).arg(&yaml);
        };
        let overdue = |command: &mut Command| {
            command.args(["overdue", "--as-of", "2023-06-30", "--format", "csv", "--file"]).arg(&yaml);
        };
        let filters = [
            format!("[.sections[].tasks[] | select(.units | index(\"{UNIT}\"))] | map([.id, .title])"),
            "[.sections[].tasks[] | . as $t | (.milestones // [])[] | select(.due < \"2023-06-30\" and .done == null) | [$t.id, .what, .due]]".to_string(),
        ];
        for (name, filter) in ["tasks", "overdue"].iter().zip(&filters) {
            let own = fastest(runs, || {
                let mut command = Command::new(&plan);
                if *name == "tasks" {
                    tasks(&mut command)
                } else {
                    overdue(&mut command)
                }
                command
            });
            let ratio = own.as_secs_f64() / base.as_secs_f64();
            let each = own.as_secs_f64() * 1e6 / size as f64;
            let _ = write!(
                out,
                "{size:<9} {megabytes:>5.1} MB  {name:<8}  {own:<10.2?}  {ratio:>7.1}   {each:>7.2}   "
            );
            if jq {
                let theirs = fastest(runs, || {
                    let mut command = Command::new("jq");
                    command.arg("-c").arg(filter).arg(&json);
                    command
                });
                let _ = write!(out, "{theirs:<10.2?}  {:>6.2}", theirs.as_secs_f64() / own.as_secs_f64());
            }
            out.push('\n');
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes()).expect("standard output");
}

/// The shortest of several runs: what the program needs when nothing disturbs it.
fn fastest(runs: usize, command: impl Fn() -> Command) -> Duration {
    let once = || {
        let mut command = command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        command.status().expect("the program starts");
        start.elapsed()
    };
    (0..runs).map(|_| once()).min().unwrap_or_default()
}

/// A program that does nothing, built with the same compiler.
fn empty_program(folder: &Path) -> PathBuf {
    let source = folder.join("empty.rs");
    std::fs::write(&source, "fn main() {}\n").expect("a source file");
    let program = folder.join("empty");
    let built = Command::new("rustc").arg("-O").arg(&source).arg("-o").arg(&program).status();
    assert!(built.is_ok_and(|status| status.success()), "rustc builds an empty program");
    program
}

/// A plan of so many tasks, as YAML in the style that people write and as JSON.
fn files(folder: &Path, size: usize) -> (PathBuf, PathBuf) {
    let units = ["乡村振兴局", "财政局", "水利局", "教育局", "民政局", "农科局", "住建局", "各苏木镇"];
    let mut yaml = String::from("plan:\n  title: 规模试验\n  year: 2023\nunits:\n");
    let mut json = String::from(
        "{\"plan\":{\"title\":\"规模试验\",\"year\":2023},\"sections\":[{\"id\":\"A\",\"tasks\":[",
    );
    for unit in units {
        let _ = writeln!(yaml, "  - name: {unit}");
    }
    yaml.push_str("sections:\n  - id: A\n    title: 全部\n    tasks:\n");
    for at in 1..=size {
        let named: Vec<&str> = (0..4).map(|shift| units[(at + shift) % units.len()]).collect();
        let (month, done) = (at % 12 + 1, if at % 3 == 0 { "2023-03-01" } else { "" });
        let end = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
        let due = format!("2023-{month:02}-{end}");
        let _ = write!(
            yaml,
            "      - id: A{at}\n        title: 第{at}项工作的名称，写得和真的一样长\n        source: 二(一){at}\n        units: [{}]\n        summary: 用自己的话写的一两句内容，说明要做什么、由谁做、做到什么程度。\n        milestones:\n          - what: 第{at}项的时间节点\n            due: {due}\n            wording: {month}月底前\n",
            named.join(", ")
        );
        if !done.is_empty() {
            let _ = writeln!(yaml, "            done: {done}");
        }
        let _ = write!(
            yaml,
            "        indicators:\n          - name: 第{at}项的指标\n            target: {{at_least: {at}, measure: 个}}\n            actuals:\n              - {{on: 2023-05-31, value: {}, note: 已报}}\n",
            at / 2
        );
        let quoted: Vec<String> = named.iter().map(|name| format!("\"{name}\"")).collect();
        let done = if done.is_empty() { "null".to_string() } else { format!("\"{done}\"") };
        let _ = write!(
            json,
            "{}{{\"id\":\"A{at}\",\"title\":\"第{at}项工作的名称，写得和真的一样长\",\"source\":\"二(一){at}\",\"units\":[{}],\"summary\":\"用自己的话写的一两句内容，说明要做什么、由谁做、做到什么程度。\",\"milestones\":[{{\"what\":\"第{at}项的时间节点\",\"due\":\"{due}\",\"wording\":\"{month}月底前\",\"done\":{done}}}],\"indicators\":[{{\"name\":\"第{at}项的指标\",\"target\":{{\"at_least\":{at},\"measure\":\"个\"}},\"actuals\":[{{\"on\":\"2023-05-31\",\"value\":{},\"note\":\"已报\"}}]}}]}}",
            if at == 1 { "" } else { "," },
            quoted.join(","),
            at / 2
        );
    }
    json.push_str("]}]}");
    let (yaml_path, json_path) = (folder.join(format!("{size}.yaml")), folder.join(format!("{size}.json")));
    std::fs::write(&yaml_path, yaml).expect("the plan as YAML");
    std::fs::write(&json_path, json).expect("the plan as JSON");
    (yaml_path, json_path)
}
