//! Whether a value is what the document says of a field: as much of JSON Schema as the document uses.

use serde_json::Value;

/// Whether `value` is what `schema` asks for.
pub(super) fn fits(document: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(path) = schema["$ref"].as_str() {
        return fits(document, document.pointer(path.trim_start_matches('#')).unwrap(), value);
    }
    for either in ["oneOf", "anyOf"] {
        if let Some(schemas) = schema[either].as_array() {
            return schemas.iter().any(|schema| fits(document, schema, value));
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.contains(value);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(names) => names.iter().map(|name| name.as_str().unwrap()).collect(),
        Value::String(name) => vec![name],
        _ => return true,
    };
    let is_one = types.iter().any(|name| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("a new type: {other}"),
    });
    is_one && is_within(document, schema, value)
}

/// Whether it is neither too small nor too large, and so is what is in it.
fn is_within(document: &Value, schema: &Value, value: &Value) -> bool {
    let between = |size: f64, least: &str, most: &str| {
        schema[least].as_f64().is_none_or(|least| size >= least) && schema[most].as_f64().is_none_or(|most| size <= most)
    };
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let size = |count: usize| count as f64;
    match value {
        Value::Number(number) => between(number.as_f64().unwrap(), "minimum", "maximum"),
        Value::String(text) => between(size(text.chars().count()), "minLength", "maxLength"),
        Value::Array(items) => {
            between(size(items.len()), "minItems", "maxItems")
                && (schema["items"].is_null() || items.iter().all(|item| fits(document, &schema["items"], item)))
        }
        Value::Object(fields) => {
            let required = schema["required"].as_array().into_iter().flatten();
            let is_open = schema["additionalProperties"] != false;
            required.map(|name| name.as_str().unwrap()).all(|name| fields.contains_key(name))
                && fields.iter().all(|(name, field)| match &schema["properties"][name] {
                    Value::Null => is_open,
                    property => fits(document, property, field),
                })
        }
        _ => true,
    }
}
