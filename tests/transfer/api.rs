//! A program sends a file, and asks how far it is.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::export::{bytes, chats, held};
use crate::support::{Caller, Reply, TestApp};

async fn send(program: &Caller, name: &str, bytes: Vec<u8>) -> Reply {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
    Reply::of(program.request(Method::POST, "/v1/imports").multipart(form)).await
}

/// Waits until the import has ended.
async fn ended(program: &Caller, import: &Value) -> Value {
    loop {
        let import = program.get(&format!("/v1/imports/{}", import["id"].as_str().unwrap())).await.json();
        if import["status"] != "running" {
            return import;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_file_comes_in_whole_and_only_once() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let program = app.program_of(&owner.user).await;
    for (new, here) in [(40, 0), (0, 40)] {
        let begun = send(&program, "folder/export.json", bytes(&chats(40))).await;
        assert_eq!(begun.status, 200, "{}", begun.body);
        let begun = begun.json();
        assert_eq!((&begun["object"], &begun["file_name"], &begun["source"]), (&json!("import"), &json!("export.json"), &json!("ChatGPT")));
        let import = ended(&program, &begun).await;
        assert_eq!((&import["status"], &import["error"], &import["left_out"]), (&json!("done"), &Value::Null, &json!([])));
        assert_eq!(import["done_bytes"], import["total_bytes"]);
        let taken = json!({"conversations": new, "grown": 0, "unchanged": here, "messages": 2 * new, "images": 0, "files": 0});
        assert_eq!(import["taken"], taken);
        assert_eq!(held(&app, &owner.user).await, (40, 80, 0));
        // It is nobody else's business.
        let theirs = app.program_of(&other.user).await.get(&format!("/v1/imports/{}", import["id"].as_str().unwrap())).await;
        assert_eq!(theirs.refusal(), (404, "not_found_error".to_owned(), None));
    }
    let events = "SELECT COUNT(*) FROM audit_events WHERE action = 'conversations.imported' AND client = 'api' AND user_id = $1";
    let events: i64 = sqlx::query_scalar(events).bind(&owner.user.id).fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(events, 1);
}

#[tokio::test]
async fn what_is_no_export_is_refused_and_nothing_stays() {
    let app = TestApp::start_with(|config| config.max_import_bytes = 1 << 20).await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let refused = || (400, "invalid_request_error".to_owned(), Some("file".to_owned()));
    for (name, bytes) in [("notes.txt", &b"hello"[..]), ("empty.json", b""), ("data.json", b"{\"a\": 1}"), ("", b"[]")] {
        assert_eq!(send(&program, name, bytes.to_vec()).await.refusal(), refused(), "{name}");
    }
    let other_field = Form::new().text("purpose", "import");
    assert_eq!(Reply::of(program.request(Method::POST, "/v1/imports").multipart(other_field)).await.refusal(), refused());
    assert_eq!(program.post("/v1/imports", &json!({"file": "x"})).await.refusal(), refused());
    // What is in a form besides the file is kept in memory, and so it has an end.
    let head = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"";
    let field = "--B\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n";
    for begin in [head, field, "preamble"] {
        let form = [begin.as_bytes(), &vec![b'A'; 16 << 20]].concat();
        let request = program.request(Method::POST, "/v1/imports").header("content-type", "multipart/form-data; boundary=B");
        assert_eq!(Reply::of(request.body(form)).await.refusal(), refused(), "{begin}");
    }
    let large = send(&program, "large.json", vec![b' '; (1 << 20) + 1]).await;
    assert_eq!(large.refusal(), (413, "request_too_large".to_owned(), None));
    assert_eq!(held(&app, &owner.user).await, (0, 0, 0));
    assert_eq!(std::fs::read_dir(app.config.data.join("uploads")).unwrap().count(), 0);
}
