//! Problems of a plan file for editors and CI: JSON, and lines that a pull request shows in place.

use crate::diagnostic::{Diagnostic, Lines, Severity};
use crate::render::wrap::clean;
use anyhow::Result;
use serde_json::{Value, json};

/// An array of objects with file, line, column, end line and column (exclusive), code, severity, message and help.
///
/// # Errors
/// The serializer's.
pub fn json(problems: &[Diagnostic], path: &str, text: &str) -> Result<String> {
    let lines = Lines::of(text);
    let object = |problem: &Diagnostic| -> Value {
        let (start, end) = (lines.place(problem.span.start), lines.place(problem.span.end));
        json!({
            "file": path,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "code": problem.code.id(),
            "severity": severity(problem),
            "message": clean(&problem.message),
            "help": problem.help.as_deref().map(clean),
        })
    };
    let mut out = serde_json::to_string_pretty(&problems.iter().map(object).collect::<Vec<_>>())?;
    out.push('\n');
    Ok(out)
}

/// Workflow commands: `::error file=…,line=…,col=…,title=…::message`.
pub fn github(problems: &[Diagnostic], path: &str, text: &str) -> String {
    let lines = Lines::of(text);
    let mut out = String::new();
    for problem in problems {
        let (start, end) = (lines.place(problem.span.start), lines.place(problem.span.end));
        let mut message = problem.message.clone();
        if let Some(help) = &problem.help {
            message.push('\n');
            message.push_str(help);
        }
        let columns = if end.line == start.line && end.column > start.column {
            format!(",endColumn={}", end.column - 1)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "::{} file={},line={},col={}{columns},title={}::{}\n",
            severity(problem),
            property(path),
            start.line,
            start.column,
            problem.code.id(),
            data(&message),
        ));
    }
    out
}

fn severity(problem: &Diagnostic) -> &'static str {
    match problem.code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Text behind `::`, in which a line end would begin another command.
fn data(text: &str) -> String {
    let escaped: Vec<_> = text.lines().map(|line| clean(line).replace('%', "%25")).collect();
    escaped.join("%0A")
}

/// A property's value, which neither `,` nor `:` may end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span};

    #[test]
    fn a_message_cannot_begin_another_command() {
        let problem = Diagnostic::new(Code::UnknownUnit, Span::new(3, 6), "甲\n::error::乙 100%").help("丙");
        let line = github(&[problem], "a,b.yaml", "a: bcd\n");
        assert_eq!(
            line,
            "::error file=a%2Cb.yaml,line=1,col=4,endColumn=6,title=E012::甲%0A::error::乙 100%25%0A丙\n"
        );
    }

    #[test]
    fn json_has_lines_and_columns_from_one() {
        let problem = Diagnostic::new(Code::UnknownUnit, Span::new(3, 6), "甲");
        let text = json(&[problem], "plan.yaml", "a: bcd\n").expect("JSON");
        let value: Value = serde_json::from_str(&text).expect("JSON that was just written");
        assert_eq!(value[0]["line"], 1);
        assert_eq!(value[0]["column"], 4);
        assert_eq!(value[0]["end_column"], 7);
        assert_eq!(value[0]["help"], Value::Null);
    }
}
