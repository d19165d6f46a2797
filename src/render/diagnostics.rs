//! Problems of a plan file as people read them: the place, the line itself with a caret, what to write instead.

use crate::diagnostic::{Diagnostic, Lines, Severity, Span, floor_char};
use crate::language::tr;
use crate::load::MAX_PROBLEMS;
use crate::render::wrap::clean;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// The longest line that is shown; of a longer one only the surroundings of the place are.
const LONGEST_LINE: usize = 400;

/// All problems of one file, each with its line, and a last line that counts them.
pub fn full(problems: &[Diagnostic], path: &str, text: &str, color: bool) -> String {
    let lines = Lines::of(text);
    let path = clean(path);
    let mut out = String::new();
    for problem in problems {
        out.push_str(&one(problem, &path, text, &lines, color));
        out.push_str("\n\n");
    }
    if problems.len() >= MAX_PROBLEMS {
        let most = MAX_PROBLEMS;
        out.push_str(&tr(
            format!("只列出了{most}个，可能还有；改好这些再查一遍。"),
            format!("Only {most} are listed and there may be more; mend these and check again. "),
        ));
    }
    out.push_str(&count(problems));
    if let Some(first) = problems.first() {
        let id = first.code.id();
        out.push_str(&tr(
            format!("逐条说明：plan check --explain {id}"),
            format!(" Explained by plan check --explain {id}"),
        ));
    }
    out.push('\n');
    out
}

/// How many errors and warnings there are.
pub fn count(problems: &[Diagnostic]) -> String {
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = problems.len() - errors;
    let of = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    tr(
        format!("共{errors}个错误，{warnings}个提醒。"),
        format!("{}, {}.", of(errors, "error"), of(warnings, "warning")),
    )
}

fn one(problem: &Diagnostic, path: &str, text: &str, lines: &Lines<'_>, color: bool) -> String {
    let (line, window, span) = excerpt(problem.span, text, lines);
    let level = match problem.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let level = level.with_name(problem.code.severity().word());
    let message = clean(&problem.message);
    let mut group = Group::with_title(level.primary_title(message.as_ref()).id(problem.code.id()));
    if text.is_empty() {
        group = group.element(Origin::path(path).line(1).char_column(1));
    } else {
        let annotation = AnnotationKind::Primary.span(span.start..span.end);
        group = group.element(Snippet::source(window).path(path).line_start(line).annotation(annotation));
    }
    let help = problem.help.as_deref().map(clean);
    if let Some(help) = &help {
        group = group.element(Level::HELP.with_name(tr("提示", "help")).message(help.as_ref()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

/// The line on which the span begins, and the span within it, both on character boundaries. Of a very long line only
/// the part around the place.
fn excerpt<'t>(span: Span, text: &'t str, lines: &Lines<'_>) -> (usize, &'t str, Span) {
    let start = floor_char(text, span.start);
    let end = floor_char(text, span.end).max(start);
    let (line, window) = lines.window(Span::new(start, start), 0);
    let from = floor_char(text, window.start.max(start.saturating_sub(LONGEST_LINE / 2)));
    let to = floor_char(text, window.end.min(start + LONGEST_LINE)).max(start);
    let stretch = text[from..to].trim_end_matches(['\n', '\r']);
    let limit = from + stretch.len();
    let (start, end) = (start.min(limit), end.min(limit));
    (line, stretch, Span::new(start - from, end - from))
}
