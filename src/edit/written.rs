//! Values as they are written into the file: on one line or line by line, in quotes where YAML needs them.

use super::New;
use crate::load::reads_as_other_than_text;
use crate::slip;
use crate::yaml;

/// The lines of an item whose dash stands at a column.
pub(super) fn item_lines(new: &New, column: usize, braces: bool) -> Vec<String> {
    match new {
        New::Record(fields) if !braces => record_lines(fields, column, 1),
        _ => vec![format!("{}- {}", " ".repeat(column), inline(new, false))],
    }
}

/// A record line by line behind a dash at a column, `gap` spaces after it.
pub(super) fn record_lines(fields: &[(&'static str, New)], column: usize, gap: usize) -> Vec<String> {
    let line = |(at, (key, value)): (usize, &(&'static str, New))| {
        let dash = if at == 0 { "-" } else { " " };
        format!("{}{dash}{}{key}: {}", " ".repeat(column), " ".repeat(gap), inline(value, false))
    };
    fields.iter().enumerate().map(line).collect()
}

/// A value on one line.
pub(super) fn inline(new: &New, padded: bool) -> String {
    match new {
        New::Plain(text) => text.clone(),
        New::Text(text) if is_plainly_safe(text) => text.clone(),
        New::Text(text) => quoted(text),
        New::Record(fields) => {
            let field = |(key, value): &(&'static str, New)| format!("{key}: {}", inline(value, false));
            let fields = fields.iter().map(field).collect::<Vec<_>>().join(", ");
            if padded { format!("{{ {fields} }}") } else { format!("{{{fields}}}") }
        }
    }
}

/// Whether a text without quotes is read back as this text, in braces and outside, by this and any other YAML program.
///
/// Rather too careful: quotes where they were not needed spoil nothing.
pub(super) fn is_plainly_safe(text: &str) -> bool {
    let begins = |c: char| c.is_alphanumeric() || "“‘《〈「『【〔（·…".contains(c);
    let goes_on = |c: char| {
        c.is_alphanumeric()
            || c == ' '
            || ".-_/+%()=;@*<>~$^".contains(c)
            || "“”‘’《》〈〉「」『』【】〔〕（）、，。；：？！·…—～％＋－×÷≥≤℃〇№".contains(c)
    };
    text.starts_with(begins)
        && text.chars().all(goes_on)
        && !text.ends_with(' ')
        // Digits and signs alone may be a day, a time or a number to somebody.
        && text.chars().any(char::is_alphabetic)
        && !reads_as_other_than_text(text)
        && !is_word_of_yaml(text)
        && !text.chars().any(is_unseen)
        // What looks like a field of its own is refused without quotes.
        && slip::swallowed(text).is_none()
}

/// Words that some YAML program takes for a truth value or nothing.
fn is_word_of_yaml(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null")
        // 1e3, 0x1F, 12_000: a digit first and nothing that is not ASCII.
        || (lower.is_ascii() && lower.starts_with(|c: char| c.is_ascii_digit()))
}

/// A text in double quotes, on one line whatever is in it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => match c as u32 {
                code @ 0..=0xff => out.push_str(&format!("\\x{code:02X}")),
                code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04X}")),
                code => out.push_str(&format!("\\U{code:08X}")),
            },
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character must not stand in the file itself: what the reader refuses, and whatever else nobody sees or is no
/// character.
fn is_unseen(c: char) -> bool {
    yaml::is_control(c)
        || matches!(c, '\u{61C}' | '\u{180E}' | '\u{200D}' | '\u{FFF0}'..='\u{FFFB}')
        || (c as u32) & 0xfffe == 0xfffe
        || ('\u{FDD0}'..='\u{FDEF}').contains(&c)
        || ('\u{E0000}'..='\u{E0FFF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stand_without_quotes_only_where_everybody_reads_them_as_words() {
        for plain in
            ["已完工150个", "更正：两人转学，重新核对", "“两头在外”的户", "第一批", "A/B 组", "3月底"]
        {
            assert_eq!(inline(&New::Text(plain.into()), false), plain);
        }
        for (text, written) in [
            ("a: b", "\"a: b\""),
            ("12:30", "\"12:30\""),
            ("a #b", "\"a #b\""),
            ("甲, 乙", "\"甲, 乙\""),
            ("[甲]", "\"[甲]\""),
            ("150", "\"150\""),
            ("1e3", "\"1e3\""),
            ("2023-06-30", "\"2023-06-30\""),
            ("yes", "\"yes\""),
            ("Null", "\"Null\""),
            ("~", "\"~\""),
            ("", "\"\""),
            ("- 甲", "\"- 甲\""),
            ("甲 ", "\"甲 \""),
            ("%", "\"%\""),
            ("他说\"好\"", "\"他说\\\"好\\\"\""),
            ("a\\b", "\"a\\\\b\""),
            ("一\n二\t三", "\"一\\n二\\t三\""),
            ("\u{1b}[31m\u{feff}\u{202e}", "\"\\x1B[31m\\uFEFF\\u202E\""),
        ] {
            assert_eq!(inline(&New::Text(text.into()), false), written);
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(|c| c.to_string()),
            "[a-z0-9 .:#,\\[\\]{}'\"~|>!&*%@`?=+_<-]{1,3}",
            prop::sample::select(vec![
                "完成", "：", "，", "“", "”", "null", "true", "yes", ".inf", "0x1F", "1_000", "1e9", "\n",
                "\r\n", "\t", " ", "\u{3000}", "\u{a0}", "\u{85}", "\u{2028}", "\u{feff}", "---", "...",
                "<<",
            ])
            .prop_map(str::to_string),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read_back_in_braces_and_outside_by_us_and_by_serde_yaml(text in any_text()) {
            let written = inline(&New::Text(text.clone()), false);
            for file in [format!("a: {written}\n"), format!("a: {written}"), format!("a: {{b: {written}, c: 1}}\n"), format!("a: [{written}]\n"), format!("- {written}\n")] {
                let parsed = yaml::parse(&file);
                prop_assert_eq!(&parsed.problems, &[], "{}", file);
                let root = parsed.root.expect("a tree");
                let node = root.get("a").map_or(&root.items().first().unwrap_or(&root).clone(), |a| a.get("b").or(a.items().first()).unwrap_or(a)).clone();
                let scalar = node.scalar().expect("a scalar");
                prop_assert_eq!(&*scalar.text, &text);
                prop_assert!(!node.is_null());
                prop_assert!(!scalar.plain || !reads_as_other_than_text(&text));
                let value: serde_yaml::Value = serde_yaml::from_str(&file).expect("serde_yaml reads it");
                let witness = match &value {
                    serde_yaml::Value::Sequence(items) => &items[0],
                    map => match &map["a"] {
                        serde_yaml::Value::Mapping(inner) => &inner["b"],
                        serde_yaml::Value::Sequence(items) => &items[0],
                        other => other,
                    },
                };
                prop_assert_eq!(witness.as_str(), Some(text.as_str()), "{}", file);
            }
        }
    }
}
