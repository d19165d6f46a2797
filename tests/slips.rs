//! Slips of the keyboard in the invented example: one is made, and it alone is told of, at its place and with what helps.

use chrono::NaiveDate;
use plan::diagnostic::Lines;
use plan::load;

/// The example with one piece replaced; its errors as code, the words at the place, and advice.
fn errors(old: &str, new: &str) -> Vec<(String, String, String)> {
    let example = include_str!("../examples/shiyan.yaml");
    assert!(example.contains(old), "{old}");
    let text = example.replacen(old, new, 1);
    let today = NaiveDate::from_ymd_opt(2024, 1, 15).expect("a day");
    let problems = load::plan(&text, today).problems;
    (problems.iter().filter(|problem| problem.is_error()))
        .map(|problem| {
            let place = Lines::of(&text).place(problem.span.start);
            let line = text.lines().nth(place.line - 1).unwrap_or_default();
            let words: String = line.chars().skip(place.column - 1).collect();
            (problem.code.id().to_string(), words, problem.help.clone().unwrap_or_default())
        })
        .collect()
}

#[track_caller]
fn told(old: &str, new: &str, code: &str, at: &str, help: &str) {
    let found = errors(old, new);
    assert_eq!(found.len(), 1, "{new}: {found:#?}");
    let (own, words, advice) = &found[0];
    assert_eq!(own, code, "{new}: {found:?}");
    assert!(words.starts_with(at), "{new}: at {words:?}");
    assert!(advice.contains(help), "{new}: {advice}");
}

const ACTUAL: &str = "{on: 2023-06-25, value: 60, unit: 教育局}";

#[test]
fn nothing_is_swallowed_by_the_text_before_it() {
    told("第一批, done: 2023-04-10", "第一批，done：2023-04-10", "E015", "done：", "写成“done: …”");
    told(
        "            wording: 一季度\n",
        "            wording: 一季度\n              note：甲\n",
        "E015",
        "note：",
        "另起一行对齐",
    );
    told(
        "            wording: 一季度\n",
        "            wording: 一季度\n              note 甲\n",
        "E015",
        "note 甲",
        "另起一行对齐",
    );
    // In quotes it is meant.
    assert_eq!(errors("note: 全部发放", "note: \"见，value：12\""), []);
}

#[test]
fn a_wrong_colon_or_comma_is_told_of_where_it_stands() {
    told("          - what: 春季排查", "          - what：春季排查", "E015", "：", "写成“what: 春季排查”");
    told("      - id: A2", "      - id：A2", "E015", "：", "写成“id: A2”");
    told(ACTUAL, "{on: 2023-06-25，value: 60, unit: 教育局}", "E015", "，", "半角逗号");
    told(
        ACTUAL,
        "{on：2023-06-25，value：60，unit：教育局}",
        "E015",
        "on：",
        "写成“on: 2023-06-25, value: 60, unit: 教育局”",
    );
    told("{学前: 5, 小学: 30", "{学前: 5，小学: 30", "E015", "，", "半角逗号");
    told("note: 全部发放", "note: 说明: 全部发放", "E035", "", "加上英文引号");
    told("measure: \"%\"", "measure: ％", "E015", "％", "measure: \"%\"");
    told(
        "unit: 教育局, note: 全部",
        "unit: 教育局、财政局, note: 全部",
        "E016",
        "教育局、",
        "教育局, 财政局",
    );
}

#[test]
fn a_quotation_mark_left_open_blames_nobody_else() {
    told("what: 春季排查", "what: \"春季排查", "E004", "\"春季排查", "另一个引号");
    told("what: 集中排查", "what: \"集中排查”", "E004", "\"集中排查", "另一个引号");
}

#[test]
fn what_cannot_be_read_causes_no_other_error() {
    told("              - 2023-01-31\n", "              - {on: 2023-01-31\n", "E004", "{on", "右括号");
    told("aliases: [县乡村振兴局]", "aliases: [县乡村振兴局", "E004", "[县", "右括号");
    told("          - what: 集中排查", "        - what: 集中排查", "E004", "", "同一层要对齐");
}

#[test]
fn a_field_in_the_wrong_place_or_language_is_led_to_the_right_one() {
    told(
        "            kind: coverage\n",
        "            kind: coverage\n            done: 2023-05-01\n",
        "E010",
        "done",
        "actuals",
    );
    told(
        "        units: [教育局, 各乡镇]",
        "        责任单位: [教育局, 各乡镇]",
        "E010",
        "责任单位",
        "units",
    );
    told("        units: [教育局, 各乡镇]", "        UNITS: [教育局, 各乡镇]", "E010", "UNITS", "units");
    told("during: 2023Q1", "during: 2023年4月", "E014", "2023年4月", "写成 2023-04");
    told("on: 2023-06-25", "on: 6月25日", "E014", "6月25日", "写成 2023-06-25");
    told("value: 60, unit: 教育局}", "value: 1.2万, unit: 教育局}", "E013", "1.2万", "29 或 411.82");
}

#[test]
fn what_nobody_sees_is_told_of() {
    told("[教育局, 各乡镇]", "[教育局\u{200b}, 各乡镇]", "E007", "\u{200b}", "看不见");
    told("[教育局, 各乡镇]", "[教育局\u{3000}, 各乡镇]", "E015", "教育局", "删掉空格");
}

#[test]
fn ids_that_look_the_same_are_the_same() {
    for id in ["a1", "Ａ1", "\"A1 \""] {
        told("      - id: A2", &format!("      - id: {id}"), "E017", id, "只能用一次");
    }
    told("  - id: B\n", "  - id: A\n", "E017", "A", "只能用一次");
}

#[test]
fn the_marks_of_a_merge_are_told_of_alone() {
    let found = errors("plan:\n", "<<<<<<< HEAD\nplan:\n=======\nplan:\n>>>>>>> other\n");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().all(|(code, _, help)| code == "E004" && help.contains("标记")), "{found:#?}");
}
