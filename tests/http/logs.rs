//! Nothing that is anybody's stands in a log, not even at the level that says everything.

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Program, Reply, made_path};

const PASSWORD: &str = "canary-password-4711";
const WRONG: &str = "canary-wrong-password-4711";

fn export() -> Vec<u8> {
    let message = json!({
        "id": "n1", "author": {"role": "user"}, "create_time": 1_700_000_000.0, "metadata": {}, "recipient": "all",
        "content": {"content_type": "text", "parts": ["CANARY-MESSAGE with words"]},
    });
    let chat = json!({
        "id": "one", "conversation_id": "one", "title": "CANARY-TALK", "create_time": 1_700_000_000.0,
        "update_time": 1_700_000_000.0, "current_node": "n1",
        "mapping": {"n1": {"id": "n1", "parent": null, "children": [], "message": message}},
    });
    serde_json::to_vec(&json!([chat])).unwrap()
}

#[tokio::test]
async fn no_password_message_title_search_link_or_session_is_logged_at_any_level() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(folder.path(), "trace");
    let (owner, session) = program.set_up(PASSWORD).await;
    std::fs::write(folder.path().join("chat.json"), export()).unwrap();
    let mut log = String::new();
    let mut command = async |arguments: &[&str]| {
        let mut command = crate::support::takeback(&program.data);
        let output = command.args(arguments).env("TAKEBACK_LOG", "trace").output().unwrap();
        log += &String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{log}");
        String::from_utf8(output.stdout).unwrap()
    };
    command(&["import", "chat.json", "--user", "ada.quillfeather@example.org"]).await;
    let reset = command(&["users", "reset-password", "ada.quillfeather@example.org"]).await;
    let reset = format!("/reset/{}", reset.lines().next().unwrap().rsplit('/').next().unwrap());

    let home = owner.get("/").await.body;
    let talk = home.split("href=\"/c/conv_").nth(1).unwrap().split(['"', '/', '?']).next().unwrap();
    let talk = format!("/c/conv_{talk}");
    assert!(owner.get(&talk).await.body.contains("CANARY-MESSAGE"));
    assert_eq!(owner.post_form(&format!("{talk}/rename"), &[("title", "CANARY-RENAMED")]).await.status, 303);
    let made = owner.post_form(&format!("{talk}/share"), &[("title", "CANARY-TITLE"), ("author", "name")]).await;
    let path = made_path(&made).unwrap();
    let (token, id) = (path.rsplit('/').next().unwrap(), format!("link_{}", path.rsplit('/').next().unwrap()));
    let visitor = program.anonymous();
    for below in ["", "/markdown", "/files/CANARY-FILE", "/continue", "/report"] {
        visitor.get(&format!("{path}{below}")).await;
    }
    assert!(visitor.get(&path).await.body.contains("CANARY-MESSAGE"));
    assert_eq!(owner.post_form(&format!("/links/{id}/edit"), &[("title", "CANARY-EDITED"), ("author", "anonymous")]).await.status, 303);
    assert_eq!(visitor.post_form(&format!("{path}/report"), &[("reason", "other"), ("details", "CANARY-DETAILS")]).await.status, 200);
    owner.get("/links?q=CANARY-SEARCH&after=CANARY-CURSOR").await;
    owner.get("/conversations?q=CANARY-SEARCH").await;
    owner.get("/CANARY-PATH?CANARY-QUERY=1").await;
    owner.get(&reset).await;
    assert_eq!(visitor.get(&reset).await.status, 200);
    // Forms that are wrong in every way.
    for fields in [&[("email", "canary.stranger@example.org"), ("password", WRONG)][..], &[("CANARY-FIELD", "CANARY-VALUE")]] {
        assert_eq!(visitor.post_form("/signin", fields).await.status, 400);
    }
    let broken = visitor.request(Method::POST, "/signin").header("content-type", "application/json").body("{\"CANARY-JSON\": ");
    assert!(Reply::of(broken).await.status >= 400);
    assert_eq!(owner.upload("/import", "file", "CANARY-NAME.json", b"CANARY-UPLOAD".to_vec()).await.status, 400);
    let entered = visitor.post_form("/signin", &[("email", "ada.quillfeather@example.org"), ("password", PASSWORD)]).await;
    assert_eq!(entered.status, 303);
    let second = entered.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
    command(&["links", "show", &id]).await;
    assert_eq!(owner.post_form(&format!("/links/{id}/delete"), &[]).await.status, 303);
    assert_eq!(visitor.get(&path).await.status, 404);
    owner.post_form("/links/delete-all", &[]).await;
    log += &program.stop().await;

    // It did log, and at the level asked for.
    assert!(log.contains("\"level\":\"TRACE\"") && log.contains("/share/{token}") && log.contains("/links/{id}/delete"), "{log}");
    let reset = reset.rsplit('/').next().unwrap();
    let canaries = ["CANARY", "canary", "Quillfeather", "quillfeather", token, id.as_str(), session.as_str(), second.as_str(), reset];
    let found: Vec<&str> = log.lines().filter(|line| canaries.iter().any(|canary| line.contains(canary))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
