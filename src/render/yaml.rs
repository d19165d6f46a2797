//! A document as YAML: the same value as in JSON.

use crate::document::Document;
use crate::render::json;
use anyhow::Result;

/// Writes the document as YAML, with a final line end.
///
/// # Errors
/// The serializer's.
pub fn render(document: &Document) -> Result<String> {
    Ok(serde_yaml::to_string(&json::value(document))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn yaml_holds_what_json_holds() {
        for document in [sample::overdue(), sample::report(), sample::note("- a: b # c\n=1\u{1b}")] {
            let text = render(&document).expect("a value");
            let read: serde_json::Value = serde_yaml::from_str(&text).expect("YAML");
            assert_eq!(read, json::value(&document));
        }
    }

    #[test]
    fn a_row_reads_like_a_plan_file() {
        let text = render(&sample::overdue()).expect("a value");
        assert!(text.starts_with("- overdue_days: 91\n  task: E7\n  what: 确权"), "{text}");
        assert!(text.contains("  due: 2023-03-31\n"), "{text}");
        assert!(text.contains("  units:\n  - 乡村振兴局\n  - 财政局\n"), "{text}");
        assert!(text.ends_with('\n'));
    }
}
