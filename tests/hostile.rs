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
