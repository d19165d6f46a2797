//! The JSON Schema of the file, for completion and checking in editors. Written from [`crate::shape`], so that it knows
//! the same fields as the reader.
//!
//! A schema cannot say everything: whether a unit is registered, parts add up or a completion lies in the future only
//! `plan check` knows.

use crate::shape::{self, Kind, Rule, Shape};
use serde_json::{Map, Value, json};

/// The draft that editors understand best.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The schema as indented JSON with a final line end, its descriptions in both languages.
pub fn schema() -> String {
    let mut definitions = Map::new();
    let mut root = object(&shape::FILE, &mut definitions);
    definitions.insert("date".into(), date());
    definitions.insert("span".into(), span());
    definitions.insert("text".into(), json!({"type": "string", "minLength": 1}));
    definitions.insert("name".into(), name());
    let mut schema = Map::new();
    schema.insert("$schema".into(), DRAFT.into());
    schema.insert("title".into(), "工作方案台账 / A work plan (plan.yaml)".into());
    if let Value::Object(own) = root.take() {
        schema.extend(own);
    }
    schema.insert("definitions".into(), Value::Object(definitions));
    format!("{:#}\n", Value::Object(schema))
}

/// A mapping with exactly the fields of its shape.
fn object(shape: &Shape, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for field in shape.fields {
        let mut value = kind(&field.kind, definitions);
        if !field.required {
            value = or_nothing(value);
        }
        let words = format!("{}\n\n{}", field.zh, field.en);
        properties.insert(field.key.into(), described(value, &words));
    }
    let required: Vec<&str> =
        shape.fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    let mut object = json!({
        "description": format!("{} / {}", shape.zh, shape.en),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if !shape.rules.is_empty() {
        object["allOf"] = shape.rules.iter().map(rule).collect();
    }
    object
}

fn kind(kind: &Kind, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        Kind::Text => reference("text"),
        Kind::Name => reference("name"),
        Kind::Address => json!({
            "type": "string",
            "pattern": "^[A-Za-z0-9_%+'-]+(\\.[A-Za-z0-9_%+'-]+)*@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$",
        }),
        Kind::Number => json!({"type": "number"}),
        Kind::Whole(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
        Kind::Date => reference("date"),
        Kind::Span => reference("span"),
        Kind::Choice(words) => json!({"enum": words}),
        Kind::ChoiceOrNothing(words) => {
            let words = words.iter().map(|word| json!(word)).chain([Value::Null]);
            json!({"enum": words.collect::<Vec<_>>()})
        }
        Kind::Numbers => json!({"type": "object", "additionalProperties": {"type": "number"}}),
        Kind::Record(shape) => {
            if !definitions.contains_key(shape.id) {
                // Its place is taken before its fields are looked at, in which it may stand again.
                definitions.insert(shape.id.into(), Value::Null);
                let definition = object(shape, definitions);
                definitions.insert(shape.id.into(), definition);
            }
            reference(shape.id)
        }
        Kind::List(item) => json!({"type": "array", "items": self::kind(item, definitions)}),
        Kind::Either(kinds) => {
            let either: Vec<Value> = kinds.iter().map(|kind| self::kind(kind, definitions)).collect();
            json!({"anyOf": either})
        }
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

/// An empty value counts as absent.
fn or_nothing(value: Value) -> Value {
    match value.get("type") {
        Some(Value::String(name)) => {
            let mut value = value.clone();
            value["type"] = json!([name, "null"]);
            value
        }
        _ => json!({"anyOf": [value, {"type": "null"}]}),
    }
}

/// Beside a `$ref` nothing counts in this draft, so the reference goes inside.
fn described(value: Value, words: &str) -> Value {
    let mut described = Map::from_iter([("description".to_string(), Value::from(words))]);
    match value {
        Value::Object(members) if !members.contains_key("$ref") => described.extend(members),
        other => {
            described.insert("allOf".into(), json!([other]));
        }
    }
    Value::Object(described)
}

fn rule(rule: &Rule) -> Value {
    match rule {
        Rule::ExactlyOne(keys) => json!({"oneOf": keys.iter().map(|key| present(key)).collect::<Vec<_>>()}),
        Rule::AtMostOne(keys) => {
            json!({"not": {"allOf": keys.iter().map(|key| present(key)).collect::<Vec<_>>()}})
        }
        Rule::Needs(key, needed) => json!({"anyOf": [{"not": present(key)}, present(needed)]}),
    }
}

fn present(key: &str) -> Value {
    json!({"required": [key], "properties": {key: {"not": {"type": "null"}}}})
}

/// The ways in which [`crate::calendar::parse_date`] reads a day, impossible days left out except for February 29.
fn date() -> Value {
    let year = "(19|2[0-9])[0-9]{2}";
    let days = |between: &str| {
        format!(
            "((0?[13578]|1[02]){between}(0?[1-9]|[12][0-9]|3[01])|(0?[469]|11){between}(0?[1-9]|[12][0-9]|30)|0?2{between}(0?[1-9]|[12][0-9]))"
        )
    };
    let patterns = [
        format!("{year}-{}", days("-")),
        format!("{year}/{}", days("/")),
        format!("{year}[.]{}", days("[.]")),
        format!("{year}年{}日?", days("月")),
        format!("{year}[-/](0?[1-9]|1[0-2])"),
        format!("{year}年(0?[1-9]|1[0-2])月?"),
    ];
    json!({
        "description": "一天，如 2023-06-30；只写到月的，是那个月的最后一天\n\nA day such as 2023-06-30; a month stands for its last day",
        "anyOf": [
            {"type": "string", "pattern": format!("^({})$", patterns.join("|"))},
            {"type": "integer", "minimum": 19_000_101, "maximum": 29_991_231},
        ],
    })
}

/// One name; several glued together by Chinese commas are none.
fn name() -> Value {
    json!({
        "description": "单位名称；几家单位之间用半角逗号\n\nThe name of a unit; ASCII commas between several",
        "type": "string",
        "pattern": "^[^、，；]+$",
    })
}

/// The ways in which [`crate::calendar::parse_window`] reads a month, a quarter or a year.
fn span() -> Value {
    json!({
        "description": "一个月、季度或年：2023-04、2023Q2、2023\n\nA month, a quarter or a year: 2023-04, 2023Q2, 2023",
        "anyOf": [
            {"type": "string", "pattern": "^(19|2[0-9])[0-9]{2}(-(0?[1-9]|1[0-2])|Q[1-4])?$"},
            {"type": "integer", "minimum": 1900, "maximum": 2999},
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_has_its_definition() {
        let text = schema();
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        let definitions = schema["definitions"].as_object().expect("definitions");
        for reference in text.split("\"#/definitions/").skip(1) {
            let name = reference.split('"').next().expect("a name");
            assert!(definitions.contains_key(name), "{name}");
        }
        assert!(definitions.values().all(Value::is_object));
    }

    #[test]
    fn every_field_is_described_in_both_languages() {
        let schema: Value = serde_json::from_str(&schema()).expect("JSON");
        let objects = schema["definitions"].as_object().expect("definitions").values().chain([&schema]);
        for object in objects.filter(|value| value.get("properties").is_some()) {
            for (key, field) in object["properties"].as_object().expect("fields") {
                let words = field["description"].as_str().unwrap_or_default();
                let (zh, en) = words.split_once("\n\n").unwrap_or_default();
                assert!(
                    zh.chars().any(|c| c > '\u{4e00}') && en.is_ascii() || en.contains('…'),
                    "{key}: {words}"
                );
            }
        }
    }
}
