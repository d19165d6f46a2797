//! Lines of Chinese and Latin text in a fixed number of terminal columns, and text from files made safe to show.
//!
//! Widths are those of [`unicode_width`] without its East Asian tailoring: 中 and ， take two columns; “ ” … — ● █ ─
//! take one, as they do in today's terminals on Linux, macOS and Windows. A terminal that shows these wide will see
//! ragged columns; `--ascii` is for it.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks a text that is [`clean`] into lines of at most `width` columns, without spaces at their ends. Always at
/// least one line, which may be empty.
///
/// A line never begins with a closing mark or ends with an opening one, no number is torn apart, and a number stays
/// with its measure word (329个, 91 天, 4月底前). Where a column is too narrow for that, numbers first part from their
/// measure words, then everything breaks anywhere; only a single character wider than the column stands out of it.
pub fn lines(text: &str, width: usize) -> Vec<&str> {
    let text = text.trim();
    let breaks = breaks(text);
    let lines = fill(text, &breaks, width);
    if !is_lone(&lines) {
        return lines;
    }
    // A single character left over for the last line gets company, if it costs no further line.
    let narrower = (width.saturating_sub(4).max(8)..width).rev().map(|width| fill(text, &breaks, width));
    narrower.into_iter().find(|other| other.len() == lines.len() && !is_lone(other)).unwrap_or(lines)
}

/// The same [`lines`], each as a text of its own.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    lines(text, columns).into_iter().map(str::to_string).collect()
}

/// The width below which a word or a number of the text would be torn.
pub fn longest_word(text: &str) -> usize {
    let text = text.trim();
    let mut start = 0;
    let mut longest = 0;
    for (end, _) in breaks(text).into_iter().filter(|(_, kind)| *kind <= Break::InPhrase) {
        longest = longest.max(width(text[start..end].trim()));
        start = end;
    }
    longest
}

/// The text cut wherever a line may well end: what should stay on one line where something else, such as a browser,
/// does the breaking. Spaces stand at the ends of pieces, and the pieces together are the text.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut start = 0;
    let mut pieces = Vec::new();
    for (end, _) in breaks(text).into_iter().filter(|(_, kind)| *kind == Break::Good) {
        pieces.push(&text[start..end]);
        start = end;
    }
    pieces
}

/// Breaks a list of names between the names, each line but the last ending in the separator; only a name that is
/// wider than the column is broken itself.
pub fn names<S: AsRef<str>>(names: &[S], separator: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for (at, name) in names.iter().enumerate() {
        let separator = if at + 1 < names.len() { separator } else { "" };
        let piece = format!("{}{separator}", name.as_ref());
        let longer = format!("{line}{piece}");
        if self::width(longer.trim_end()) <= width {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(line.trim_end().to_string());
        }
        let mut parts = self::lines(&piece, width);
        line = parts.pop().unwrap_or_default().to_string();
        if piece.ends_with(' ') {
            line.push(' ');
        }
        lines.extend(parts.into_iter().map(str::to_string));
    }
    lines.push(line.trim_end().to_string());
    lines
}

/// How many terminal columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// One line of text, fit for a terminal: tabs and line ends become spaces, except at the end; other control characters
/// go, and so do the marks that turn the direction of writing around.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let spaced = text.trim_end().chars().map(|c| if matches!(c, '\t' | '\n' | '\u{85}') { ' ' } else { c });
    Cow::Owned(spaced.filter(|c| !is_control(*c)).collect())
}

/// Whether a character steers instead of being shown: C0, DEL, C1, marks of direction, and others that nobody sees.
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// How good a place is for a line to end; the better, the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    /// Between words, or between Chinese characters.
    Good,
    /// Within a short phrase that a space sets apart: 方案|期末.
    InPhrase,
    /// Between a number and its measure word.
    FromMeasure,
    /// Within a measure word, or a word that names a part of a year.
    InMeasure,
    /// Within a word or a number.
    Within,
    /// Before a closing mark or after an opening one.
    AtMark,
}

/// Puts as much into each line as there is room for, ending it at the best place that it reaches.
fn fill<'t>(text: &'t str, breaks: &[(usize, Break)], width: usize) -> Vec<&'t str> {
    let mut lines = Vec::new();
    let (mut start, mut next) = (0, 0);
    while next < breaks.len() {
        let mut best: Option<(Break, usize)> = None;
        for (at, &(end, kind)) in breaks.iter().enumerate().skip(next) {
            if self::width(text[start..end].trim()) > width {
                break;
            }
            if best.is_none_or(|(found, _)| kind <= found) {
                best = Some((kind, at));
            }
        }
        let chosen = best.map_or(next, |(_, at)| at);
        let end = breaks[chosen].0;
        lines.push(text[start..end].trim());
        (start, next) = (end, chosen + 1);
    }
    if lines.is_empty() {
        lines.push("");
    }
    lines
}

/// Whether one Chinese character stands alone on the last of several lines, perhaps with a mark.
fn is_lone(lines: &[&str]) -> bool {
    let [_, .., last] = lines else { return false };
    last.starts_with(is_wide) && last.chars().filter(|c| c.is_alphanumeric()).count() == 1
}

/// Every place where a line could end, the text's own end last.
fn breaks(text: &str) -> Vec<(usize, Break)> {
    let mut unicode = unicode_linebreak::linebreaks(text).map(|(at, _)| at).peekable();
    let mut breaks = Vec::new();
    for (at, next) in text.char_indices().skip(1) {
        while unicode.next_if(|place| *place < at).is_some() {}
        // What has no width belongs to the character before it.
        if next.width() == Some(0) {
            continue;
        }
        breaks.push((at, kind(text, at, unicode.peek() == Some(&at))));
    }
    if !text.is_empty() {
        breaks.push((text.len(), Break::Good));
    }
    keep_phrases(text, &mut breaks);
    breaks
}

/// A phrase of so many columns that stands after a space is kept on one line: 2023-09-30 | 10月前. What has a comma in
/// it is no phrase but running text.
const LONGEST_PHRASE: usize = 24;

fn keep_phrases(text: &str, breaks: &mut [(usize, Break)]) {
    let mut at = 0;
    let mut next = 0;
    for phrase in text.split_inclusive(char::is_whitespace) {
        let (start, end) = (at, at + phrase.trim_end().len());
        at += phrase.len();
        let running = phrase.contains(|c| "，。；：、".contains(c));
        let kept = start > 0 && !running && width(phrase.trim_end()) <= LONGEST_PHRASE;
        while let Some((place, kind)) = breaks.get_mut(next).filter(|(place, _)| *place < at) {
            if kept && *kind == Break::Good && start < *place && *place < end {
                *kind = Break::InPhrase;
            }
            next += 1;
        }
    }
}

/// `allowed`: whether Unicode's own rules let a line end here.
fn kind(text: &str, at: usize, allowed: bool) -> Break {
    let (before, after) = (text[..at].trim_end(), &text[at..]);
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return Break::Within;
    };
    if first.is_whitespace() {
        return Break::Within;
    }
    if is_closing(first) || is_opening(last) {
        return Break::AtMark;
    }
    let spaced = before.len() < at;
    if is_in_number(before, after, spaced) {
        return Break::Within;
    }
    if !allowed && !is_beside_quote(last, first) {
        return Break::Within;
    }
    if is_in_measure(before, after, spaced) {
        return Break::InMeasure;
    }
    if is_before_measure(before, after, spaced) {
        return Break::FromMeasure;
    }
    Break::Good
}

/// Marks that belong to what stands before them.
fn is_closing(c: char) -> bool {
    "。，、；：？！）》〉”’」』】〕〗］｝％‰℃…·—～〜,.;:?!)]}%/".contains(c)
}

/// Marks that belong to what stands after them.
fn is_opening(c: char) -> bool {
    "（《〈“‘「『【〔〖［｛([{".contains(c)
}

/// Unicode 15 lets no line end beside a quotation mark, since some languages close with “; Chinese does not.
fn is_beside_quote(last: char, first: char) -> bool {
    let opens = matches!(first, '“' | '‘') && (is_wide(last) || matches!(last, '”' | '’'));
    let closes = matches!(last, '”' | '’') && is_wide(first);
    opens || closes
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// 2023-06-30, 18/24, 1—5月, 411.82, 60%—70%, ≥ 30%, 第3: both sides belong to one number.
fn is_in_number(before: &str, after: &str, spaced: bool) -> bool {
    let mut back = before.chars().rev();
    let mut ahead = after.chars();
    let (last, first) = (back.next().unwrap_or(' '), ahead.next().unwrap_or(' '));
    if is_arabic(first) && "≥≤≧≦><＞＜±¥￥".contains(last) {
        return true;
    }
    if spaced {
        return false;
    }
    let ends = |c: char| is_arabic(c) || "%％‰".contains(c);
    let from_joint = is_joint(last) && back.next().is_some_and(ends) && is_arabic(first);
    let to_joint = ends(last) && is_joint(first) && ahead.next().is_some_and(is_arabic);
    from_joint
        || to_joint
        || is_arabic(last) && is_arabic(first)
        || "第约欠现剩+-".contains(last) && is_arabic(first)
}

fn is_arabic(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_joint(c: char) -> bool {
    ".,/:-–—－~～〜．：".contains(c)
}

/// Measure words that may stand after a number and a space; without a space any word is held to be one.
const SHORT_MEASURES: &str =
    "个户人天项家名条次期年月日周元吨亩米里处所座间套台辆头只株口场份件类种批篇本册部村万亿";

/// Measure words of several characters that stay whole.
const LONG_MEASURES: [&str; 35] = [
    "公里",
    "公顷",
    "公斤",
    "千米",
    "千克",
    "平方米",
    "立方米",
    "平方公里",
    "万元",
    "亿元",
    "万亩",
    "万户",
    "万人",
    "万吨",
    "万头",
    "万只",
    "千瓦",
    "兆瓦",
    "万千瓦",
    "月底前",
    "月底",
    "月份",
    "年底前",
    "年底",
    "年度",
    "季度",
    "个月",
    "小时",
    "分钟",
    "人次",
    "万人次",
    "百分点",
    "个百分点",
    "工作日",
    "个工作日",
];

/// Words that stay whole with or without a number.
const PARTS_OF_A_YEAR: [&str; 6] = ["一季度", "二季度", "三季度", "四季度", "上半年", "下半年"];

fn is_before_measure(before: &str, after: &str, spaced: bool) -> bool {
    let Some(number) = number_at_end(before) else { return false };
    let Some(first) = after.chars().next() else { return false };
    if !spaced {
        return is_wide(first) && first.is_alphanumeric();
    }
    let is_date = number.contains(['-', '/']);
    !is_date && (SHORT_MEASURES.contains(first) || LONG_MEASURES.iter().any(|word| after.starts_with(word)))
}

fn is_in_measure(before: &str, after: &str, spaced: bool) -> bool {
    if spaced || !after.starts_with(is_wide) {
        return false;
    }
    let counts = |number: &str| number_at_end(number.trim_end()).is_some();
    LONG_MEASURES.iter().any(|word| rest_before(word, before, after).is_some_and(counts))
        || PARTS_OF_A_YEAR.iter().any(|word| rest_before(word, before, after).is_some())
}

/// What stands before the word, if the place between `before` and `after` is inside it.
fn rest_before<'t>(word: &str, before: &'t str, after: &str) -> Option<&'t str> {
    word.char_indices().skip(1).find_map(|(cut, _)| {
        let (head, tail) = word.split_at(cut);
        after.starts_with(tail).then(|| before.strip_suffix(head)).flatten()
    })
}

/// The number with which a text ends, unless it is the end of a name (E7, A1.3).
fn number_at_end(text: &str) -> Option<&str> {
    let rest = text.trim_end_matches(|c| is_arabic(c) || is_joint(c) || "%％".contains(c));
    let number = &text[rest.len()..];
    let named = rest.ends_with(|c: char| c.is_ascii_alphabetic());
    (!named && number.ends_with(|c| is_arabic(c) || "%％".contains(c))).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_stop_never_starts_a_line() {
        assert_eq!(lines("完成投放。继续", 8), ["完成投", "放。继续"]);
        assert_eq!(lines("增长百分之五％以上", 12), ["增长百分之", "五％以上"]);
    }

    #[test]
    fn an_opening_mark_never_ends_a_line() {
        assert_eq!(lines("资产录入（二期）", 10), ["资产录入", "（二期）"]);
    }

    #[test]
    fn a_line_may_end_before_a_quotation() {
        assert_eq!(lines("全面落实“三保障”政策", 8), ["全面落实", "“三保障”", "政策"]);
        assert_eq!(lines("“四不两直”“三查三改”", 12), ["“四不两直”", "“三查三改”"]);
    }

    #[test]
    fn numbers_and_dates_stay_whole() {
        assert_eq!(lines("新建里程411.82", 12), ["新建里程", "411.82"]);
        assert_eq!(lines("截至日期 2023-06-30", 16), ["截至日期", "2023-06-30"]);
        assert_eq!(lines("完成率为18/24", 12), ["完成率为", "18/24"]);
        assert_eq!(lines("按月调度1—5月", 12), ["按月调度", "1—5月"]);
        assert_eq!(lines("拨付进度≥ 30%", 12), ["拨付进度", "≥ 30%"]);
    }

    #[test]
    fn a_number_stays_with_its_measure_word() {
        assert_eq!(lines("共有公益性岗位329个", 18), ["共有公益性岗位", "329个"]);
        assert_eq!(lines("（欠5期）共欠5期", 12), ["（欠5期）共", "欠5期"]);
        assert_eq!(lines("已经逾期 91 天", 12), ["已经逾期", "91 天"]);
        assert_eq!(lines("新建道路411.82公里", 16), ["新建道路", "411.82公里"]);
        assert_eq!(lines("资金拨付4月底前", 14), ["资金拨付", "4月底前"]);
    }

    #[test]
    fn a_short_phrase_after_a_space_stays_on_one_line() {
        assert_eq!(lines("2023-12-31 方案期末", 16), ["2023-12-31", "方案期末"]);
        assert_eq!(lines("2023-12-31 到2023年底", 16), ["2023-12-31", "到2023年底"]);
    }

    #[test]
    fn a_word_after_a_date_is_no_measure_word() {
        assert_eq!(lines("2023-03-31 一季度", 14), ["2023-03-31", "一季度"]);
        assert_eq!(lines("2023-12-31 年底", 13), ["2023-12-31", "年底"]);
        assert_eq!(lines("2023-12-31 个别情况", 14), ["2023-12-31", "个别情况"]);
    }

    #[test]
    fn what_is_too_wide_is_broken_anyway() {
        assert_eq!(lines("2023-06-30", 8), ["2023-06-", "30"]);
        assert_eq!(lines("411.82公里", 8), ["411.82", "公里"]);
        assert_eq!(lines("中文", 1), ["中", "文"]);
        assert_eq!(lines("", 4), [""]);
    }

    #[test]
    fn no_character_is_left_alone_on_the_last_line() {
        assert_eq!(lines("乡村绿化美化示范村", 16), ["乡村绿化美化示", "范村"]);
        assert_eq!(lines("确权资产录入全国平台", 6), ["确权资", "产录入", "全国平", "台"]);
    }

    #[test]
    fn the_longest_word_is_what_would_be_torn() {
        assert_eq!(longest_word("截至 2023-06-30 共7项"), 10);
        assert_eq!(longest_word("新建411.82公里道路"), 10);
        assert_eq!(longest_word(""), 0);
    }

    #[test]
    fn names_are_kept_whole() {
        let units = ["乡村振兴局", "财政局", "水利局"];
        assert_eq!(names(&units, "、", 20), ["乡村振兴局、财政局、", "水利局"]);
        assert_eq!(names(&units, ", ", 20), ["乡村振兴局, 财政局,", "水利局"]);
        assert_eq!(names(&units, "、", 6), ["乡村振", "兴局、", "财政", "局、", "水利局"]);
    }

    #[test]
    fn nothing_from_a_file_steers_the_terminal() {
        assert_eq!(clean("红\u{1b}[31m色\u{9b}2J\u{202e}\u{feff}"), "红[31m色2J");
        assert_eq!(clean("a\tb\nc"), "a b c");
        assert_eq!(clean("c\td\r\n"), "c d");
    }

    #[test]
    fn pieces_keep_numbers_and_short_phrases_together() {
        assert_eq!(pieces("2023-04-30 4月底前，共329个"), ["2023-04-30 ", "4月底前，", "共", "329个"]);
        assert_eq!(pieces(""), [""; 0]);
    }

    proptest! {
        #[test]
        fn pieces_together_are_the_text(text in any::<String>()) {
            prop_assert_eq!(pieces(&clean(&text)).concat(), clean(&text));
        }

        #[test]
        fn no_line_is_wider_than_its_column_and_nothing_is_lost(text in any_text(), columns in 2usize..60) {
            let text = clean(&text);
            let lines = lines(&text, columns);
            for line in &lines {
                prop_assert!(width(line) <= columns.max(widest(&text)), "{line:?}");
            }
            prop_assert_eq!(without_spaces(&lines.concat()), without_spaces(&text));
        }

        #[test]
        fn no_line_of_names_is_wider_than_its_column(list in prop::collection::vec(chinese(), 0..8), columns in 4usize..60) {
            let lines = names(&list, "、", columns);
            for line in &lines {
                prop_assert!(width(line) <= columns, "{line:?}");
            }
            prop_assert_eq!(without_spaces(&lines.concat()), without_spaces(&list.join("、")));
        }

        #[test]
        fn marks_stay_with_their_text_where_there_is_room(text in chinese(), columns in 12usize..60) {
            for line in lines(&text, columns).iter().skip(1) {
                prop_assert!(!line.starts_with(|c| "。，、；：？！）》”％".contains(c)) , "{line:?}");
            }
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), chinese(), "[ -~　-〿一-龥“”‘’—…0-9 .,%\u{200d}\u{fe0f}❤👩]{0,60}"]
    }

    /// Text in which no more than two marks follow each other.
    fn chinese() -> impl Strategy<Value = String> {
        "([一-龥]{1,4}[。，、；）”]?|（[一-龥]{1,3}）|“[一-龥]{2}”|[0-9]{1,3}[个天项%]| ){0,20}"
    }

    fn widest(text: &str) -> usize {
        text.chars().filter_map(UnicodeWidthChar::width).max().unwrap_or(0)
    }

    fn without_spaces(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }
}
