//! Any text: loading never panics; it gives a plan, or at least one problem with a valid place; and whatever plan comes
//! out of it, with errors or without, no report and no format panics.

#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use plan::calendar::Period;
use plan::query::Query;
use plan::render::email::{self, Envelope, LineEnd};
use plan::render::{Format, Page, diagnostics, problems};
use plan::{load, render, report, status};

fuzz_target!(|text: &str| {
    let today = NaiveDate::from_ymd_opt(2023, 7, 1).expect("a date");
    let loaded = load::plan(text, today);
    assert!(loaded.plan.is_some() || loaded.has_errors());
    for problem in &loaded.problems {
        assert!(problem.span.start <= text.len() && problem.span.start <= problem.span.end);
    }
    let _ = diagnostics::full(&loaded.problems, "plan.yaml", text, false);
    let _ = problems::github(&loaded.problems, "plan.yaml", text);
    if loaded.has_errors() {
        return;
    }
    let plan = loaded.plan.expect("a plan without errors");
    let status = status::as_of(&plan, today, 30);
    let query = Query::default();
    let quarter = Period::quarter(2023, 2).expect("a quarter");
    let page = Page { width: 80, color: true, ascii: false, bom: true };
    let envelope = Envelope {
        from: None,
        to: Vec::new(),
        cc: Vec::new(),
        subject: None,
        day: today,
        draft: true,
        line_end: LineEnd::Internet,
    };
    let mut documents = vec![
        report::tasks::tasks(&status, &query).document(),
        report::checkpoints::deadlines(&status, &query).document(),
        report::checkpoints::overdue(&status, &query).document(),
        report::checkpoints::due(&status, &query, quarter).document(),
        report::indicators::indicators(&status, &query).document(),
        report::units::units(&status, quarter, &[]).document(),
        report::period::period(&status, quarter, None).document(),
        report::summary::summary(&status, quarter).document(),
        report::log::log(&status, &query, &[], None).document(),
        report::diff::diff(&status::as_of(&plan, quarter.first, 30), &status, &query).document(),
        report::remind::document(&status, &report::remind::remind(&status, quarter, quarter, &[])),
    ];
    documents.extend((0..plan.tasks.len()).map(|at| report::show::show(&status, at, None).document()));
    for document in &documents {
        for format in [Format::Text, Format::Json, Format::Csv, Format::Markdown, Format::Yaml, Format::Html] {
            render::render(document, format, &page).expect("every document has every format");
        }
        let message = email::message(document, &envelope).expect("a message");
        assert!(message.is_ascii() && message.lines().all(|line| line.len() <= 76));
    }
});
