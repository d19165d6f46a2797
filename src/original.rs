//! The official document's own text, where a user keeps a copy: finding the passage that a `source` names.

/// The passage at a place such as 二(一)1一是, 二(一)2教育帮扶, 二(三)6 or 三第一: the line on which it stands.
///
/// Each step of the place narrows the search to what follows the step before. `None` where a step is not found.
pub fn passage<'t>(text: &'t str, source: &str) -> Option<&'t str> {
    let steps = steps(source);
    let mut lines = text.lines().map(str::trim);
    let mut found = None;
    for step in &steps {
        found = lines.find(|line| step.begins(line));
        found?;
    }
    found
}

/// One step of a place.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// 二: a part, which the document writes 二、.
    Part(char),
    /// (一): a chapter.
    Chapter(String),
    /// 6: an item, which the document writes `6.`.
    Number(String),
    /// 一是, 教育帮扶, 第一: how a paragraph begins.
    Words(String),
}

impl Step {
    fn begins(&self, line: &str) -> bool {
        match self {
            Step::Part(numeral) => line.starts_with(*numeral) && line[numeral.len_utf8()..].starts_with('、'),
            Step::Chapter(chapter) => line.replace('（', "(").replace('）', ")").starts_with(chapter),
            Step::Number(number) => {
                line.strip_prefix(number.as_str()).is_some_and(|rest| rest.starts_with(['.', '．', '、']))
            }
            Step::Words(words) => line.starts_with(words),
        }
    }
}

fn steps(source: &str) -> Vec<Step> {
    let mut rest = source.trim();
    let mut steps = Vec::new();
    if let Some(part) = rest.chars().next().filter(|c| "一二三四五六七八九十".contains(*c)) {
        steps.push(Step::Part(part));
        rest = &rest[part.len_utf8()..];
    }
    if rest.starts_with('(')
        && let Some(end) = rest.find(')')
    {
        steps.push(Step::Chapter(rest[..=end].to_string()));
        rest = &rest[end + 1..];
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        steps.push(Step::Number(rest[..digits].to_string()));
        rest = &rest[digits..];
    }
    if !rest.is_empty() {
        steps.push(Step::Words(rest.to_string()));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "一、目标\n二、任务\n(一)甲\n1.子项如下。\n一是修路。\n二是架桥。\n2.另一项。\n教育方面：办学。\n(二)乙\n1.种树。\n三、保障\n第一，落实。\n";

    #[test]
    fn a_place_leads_to_its_line() {
        assert_eq!(passage(TEXT, "二(一)1二是"), Some("二是架桥。"));
        assert_eq!(passage(TEXT, "二(一)2教育"), Some("教育方面：办学。"));
        assert_eq!(passage(TEXT, "二(二)1"), Some("1.种树。"));
        assert_eq!(passage(TEXT, "三第一"), Some("第一，落实。"));
    }

    #[test]
    fn a_place_that_is_not_there_leads_nowhere() {
        assert_eq!(passage(TEXT, "二(三)1"), None);
        assert_eq!(passage("", "二(三)1"), None);
    }
}
