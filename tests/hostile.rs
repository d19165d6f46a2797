//! Spoilt files: the real plan with bytes and lines deleted, doubled, swapped and inserted. Never a panic; either a plan
//! without errors, or at least one problem with a place in the text. And whatever is accepted, serde_yaml reads it the
//! same. `HOSTILE_CASES=100000 cargo test --release --test hostile` looks longer.

use chrono::NaiveDate;
use plan::load;
use plan::render::diagnostics;
use plan::yaml;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;
use witness::same;

mod witness;

static PLANS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("a plan");
    let mut plans = vec![read("plan.yaml"), read("examples/shiyan.yaml"), read("tests/oracle/plan.yaml")];
    // A smaller one, in which a change is more likely to hit something.
    let small = plans[1].find("      - id: A3").expect("the third task");
    let head = plans[1][..small].to_string();
    plans.push(head);
    plans
});

fn cases() -> u32 {
    std::env::var("HOSTILE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Change {
    DeleteBytes(prop::sample::Index, usize),
    DeleteLine(prop::sample::Index),
    DoubleLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, String),
    Indent(prop::sample::Index, bool),
    Truncate(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    let piece = prop_oneof![
        prop::sample::select(vec![
            "[",
            "]",
            "{",
            "}",
            ":",
            "- ",
            "\"",
            "'",
            "\t",
            "\n",
            "#",
            "|",
            ">",
            "%",
            "&a ",
            "*a",
            "!t ",
            "，",
            "：",
            "、",
            "~",
            "0",
            "2023-02-30",
            "\u{feff}",
            "\r",
            "---\n",
            "...\n",
            "? ",
            "null",
            "true",
            "1e3",
            "0x10",
            "  ",
            "\u{3000}",
        ])
        .prop_map(str::to_string),
        "\\PC{1,4}",
    ];
    prop_oneof![
        (at(), 1usize..6).prop_map(|(at, count)| Change::DeleteBytes(at, count)),
        at().prop_map(Change::DeleteLine),
        at().prop_map(Change::DoubleLine),
        (at(), at()).prop_map(|(one, other)| Change::SwapLines(one, other)),
        (at(), piece).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at(), any::<bool>()).prop_map(|(at, more)| Change::Indent(at, more)),
        at().prop_map(Change::Truncate),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_string();
    for change in changes {
        if text.is_empty() {
            break;
        }
        let boundary = |at: &prop::sample::Index, text: &str| {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_string).collect();
        let count = lines.len();
        match change {
            Change::DeleteBytes(at, length) => {
                let start = boundary(at, &text);
                let end =
                    text[start..].char_indices().nth(*length).map_or(text.len(), |(end, _)| start + end);
                text.replace_range(start..end, "");
                continue;
            }
            Change::Insert(at, piece) => {
                let at = boundary(at, &text);
                text.insert_str(at, piece);
                continue;
            }
            Change::Truncate(at) => {
                let at = boundary(at, &text);
                text.truncate(at);
                continue;
            }
            Change::DeleteLine(at) => drop(lines.remove(at.index(count))),
            Change::DoubleLine(at) => {
                let line = lines[at.index(count)].clone();
                lines.insert(at.index(count), line);
            }
            Change::SwapLines(one, other) => lines.swap(one.index(count), other.index(count)),
            Change::Indent(at, true) => lines[at.index(count)].insert_str(0, "  "),
            Change::Indent(at, false) => {
                let line = &mut lines[at.index(count)];
                *line = line.strip_prefix("  ").unwrap_or(line).to_string();
            }
        }
        text = lines.concat();
    }
    text
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 15).expect("a date")
}

#[test]
fn the_plans_themselves_are_read_the_same_by_serde_yaml() {
    for text in PLANS.iter() {
        let parsed = yaml::parse(text);
        let root = parsed.root.expect("a tree");
        let value: serde_yaml::Value = serde_yaml::from_str(text).expect("serde_yaml reads it");
        assert!(same(&root, &value));
    }
}

/// A plan with these units, and one task of the first.
fn with_units(units: &str) -> String {
    format!(
        "plan: {{title: 试, year: 2023}}\nunits:\n{units}sections:\n  - id: A\n    title: 甲\n    tasks:\n      - {{id: A1, title: 子, units: [单位0], milestones: [{{what: 丑, due: 2023-04-30}}]}}\n"
    )
}

/// Each of these would take hours, or all of the stack, where the work grows faster than the file.
#[test]
fn files_made_to_be_slow_are_answered() {
    let every_report = |text: &str| {
        let loaded = load::plan(text, today());
        assert!(!loaded.has_errors(), "{:#?}", &loaded.problems[..1]);
        let plan = loaded.plan.expect("a plan");
        let status = plan::status::as_of(&plan, today(), 30);
        let quarter = plan::calendar::Period::quarter(2023, 2).expect("a quarter");
        let first = plan::model::UnitId(0);
        plan::report::period::period(&status, quarter, Some(first)).document();
        plan::report::remind::remind(&status, quarter, quarter, &[first]).len()
    };
    // Groups of which each holds both of the next level: 2^60 ways lead to the last.
    let level = |at: usize| match at {
        60 => "  - {name: 单位120}\n  - {name: 单位121}\n".to_string(),
        _ => {
            let (one, other) = (2 * at + 2, 2 * at + 3);
            let group = |own: usize| format!("  - {{name: 单位{own}, members: [单位{one}, 单位{other}]}}\n");
            group(2 * at) + &group(2 * at + 1)
        }
    };
    every_report(&with_units(&(0..=60).map(level).collect::<String>()));
    // A chain of groups, each in the one before.
    let link = |at: usize| format!("  - {{name: 单位{at}, members: [单位{}]}}\n", at + 1);
    every_report(&with_units(&((0..800).map(link).collect::<String>() + "  - {name: 单位800}\n")));
    // One mapping with many keys, and a list of many names that nobody has registered.
    let parts: String = (0..50_000).map(|at| format!("项{at}: 1, ")).collect();
    let many = with_units("  - {name: 单位0}\n").replace(
        "milestones:",
        &format!("indicators: [{{name: 寅, target: {{equals: 50000, measure: 个}}, breakdown: {{{parts}}}}}], milestones:"),
    );
    every_report(&many);
    let names: String = (0..50_000).map(|at| format!(", 无名{at}")).collect();
    let unknown = with_units(&(0..2_000).map(|at| format!("  - {{name: 单位{at}}}\n")).collect::<String>())
        .replace("units: [单位0", &format!("units: [单位0{names}"));
    assert_eq!(load::plan(&unknown, today()).problems.len(), load::MAX_PROBLEMS);
    // A name as long as a book, and another one.
    let long = with_units(&format!("  - {{name: 单位0}}\n  - {{name: {}}}\n", "长".repeat(300_000)))
        .replace("units: [单位0]", &format!("units: [{}]", "短".repeat(300_000)));
    assert!(load::plan(&long, today()).has_errors());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_file_is_explained_or_read_and_never_a_panic(
        plan in 0usize..4,
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let text = changed(&PLANS[plan], &changes);
        let loaded = load::plan(&text, today());
        if loaded.plan.is_none() {
            prop_assert!(loaded.has_errors());
        }
        for problem in &loaded.problems {
            prop_assert!(problem.span.start <= problem.span.end && problem.span.start <= text.len());
        }
        let words = diagnostics::full(&loaded.problems, "plan.yaml", &text, false);
        prop_assert!(words.contains("plan.yaml:") || loaded.problems.is_empty());
        if loaded.has_errors() {
            return Ok(());
        }
        // The witness.
        let root = yaml::parse(&text).root.expect("an accepted file has a tree");
        match serde_yaml::from_str::<serde_yaml::Value>(&text) {
            Ok(value) => prop_assert!(same(&root, &value), "read differently:\n{text}"),
            Err(error) => prop_assert!(false, "serde_yaml refuses what was accepted: {error}"),
        }
    }
}
