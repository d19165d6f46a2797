//! The witness of the tests: serde_yaml, which reads YAML without any of our code.

use plan::yaml::{Node, Value};

/// Whether serde_yaml's value is the same as our node: strings, numbers, nothing, lists and mappings in order.
pub fn same(node: &Node<'_>, value: &serde_yaml::Value) -> bool {
    match (&node.value, value) {
        (Value::Sequence(items), serde_yaml::Value::Sequence(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| same(item, value))
        }
        (Value::Mapping(entries), serde_yaml::Value::Mapping(values)) => {
            entries.len() == values.len()
                && entries.iter().zip(values).all(|((k, v), (key, value))| same(k, key) && same(v, value))
        }
        (Value::Scalar(_), serde_yaml::Value::Null) => node.is_null(),
        (Value::Scalar(scalar), serde_yaml::Value::String(text)) => scalar.text == *text && !node.is_null(),
        (Value::Scalar(scalar), serde_yaml::Value::Number(number)) => {
            scalar.plain && scalar.text.parse::<f64>().ok() == number.as_f64()
        }
        _ => false,
    }
}
