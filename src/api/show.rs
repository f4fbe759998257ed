//! `/docs/api`: the document as a page of our own, which loads nothing from elsewhere.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;

use super::document;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::links::pages::base_url;
use crate::pages::view::html;

/// What stands in commands where an id of one's own goes, by its name in paths.
pub const EXAMPLES: [(&str, &str); 7] = [
    ("link_id", "link_3bXkQ2mVt8nYw5LrC7dPzF"),
    ("conversation_id", "conv_5kPqR8sTuVwXyZ2aBcDeFg"),
    ("assistant_id", "asst_8sTuVwXyZ2aBcDeFg5kPqR"),
    ("endpoint_id", "whe_7dPzF3bXkQ2mVt8nYw5LrC"),
    ("delivery_id", "whd_2mVt8nYw5LrC7dPzF3bXkQ"),
    ("import_id", "imp_7hJkQ2mVt8nYw5LrC7dPzF"),
    ("model", "openai/gpt-5"),
];

#[derive(Template)]
#[template(path = "api/show.html")]
struct ApiPage {
    signed_in: bool,
    operations: Vec<Operation>,
    objects: Vec<Object>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    words: Vec<Words>,
    scope: String,
    parameters: Vec<Field>,
    body: Vec<Field>,
    answers: Vec<Answer>,
    example: String,
}

struct Object {
    name: String,
    words: Words,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    required: bool,
    words: Words,
}

struct Answer {
    status: String,
    words: Words,
    object: Option<String>,
}

/// A paragraph, in which what stands between backticks is code.
struct Words(Vec<Piece>);

struct Piece {
    code: bool,
    text: String,
}

impl Words {
    fn of(value: &Value) -> Self {
        Self::new(value.as_str().unwrap_or_default())
    }

    fn new(text: &str) -> Self {
        Self(text.split('`').enumerate().map(|(at, text)| Piece { code: at % 2 == 1, text: text.to_owned() }).collect())
    }
}

/// `GET /docs/api`
pub async fn show(State(app): State<App>, current: Option<CurrentUser>, headers: HeaderMap) -> Result<Response, Error> {
    let base = base_url(&app, &headers);
    let document = serde_json::to_value(document::document(&base))?;
    let mut operations = Vec::new();
    for (path, methods) in entries(&document["paths"]) {
        operations.extend(entries(methods).map(|(method, operation)| read(&document, &base, path, method, operation)));
    }
    let objects = entries(&document["components"]["schemas"])
        .filter(|(_, schema)| schema["properties"].is_object())
        .map(|(name, schema)| Object { name: name.clone(), words: Words::of(&schema["description"]), fields: fields(&document, schema) })
        .collect();
    html(&ApiPage { signed_in: current.is_some(), operations, objects })
}

fn read(document: &Value, base: &str, path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = list(&operation["parameters"]).map(|parameter| Field {
        name: text(&parameter["name"]),
        kind: format!("{}, {}", text(&parameter["in"]), kind(document, &parameter["schema"])),
        required: parameter["required"] == true,
        words: Words::of(&parameter["description"]),
    });
    // JSON, or a form with a file; each operation takes one of them.
    let forms = entries(&operation["requestBody"]["content"]);
    let body = forms.map(|(_, form)| &form["schema"]).find_map(target);
    let body = body.map(|name| fields(document, &document["components"]["schemas"][name])).unwrap_or_default();
    let answers = entries(&operation["responses"]).map(|(status, answer)| Answer {
        status: status.clone(),
        words: Words::of(&answer["description"]),
        object: target(&answer["content"]["application/json"]["schema"]).map(str::to_owned),
    });
    let id = text(&operation["operationId"]);
    Operation {
        example: example(base, &id, method, path),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        words: text(&operation["description"]).split("\n\n").filter(|words| !words.is_empty()).map(Words::new).collect(),
        scope: list(&operation["security"][0]["api_key"]).map(text).collect::<Vec<_>>().join(" and "),
        parameters: parameters.collect(),
        body,
        answers: answers.collect(),
        id,
    }
}

/// What to type.
fn example(base: &str, id: &str, method: &str, path: &str) -> String {
    let path = EXAMPLES.iter().fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    let key = "-H \"Authorization: Bearer $TAKEBACK_API_KEY\"";
    if let Some(body) = body(id) {
        return format!("curl {base}{path} {key} -H \"Content-Type: application/json\" \\\n  -d '{body}'");
    }
    match (id, method) {
        ("createImport", _) => format!("curl {base}{path} {key} \\\n  -F file=@conversations.json"),
        ("deleteAllSharedLinks", _) => format!("curl -X DELETE \"{base}{path}?all=true\" {key}"),
        (_, "get") => format!("curl {base}{path} {key}"),
        _ => format!("curl -X {} {base}{path} {key}", method.to_uppercase()),
    }
}

/// A body for each operation that takes one.
fn body(id: &str) -> Option<&'static str> {
    Some(match id {
        "createSharedLink" => {
            r#"{"messages": [{"role": "user", "content": "How long does tea steep?"}, {"role": "assistant", "content": "Three minutes."}]}"#
        }
        "updateSharedLink" => r#"{"snapshot": "latest"}"#,
        "createConversation" | "updateConversation" => r#"{"title": "Tea for two"}"#,
        "createMessage" => r#"{"content": "How long does tea steep?"}"#,
        "createChatCompletion" => r#"{"model": "openai/gpt-5", "messages": [{"role": "user", "content": "How long does tea steep?"}]}"#,
        "createAssistant" => r#"{"name": "House style", "instructions": "Write short sentences.", "publish": true}"#,
        "updateAssistant" => r#"{"temperature": 0.3, "publish": true}"#,
        "createWebhookEndpoint" => {
            r#"{"name": "Dashboard", "url": "https://dashboard.example/hooks/links", "event_types": ["shared_link.created"]}"#
        }
        "updateWebhookEndpoint" => r#"{"enabled": true}"#,
        "rotateWebhookSecret" => r#"{"keep_old_secret_active_for_24_hours": true}"#,
        "testWebhookEndpoint" => r#"{"event_type": "shared_link.created"}"#,
        _ => return None,
    })
}

fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let required = |name: &str| list(&schema["required"]).any(|required| required == name);
    let fields = entries(&schema["properties"]).map(|(name, property)| Field {
        name: name.clone(),
        kind: kind(document, property),
        required: required(name),
        // Of an object that may be null they stand beside the object.
        words: Words::of(if property["description"].is_string() { &property["description"] } else { &property["oneOf"][0]["description"] }),
    });
    fields.collect()
}

/// A type in a word or two; of an enumeration its values.
fn kind(document: &Value, schema: &Value) -> String {
    if let Some(name) = target(schema) {
        let meant = &document["components"]["schemas"][name];
        return if meant["enum"].is_array() { kind(document, meant) } else { name.to_owned() };
    }
    if let Some(either) = schema["oneOf"].as_array() {
        return either.iter().map(|schema| kind(document, schema)).collect::<Vec<_>>().join(" or ");
    }
    let values: Vec<String> = list(&schema["enum"]).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    if !values.is_empty() {
        return values.join(" or ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(document, &schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => "any".to_owned(),
    }
}

/// The name of the schema that is referred to.
fn target(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|path| path.rsplit('/').next())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
