//! The shape of the file: which mappings it has, which fields each has, and what a field holds. The one table from which
//! the reader knows the fields and `plan schema` is written.

/// A kind of mapping.
#[derive(Debug)]
pub struct Shape {
    /// Its name in the schema.
    pub id: &'static str,
    /// What it is called in messages.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The fields that it may have, in the order in which people write them.
    pub fields: &'static [Field],
    /// What holds between fields.
    pub rules: &'static [Rule],
}

/// One field of a mapping.
#[derive(Debug)]
pub struct Field {
    /// The key in the file.
    pub key: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be written.
    pub required: bool,
    /// What it means.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

/// What a field holds. An optional field may always be left empty.
#[derive(Debug)]
pub enum Kind {
    /// Words, which YAML must not take for a number or a truth value.
    Text,
    /// The name of one unit.
    Name,
    /// An e-mail address.
    Address,
    /// A number without a measure.
    Number,
    /// A whole number within both bounds.
    Whole(u32, u32),
    /// A day.
    Date,
    /// A month, a quarter or a year.
    Span,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or nothing; the key itself must stand.
    ChoiceOrNothing(&'static [&'static str]),
    /// Numbers by name.
    Numbers,
    /// A mapping.
    Record(&'static Shape),
    /// A list.
    List(&'static Kind),
    /// Any of several.
    Either(&'static [Kind]),
}

/// What holds between the fields of a mapping. A field without a value counts as absent.
#[derive(Debug)]
pub enum Rule {
    /// Exactly one of them is there.
    ExactlyOne(&'static [&'static str]),
    /// At most one of them is there.
    AtMostOne(&'static [&'static str]),
    /// Where the first is, the second is, too.
    Needs(&'static str, &'static str),
}

impl Shape {
    /// The keys of its fields.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|field| field.key)
    }

    /// Whether it has a field of this key.
    pub fn has(&self, key: &str) -> bool {
        self.keys().any(|own| own == key)
    }
}

use Kind::{
    Address, Choice, ChoiceOrNothing, Date, Either, List, Name, Number, Numbers, Record, Span, Text, Whole,
};

const fn must(key: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> Field {
    Field { key, kind, required: true, zh, en }
}

const fn may(key: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> Field {
    Field { key, kind, required: false, zh, en }
}

const NAMES: Kind = List(&Name);
const WINDOW_KIND: Kind = Either(&[Span, Record(&WINDOW)]);
const EXTENSIONS: Kind = List(&Record(&EXTENSION));
const COMPARATORS: &[&str] = &["at_least", "at_most", "equals"];
const GOAL: Kind = Either(&[Number, Choice(&["baseline"])]);

/// The whole file.
pub static FILE: Shape = Shape {
    id: "file",
    zh: "方案文件",
    en: "the file",
    fields: &[
        must("plan", Record(&PLAN), "方案本身：名称、年度、来源", "The plan itself: title, year, source"),
        must("units", List(&Record(&UNIT)), "责任单位名录", "The registry of responsible units"),
        must(
            "sections",
            List(&Record(&SECTION)),
            "板块，照原文的次序",
            "The sections, in the document's order",
        ),
    ],
    rules: &[],
};

/// The plan's own head.
pub static PLAN: Shape = Shape {
    id: "plan",
    zh: "plan 部分",
    en: "the plan",
    fields: &[
        must("title", Text, "方案名称", "The title of the document"),
        must(
            "year",
            Whole(1900, 2900),
            "方案年度；没有写时限的，以这一年的最后一天为限",
            "The plan's year; whatever names no date is due on its last day",
        ),
        may("source", Record(&SOURCE), "原文在哪里发布", "Where the document was published"),
        may(
            "lead",
            Choice(&["first_listed"]),
            "原文写明“列第一位的为牵头单位”时，写 first_listed",
            "`first_listed` where the document says that the first unit listed leads",
        ),
        may("note", Text, "对整个方案的说明", "A remark on the whole plan"),
    ],
    rules: &[],
};

/// Where the document was published.
pub static SOURCE: Shape = Shape {
    id: "source",
    zh: "source 部分",
    en: "the source",
    fields: &[
        may("title", Text, "原文的标题", "The document's own title"),
        may("publisher", Text, "发布机构", "Who published it"),
        may("index", Text, "索引号", "Its index number"),
        may("published", Date, "发布日期", "The day of publication"),
        may("url", Text, "网址", "Its address on the web"),
    ],
    rules: &[],
};

/// A unit of the registry.
pub static UNIT: Shape = Shape {
    id: "unit",
    zh: "单位",
    en: "a unit",
    fields: &[
        must("name", Name, "名称，照原文", "Its name as in the document"),
        may("aliases", NAMES, "别名；查询和书写时都认", "Other names under which it is known"),
        may("email", Address, "收报告和催办单的邮箱", "Where its reports and reminders are sent"),
        may(
            "members",
            NAMES,
            "集体单位的成员；写了 members 就是集体单位",
            "The members of a group; to have `members` makes it one",
        ),
        may("note", Text, "说明，如原文的疑问", "A remark, such as an oddity of the document"),
    ],
    rules: &[],
};

/// A section.
pub static SECTION: Shape = Shape {
    id: "section",
    zh: "板块",
    en: "a section",
    fields: &[
        must("id", Text, "编号，一个字母", "Its id, a letter"),
        must("title", Text, "标题", "Its title"),
        may("source", Text, "在原文中的位置，如 二(三)", "Its place in the document"),
        must("tasks", List(&Record(&TASK)), "任务，照原文的次序", "Its tasks, in the document's order"),
    ],
    rules: &[],
};

/// A task.
pub static TASK: Shape = Shape {
    id: "task",
    zh: "任务",
    en: "a task",
    fields: &[
        must(
            "id",
            Text,
            "编号：板块字母加原文序号，如 C6、A1.3",
            "Its id: the section's letter and the document's number, such as C6 or A1.3",
        ),
        must("title", Text, "题目，用自己的话", "A short title in our own words"),
        may("source", Text, "在原文中的位置，如 二(三)6", "Its place in the document"),
        must(
            "units",
            NAMES,
            "责任单位，照原文的次序；原文没有的写 []",
            "The responsible units in the document's order; `[]` where it names none",
        ),
        may("lead", NAMES, "牵头单位，原文写明的才填", "Lead units, only where the document names them"),
        may("summary", Text, "内容，用自己的话", "What it is about, in our own words"),
        may("note", Text, "说明，如怎样理解原文", "How something in it was read"),
        may(
            "milestones",
            List(&Record(&MILESTONE)),
            "时间节点：到某天必须办成的事",
            "What must have happened by a date",
        ),
        may(
            "indicators",
            List(&Record(&INDICATOR)),
            "指标：用数衡量的目标",
            "What is measured against a target",
        ),
        may("duties", List(&Record(&DUTY)), "经常性工作", "Work that recurs"),
        may("log", List(&Record(&LOG)), "进展记录", "Dated remarks on progress"),
        may(
            "done",
            Date,
            "整项办结的日期；只用于没有节点、指标和定期工作的任务",
            "When it was finished; only for a task without milestones, indicators and recurring duties",
        ),
        may("cancelled", Record(&CANCELLED), "终止", "A decision that ended it"),
    ],
    rules: &[],
};

/// A milestone.
pub static MILESTONE: Shape = Shape {
    id: "milestone",
    zh: "时间节点",
    en: "a milestone",
    fields: &[
        must("what", Text, "要办成什么", "What must have happened"),
        may("due", Date, "完成时限", "The last day"),
        may(
            "during",
            WINDOW_KIND,
            "起止：2023-04、2023Q2、2023 或 {from: …, to: …}",
            "A window: 2023-04, 2023Q2, 2023 or {from: …, to: …}",
        ),
        may("within", Record(&WITHIN), "相对时限：某事之后多少天内", "So many days after something"),
        may(
            "triggers",
            List(&Record(&TRIGGER)),
            "相对时限的每次触发",
            "Each time that the relative deadline was set off",
        ),
        may("wording", Text, "原文的时限用语，如 4月底前", "The document's own phrase for the deadline"),
        may("note", Text, "说明", "How it was read"),
        may("units", NAMES, "只由其中几家负责时写", "Responsible units narrower than the task's"),
        may("done", Date, "完成日期；没有完成就不写", "When it happened; absent until then"),
        may("extended", EXTENSIONS, "延期", "Decisions that moved the deadline"),
        may("cancelled", Record(&CANCELLED), "终止", "A decision that ended it"),
    ],
    rules: &[Rule::ExactlyOne(&["due", "during", "within"]), Rule::Needs("triggers", "within")],
};

/// The two ends of a window.
pub static WINDOW: Shape = Shape {
    id: "window",
    zh: "起止日期",
    en: "a window",
    fields: &[must("from", Date, "起始日", "The first day"), must("to", Date, "截止日", "The last day")],
    rules: &[],
};

/// A relative deadline.
pub static WITHIN: Shape = Shape {
    id: "within",
    zh: "相对时限",
    en: "a relative deadline",
    fields: &[
        must("days", Whole(0, 3660), "天数", "The number of days"),
        must("after", Text, "从什么事算起，如 收到上级资金", "After what"),
    ],
    rules: &[],
};

/// One time that a relative deadline was set off.
pub static TRIGGER: Shape = Shape {
    id: "trigger",
    zh: "触发记录",
    en: "a trigger",
    fields: &[
        must("on", Date, "触发的日期", "The day of the event"),
        may("what", Text, "哪一次，如 第一批", "Which one"),
        may("done", Date, "这一次的完成日期", "When what had to follow was finished"),
        may("extended", EXTENSIONS, "延期", "Decisions that moved the deadline"),
    ],
    rules: &[],
};

/// An indicator.
pub static INDICATOR: Shape = Shape {
    id: "indicator",
    zh: "指标",
    en: "an indicator",
    fields: &[
        must("name", Text, "指标名称", "What is measured"),
        may(
            "kind",
            Choice(&["target", "coverage"]),
            "coverage 表示要全部覆盖；不写就是一般目标",
            "`coverage` where everyone counted is to be reached; else a plain target",
        ),
        may("target", Record(&TARGET), "目标值", "The target"),
        may("targets", List(&Record(&STAGE)), "阶段目标，按时限先后", "Dated targets, the earliest first"),
        may(
            "measure",
            Text,
            "计量单位；百分号写成 \"%\"",
            "The measure word; a percent sign is written \"%\"",
        ),
        may("baseline", Record(&BASELINE), "基数", "What the target is relative to"),
        may(
            "breakdown",
            Numbers,
            "分项，如 {小学: 7, 初中: 5}；加起来要等于目标值",
            "Its parts by name; they add up to the target",
        ),
        may(
            "due",
            Date,
            "完成时限；原文没有给日期就不写",
            "The last day; absent where the document names none",
        ),
        may("during", WINDOW_KIND, "起止", "A window"),
        may("wording", Text, "原文的时限用语", "The document's own phrase for the deadline"),
        may("note", Text, "说明", "How it was read"),
        may("units", NAMES, "只由其中几家负责时写", "Responsible units narrower than the task's"),
        may("actuals", List(&Record(&ACTUAL)), "完成数，按日期", "The values that were reported"),
        may("extended", EXTENSIONS, "延期", "Decisions that moved the deadline"),
        may("cancelled", Record(&CANCELLED), "终止", "A decision that ended it"),
    ],
    rules: &[
        Rule::ExactlyOne(&["target", "targets"]),
        Rule::AtMostOne(&["due", "during"]),
        Rule::AtMostOne(&["targets", "due"]),
        Rule::AtMostOne(&["targets", "during"]),
        Rule::AtMostOne(&["targets", "extended"]),
        Rule::Needs("targets", "measure"),
    ],
};

/// A target without stages.
pub static TARGET: Shape = Shape {
    id: "target",
    zh: "目标值",
    en: "a target",
    fields: &[
        may(
            "at_least",
            GOAL,
            "不低于；写 baseline 表示不低于基数",
            "Not below; `baseline` for the baseline itself",
        ),
        may("at_most", GOAL, "不高于", "Not above"),
        may("equals", GOAL, "等于", "Exactly"),
        may(
            "measure",
            Text,
            "计量单位；百分号写成 \"%\"",
            "The measure word; a percent sign is written \"%\"",
        ),
    ],
    rules: &[Rule::ExactlyOne(COMPARATORS)],
};

/// One of several dated targets.
pub static STAGE: Shape = Shape {
    id: "stage",
    zh: "阶段目标",
    en: "a stage",
    fields: &[
        may("at_least", GOAL, "不低于", "Not below"),
        may("at_most", GOAL, "不高于", "Not above"),
        may("equals", GOAL, "等于", "Exactly"),
        may("due", Date, "这一阶段的时限", "The last day of the stage"),
        may("during", WINDOW_KIND, "起止", "A window"),
        may("wording", Text, "原文的时限用语", "The document's own phrase for the deadline"),
        may("extended", EXTENSIONS, "延期", "Decisions that moved the deadline"),
    ],
    rules: &[Rule::ExactlyOne(COMPARATORS), Rule::ExactlyOne(&["due", "during"])],
};

/// What a target is relative to.
pub static BASELINE: Shape = Shape {
    id: "baseline",
    zh: "基数",
    en: "a baseline",
    fields: &[
        must("what", Text, "是什么，如 2022年发放量", "What it is"),
        may(
            "value",
            Number,
            "数值；还不知道时写 ~，此前不作评估",
            "Its value; `~` while it is not known, and nothing is assessed until then",
        ),
        may("measure", Text, "计量单位", "Its measure word"),
    ],
    rules: &[],
};

/// A reported value.
pub static ACTUAL: Shape = Shape {
    id: "actual",
    zh: "完成数",
    en: "a value",
    fields: &[
        must("on", Date, "截至哪一天", "The day from which it is known"),
        must("value", Number, "累计数，不带计量单位", "The value so far, without its measure"),
        may("unit", Name, "报送单位", "Who reported it"),
        may("note", Text, "说明", "A remark"),
    ],
    rules: &[],
};

/// A duty.
pub static DUTY: Shape = Shape {
    id: "duty",
    zh: "经常性工作",
    en: "a duty",
    fields: &[
        must("what", Text, "做什么", "What recurs"),
        must(
            "every",
            ChoiceOrNothing(&["month", "quarter", "year"]),
            "频次；常态化写 ~",
            "How often; `~` for no stated frequency",
        ),
        may("wording", Text, "原文的频次用语", "The document's own phrase"),
        may("note", Text, "说明", "How it was read"),
        may("units", NAMES, "只由其中几家负责时写", "Responsible units narrower than the task's"),
        may(
            "done",
            Either(&[Date, Record(&DUTY_DONE), List(&Either(&[Date, Record(&DUTY_DONE)]))]),
            "完成的各期：日期，或 {for: 2023-02, on: 2023-03-02}",
            "The periods that were done: a date, or {for: 2023-02, on: 2023-03-02}",
        ),
        may("cancelled", Record(&CANCELLED), "终止", "A decision that ended it"),
    ],
    rules: &[],
};

/// One period of a duty, done.
pub static DUTY_DONE: Shape = Shape {
    id: "duty_done",
    zh: "完成记录",
    en: "a completion",
    fields: &[
        may(
            "for",
            Span,
            "哪一期；不写就是完成日期所在的一期",
            "Which period; else the one in which the day falls",
        ),
        must("on", Date, "完成日期", "When it was done"),
        may("unit", Name, "报送单位", "Who reported it"),
        may("note", Text, "说明", "A remark"),
    ],
    rules: &[],
};

/// An extension.
pub static EXTENSION: Shape = Shape {
    id: "extension",
    zh: "延期",
    en: "an extension",
    fields: &[
        must("on", Date, "批准日期；从这一天起按新时限算", "From this day the new deadline is in force"),
        must("to", Date, "新的时限", "The new deadline"),
        may("why", Text, "原因", "The reason"),
    ],
    rules: &[],
};

/// A cancellation.
pub static CANCELLED: Shape = Shape {
    id: "cancelled",
    zh: "终止",
    en: "a cancellation",
    fields: &[
        must("on", Date, "从哪一天起终止", "From this day it is neither due nor counted"),
        may("why", Text, "原因", "The reason"),
    ],
    rules: &[],
};

/// A remark on a task's progress.
pub static LOG: Shape = Shape {
    id: "log",
    zh: "进展记录",
    en: "a log entry",
    fields: &[
        must("on", Date, "日期", "The day"),
        may("unit", Name, "报送单位", "Who reported it"),
        may("note", Text, "进展", "What happened"),
        may("issue", Text, "存在问题", "What stands in the way"),
        may("next", Text, "下一步", "What comes next"),
    ],
    rules: &[],
};
