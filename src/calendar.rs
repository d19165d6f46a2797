//! Days, months, quarters and years of the Gregorian calendar, and the ways in which people write them.
//!
//! No clock: a function that needs to know the day is told it.

use chrono::{Datelike, Days, Months, NaiveDate};

/// A stretch of whole days, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day, inclusive.
    pub first: NaiveDate,
    /// Last day, inclusive.
    pub last: NaiveDate,
    /// What people call it.
    pub name: PeriodName,
}

/// What people call a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodName {
    /// 2023年6月: year and month 1 to 12.
    Month(i32, u32),
    /// 2023年第二季度.
    Quarter(Quarter),
    /// 2023年.
    Year(i32),
    /// Any other stretch of days.
    Span,
}

/// Three calendar months of a year (季度).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// The calendar year.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

/// A length of time that a person asks for: `30d`, `2w`, `3m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// Days.
    Days(u32),
    /// Calendar months.
    Months(u32),
}

/// The earliest and latest years that a date may have.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

impl Period {
    /// The calendar month; `None` where there is none such.
    pub fn month(year: i32, month: u32) -> Option<Period> {
        let first = day(year, month, 1)?;
        Some(Period { first, last: month_end(first), name: PeriodName::Month(year, month) })
    }

    /// The quarter 1 to 4 of the year; `None` where there is none such.
    pub fn quarter(year: i32, number: u32) -> Option<Period> {
        if !(1..=4).contains(&number) {
            return None;
        }
        let first = day(year, number * 3 - 2, 1)?;
        let last = month_end(day(year, number * 3, 1)?);
        Some(Period { first, last, name: PeriodName::Quarter(Quarter { year, number }) })
    }

    /// The quarter in which a day lies; `None` outside the years 1900 to 2999.
    pub fn quarter_of(day: NaiveDate) -> Option<Period> {
        Period::quarter(day.year(), day.month0() / 3 + 1)
    }

    /// The calendar year; `None` outside the years 1900 to 2999.
    pub fn year(year: i32) -> Option<Period> {
        Some(Period { first: day(year, 1, 1)?, last: day(year, 12, 31)?, name: PeriodName::Year(year) })
    }

    /// The days from `first` to `last`, both inclusive.
    pub fn span(first: NaiveDate, last: NaiveDate) -> Period {
        Period { first, last, name: PeriodName::Span }
    }

    /// Whether the day lies within.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// The period of the same kind right after this one; a span is followed by one of as many days.
    pub fn next(&self) -> Option<Period> {
        match self.name {
            PeriodName::Month(year, 12) => Period::month(year + 1, 1),
            PeriodName::Month(year, month) => Period::month(year, month + 1),
            PeriodName::Quarter(Quarter { year, number: 4 }) => Period::quarter(year + 1, 1),
            PeriodName::Quarter(Quarter { year, number }) => Period::quarter(year, number + 1),
            PeriodName::Year(year) => Period::year(year + 1),
            PeriodName::Span => {
                let first = self.last.succ_opt()?;
                let days = u64::try_from((self.last - self.first).num_days()).ok()?;
                Some(Period::span(first, first.checked_add_days(Days::new(days))?))
            }
        }
    }

    /// The identifier in data: `2023-06`, `2023Q2`, `2023`, or both ends.
    pub fn id(&self) -> String {
        match self.name {
            PeriodName::Month(year, month) => format!("{year}-{month:02}"),
            PeriodName::Quarter(Quarter { year, number }) => format!("{year}Q{number}"),
            PeriodName::Year(year) => year.to_string(),
            PeriodName::Span => format!("{}/{}", self.first, self.last),
        }
    }

    /// The months of the year from January to December.
    pub fn months_of(year: i32) -> impl Iterator<Item = Period> {
        (1..=12).filter_map(move |month| Period::month(year, month))
    }

    /// The four quarters of the year.
    pub fn quarters_of(year: i32) -> impl Iterator<Item = Period> {
        (1..=4).filter_map(move |number| Period::quarter(year, number))
    }
}

impl Duration {
    /// Reads `30d`, `2w`, `3m`, `30天`, `2周`, `3个月`, or a bare number of days.
    pub fn parse(text: &str) -> Option<Duration> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let count: u32 = text[..end].parse().ok()?;
        match &text[end..] {
            "" | "d" | "天" | "日" => Some(Duration::Days(count)),
            "w" | "周" | "星期" => Some(Duration::Days(count.checked_mul(7)?)),
            "m" | "月" | "个月" => Some(Duration::Months(count)),
            _ => None,
        }
    }

    /// The day that lies this long after `day`; `None` past the end of the calendar.
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Duration::Days(days) => day.checked_add_days(Days::new(days.into())),
            Duration::Months(months) => day.checked_add_months(Months::new(months)),
        }
    }
}

/// The last day of the month in which `day` lies.
pub fn month_end(day: NaiveDate) -> NaiveDate {
    let next = if day.month() == 12 {
        NaiveDate::from_ymd_opt(day.year() + 1, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(day.year(), day.month() + 1, 1)
    };
    next.and_then(|next| next.pred_opt()).unwrap_or(day)
}

/// 序时进度: the days of the year that have passed by the evening of `day`, in percent of the year's days.
///
/// 0 before the year, 100 after it (semantics, section 5).
pub fn pace(day: NaiveDate, year: i32) -> f64 {
    if day.year() < year {
        return 0.0;
    }
    if day.year() > year {
        return 100.0;
    }
    let days = if day.leap_year() { 366.0 } else { 365.0 };
    f64::from(day.ordinal()) / days * 100.0
}

/// Reads a whole date that stands for itself: `2023-06-30`, `2023/6/30`, `20230630`, `2023年6月30日`, or a month
/// (`2023-06`, `2023/6`, `2023年6月`), which means its last day.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let (numbers, shape) = split_numbers(text)?;
    match (numbers.as_slice(), shape.as_str()) {
        ([y, m, d], "--" | "//" | "年月日" | "年月" | "..") => day(year_of(y)?, small(m)?, small(d)?),
        ([y, m], "-" | "/" | "年月" | "年") => Some(month_end(day(year_of(y)?, small(m)?, 1)?)),
        ([all], "") if all.len() == 8 => day(year_of(&all[..4])?, small(&all[4..6])?, small(&all[6..])?),
        _ => None,
    }
}

/// Reads a day in all the ways that people write one (semantics, section 6): [`parse_date`], `today` and 今天,
/// and the document's own phrases in the plan's year: `4月底前`, `6月底`, `10月前`, `年底`, `年内`, `到2025年`.
pub fn parse_day(text: &str, year: i32, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim();
    if matches!(text, "today" | "今天" | "今日") {
        return Some(today);
    }
    parse_date(text).or_else(|| parse_phrase(text, year))
}

/// Reads the document's phrases for a deadline, in the plan's year where they name none.
pub fn parse_phrase(text: &str, year: i32) -> Option<NaiveDate> {
    let text = text.trim();
    let text = text.strip_prefix('到').unwrap_or(text);
    let (year, rest) = match text.split_once('年') {
        Some(("", rest)) => (year, rest),
        Some((digits, rest)) if digits.len() == 4 => (year_of(digits)?, rest),
        Some(_) => return None,
        None => (year, text),
    };
    if matches!(rest, "底" | "底前" | "内" | "末" | "") && text.contains('年') {
        return day(year, 12, 31);
    }
    let (month, ending) = rest.split_once('月')?;
    let first = day(year, small(month)?, 1)?;
    match ending {
        "底" | "底前" | "末" | "" | "份" => Some(month_end(first)),
        "前" => first.pred_opt(),
        _ => {
            let date = ending.strip_suffix('前').unwrap_or(ending);
            day(year, first.month(), small(date.strip_suffix('日')?)?)
        }
    }
}

/// Reads a quarter: `2`, `Q2`, `2023Q2`, `2023-Q2`, `二季度`, `第二季度`, `2季度`, `2023年二季度`; in `year` where it names none.
pub fn parse_quarter(text: &str, year: i32) -> Option<Period> {
    let text = text.trim();
    let (year, rest) = leading_year(text, year)?;
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let rest = rest.strip_suffix("季度").unwrap_or(rest);
    let rest = rest.strip_prefix(['Q', 'q']).unwrap_or(rest);
    let number = match rest {
        "1" | "一" => 1,
        "2" | "二" => 2,
        "3" | "三" => 3,
        "4" | "四" => 4,
        _ => return None,
    };
    Period::quarter(year, number)
}

/// Reads a month: `6`, `06`, `6月`, `2023-06`, `2023/6`, `2023年6月`; in `year` where it names none.
pub fn parse_month(text: &str, year: i32) -> Option<Period> {
    let text = text.trim();
    let (year, rest) = leading_year(text, year)?;
    let rest = rest.strip_suffix("份").unwrap_or(rest);
    Period::month(year, small(rest.strip_suffix('月').unwrap_or(rest))?)
}

/// Reads a window as the file writes it: `2023-04`, `2023Q2` or `2023`.
pub fn parse_window(text: &str) -> Option<Period> {
    let text = text.trim();
    if text.len() == 4 {
        return Period::year(year_of(text)?);
    }
    let digits = text.get(..4)?;
    let year = year_of(digits)?;
    let rest = text.get(4..)?;
    if let Some(number) = rest.strip_prefix('Q') {
        return Period::quarter(year, small(number)?);
    }
    Period::month(year, small(rest.strip_prefix('-')?)?)
}

/// A year at the start of the text, with whatever separates it, and the rest.
fn leading_year(text: &str, year: i32) -> Option<(i32, &str)> {
    match text.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit())) {
        None => Some((year, text)),
        Some(digits) => {
            let rest = text.get(4..)?;
            Some((year_of(digits)?, rest.strip_prefix(['-', '/', '年']).unwrap_or(rest)))
        }
    }
}

/// The runs of digits, and the characters between and behind them.
fn split_numbers(text: &str) -> Option<(Vec<String>, String)> {
    let mut numbers: Vec<String> = Vec::new();
    let mut shape = String::new();
    let mut in_number = false;
    for c in text.chars() {
        match (c.is_ascii_digit(), in_number) {
            (true, true) => numbers.last_mut()?.push(c),
            (true, false) => {
                numbers.push(c.to_string());
                in_number = true;
            }
            (false, true) => {
                shape.push(c);
                in_number = false;
            }
            (false, false) => return None,
        }
        if numbers.len() > 3 {
            return None;
        }
    }
    Some((numbers, shape))
}

fn year_of(digits: &str) -> Option<i32> {
    if digits.len() != 4 { None } else { digits.parse().ok() }
}

/// A month or day of one or two digits.
fn small(digits: &str) -> Option<u32> {
    let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if YEARS.contains(&year) { NaiveDate::from_ymd_opt(year, month, day) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        parse_date(text).expect("a date that the test wrote")
    }

    #[test]
    fn a_day_is_read_in_every_way_people_write_it() {
        for text in
            ["2023-06-30", "2023/6/30", "20230630", "2023年6月30日", "2023-06", "2023年6月", "2023/06"]
        {
            assert_eq!(parse_date(text), NaiveDate::from_ymd_opt(2023, 6, 30), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2023-02-30",
            "23-04-30",
            "2023- 4-30",
            "2023",
            "2023-13",
            "",
            "2023-06-30-01",
            "-2023-06-30",
            "2023-6/3",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn the_documents_phrases_mean_their_last_day() {
        let today = d("2023-05-05");
        for (text, day) in [
            ("4月底前", "2023-04-30"),
            ("6月底", "2023-06-30"),
            ("10月前", "2023-09-30"),
            ("年底", "2023-12-31"),
            ("年内", "2023-12-31"),
            ("到2025年", "2025-12-31"),
            ("到2025年底", "2025-12-31"),
            ("到2023年底", "2023-12-31"),
            ("4月15日前", "2023-04-15"),
            ("today", "2023-05-05"),
        ] {
            assert_eq!(parse_day(text, 2023, today), Some(d(day)), "{text}");
        }
        assert_eq!(parse_day("1月前", 2023, today), Some(d("2022-12-31")));
        assert_eq!(parse_day("13月底", 2023, today), None);
    }

    #[test]
    fn a_quarter_is_three_months_with_both_ends() {
        for text in ["2", "Q2", "q2", "2023Q2", "2023-Q2", "二季度", "第二季度", "2季度", "2023年二季度"]
        {
            let quarter = parse_quarter(text, 2023).expect(text);
            assert_eq!((quarter.first, quarter.last), (d("2023-04-01"), d("2023-06-30")), "{text}");
        }
        assert_eq!(parse_quarter("2025Q4", 2023).map(|q| q.last), Some(d("2025-12-31")));
        for text in ["0", "5", "Q", "2023", "季度", "12"] {
            assert_eq!(parse_quarter(text, 2023), None, "{text}");
        }
    }

    #[test]
    fn a_month_is_read_with_or_without_its_year() {
        for text in ["6", "06", "6月", "6月份", "2023-06", "2023/6", "2023年6月"] {
            assert_eq!(parse_month(text, 2023).map(|m| m.last), Some(d("2023-06-30")), "{text}");
        }
        assert_eq!(parse_month("2024-02", 2023).map(|m| m.last), Some(d("2024-02-29")));
        assert_eq!(parse_month("13", 2023), None);
    }

    #[test]
    fn a_window_of_the_file_is_a_month_a_quarter_or_a_year() {
        assert_eq!(parse_window("2023-04").map(|p| p.last), Some(d("2023-04-30")));
        assert_eq!(parse_window("2023Q2").map(|p| p.first), Some(d("2023-04-01")));
        assert_eq!(parse_window("2023").map(|p| p.last), Some(d("2023-12-31")));
        assert_eq!(parse_window("2023-04-01"), None);
        assert_eq!(parse_window("四月"), None);
    }

    #[test]
    fn half_of_2023_has_passed_by_the_end_of_june() {
        assert!((pace(d("2023-06-30"), 2023) - 181.0 / 365.0 * 100.0).abs() < 1e-9);
        assert_eq!(pace(d("2022-12-31"), 2023), 0.0);
        assert_eq!(pace(d("2023-12-31"), 2023), 100.0);
        assert_eq!(pace(d("2024-03-01"), 2023), 100.0);
    }

    #[test]
    fn durations_count_days_weeks_and_months() {
        let day = d("2023-01-31");
        assert_eq!(Duration::parse("30d").and_then(|x| x.after(day)), Some(d("2023-03-02")));
        assert_eq!(Duration::parse("2w").and_then(|x| x.after(day)), Some(d("2023-02-14")));
        assert_eq!(Duration::parse("1m").and_then(|x| x.after(day)), Some(d("2023-02-28")));
        assert_eq!(Duration::parse("4294967295m").and_then(|x| x.after(day)), None);
        assert_eq!(Duration::parse("-1d"), None);
        assert_eq!(Duration::parse("1y"), None);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,12}") {
            let today = d("2023-05-05");
            let _ = (parse_day(&text, 2023, today), parse_quarter(&text, 2023), parse_month(&text, 2023));
            let _ = (parse_window(&text), Duration::parse(&text));
        }

        #[test]
        fn every_day_lies_in_exactly_one_quarter_and_month_of_its_year(n in 0u64..365) {
            let day = d("2023-01-01") + Days::new(n);
            prop_assert_eq!(Period::quarters_of(2023).filter(|p| p.contains(day)).count(), 1);
            prop_assert_eq!(Period::months_of(2023).filter(|p| p.contains(day)).count(), 1);
        }

        #[test]
        fn the_next_period_begins_the_day_after(month in 1u32..=12) {
            let period = Period::month(2023, month).expect("a month");
            prop_assert_eq!(period.next().map(|p| p.first), period.last.succ_opt());
        }
    }
}
