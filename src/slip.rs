//! Slips of the keyboard that YAML takes for something else: what somebody most likely meant by them.

use crate::calendar;
use crate::shape::{FILE, Kind, Shape};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The keys of all mappings of the file.
static KEYS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let mut keys = BTreeSet::new();
    collect(&FILE, &mut BTreeSet::new(), &mut keys);
    keys
});

fn collect(shape: &'static Shape, seen: &mut BTreeSet<&'static str>, keys: &mut BTreeSet<&'static str>) {
    if seen.insert(shape.id) {
        for field in shape.fields {
            keys.insert(field.key);
            within(&field.kind, seen, keys);
        }
    }
}

fn within(kind: &'static Kind, seen: &mut BTreeSet<&'static str>, keys: &mut BTreeSet<&'static str>) {
    match kind {
        Kind::Record(shape) => collect(shape, seen, keys),
        Kind::List(item) => within(item, seen, keys),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| within(kind, seen, keys)),
        _ => {}
    }
}

/// Whether some mapping of the file has this key.
pub fn is_key(name: &str) -> bool {
    KEYS.contains(name)
}

/// Where a text without quotes, as it stands in the file, has swallowed what was meant as a field or an item of its own:
/// `第一批，done：2023-04-10`, or a line below that is indented too far. The bytes of the key or dash.
pub fn swallowed(raw: &str) -> Option<std::ops::Range<usize>> {
    // A colon of either width, or a second line; most texts have none.
    if !raw.bytes().any(|byte| matches!(byte, b':' | b'\n' | 0xef)) {
        return None;
    }
    let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
    for (colon, _) in raw.match_indices([':', '：']) {
        let before = raw[..colon].trim_end_matches([' ', '\u{3000}']);
        let word = before.len()
            - before.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
        let apart = before[..word]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_whitespace() || "，、；。,;（(".contains(c));
        if apart && is_key(&before[word..]) {
            return Some(word..before.len());
        }
    }
    let mut at = raw.find('\n')? + 1;
    for line in raw[at..].split_inclusive('\n') {
        let content = line.trim_start();
        let start = at + line.len() - content.len();
        let word: usize = content.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
        if content.starts_with("- ") {
            return Some(start..start + 1);
        }
        if is_key(&content[..word]) && content[word..].starts_with([' ', '\u{3000}']) {
            return Some(start..start + word);
        }
        at += line.len();
    }
    None
}

/// The key that somebody means who writes it in Chinese, in capitals or with blanks around it.
pub fn key_meant(name: &str) -> Option<&'static str> {
    const CHINESE: &[(&str, &str)] = &[
        ("单位", "units"),
        ("责任单位", "units"),
        ("牵头单位", "lead"),
        ("报送单位", "unit"),
        ("名称", "name"),
        ("标题", "title"),
        ("题目", "title"),
        ("编号", "id"),
        ("内容", "what"),
        ("事项", "what"),
        ("时限", "due"),
        ("完成时限", "due"),
        ("完成", "done"),
        ("完成日期", "done"),
        ("日期", "on"),
        ("数值", "value"),
        ("完成数", "actuals"),
        ("目标", "target"),
        ("目标值", "target"),
        ("计量单位", "measure"),
        ("备注", "note"),
        ("说明", "note"),
        ("问题", "issue"),
        ("存在问题", "issue"),
        ("下一步", "next"),
        ("原因", "why"),
        ("延期", "extended"),
        ("任务", "tasks"),
        ("指标", "indicators"),
        ("时间节点", "milestones"),
        ("别名", "aliases"),
        ("成员", "members"),
        ("邮箱", "email"),
    ];
    let name = name.trim();
    let chinese = CHINESE.iter().find(|(chinese, _)| *chinese == name).map(|(_, key)| *key);
    chinese.or_else(|| KEYS.get(name.to_ascii_lowercase().as_str()).copied())
}

/// The number that somebody means who writes 150户, “7,491” or １５０.
pub fn number_meant(text: &str) -> Option<String> {
    let half = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' => '.',
        c => c,
    };
    let text: String = text.trim().chars().filter(|c| !matches!(c, ',' | '，' | ' ')).map(half).collect();
    let digits =
        text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-')).len();
    let (number, tail) = text.split_at(digits);
    // A measure word is no part of the number; 1.2万, 60/60 and 6o are other numbers.
    let is_measure = |c: char| !c.is_ascii_alphanumeric() && !"万亿千百十多余/+～~—".contains(c);
    let plain = number.parse::<f64>().is_ok() && !number.ends_with('.') && !number.starts_with('.');
    (plain && tail.chars().all(is_measure)).then(|| number.to_string())
}

/// The last day of the month of a day that does not exist: 2023-02-28 for 2023-02-30.
pub fn month_end_of(text: &str) -> Option<NaiveDate> {
    let (month, day) = text.trim().rsplit_once(['-', '/', '.', '月'])?;
    let day: u32 = day.strip_suffix('日').unwrap_or(day).parse().ok()?;
    let last = calendar::parse_date(&month.replace('.', "-"))?;
    (day > last.day()).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_a_text_has_swallowed_is_found() {
        for (raw, key) in [
            ("第一批，done：2023-04-10", "done"),
            ("修了3处，value:12", "value"),
            ("4月份  done：2023-04-28", "done"),
            ("4月份\n              done：2023-04-28", "done"),
            ("4月份\n              done 2023-04-28", "done"),
            ("始终\n              - 2023-03-31 0", "-"),
        ] {
            assert_eq!(swallowed(raw).map(|range| &raw[range]), Some(key), "{raw}");
        }
        for raw in ["集中排查：已过半", "见 12317：来电", "abandoned：是", "甲\n乙", "完成done了", "note"]
        {
            assert_eq!(swallowed(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_key_is_meant_in_chinese_and_in_capitals() {
        assert_eq!(key_meant("责任单位"), Some("units"));
        assert_eq!(key_meant("UNITS "), Some("units"));
        assert_eq!(key_meant("天气"), None);
    }

    #[test]
    fn a_number_with_its_measure_is_meant_and_another_number_is_not() {
        for (text, number) in
            [("150户", "150"), ("7,491", "7491"), ("１５０", "150"), ("93%", "93"), ("-3 个", "-3")]
        {
            assert_eq!(number_meant(text).as_deref(), Some(number), "{text}");
        }
        for text in ["三百", "1.2万", "60/60", "6o", "约150", "150多户", ""] {
            assert_eq!(number_meant(text), None, "{text}");
        }
    }
}
