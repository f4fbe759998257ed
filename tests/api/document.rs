//! The document of the API, and the page that shows it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use takeback::http::routes;

use crate::support::TestApp;

async fn document(app: &TestApp) -> Value {
    let reply = app.anonymous().get("/openapi.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    reply.json()
}

#[tokio::test]
async fn every_operation_is_in_the_document_and_every_one_in_it_answers() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        documented.extend(methods.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let all = routes::all().list;
    let routed: BTreeSet<String> = all
        .iter()
        .filter(|(_, path)| path.starts_with("/v1"))
        .map(|(method, path)| format!("{method} {path}").replace("{*", "{"))
        .collect();
    assert_eq!(documented, routed);
}

/// A change of the API is seen in its review: this file changes with it.
#[tokio::test]
async fn the_document_is_the_one_that_was_reviewed() {
    let app = TestApp::start().await;
    let mut document = document(&app).await;
    assert_eq!(document["servers"][0]["url"], app.url(""));
    document["servers"][0]["url"] = "https://chat.example.org".into();
    let now = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reviewed = std::fs::read_to_string(root.join("tests/api/openapi.json")).unwrap_or_default();
    if now != reviewed {
        std::fs::write(root.join("target/openapi.json"), &now).unwrap();
        panic!("the document changed. Look at it, then: cp target/openapi.json tests/api/openapi.json");
    }
}

#[tokio::test]
async fn every_operation_names_its_scope_its_answers_and_its_parameters() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"].as_str().unwrap(), "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name}: its id is another's too");
            assert!(operation["summary"].is_string(), "{name}");
            let scope = operation["security"][0]["api_key"][0].as_str().unwrap();
            assert!(takeback::api_keys::scope::Scope::ALL.iter().any(|known| known.as_str() == scope), "{name}: {scope}");
            for status in ["200", "400", "401", "403", "404", "429", "500"] {
                assert!(operation["responses"][status]["content"]["application/json"]["schema"]["$ref"].is_string(), "{name}: {status}");
            }
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
                let parameters = operation["parameters"].as_array().unwrap();
                assert!(
                    parameters.iter().any(|known| known["name"] == part && known["in"] == "path" && known["required"] == true),
                    "{name}"
                );
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].as_str().is_some_and(|words| words.len() > 5), "{name}: {parameter}");
            }
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let words = property["description"].as_str().or(property["$ref"].as_str());
            // Of an object that may be null it stands beside the object.
            let words = words.or(property["oneOf"][0]["description"].as_str());
            assert!(words.is_some_and(|words| !words.is_empty()), "{name}.{field} has no description: {property}");
        }
    }
}

#[tokio::test]
async fn the_page_shows_every_operation_and_loads_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    app.owner().await;
    let document = document(&app).await;
    let page = app.anonymous().get("/docs/api").await;
    assert_eq!(page.status, 200);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            assert!(page.body.contains(&format!("id=\"{}\"", operation["operationId"].as_str().unwrap())), "{path}");
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if !schema["properties"].is_object() {
            continue;
        }
        assert!(page.body.contains(&format!("id=\"object-{name}\"")), "{name}");
    }
    for attribute in ["src=\"", "href=\""] {
        for address in page.body.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(address.starts_with(['/', '#']) && !address.starts_with("//"), "{address}");
        }
    }
}
