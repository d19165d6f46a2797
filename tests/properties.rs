//! What holds for every day and every period, on the invented example with its year of records.

use chrono::{Days, NaiveDate};
use plan::calendar::Period;
use plan::model::{Plan, UnitId};
use plan::report::{checkpoints, period, units};
use plan::status::{self, State};
use plan::{load, query};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shiyan.yaml");
    let text = std::fs::read_to_string(path).expect("the example");
    let loaded = load::plan(&text, NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date"));
    assert!(!loaded.has_errors(), "{:#?}", loaded.problems);
    loaded.plan.expect("a plan")
});

/// Any day from the end of 2022 to the spring of 2024.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2022, 12, 1).expect("a date");
    (0u64..500).prop_map(move |days| first + Days::new(days))
}

fn year() -> Period {
    Period::year(2023).expect("a year")
}

proptest! {
    #[test]
    fn quarters_add_up_to_the_year_and_months_to_quarters(day in any_day()) {
        let status = status::as_of(&PLAN, day, 30);
        let due = |p: Period| { let t = period::period(&status, p, None).totals; (t.due, t.done, t.done_late, t.overdue) };
        let sum = |parts: Vec<Period>| parts.into_iter().map(due).fold((0, 0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2, a.3 + b.3));
        prop_assert_eq!(sum(Period::quarters_of(2023).collect()), due(year()));
        for (at, quarter) in Period::quarters_of(2023).enumerate() {
            prop_assert_eq!(sum(Period::months_of(2023).skip(at * 3).take(3).collect()), due(quarter));
        }
    }

    #[test]
    fn no_unit_has_more_due_than_the_plan_and_some_unit_has_each_checkpoint(day in any_day()) {
        let status = status::as_of(&PLAN, day, 30);
        let rows = units::units(&status, year(), &[]).rows;
        let total = period::period(&status, year(), None).totals.due;
        prop_assert!(rows.iter().all(|row| row.due <= total));
        prop_assert!(rows.iter().map(|row| row.due).sum::<usize>() >= total);
        prop_assert!(rows.iter().all(|row| row.done + row.done_late + row.overdue <= row.due));
    }

    #[test]
    fn a_units_own_report_counts_what_the_table_of_units_counts(day in any_day(), at in 0usize..17) {
        let status = status::as_of(&PLAN, day, 30);
        let unit = UnitId(at % PLAN.units.len());
        let rows = units::units(&status, year(), &[unit]).rows;
        let own = period::period(&status, year(), Some(unit)).totals;
        prop_assert_eq!(rows.len(), 1);
        prop_assert_eq!((rows[0].due, rows[0].done, rows[0].done_late, rows[0].overdue), (own.due, own.done, own.done_late, own.overdue));
    }

    #[test]
    fn ranks_are_dense_and_follow_the_completion_rate(day in any_day()) {
        let status = status::as_of(&PLAN, day, 30);
        let ranked: Vec<_> = units::units(&status, year(), &[]).rows.into_iter().filter(|row| row.due > 0).collect();
        for pair in ranked.windows(2) {
            let (first, second) = (pair[0].rank.expect("a rank"), pair[1].rank.expect("a rank"));
            let (a, b) = (pair[0].completion_rate().expect("a rate"), pair[1].completion_rate().expect("a rate"));
            prop_assert_eq!(second - first, usize::from(a != b));
            prop_assert!(a >= b);
        }
        prop_assert!(ranked.first().is_none_or(|row| row.rank == Some(1)));
    }

    #[test]
    fn the_overdue_list_holds_every_overdue_checkpoint_once(day in any_day()) {
        let status = status::as_of(&PLAN, day, 30);
        let list = checkpoints::overdue(&status, &query::Query::default());
        let listed: usize = list.rows.iter().map(checkpoints::Row::weight).sum();
        let overdue = status.checkpoints.iter().filter(|checkpoint| checkpoint.state == State::Overdue).count();
        prop_assert_eq!(listed, overdue);
        prop_assert!(list.rows.windows(2).all(|pair| pair[0].checkpoint.due <= pair[1].checkpoint.due));
    }

    #[test]
    fn no_day_has_a_report_that_some_format_cannot_write(day in any_day(), at in 0usize..4, english in any::<bool>()) {
        use plan::language::{Language, set};
        set(if english { Language::English } else { Language::Chinese });
        let status = status::as_of(&PLAN, day, 30);
        if let Some(quarter) = Period::quarters_of(2023).nth(at) {
            let document = period::period(&status, quarter, None).document();
            for format in [plan::render::Format::Text, plan::render::Format::Json, plan::render::Format::Csv, plan::render::Format::Markdown, plan::render::Format::Yaml, plan::render::Format::Html] {
                let page = plan::render::Page { width: 80, color: english, ascii: english, bom: true };
                prop_assert!(plan::render::render(&document, format, &page).is_ok());
            }
        }
        set(Language::Chinese);
    }
}
