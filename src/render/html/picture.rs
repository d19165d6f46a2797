//! Pictures drawn in the page: bars, and the year's deadlines. Each says in words what it shows.

use crate::document::{Series, Timeline, Tone, percent};
use crate::language::tr;
use crate::render::html::cell::class;
use crate::render::wrap::clean;
use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};
use std::fmt::Write;

/// A bar with the pace mark. `share` and `mark` in percent; what is above 100 fills it. The words stand beside it, so
/// that only the mark needs any of its own.
pub fn bar(share: f64, mark: Option<f64>, tone: Tone) -> Markup {
    let filled = share.clamp(0.0, 100.0);
    let (filled, class) = (place(if filled.is_nan() { 0.0 } else { filled }), class(tone));
    let drawn = html! {
        rect.track width="100" height="8" {}
        rect.fill width=(filled) height="8" {}
    };
    match mark {
        None => html! {
            svg.(class) viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" { (drawn) }
        },
        Some(mark) => html! {
            svg.(class) viewBox="0 0 100 8" preserveAspectRatio="none" role="img" {
                title { (tr("序时进度 ", "pace ")) (percent(mark)) }
                (drawn)
                path.mark d={ "M" (place(mark.clamp(0.0, 100.0))) ",-3V11" } {}
            }
        },
    }
}

/// The year's deadlines twice: months side by side for a wide page, under each other for a phone. The style shows one.
/// `names`: those of the picture's title and of its description.
pub fn timeline(timeline: &Timeline, names: &[String; 2]) -> Markup {
    let total: usize = timeline.series.iter().map(Series::count).sum();
    if total == 0 {
        return html! {};
    }
    let wide = Wide::of(timeline);
    let narrow = Narrow::of(timeline);
    let [title, description] = names;
    let legend = legend(timeline, wide.each.max(narrow.each));
    html! {
        figure.timeline {
            figcaption { (tr("全年时限", "Deadlines of the year")) (legend) }
            (wide.draw(timeline, html! {
                title id=(title) { (heading(timeline, total)) }
                desc id=(description) { (words(timeline)) }
            }, names))
            (narrow.draw(timeline, names))
        }
    }
}

fn heading(timeline: &Timeline, total: usize) -> String {
    let (first, last, day) = (timeline.span.0, timeline.span.1, timeline.day);
    tr(
        format!("{first} 至 {last} 的{total}个考核点，截至 {day}"),
        format!("{total} checkpoints from {first} to {last}, as of {day}"),
    )
}

/// What the picture shows, month by month.
fn words(timeline: &Timeline) -> String {
    let month = |month: &Month| {
        let count = |series: &Series| {
            let count = month.count(series);
            (count > 0).then(|| format!("{}{}{count}", clean(&series.word), tr("", " ")))
        };
        let counts: Vec<_> = timeline.series.iter().filter_map(count).collect();
        let counts = counts.join(tr("、", ", "));
        (!counts.is_empty()).then(|| format!("{}{}{counts}", month.name(), tr("：", ": ")))
    };
    months(timeline).iter().filter_map(month).collect::<Vec<_>>().join(tr("；", "; "))
}

fn legend(timeline: &Timeline, each: usize) -> Markup {
    html! {
        ul.legend {
            @for series in &timeline.series {
                li {
                    svg.(class(series.tone)) viewBox="0 0 12 12" aria-hidden="true" {
                        path class=[is_open(series.key)] d=(shape(series.key, 6.0, 6.0, 10.0)) {}
                    }
                    (clean(&series.word)) " " b { (series.count()) }
                }
            }
            @if each > 1 {
                li { (tr(format!("每个图形代表{each}个"), format!("each mark stands for {each}"))) }
            }
            @if timeline.outside > 0 {
                li {
                    (tr(
                        format!("时限在全年以外的{}个未画", timeline.outside),
                        format!("{} due outside of the year are not drawn", timeline.outside),
                    ))
                }
            }
        }
    }
}

/// How many checkpoints one mark may stand for, where there are too many for a mark each.
const EACH: [usize; 13] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/// Months side by side; above the axis stacks of marks, which grow to the left where they would be too high.
struct Wide {
    each: usize,
    /// The side of a mark's place.
    cell: f64,
    stacks: Vec<Stack>,
}

/// The marks of one day, or of a few days that follow each other closely.
struct Stack {
    /// The place of its right side.
    right: f64,
    /// For each series how many.
    marks: Vec<usize>,
}

const WIDTH: f64 = 1040.0;
/// The room above the axis for stacks, and above that for the words at the day's mark.
const STACK: f64 = 118.0;
const TOP: f64 = 24.0;

impl Wide {
    fn of(timeline: &Timeline) -> Wide {
        let sizes = [13.0, 11.0, 9.0, 7.0];
        let attempts = EACH.iter().flat_map(|each| sizes.iter().map(move |cell| (*each, *cell)));
        let fitting = attempts.map(|(each, cell)| Wide::at(timeline, each, cell)).find(|(_, fits)| *fits);
        fitting.unwrap_or_else(|| Wide::at(timeline, EACH[EACH.len() - 1], 7.0)).0
    }

    /// The stacks at a scale, and whether each stands where it belongs.
    fn at(timeline: &Timeline, each: usize, cell: f64) -> (Wide, bool) {
        let mut wide = Wide { each, cell, stacks: Vec::new() };
        let (mut edge, mut fits) = (0.0, true);
        for days in near(timeline, cell) {
            let count = |series: &Series| count(series, days).div_ceil(each);
            let marks: Vec<usize> = timeline.series.iter().map(count).collect();
            let right = x(timeline, days.1) + DAY;
            let width = wide.columns(&marks) as f64 * cell;
            // A stack may stand a little to the right of its day, but not on top of the one before it.
            let moved = right.max(edge + width);
            fits &= moved - right <= cell && moved <= WIDTH;
            edge = moved;
            wide.stacks.push(Stack { right: moved, marks });
        }
        (wide, fits)
    }

    fn rows(&self) -> usize {
        (STACK / self.cell) as usize
    }

    fn columns(&self, marks: &[usize]) -> usize {
        marks.iter().sum::<usize>().div_ceil(self.rows())
    }

    fn draw(&self, timeline: &Timeline, words: Markup, names: &[String; 2]) -> Markup {
        let axis = TOP + STACK;
        let height = axis + 26.0;
        let day = timeline.day;
        let shown = timeline.span.0 <= day && day <= timeline.span.1;
        let at = x(timeline, day) + DAY + 1.0;
        let (anchor, beside) = if at > WIDTH - 150.0 { ("end", -6.0) } else { ("start", 6.0) };
        let band = band(timeline);
        html! {
            svg.wide viewBox={ "0 0 " (WIDTH) " " (height) } role="img"
                aria-labelledby=(names[0]) aria-describedby=(names[1]) {
                (words)
                @if let Some((left, width)) = band {
                    rect.period x=(place(left)) y=(TOP) width=(place(width)) height=(STACK) {}
                }
                @for month in months(timeline) {
                    @let (left, right) = (x(timeline, month.first), x(timeline, month.last) + DAY);
                    path.grid d={ "M" (place(right)) "," (TOP) "V" (axis + 5.0) } {}
                    text.month x=(place((left + right) / 2.0)) y=(axis + 20.0) text-anchor="middle" { (month.name()) }
                }
                path.axis d={ "M0," (axis) "H" (WIDTH) } {}
                @for (at, series) in timeline.series.iter().enumerate() {
                    g.(class(series.tone)) {
                        path class=[is_open(series.key)] d=(self.path(at, series.key, axis)) {}
                    }
                }
                @if shown {
                    path.day d={ "M" (place(at)) ",6V" (axis + 5.0) } {}
                    text.day x=(place(at + beside)) y="15" text-anchor=(anchor) { (tr("截至 ", "as of ")) (day) }
                }
            }
        }
    }

    /// All marks of one series.
    fn path(&self, series: usize, key: &str, axis: f64) -> String {
        let mut path = String::new();
        for Stack { right, marks } in &self.stacks {
            let columns = self.columns(marks);
            let below: usize = marks[..series].iter().sum();
            for at in below..below + marks[series] {
                let (column, row) = (at / self.rows(), at % self.rows());
                let x = right - (columns - column) as f64 * self.cell + self.cell / 2.0;
                let y = axis - (row as f64 + 0.5) * self.cell - 2.0;
                path.push_str(&shape(key, x, y, self.cell - 2.0));
            }
        }
        path
    }
}

/// The due days in runs, by first and last day: those that lie too close for a stack each stand together, but neither
/// across the end of a month nor across the day on which the reader stands.
fn near(timeline: &Timeline, cell: f64) -> Vec<(NaiveDate, NaiveDate)> {
    let mut days: Vec<NaiveDate> =
        timeline.series.iter().flat_map(|series| series.days.iter().map(|(day, _)| *day)).collect();
    days.sort_unstable();
    let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        let side = |other: NaiveDate| (other.year(), other.month(), other > timeline.day);
        match runs.last_mut() {
            Some((first, last))
                if side(*first) == side(day) && x(timeline, day) - x(timeline, *first) < cell =>
            {
                *last = day;
            }
            _ => runs.push((day, day)),
        }
    }
    runs
}

/// How many of a series are due on the days from the first to the last, both inclusive.
fn count(series: &Series, (first, last): (NaiveDate, NaiveDate)) -> usize {
    series.days.iter().filter(|(day, _)| first <= *day && *day <= last).map(|(_, count)| count).sum()
}

/// The width of one day, about.
const DAY: f64 = (WIDTH - 8.0) / 366.0;

/// Where a day begins, from the left.
fn x(timeline: &Timeline, day: NaiveDate) -> f64 {
    let (first, last) = timeline.span;
    let days = (last - first).num_days().max(1) as f64 + 1.0;
    let day = day.max(first).min(last);
    2.0 + (day - first).num_days() as f64 / days * (WIDTH - 4.0 - DAY)
}

/// The left end and the width of the period, as far as it is shown; none where it is all of the span.
fn band(timeline: &Timeline) -> Option<(f64, f64)> {
    let (first, last) = timeline.span;
    let (from, to) = (timeline.period.0.max(first), timeline.period.1.min(last));
    if from > to || (from, to) == (first, last) {
        return None;
    }
    let left = x(timeline, from);
    Some((left, x(timeline, to) + DAY - left))
}

/// Months under each other, each with its marks in lines.
struct Narrow {
    each: usize,
    rows: Vec<(Month, Vec<usize>)>,
}

const NARROW: f64 = 320.0;
const PLACE: f64 = 13.0;
const LINE: usize = 20;
const LABEL: f64 = 42.0;
/// The lines of marks that a month takes at most.
const LINES: usize = 6;

impl Narrow {
    fn of(timeline: &Timeline) -> Narrow {
        let attempt = |each: usize| {
            let row = |month: Month| {
                let marks = timeline.series.iter().map(|series| month.count(series).div_ceil(each)).collect();
                (month, marks)
            };
            Narrow { each, rows: months(timeline).into_iter().map(row).collect() }
        };
        let fits = |narrow: &Narrow| narrow.rows.iter().all(|(_, marks)| lines(marks) <= LINES);
        let fitting = EACH.iter().map(|each| attempt(*each)).find(fits);
        fitting.unwrap_or_else(|| attempt(EACH[EACH.len() - 1]))
    }

    fn draw(&self, timeline: &Timeline, names: &[String; 2]) -> Markup {
        let mut top = 4.0;
        let mut paths = vec![String::new(); timeline.series.len()];
        let (mut labels, mut day) = (Vec::new(), None);
        for (month, marks) in &self.rows {
            let height = lines(marks).max(1) as f64 * PLACE + 7.0;
            let period = timeline.period.0 <= month.last && month.first <= timeline.period.1;
            labels.push((month, top, height, period));
            if month.first <= timeline.day && timeline.day <= month.last {
                let days = f64::from(month.last.day());
                day = Some(top + height * f64::from(timeline.day.day()) / days);
            }
            let mut at = 0;
            for (series, count) in marks.iter().enumerate() {
                for _ in 0..*count {
                    let x = LABEL + ((at % LINE) as f64 + 0.5) * PLACE;
                    let y = top + 3.5 + ((at / LINE) as f64 + 0.5) * PLACE;
                    paths[series].push_str(&shape(timeline.series[series].key, x, y, PLACE - 3.0));
                    at += 1;
                }
            }
            top += height;
        }
        html! {
            svg.narrow viewBox={ "0 0 " (NARROW) " " (place(top + 16.0)) } role="img"
                aria-labelledby=(names[0]) aria-describedby=(names[1]) {
                @for (month, top, height, period) in &labels {
                    @if *period && band(timeline).is_some() {
                        rect.period x="0" y=(place(*top)) width=(NARROW) height=(place(*height)) {}
                    }
                    text.month x="4" y=(place(top + 14.0)) { (month.name()) }
                    path.grid d={ "M0," (place(top + height)) "H" (NARROW) } {}
                }
                @for (path, series) in paths.iter().zip(&timeline.series) {
                    g.(class(series.tone)) { path class=[is_open(series.key)] d=(path) {} }
                }
                @if let Some(y) = day {
                    path.day d={ "M0," (place(y)) "H" (NARROW) } {}
                    text.day x=(NARROW - 3.0) y=(place(y + 12.0)) text-anchor="end" {
                        (tr("截至 ", "as of ")) (timeline.day)
                    }
                }
            }
        }
    }
}

/// How many lines the marks of a month take.
fn lines(marks: &[usize]) -> usize {
    marks.iter().sum::<usize>().div_ceil(LINE)
}

/// One month of the span, both ends inclusive.
#[derive(Clone, Copy)]
struct Month {
    first: NaiveDate,
    last: NaiveDate,
}

impl Month {
    fn name(&self) -> String {
        tr(format!("{}月", self.first.month()), self.first.format("%b").to_string())
    }

    fn count(&self, series: &Series) -> usize {
        count(series, (self.first, self.last))
    }
}

/// The months of the span; of a span longer than two years only the first two years' months.
fn months(timeline: &Timeline) -> Vec<Month> {
    let mut months = Vec::new();
    let mut first = timeline.span.0;
    while first <= timeline.span.1 && months.len() < 24 {
        let next = first.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(timeline.span.1).min(timeline.span.1);
        months.push(Month { first, last });
        let Some(next) = next else { break };
        first = next;
    }
    months
}

/// What is open is drawn hollow, but for what is late.
fn is_open(key: &str) -> Option<&'static str> {
    matches!(key, "due_soon" | "upcoming" | "not_assessable").then_some("open")
}

/// A mark of a state around a point: shapes differ, so that nobody needs the colours.
fn shape(key: &str, x: f64, y: f64, size: f64) -> String {
    let stroke = if is_open(key).is_some() { 0.75 } else { 0.0 };
    // Rounded before it is doubled: an arc whose radius is not quite half its width is no half circle.
    let radius = ((size / 2.0 - stroke) * 10.0).round() / 10.0;
    let mut path = String::new();
    let (r, two) = (place(radius), place(radius * 2.0));
    // Writing into a string cannot fail.
    let _ = match key {
        "overdue" => {
            write!(path, "M{},{}l{r},{two}h-{two}z", place(x), place(y - radius))
        }
        "done_late" | "due_soon" => {
            write!(path, "M{},{}l{r},{r}l-{r},{r}l-{r},-{r}z", place(x), place(y - radius))
        }
        "not_assessable" => {
            write!(path, "M{},{}h{two}v{two}h-{two}z", place(x - radius), place(y - radius))
        }
        _ => {
            write!(path, "M{},{}a{r},{r} 0 1,0 {two},0a{r},{r} 0 1,0 -{two},0z", place(x - radius), place(y))
        }
    };
    path
}

/// A coordinate, short: at most one decimal place.
fn place(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2023, month, day).expect("a day of 2023")
    }

    fn sample(late: usize) -> Timeline {
        let series = |key, word: &str, tone, days| Series { key, word: word.into(), tone, days };
        Timeline {
            span: (day(1, 1), day(12, 31)),
            period: (day(4, 1), day(6, 30)),
            day: day(6, 30),
            series: vec![
                series("done", "按期完成", Tone::Good, vec![(day(3, 31), 2)]),
                series("overdue", "逾期", Tone::Bad, vec![(day(3, 31), late), (day(4, 30), 1)]),
                series("upcoming", "未到期", Tone::Neutral, vec![(day(12, 31), 40)]),
            ],
            outside: 1,
        }
    }

    fn drawn(timeline: &Timeline) -> String {
        super::timeline(timeline, &["p1".into(), "p2".into()]).into_string()
    }

    #[test]
    fn a_picture_says_what_it_shows() {
        let markup = drawn(&sample(1));
        assert!(
            markup
                .contains("<title id=\"p1\">2023-01-01 至 2023-12-31 的44个考核点，截至 2023-06-30</title>")
        );
        assert!(markup.contains("<desc id=\"p2\">3月：按期完成2、逾期1；4月：逾期1；12月：未到期40</desc>"));
        assert!(markup.contains("截至 2023-06-30</text>"));
        assert!(markup.contains("时限在全年以外的1个未画"));
    }

    #[test]
    fn every_checkpoint_has_its_mark_while_there_is_room() {
        let timeline = sample(3);
        let wide = Wide::of(&timeline);
        assert_eq!(wide.each, 1);
        for (at, series) in timeline.series.iter().enumerate() {
            assert_eq!(wide.path(at, series.key, 156.0).matches('M').count(), series.count());
        }
    }

    #[test]
    fn a_mark_stands_for_several_where_there_are_too_many() {
        let markup = drawn(&sample(5_000));
        assert!(markup.contains("每个图形代表"), "{markup}");
        assert!(markup.len() < 60_000, "{}", markup.len());
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(drawn(&Timeline { series: Vec::new(), ..sample(1) }), "");
    }

    #[test]
    fn a_bar_never_leaves_its_track() {
        for share in [-5.0, 0.0, 124.2, f64::NAN, f64::INFINITY] {
            let markup = bar(share, Some(50.0), Tone::Good).into_string();
            let width =
                markup.split("class=\"fill\" width=\"").nth(1).and_then(|rest| rest.split('"').next());
            let width: f64 = width.and_then(|width| width.parse().ok()).expect("a number");
            assert!((0.0..=100.0).contains(&width), "{share}: {width}");
        }
    }
}
