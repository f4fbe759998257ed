//! The first import: everything comes, and the report says what did not.

use serde_json::json;

use super::export::{bytes, chat, chats, corpus, held, import, tally, zip};
use crate::support::TestApp;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

#[tokio::test]
async fn a_json_file_comes_in_whole() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let report = import(&owner, "conversations.json", bytes(&chats(600))).await;
    assert!(report.body.contains("The import is done") && report.body.contains("Nothing was left out."), "{}", report.body);
    assert!(report.body.contains("conversations.json · ChatGPT"), "{}", report.body);
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (600, 1200));
    assert_eq!(held(&app, &owner.user).await, (600, 1200, 0));
    let (_, newest) = report.body.split_once("<a class=\"btn main\" href=\"").unwrap();
    let page = owner.get(newest.split('"').next().unwrap()).await;
    assert!(page.body.contains("an answer") && page.body.contains("from ChatGPT"), "{}", page.body);
    // Nobody else has any of it, and no file is left in the data folder.
    assert_eq!(held(&app, &app.other().await.user).await, (0, 0, 0));
    assert_eq!(std::fs::read_dir(app.config.data.join("uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn real_exports_come_in_with_every_message() {
    for (path, conversations, messages) in [
        ("chatgpt/bot-knows/chatgpt_export.json", 2, 6),
        ("chatgpt/librechat-importer/chatgpt-export.json", 2, 21),
        ("chatgpt/librechat-importer/chatgpt-tree.json", 1, 12),
    ] {
        let Some(path) = corpus(path) else { return };
        let app = TestApp::start().await;
        let owner = app.owner().await;
        let export = std::fs::read(&path).unwrap();
        let report = import(&owner, "export.json", export.clone()).await;
        assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (conversations, messages), "{}", path.display());
        assert_eq!(held(&app, &owner.user).await, (conversations, messages, 0));
        // Again: nothing is doubled.
        let report = import(&owner, "export.json", export).await;
        assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (0, 0));
        assert_eq!(tally(&report, "Already here"), conversations);
        assert_eq!(held(&app, &owner.user).await, (conversations, messages, 0));
    }
}

#[tokio::test]
async fn a_corrupted_conversation_is_reported_and_the_rest_is_taken() {
    let Some(path) = corpus("chatgpt/librechat-importer/chatgpt-modern-export.json") else { return };
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let report = import(&owner, "export.json", std::fs::read(path).unwrap()).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (2, 7));
    assert!(report.body.contains("Left out, and why") && report.body.contains("Corrupted entry"), "{}", report.body);
    assert!(report.body.contains("It has no messages"), "{}", report.body);
}

#[tokio::test]
async fn a_zip_brings_its_pictures_and_only_their_owner_sees_them() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let mut talk = chat("pictures", "Pictures", &[("user", "look"), ("assistant", "nice")]);
    talk["mapping"]["pictures-0"]["message"]["content"] = json!({"content_type": "multimodal_text", "parts": [
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-AAA", "width": 1, "height": 1},
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-GONE", "width": 1, "height": 1},
        "look"
    ]});
    let json = bytes(&[talk]);
    let archive = zip(&[("conversations.json", &json), ("file-AAA-cat.png", PNG), ("user.json", b"{}")]);
    let report = import(&owner, "export.zip", archive).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "Files")), (1, 1), "{}", report.body);
    assert!(report.body.contains("The file names them but doesn’t hold them"), "{}", report.body);
    assert_eq!(held(&app, &owner.user).await, (1, 2, 1));

    let home = owner.get("/").await.body;
    let id = home.split("id=\"chat-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = owner.get(&format!("/c/{id}")).await.body;
    let src = page.split("src=\"/files/").nth(1).unwrap().split('"').next().unwrap();
    assert!(page.contains("a picture that the export did not hold"), "{page}");
    let picture = owner.get(&format!("/files/{src}")).await;
    assert_eq!((picture.status, picture.header("content-type"), picture.bytes.as_slice()), (200, "image/png", PNG));
    assert_eq!(other.get(&format!("/files/{src}")).await.status, 404);
}

#[tokio::test]
async fn branches_come_along_and_the_open_one_shows() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = chat("tree", "Tree", &[("user", "q"), ("assistant", "first answer"), ("user", "bye")]);
    let mut other = talk["mapping"]["tree-1"].clone();
    other["id"] = json!("tree-1b");
    other["children"] = json!([]);
    other["message"]["id"] = json!("tree-1b");
    other["message"]["content"]["parts"] = json!(["second answer"]);
    talk["mapping"]["tree-1b"] = other;
    talk["mapping"]["tree-0"]["children"] = json!(["tree-1", "tree-1b"]);
    import(&owner, "export.json", bytes(&[talk])).await;
    let home = owner.get("/").await.body;
    let id = home.split("id=\"chat-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = owner.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("first answer") && page.contains("bye") && !page.contains("second answer") && page.contains("1/2"), "{page}");
    let next = page.split("name=\"message\" value=\"").filter_map(|rest| rest.split('"').next()).find(|id| id.starts_with("msg_")).unwrap();
    owner.post_form(&format!("/c/{id}/branch"), &[("message", next)]).await;
    assert!(owner.get(&format!("/c/{id}")).await.body.contains("second answer"));
}

#[tokio::test]
async fn a_file_of_messages_becomes_a_conversation_titled_by_its_first_question() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let file = json!({"messages": [
        {"role": "system", "content": "secret instructions"},
        {"role": "user", "content": "How long does tea steep?\nPlease"},
        {"role": "assistant", "content": "Two minutes."}
    ]});
    let report = import(&owner, "messages.json", file.to_string().into_bytes()).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (1, 3));
    let page = owner.get("/").await.body;
    assert!(page.contains("How long does tea steep?"), "{page}");
}

#[tokio::test]
async fn strange_times_are_put_right() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = chat("times", "Times", &[("user", "q"), ("assistant", "a")]);
    talk["create_time"] = json!(-1e300);
    talk["update_time"] = json!(9e15);
    talk["mapping"]["times-0"]["message"]["create_time"] = json!(4e9);
    import(&owner, "export.json", bytes(&[talk])).await;
    let (created, updated): (i64, i64) = sqlx::query_as("SELECT created_at, updated_at FROM conversations WHERE owner_id = $1")
        .bind(&owner.user.id)
        .fetch_one(app.db.reader())
        .await
        .unwrap();
    assert!(created > 0 && created <= updated && updated <= app.now(), "{created} {updated}");
}
