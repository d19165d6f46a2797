//! YAML for programs and people: the same values as JSON.

use crate::document::Document;
use crate::render::json;
use anyhow::Result;

/// The document as YAML.
///
/// # Errors
/// The serializer's.
pub fn render(document: &Document) -> Result<String> {
    Ok(serde_yaml::to_string(&json::value(document))?)
}
