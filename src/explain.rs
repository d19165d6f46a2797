//! What each code of a problem means, with a wrong and a right example: `plan check --explain E012`.

use crate::diagnostic::Code;
use crate::language::tr;

/// The meaning of a code, for somebody who is no programmer.
pub fn explain(code: Code) -> String {
    let (meaning, wrong, right) = words(code);
    let indent = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "{} {}\n\n{meaning}\n\n{}\n{}\n{}\n{}",
        code.id(),
        code.title(),
        tr("这样写不对：", "Wrong:"),
        indent(wrong),
        tr("这样写：", "Right:"),
        indent(right),
    )
}

/// Meaning, wrong example, right example.
fn words(code: Code) -> (&'static str, &'static str, &'static str) {
    match code {
        Code::NotUtf8 => (
            tr(
                "文件用了别的编码（多半是 GBK），程序读不出汉字。",
                "The file is in another encoding, most likely GBK, and cannot be read.",
            ),
            tr("另存时编码选了 ANSI", "saved as ANSI"),
            tr("另存为，编码选 UTF-8", "save it again as UTF-8"),
        ),
        Code::TooLarge => (
            tr("文件太大，不会是一份工作方案。", "The file is too large to be a work plan."),
            tr("把别的文件改名成了 plan.yaml", "another file was renamed to plan.yaml"),
            tr("用 --file 指明真正的方案文件", "name the right file with --file"),
        ),
        Code::EmptyFile => (
            tr("文件里没有内容，或者只有注释。", "There is nothing in the file, or only comments."),
            tr("# 还没有写", "# nothing yet"),
            "plan: …\nunits: …\nsections: …",
        ),
        Code::Syntax => (
            tr(
                "这一处不合 YAML 的写法，程序不知道它是什么意思。常见的是少了括号、引号、空格，或缩进没有对齐。",
                "This place is not valid YAML: a bracket, a quotation mark, a space or the indentation is missing.",
            ),
            "measure: %",
            "measure: \"%\"",
        ),
        Code::Unsupported => (
            tr(
                "方案文件只用键、列表和值，不用锚点、引用、标签、指令和多个文档。",
                "A plan uses keys, lists and values only: no anchors, aliases, tags, directives or second documents.",
            ),
            tr("units: &甲 [财政局]", "units: &a [财政局]"),
            "units: [财政局]",
        ),
        Code::TooDeep => (
            tr("一层套一层超过了限度，方案用不到这么深。", "Nested deeper than any plan needs to be."),
            "[[[[[[[[…",
            "units: [财政局]",
        ),
        Code::ControlCharacter => (
            tr(
                "文件里有看不见的控制字符，多半是从别处粘贴来的。",
                "There is an invisible control character, most likely pasted in.",
            ),
            tr("note: 已完工␛", "note: done␛"),
            tr("note: 已完工", "note: done"),
        ),
        Code::Tab => (
            tr("YAML 的缩进不能用制表符（Tab 键）。", "YAML does not take tabs as indentation."),
            "⇥- id: A1",
            "  - id: A1",
        ),
        Code::DuplicateKey => (
            tr(
                "同一个键在同一处写了两次，只有一个会算数。",
                "The same key stands twice in one place; only one of them can count.",
            ),
            tr(
                "log:\n  - {on: 2023-05-10, note: 甲}\nlog:\n  - {on: 2023-06-10, note: 乙}",
                "log:\n  - {on: 2023-05-10, note: a}\nlog:\n  - {on: 2023-06-10, note: b}",
            ),
            tr(
                "log:\n  - {on: 2023-05-10, note: 甲}\n  - {on: 2023-06-10, note: 乙}",
                "log:\n  - {on: 2023-05-10, note: a}\n  - {on: 2023-06-10, note: b}",
            ),
        ),
        Code::UnknownField => (
            tr(
                "这里没有叫这个名字的字段，多半是拼错了。",
                "There is no field of this name here; it is probably misspelt.",
            ),
            "wordng: 4月底",
            "wording: 4月底",
        ),
        Code::MissingField => (
            tr("少了一个必须写的字段。", "A field is missing that must be written."),
            "- {due: 2023-04-30}",
            "- {what: 发放到户, due: 2023-04-30}",
        ),
        Code::UnknownUnit => (
            tr(
                "单位要先在 units 名录里登记，任务里才能用。这样同一个单位不会写成几个名字。",
                "A unit is registered under `units` before tasks use it, so that it never has two names.",
            ),
            "units: [财证局]",
            "units: [财政局]",
        ),
        Code::WrongType => (
            tr(
                "这里应当是另一种值：数、文字、列表，或“键: 值”。",
                "Another kind of value is expected here: a number, a text, a list, or `key: value`.",
            ),
            tr("target: {at_least: 三百, measure: 个}", "target: {at_least: 300个}"),
            "target: {at_least: 300, measure: 个}",
        ),
        Code::BadDate => (
            tr("不是日期，或者没有这一天。", "Not a date, or there is no such day."),
            "due: 2023-02-30",
            "due: 2023-02-28",
        ),
        Code::FullWidth => (
            tr(
                "字段名后的冒号要用半角，后面空一格。",
                "The colon behind a field's name is an ASCII one, with a space behind it.",
            ),
            "due：2023-04-30",
            "due: 2023-04-30",
        ),
        Code::GluedUnits => (
            tr(
                "几个单位之间用了顿号或全角逗号，被读成了一个单位。",
                "The units are separated by a Chinese comma, so they are read as one.",
            ),
            "units: [财政局、水利局]",
            "units: [财政局, 水利局]",
        ),
        Code::DuplicateId => (
            tr("两项任务用了同一个编号。", "Two tasks have the same id."),
            "- id: C6\n- id: C6",
            "- id: C6\n- id: C7",
        ),
        Code::DuplicateUnit => (
            tr("同一个名称或别名出现了两次。", "The same name or alias stands twice."),
            "units: [财政局, 财政局]",
            "units: [财政局]",
        ),
        Code::AliasIsName => (
            tr(
                "一个单位的别名，正好是另一个单位的名称，说不清指谁。",
                "An alias of one unit is the name of another; nobody could tell which is meant.",
            ),
            "- {name: 供电公司, aliases: [供电分局]}\n- {name: 供电分局}",
            "- {name: 供电公司}\n- {name: 供电分局}",
        ),
        Code::UnknownMember => (
            tr("集体单位的成员也要登记。", "The members of a group are registered too."),
            "- {name: 各乡镇, members: [青山镇]}",
            "- {name: 青山镇}\n- {name: 各乡镇, members: [青山镇]}",
        ),
        Code::GroupInItself => (
            tr(
                "集体单位的成员里，直接或间接地有它自己。",
                "A group has itself among its members, perhaps through another group.",
            ),
            "- {name: 各乡镇, members: [各乡镇]}",
            "- {name: 各乡镇, members: [青山镇]}",
        ),
        Code::NoUnits => (
            tr(
                "任务的 units 是空的，不知道由谁负责。",
                "The task's `units` is empty; nobody is responsible.",
            ),
            "units:",
            "units: [财政局]",
        ),
        Code::NoTarget => (
            tr(
                "目标值要有一个比较词、一个数和一个计量单位。",
                "A target has a comparator, a number and a measure.",
            ),
            "target: {at_least: 5}",
            "target: {at_least: 5, measure: 公里}",
        ),
        Code::OverHundred => (
            tr("百分比的目标不会超过 100。", "A target in percent cannot exceed 100."),
            "target: {at_least: 930, measure: \"%\"}",
            "target: {at_least: 93, measure: \"%\"}",
        ),
        Code::BreakdownSum => (
            tr("分项加起来不等于目标值。", "The parts do not add up to the target."),
            "target: {equals: 12, measure: 人}\nbreakdown: {小学: 7, 初中: 6}",
            "target: {equals: 12, measure: 人}\nbreakdown: {小学: 7, 初中: 5}",
        ),
        Code::StagesOutOfOrder => (
            tr(
                "阶段目标要按时限从早到晚写，数值不减。",
                "Stages stand from the earliest deadline to the latest, and their targets do not fall.",
            ),
            "targets: [{due: 2023-06-30, at_least: 50}, {due: 2023-04-30, at_least: 30}]",
            "targets: [{due: 2023-04-30, at_least: 30}, {due: 2023-06-30, at_least: 50}]",
        ),
        Code::WindowReversed => (
            tr("截止日早于起始日。", "The last day lies before the first."),
            "during: {from: 2023-05-01, to: 2023-04-01}",
            "during: {from: 2023-04-01, to: 2023-05-01}",
        ),
        Code::BeforeThePlan => (
            tr(
                "时限在方案年度之前，多半是年份写错了。",
                "The deadline lies before the plan's year; the year is probably wrong.",
            ),
            "due: 2022-04-30",
            "due: 2023-04-30",
        ),
        Code::RecordOutOfTime => (
            tr("完成的日期早于这件事开始的日期。", "It is said to be done before it began."),
            "- {for: 2023-03, on: 2023-02-27}",
            "- {for: 2023-03, on: 2023-03-27}",
        ),
        Code::BackwardsExtension => (
            tr(
                "延期后的时限并不比原来的晚，或者早于批准的那天。",
                "The extended deadline is not later than the old one, or lies before the day it was granted.",
            ),
            "due: 2023-04-30\nextended: [{on: 2023-04-01, to: 2023-04-15}]",
            "due: 2023-04-30\nextended: [{on: 2023-04-01, to: 2023-05-15}]",
        ),
        Code::PeriodOutsideYear => (
            tr("定期工作的这一期不在方案年度内。", "This period of the duty lies outside the plan's year."),
            "- {for: 2022-12, on: 2023-01-05}",
            "- {for: 2023-12, on: 2024-01-05}",
        ),
        Code::NumericId => (
            tr(
                "不带字母的编号会被读成数字，3.10 会变成 3.1。",
                "YAML reads an id without a letter as a number: 3.10 becomes 3.1.",
            ),
            "id: 3.10",
            "id: C3.10",
        ),
        Code::NeedsQuotes => (
            tr(
                "这里要的是文字，而不加引号的数字、true、false 不是文字。",
                "A text is expected; a bare number, true or false is none.",
            ),
            "summary: 12317",
            "summary: \"12317\"",
        ),
        Code::OneOf => (
            tr("这几种写法只能选一种。", "Only one of these may be written."),
            "- {what: 活动, due: 2023-04-30, during: 2023-04}",
            "- {what: 活动, during: 2023-04}",
        ),
        Code::NotInUnits => (
            tr("牵头单位首先要是责任单位。", "A lead unit is one of the responsible units first."),
            "units: [水利局]\nlead: [财政局]",
            "units: [财政局, 水利局]\nlead: [财政局]",
        ),
        Code::BadAddress => (
            tr("不是电子邮箱，报告会寄不出去。", "Not an e-mail address; reports could not be sent."),
            tr("email: 办公室", "email: office"),
            "email: office@example.org",
        ),
        Code::MeaninglessDone => (
            tr(
                "任务有自己的节点、指标或定期工作时，完成日期写在它们下面；写在任务上不起作用。",
                "Where a task has items of its own, completions are written under them; on the task they count for nothing.",
            ),
            "done: 2023-05-01\nmilestones:\n  - {what: 发放, due: 2023-04-30}",
            "milestones:\n  - {what: 发放, due: 2023-04-30, done: 2023-05-01}",
        ),
        Code::DoneBeforeWindow => (
            tr(
                "在起始日之前就完成了，可能是日期写错。",
                "Finished before the window opens; one of the dates may be wrong.",
            ),
            "{what: 活动, during: 2023-04, done: 2023-03-30}",
            "{what: 活动, during: 2023-04, done: 2023-04-03}",
        ),
        Code::MeasureDiffers => (
            tr(
                "指标按百分比计，这个数却不像百分比。",
                "The indicator is a percentage, and this value does not look like one.",
            ),
            "actuals: [{on: 2023-05-01, value: 930}]",
            "actuals: [{on: 2023-05-01, value: 93}]",
        ),
        Code::FarDeadline => (
            tr(
                "时限在方案年度五年以后，可能是年份写错。",
                "The deadline lies more than five years after the plan's year; the year may be wrong.",
            ),
            "due: 2032-04-30",
            "due: 2023-04-30",
        ),
        Code::FutureRecord => (
            tr("记录的日期还没有到。", "The day of the record has not come yet."),
            "done: 2032-04-28",
            "done: 2023-04-28",
        ),
        Code::RecordBeforePlan => (
            tr("记录的日期早于方案年度。", "The day of the record lies before the plan's year."),
            "done: 2022-04-28",
            "done: 2023-04-28",
        ),
        Code::LateExtension => (
            tr(
                "时限过了以后才批准延期：从时限到批准那天之间，仍算逾期。",
                "The extension was granted after the deadline; until then it was overdue.",
            ),
            "due: 2023-04-30\nextended: [{on: 2023-05-10, to: 2023-05-31}]",
            "due: 2023-04-30\nextended: [{on: 2023-04-20, to: 2023-05-31}]",
        ),
        Code::FinalBlockScalar => (
            tr(
                "文件以一段文字（|）结尾而没有换行，别的程序会读得不同。",
                "The file ends in a block of text without a line end; other programs read it differently.",
            ),
            tr("summary: |\n  最后一段（文件到此为止）", "summary: |\n  the last line, without a line end"),
            tr("summary: 最后一段", "summary: the last line"),
        ),
        Code::PeriodTwice => (
            tr(
                "定期工作的同一期记了两次，以早的为准。",
                "One period of a duty stands twice; the earlier one counts.",
            ),
            "done: [2023-01-30, {for: 2023-01, on: 2023-02-02}]",
            "done: [2023-01-30, {for: 2023-02, on: 2023-03-02}]",
        ),
        Code::RepeatedItem => (
            tr(
                "同一项任务里，名称和时限都相同的一项写了两次，多半是复制后忘了改，统计时会算成两项。",
                "An item of the same name and deadline stands twice in a task, most likely copied and not changed; it counts twice.",
            ),
            "- {what: 发放, due: 2023-04-30}\n- {what: 发放, due: 2023-04-30}",
            "- {what: 发放, due: 2023-04-30}\n- {what: 回收, due: 2023-05-31}",
        ),
        Code::UnusedUnit => (
            tr(
                "登记了这个单位，却没有任务用到它，可能是名称写错。",
                "The unit is registered, but no task names it; the name may be misspelt.",
            ),
            tr("units:\n  - {name: 教育局}    # 没有任务", "units:\n  - {name: 教育局}    # no task"),
            "tasks:\n  - {id: A1, title: 资助, units: [教育局]}",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_with_two_different_examples() {
        for code in Code::ALL {
            let (meaning, wrong, right) = words(*code);
            assert!(!meaning.is_empty() && !wrong.is_empty() && wrong != right, "{}", code.id());
        }
    }
}
