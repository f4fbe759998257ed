//! Files that are no exports, or try to be more: a clear sentence, nothing lost, the server stands.

use serde_json::json;
use takeback::storage::dialect::Dialect;
use takeback::write_tx;

use super::export::{bytes, chat, chats, held, import, tally, zip};
use crate::support::{Actor, TestApp};

/// Sends a file that is refused at once; answers what the page says.
async fn refused(person: &Actor, name: &str, bytes: Vec<u8>) -> String {
    let reply = person.upload("/import", "file", name, bytes).await;
    assert_eq!(reply.status, 400, "{}", reply.body);
    let (_, notice) = reply.body.split_once("role=\"alert\"").unwrap();
    notice.split("</div></div>").next().unwrap().rsplit("<div>").next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_no_export_is_refused_with_what_it_is() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for (name, bytes, words) in [
        ("notes.txt", b"hello".to_vec(), "neither a ZIP nor a JSON file"),
        ("empty.json", b"  \n".to_vec(), "The file is empty"),
        ("chat.html", b"<!doctype html><html></html>".to_vec(), "This is a web page"),
        ("data.json", b"{\"a\": 1}".to_vec(), "no chat export that Takeback knows"),
        ("claude.json", json!([{"uuid": "x", "chat_messages": []}]).to_string().into_bytes(), "a Claude export"),
        ("photos.zip", zip(&[("a.txt", b"x")]), "no conversations.json"),
        ("cut.zip", zip(&[("conversations.json", &bytes(&chats(50)))])[..800].to_vec(), "damaged or cut off"),
        ("utf16.json", [&[0xff, 0xfe][..], &[b'[', 0, b']', 0]].concat(), "UTF-16"),
    ] {
        let said = refused(&owner, name, bytes).await;
        assert!(said.contains(words), "{name}: {said}");
    }
    assert_eq!(held(&app, &owner.user).await, (0, 0, 0));
    assert_eq!(std::fs::read_dir(app.config.data.join("uploads")).unwrap().count(), 0);
    assert_eq!(owner.get("/").await.status, 200);
}

#[tokio::test]
async fn a_form_without_a_file_says_so() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    assert!(refused(&owner, "", Vec::new()).await.contains("Choose a file first"));
    let other_field = owner.upload("/import", "other", "a.json", b"[]".to_vec()).await;
    assert!(other_field.status == 400 && other_field.body.contains("Choose a file first"));
    let no_form = owner.post_form("/import", &[("file", "x")]).await;
    assert_eq!(no_form.status, 400, "{}", no_form.body);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_with_the_limit() {
    let app = TestApp::start_with(|config| config.max_import_bytes = 3 << 20).await;
    let owner = app.owner().await;
    let reply = owner.upload("/import", "file", "big.json", vec![b' '; (3 << 20) + 1]).await;
    assert_eq!(reply.status, 413);
    assert!(reply.body.contains("larger than 3 MB") && reply.body.contains("takeback import"), "{}", reply.body);
    assert_eq!(std::fs::read_dir(app.config.data.join("uploads")).unwrap().count(), 0);
    // More than axum's own 2 MB passes below it.
    let padded = [bytes(&chats(2)), vec![b' '; (5 << 20) / 2]].concat();
    assert_eq!(tally(&import(&owner, "padded.json", padded).await, "New conversations"), 2);
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_what_came_before_and_says_what_to_do() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let whole = bytes(&chats(20));
    let cut = whole[..whole.len() - 50].to_vec();
    let report = import(&owner, "cut.json", cut).await;
    assert!(report.body.contains("The import ended early"), "{}", report.body);
    assert!(report.body.contains("What came before that was taken") && report.body.contains("nothing is doubled"), "{}", report.body);
    assert_eq!(tally(&report, "New conversations"), 19);
    let report = import(&owner, "whole.json", whole).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "Already here")), (1, 19));
}

#[tokio::test]
async fn a_zip_bomb_is_not_unpacked() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let bomb = [b"[".to_vec(), vec![b' '; 100 << 20], b"]".to_vec()].concat();
    let archive = zip(&[("conversations.json", &bomb)]);
    assert!(archive.len() < 1 << 20);
    let reply = owner.upload("/import", "file", "bomb.zip", archive).await;
    let said = if reply.status == 303 { super::export::over(&owner, reply.location()).await.body } else { reply.body };
    assert!(said.contains("unpacks to more than") || said.contains("no conversations"), "{said}");
    assert_eq!(held(&app, &owner.user).await, (0, 0, 0));
}

#[tokio::test]
async fn names_that_lead_out_of_the_zip_lead_nowhere() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let json = bytes(&chats(2));
    let archive = zip(&[("conversations.json", &json), ("../../evil.png", b"x"), ("/etc/evil", b"x"), ("a\\..\\evil", b"x")]);
    let report = import(&owner, "../../../tmp/evil.zip", archive).await;
    assert_eq!(tally(&report, "New conversations"), 2);
    assert!(report.body.contains("evil.zip") && !report.body.contains("tmp/evil"), "{}", report.body);
    assert!(report.body.contains("unsafe"), "{}", report.body);
}

#[tokio::test]
async fn deep_huge_invalid_and_unknown_content_stops_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let deep = format!("{{\"id\": \"deep\", \"title\": \"Deep\", \"mapping\": {}{}}}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let huge = chat("huge", "Huge", &[("user", &"x".repeat(50 << 20)), ("assistant", "that was long")]);
    let mut unknown = chat("unknown", "Unknown", &[("user", "q"), ("assistant", "a")]);
    unknown["mapping"]["unknown-1"]["message"]["content"] = json!({"content_type": "super_widget", "data": [1, 2]});
    let mut invalid = chat("invalid", "Invalid", &[("user", "INVALID"), ("assistant", "a")]).to_string().into_bytes();
    let at = invalid.windows(7).position(|window| window == b"INVALID").unwrap();
    invalid[at] = 0xff;
    let elements =
        [deep.into_bytes(), huge.to_string().into_bytes(), unknown.to_string().into_bytes(), invalid, chats(1)[0].to_string().into_bytes()];
    let file = [b"[".to_vec(), elements.join(&b","[..]), b"]".to_vec()].concat();
    let report = import(&owner, "nasty.json", file).await;
    assert!(report.body.contains("The import is done"), "{}", report.body);
    for words in ["at most 8388608 are kept", "super widget", "damaged character"] {
        assert!(report.body.contains(words), "{words}\n{}", report.body);
    }
    let titles = owner.get("/").await.body;
    for title in ["Huge", "Unknown", "Invalid", "Chat 0"] {
        assert!(titles.contains(title), "{title}");
    }
    assert_eq!(owner.get("/healthz").await.status, 200);
}

/// Sets how many pages the writer's connection lets the database have.
async fn room(app: &TestApp, pragma: &'static str) {
    write_tx!(app.db, "test: room", |tx| {
        sqlx::query(pragma).execute(tx).await?;
        Ok(())
    })
    .unwrap();
}

/// SQLite's own limit on pages stands for the disk; on PostgreSQL the disk is another machine's.
#[tokio::test]
async fn a_full_disk_is_said_and_the_rest_comes_when_there_is_room() {
    let app = TestApp::start().await;
    if app.db.dialect() != Dialect::Sqlite {
        return;
    }
    let owner = app.owner().await;
    let long = "word ".repeat(2_000);
    let talks: Vec<_> = (0..1_000).map(|n| chat(&format!("c{n}"), "Long", &[("user", "q"), ("assistant", &long)])).collect();
    room(&app, "PRAGMA max_page_count = 2000").await;
    let report = import(&owner, "export.json", bytes(&talks)).await;
    assert!(report.body.contains("The server’s disk is full") && report.body.contains("nothing is doubled"), "{}", report.body);
    let (came, _, _) = held(&app, &owner.user).await;
    assert!((1..1_000).contains(&came), "{came}");
    assert_eq!(owner.get("/").await.status, 200);
    room(&app, "PRAGMA max_page_count = 1000000").await;
    let report = import(&owner, "export.json", bytes(&talks)).await;
    assert_eq!(tally(&report, "New conversations") + came, 1_000);
    assert_eq!(held(&app, &owner.user).await, (1_000, 2_000, 0));
}
