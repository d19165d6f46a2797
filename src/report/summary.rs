//! `plan summary`: at most ten lines for a leader's phone.

use crate::calendar::Period;
use crate::document::{Block, Cell, Column, Document, Fact, Figure, Shape, Table, Tone};
use crate::language::tr;
use crate::query::Query;
use crate::report::{self, checkpoints as lists, period as period_report, rate_words, units};
use crate::status::{Standing, State, Status, reading};

/// How many names a line lists before it says how many there are.
const NAMED: usize = 3;

/// The plan in a few lines: the running quarter, what is late, what comes, the indicators, the units.
pub struct Summary<'s, 'p> {
    status: &'s Status<'p>,
    period: Period,
}

/// Fills it for the period that is running on the status's day.
pub fn summary<'s, 'p>(status: &'s Status<'p>, period: Period) -> Summary<'s, 'p> {
    Summary { status, period }
}

/// Counts of indicators with a target of the whole year, by standing.
#[derive(Default)]
struct Standings {
    on_track: usize,
    behind: usize,
    far_behind: usize,
    not_assessable: usize,
}

impl Summary<'_, '_> {
    /// The summary as a document of at most ten lines.
    pub fn document(&self) -> Document {
        let status = self.status;
        let totals = period_report::period(status, self.period, None).totals;
        let completed = totals.done + totals.done_late;
        let overdue = lists::overdue(status, &Query::default()).rows;
        let coming: Vec<_> =
            status.checkpoints.iter().filter(|checkpoint| checkpoint.state == State::DueSoon).collect();
        let standings = self.standings();
        let name = report::period_name(&self.period);
        let mut lines = vec![
            tr(format!("截至 {}，{name}：", status.day), format!("As of {}, {name}:", status.day)),
            tr(
                format!("应完成{}个考核点，完成 {}。", totals.due, rate_words(completed, totals.due)),
                format!(
                    "{} checkpoints were due, {} finished.",
                    totals.due,
                    rate_words(completed, totals.due)
                ),
            ),
        ];
        lines.push(self.overdue_line(&overdue));
        lines.extend(self.coming_line(&coming));
        let Standings { on_track, behind, far_behind, not_assessable } = standings;
        lines.push(tr(
            format!("全年指标：正常{on_track}，滞后{behind}，严重滞后{far_behind}，暂无法评估{not_assessable}。"),
            format!("Indicators: {on_track} on track, {behind} behind, {far_behind} far behind, {not_assessable} not assessable."),
        ));
        let late = self.late_units();
        if !late.is_empty() {
            let words: Vec<_> = late
                .iter()
                .take(NAMED)
                .map(|(name, count)| format!("{name}{}{count}", tr("", " ")))
                .collect();
            let mut words = words.join(tr("、", ", "));
            // Whoever has as many as the last one named is not passed over in silence.
            let last = late[late.len().min(NAMED) - 1].1;
            let as_many = late.iter().filter(|(_, count)| *count >= last).count();
            if as_many > NAMED {
                let more = as_many - NAMED;
                words.push_str(&tr(format!("等{as_many}家"), format!(" and {more} more with {last}")));
            }
            lines.push(tr(format!("逾期最多的单位：{words}。"), format!("Most overdue: {words}.")));
        }
        let facts = vec![
            Fact::data("plan", Cell::text(&status.plan.title)),
            Fact::data("as_of", Cell::Date(status.day)),
            Fact::data("period", Cell::text(self.period.id())),
            Fact::data("due", Cell::count(totals.due)),
            Fact::data("finished", Cell::count(completed)),
            Fact::data("completion_rate", Cell::maybe_percent(report::rate(completed, totals.due))),
            Fact::data("overdue", Cell::count(overdue.iter().map(lists::Row::weight).sum())),
            Fact::data("due_soon", Cell::count(coming.len())),
            Fact::data("on_track", Cell::count(on_track)),
            Fact::data("behind", Cell::count(behind)),
            Fact::data("far_behind", Cell::count(far_behind)),
            Fact::data("not_assessable", Cell::count(not_assessable)),
        ];
        let rows = late.into_iter().map(|(name, count)| vec![Cell::text(name), Cell::count(count)]).collect();
        let columns = vec![Column::data("unit"), Column::data("overdue")];
        let table = Table { key: Some("late_units"), shown: false, columns, rows, empty: String::new() };
        let felt = |count: usize, tone: Tone| if count > 0 { tone } else { Tone::Quiet };
        let figure = |key, zh: &str, en: &str, cell: Cell, tone: Tone| Figure {
            key,
            name: tr(zh, en).to_string(),
            cell,
            tone,
            remark: None,
        };
        let late: usize = overdue.iter().map(lists::Row::weight).sum();
        let share = Cell::Rate { part: completed, whole: totals.due };
        let soon = coming.len();
        let figures = vec![
            figure("due", "应完成", "Due", Cell::count(totals.due), Tone::Neutral),
            figure("completion_rate", "完成率", "Completion rate", share, Tone::Neutral),
            figure("overdue", "逾期", "Overdue", Cell::count(late), felt(late, Tone::Bad)),
            figure("due_soon", "临期", "Due soon", Cell::count(soon), felt(soon, Tone::Warning)),
        ];
        let mut blocks =
            vec![Block::Facts { key: None, facts }, Block::Table(table), Block::Figures(figures)];
        blocks.extend(lines.into_iter().map(Block::Paragraph));
        Document { title: status.plan.title.clone(), shape: Shape::Object, blocks }
    }

    fn overdue_line(&self, overdue: &[lists::Row<'_, '_>]) -> String {
        let Some(first) = overdue.first() else {
            return tr("没有逾期事项。", "Nothing is overdue.").to_string();
        };
        let count: usize = overdue.iter().map(lists::Row::weight).sum();
        let id = &first.checkpoint.task(self.status.plan).id;
        let days = first.checkpoint.late_days(self.status.day).unwrap_or_default();
        tr(
            format!("逾期{}项（{count}个考核点），最久的是{id}，{days}天。", overdue.len()),
            format!("{} overdue ({count} checkpoints), the longest {id}: {days} days.", overdue.len()),
        )
    }

    fn coming_line(&self, coming: &[&crate::status::Checkpoint<'_>]) -> Option<String> {
        let next = coming
            .iter()
            .filter_map(|checkpoint| Some((checkpoint.due?, checkpoint)))
            .min_by_key(|(due, _)| *due);
        let (due, checkpoint) = next?;
        let (count, id) = (coming.len(), &checkpoint.task(self.status.plan).id);
        Some(tr(
            format!("临期{count}个考核点，最近的是{id}，{due}。"),
            format!("{count} checkpoints are due soon, the next {id} on {due}."),
        ))
    }

    fn standings(&self) -> Standings {
        let mut counts = Standings::default();
        for checkpoint in &self.status.checkpoints {
            match reading(self.status, checkpoint).and_then(|reading| reading.standing) {
                Some(Standing::OnTrack) => counts.on_track += 1,
                Some(Standing::Behind) => counts.behind += 1,
                Some(Standing::FarBehind) => counts.far_behind += 1,
                Some(Standing::NotAssessable) => counts.not_assessable += 1,
                None => {}
            }
        }
        counts
    }

    /// Units with something overdue by the day, most first.
    fn late_units(&self) -> Vec<(String, usize)> {
        let plan = self.status.plan;
        let reach = units::Reach::of(plan);
        let mut counts = vec![0usize; plan.units.len()];
        for checkpoint in
            self.status.checkpoints.iter().filter(|checkpoint| checkpoint.state == State::Overdue)
        {
            for unit in reach.units(checkpoint.units(plan)) {
                counts[unit.0] += 1;
            }
        }
        let mut late: Vec<_> = (plan.unit_ids().zip(counts))
            .filter(|(_, count)| *count > 0)
            .map(|((_, unit), count)| (unit.name.clone(), count))
            .collect();
        late.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        late
    }
}
