//! Every field of every body and every parameter, as nobody should send it. What there is comes from the document, so
//! that a new field is tried too.

use reqwest::Method;
use serde_json::{Value, json};

use super::fits::fits;
use crate::support::{Outside, Reply, Script, operations};

/// A body that each operation takes, and the fields that no body has together with them. An operation without a row
/// fails the test.
fn body(operation: &str) -> Value {
    let words = json!([{"role": "user", "content": "How long does tea steep?"}]);
    match operation {
        "createSharedLink" => json!({"messages": words}),
        "createConversation" => json!({"messages": words, "title": "Tea"}),
        "createChatCompletion" => json!({"model": "upstream/scripted", "messages": words}),
        "createMessage" => json!({"content": "And green tea?"}),
        "createAssistant" => json!({"name": "Tea"}),
        "createWebhookEndpoint" => json!({"name": "Dashboard", "url": "http://127.0.0.1:9/hook", "event_types": ["shared_link.created"]}),
        "updateSharedLink" | "updateConversation" | "updateAssistant" | "updateWebhookEndpoint" | "rotateWebhookSecret" => json!({}),
        // One that is no event, so that nothing is sent.
        "testWebhookEndpoint" => json!({"event_type": "shared_link.dreamt"}),
        other => panic!("{other} has no body in this test"),
    }
}

/// Empty, null, of every type, too long, and what a database or a parser may choke on.
fn strange() -> Vec<Value> {
    let mut deep = json!([]);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    vec![
        json!(null),
        json!(""),
        json!(" "),
        json!("x"),
        json!("x".repeat(100_000)),
        json!("a\u{0}b"),
        json!("\u{202e}\u{feff}\u{10ffff}"),
        json!("../../etc/passwd"),
        json!(0),
        json!(-1),
        json!(5),
        json!(1.5),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(true),
        json!(false),
        json!([]),
        json!([null]),
        json!([5]),
        json!([""]),
        json!(vec!["x"; 1_000]),
        json!({}),
        json!({"": null}),
        json!({"type": 5, "id": []}),
        deep,
    ]
}

/// Whether the error names this field, or a place in it.
fn names(reply: &Reply, field: &str) -> bool {
    if reply.status == 200 {
        return false;
    }
    let (status, kind, param) = reply.refusal();
    let within = param.is_some_and(|param| param.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])));
    (status, kind.as_str(), within) == (400, "invalid_request_error", true)
}

/// What is wrong with the answer to one of them.
fn judge(reply: &Reply, operation: &Value, field: &str, is_fine: bool) -> Option<String> {
    let expected = match reply.status {
        200 => is_fine,
        // Where it stands is the field itself, even if something else about it than its form is the matter.
        400 => names(reply, field),
        status => is_fine && operation["responses"][status.to_string()].is_object() && status < 500 && !reply.refusal().1.is_empty(),
    };
    (!expected).then(|| format!("{} {}", reply.status, &reply.body[..reply.body.floor_char_boundary(300)]))
}

#[tokio::test]
async fn every_field_that_is_wrong_is_refused_by_its_name_and_the_server_lives_on() {
    let outside = Outside::start().await;
    outside.upstream.answer_always(Script::says("Three minutes."));
    let ada = outside.somebody("Ada").await;
    let document = outside.document().await;
    let mut wrong = Vec::new();
    for (method, pattern, operation) in operations(&document) {
        let Some(schema) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
        let id = operation["operationId"].as_str().unwrap();
        let (path, base) = (ada.path(pattern), body(id));
        let schema = document.pointer(schema.trim_start_matches('#')).unwrap();
        let send = async |field: &str, value: Option<&Value>| {
            let mut body = base.as_object().unwrap().clone();
            match value {
                Some(value) => body.insert(field.to_owned(), value.clone()),
                None => body.remove(field),
            };
            let reply = ada.caller.post(&path, &body.into()).await;
            // There may be only so many of some kinds.
            if let (200, "POST", Some(made)) = (reply.status, method.as_str(), reply.body.contains("endpoint").then(|| reply.json())) {
                ada.caller.delete(&format!("{path}/{}", made["id"].as_str().unwrap())).await;
            }
            reply
        };
        for (field, property) in schema["properties"].as_object().unwrap() {
            for value in strange() {
                let reply = send(field, Some(&value)).await;
                let shown: String = value.to_string().chars().take(40).collect();
                let told = judge(&reply, operation, field, fits(&document, property, &value));
                wrong.extend(told.map(|told| format!("{id}: {field}: {shown}: {told}")));
            }
        }
        for required in schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()) {
            let reply = send(required, None).await;
            wrong.extend((!names(&reply, required)).then(|| format!("{id} without {required}: {}", reply.body)));
        }
        let reply = send("colour", Some(&json!("red"))).await;
        wrong.extend((!names(&reply, "colour")).then(|| format!("{id} with colour: {}", reply.body)));
        assert!(outside.program.memory() > 0, "{id}");
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn every_parameter_that_is_wrong_is_refused_by_its_name_and_the_server_lives_on() {
    let outside = Outside::start().await;
    let ada = outside.somebody("Ada").await;
    let document = outside.document().await;
    let mut wrong = Vec::new();
    for (method, pattern, operation) in operations(&document) {
        // Operations with a body have all that they take in there.
        if operation["requestBody"].is_object() || method == "DELETE" {
            continue;
        }
        let (id, path) = (operation["operationId"].as_str().unwrap(), ada.path(pattern));
        let ask = async |query: &str| Reply::of(ada.caller.request(method.parse::<Method>().unwrap(), &format!("{path}?{query}"))).await;
        let parameters = operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query");
        for name in parameters.map(|parameter| parameter["name"].as_str().unwrap()) {
            for value in ["", "%20", "x", "-1", "0", "1e3", "9223372036854775808", "null", "%F0%9F%8D%B5", "%FF", "%00", "%27%3B--"] {
                let reply = ask(&format!("{name}={value}")).await;
                let is_fine = match reply.status {
                    200 => value != "%00",
                    // Where it stands isn't looked for.
                    _ => names(&reply, name) || (value == "%00" && reply.refusal().0 == 400),
                };
                wrong.extend((!is_fine).then(|| format!("{id}: {name}={value}: {} {}", reply.status, reply.body)));
            }
            for query in [format!("{name}=x&{name}=y"), format!("{name}={}", "9".repeat(5_000))] {
                let reply = ask(&query).await;
                let is_fine = if reply.status == 200 { !query.contains('&') } else { names(&reply, name) };
                wrong.extend((!is_fine).then(|| format!("{id}: {}: {}", &query[..20], reply.body)));
            }
        }
        let reply = ask("colour=red").await;
        wrong.extend((!names(&reply, "colour")).then(|| format!("{id}: colour=red: {} {}", reply.status, reply.body)));
        assert!(outside.program.memory() > 0, "{id}");
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}
