//! A problem in a plan file: its code, where it stands, what is wrong and what to write instead.
//!
//! A wrong file is a value. Loading returns every problem; nothing here prints.

use crate::language::tr;

/// A stretch of the file's text, in bytes; `end` is exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The stretch from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }
}

/// One problem of a plan file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub code: Code,
    /// Where; an empty span at 0 where the whole file is meant.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem at a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code, span, message: message.into(), help: None }
    }

    /// The same problem with advice.
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        Diagnostic { help: Some(help.into()), ..self }
    }

    /// Whether it stops every command.
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The plan cannot be trusted: every command stops.
    Error,
    /// Suspicious but possible: commands go on.
    Warning,
}

impl Severity {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => tr("错误", "error"),
            Severity::Warning => tr("提醒", "warning"),
        }
    }
}

macro_rules! codes {
    ($($name:ident $id:literal $zh:literal $en:literal;)*) => {
        /// Every kind of problem. The letter is its weight: `E` an error, `W` a warning. Codes are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!($id, ": ", $en, ".")] $name,)*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The code as people quote it: `E012`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)* }
            }

            /// What the code means, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => tr($zh, $en),)* }
            }
        }
    };
}

codes! {
    NotUtf8 "E001" "文件不是 UTF-8 编码" "the file is not UTF-8";
    TooLarge "E002" "文件过大" "the file is too large";
    EmptyFile "E003" "文件是空的" "the file is empty";
    Syntax "E004" "YAML 写法有误" "the YAML cannot be read";
    Unsupported "E005" "本文件不用这种 YAML 写法" "a kind of YAML that a plan does not use";
    TooDeep "E006" "嵌套过深" "nested too deeply";
    ControlCharacter "E007" "含有控制字符" "a control character";
    Tab "E008" "用制表符缩进" "a tab as indentation";
    DuplicateKey "E009" "同一个键写了两次" "a key stands twice";
    UnknownField "E010" "没有这个字段" "an unknown field";
    MissingField "E011" "缺少字段" "a field is missing";
    UnknownUnit "E012" "单位不在名录里" "a unit that is not registered";
    WrongType "E013" "值的类型不对" "a value of the wrong type";
    BadDate "E014" "日期不对" "not a date";
    FullWidth "E015" "标点应为半角" "full-width punctuation where ASCII belongs";
    GluedUnits "E016" "几个单位连成了一项" "several units glued into one";
    DuplicateId "E017" "编号重复" "an id stands twice";
    DuplicateUnit "E018" "单位或别名重复" "a unit or alias stands twice";
    AliasIsName "E019" "别名是另一单位的名称" "an alias that is another unit's name";
    UnknownMember "E020" "集体单位的成员不在名录里" "a member that is no unit";
    GroupInItself "E021" "集体单位包含了自己" "a group within itself";
    NoUnits "E022" "没有责任单位" "no responsible unit";
    NoTarget "E023" "目标值不完整" "an incomplete target";
    OverHundred "E024" "百分比超过 100" "a percentage over 100";
    BreakdownSum "E025" "分项之和与目标值不符" "a breakdown that does not add up";
    StagesOutOfOrder "E026" "阶段目标次序不对" "stages out of order";
    WindowReversed "E027" "起止日期颠倒" "a window that ends before it begins";
    BeforeThePlan "E028" "完成时限早于方案年度" "a deadline before the plan's year";
    RecordOutOfTime "E029" "记录的日期不可能" "a record on an impossible day";
    BackwardsExtension "E031" "延期不合理" "an extension that does not extend";
    PeriodOutsideYear "E032" "周期不在方案年度内" "a period outside the plan's year";
    NumericId "E034" "编号会被读成数字" "an id that YAML reads as a number";
    NeedsQuotes "E035" "需要加引号" "quotes are needed";
    OneOf "E036" "几种写法只能选一种" "exactly one of several fields";
    NotInUnits "E037" "牵头单位不在责任单位之列" "a lead unit that is not responsible";
    BadAddress "E038" "电子邮箱不对" "not an e-mail address";
    MeaninglessDone "E039" "此处的 done 没有意义" "a completion that counts for nothing";
    DoneBeforeWindow "W030" "在起始日之前就已完成" "finished before the window opens";
    MeasureDiffers "W033" "数值与计量单位对不上" "a value that does not fit the measure";
    FarDeadline "W040" "完成时限远在方案年度之后" "a deadline long after the plan's year";
    FutureRecord "W041" "记录的日期在今天之后" "a record in the future";
    RecordBeforePlan "W042" "记录的日期早于方案年度" "a record before the plan's year";
    LateExtension "W043" "先过期、后延期" "an extension granted after the deadline";
    FinalBlockScalar "W044" "文末段落缺少换行" "a final block without a line end";
    PeriodTwice "W046" "同一期记了两次" "a period that stands twice";
    RepeatedItem "W047" "同一项写了两次" "an item that stands twice";
    UnusedUnit "W045" "登记了但没有任务的单位" "a unit without any task";
}

impl Code {
    /// Whether it stops commands: the letter of its id says so.
    pub fn severity(self) -> Severity {
        if self.id().starts_with('E') { Severity::Error } else { Severity::Warning }
    }
}

/// A line and a column of a text, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Lines and columns of one text, worked out only when there is something to say.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Reads where the lines of the text begin.
    pub fn of(text: &'t str) -> Lines<'t> {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        Lines { text, starts }
    }

    /// The place of a byte; a byte past the end or inside a character is moved back to the last whole one.
    pub fn place(&self, byte: usize) -> Place {
        let byte = floor_char(self.text, byte);
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        let column = self.text[start..byte].chars().filter(|c| *c != '\u{feff}').count() + 1;
        Place { line, column }
    }

    /// The bytes of the lines that the span touches, and `around` lines before and after it.
    pub fn window(&self, span: Span, around: usize) -> (usize, Span) {
        let first = self.place(span.start).line.saturating_sub(around).max(1);
        let last = (self.place(span.end).line + around).min(self.starts.len());
        let end = self.starts.get(last).copied().unwrap_or(self.text.len());
        (first, Span::new(self.starts[first - 1], end))
    }
}

/// The nearest character boundary at or before `byte`, within the text.
pub fn floor_char(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The longest word for which a near one is looked for, in characters: the search takes the product of both lengths.
const LONGEST_NAME: usize = 60;

/// The known word nearest to what was written, if one is near enough to be meant.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let length = written.chars().count();
    if length > LONGEST_NAME {
        return None;
    }
    // Words of which one is more than twice as long as the other have less than half in common.
    let comparable = |word: &&str| {
        let other = word.chars().count();
        other <= 2 * length && length <= 2 * other
    };
    known
        .into_iter()
        .filter(comparable)
        .map(|word| (strsim::normalized_damerau_levenshtein(written, word), word))
        .filter(|(score, _)| *score >= 0.5)
        // Of words that are equally near the first in the alphabet, so that the same file is always told the same.
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once() {
        let mut ids: Vec<_> = Code::ALL.iter().map(|code| &code.id()[1..]).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "a: 1\n单位: x\n";
        let at = text.find('x').expect("x is in the text");
        assert_eq!(Lines::of(text).place(at), Place { line: 2, column: 5 });
        assert_eq!(Lines::of(text).place(999), Place { line: 3, column: 1 });
        assert_eq!(Lines::of(text).place(6), Place { line: 2, column: 1 });
    }

    #[test]
    fn the_nearest_name_differs_by_one_character() {
        assert_eq!(nearest("财证局", ["教育局", "财政局", "水利局"]), Some("财政局"));
        assert_eq!(nearest("天气", ["财政局"]), None);
    }
}
