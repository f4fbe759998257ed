//! Making a link, and cutting it anew.

use takeback::audit::Via;
use takeback::error::Error;
use takeback::links::link::TargetType;
use takeback::links::publish::{self, Terms};
use takeback::links::revoke;
use takeback_transcripts::Part;

use crate::support::TestApp;

#[tokio::test]
async fn the_dialog_makes_an_anonymous_link_in_one_click() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let dialog = owner.fragment(&format!("/c/{}/share", talk.id)).await;
    assert!(dialog.body.contains("Copy link") && dialog.body.contains("these 2 messages"), "{}", dialog.body);

    let made = owner.post_form(&format!("/c/{}/share", talk.id), &[("title", "My own title"), ("author", "anonymous")]).await;
    assert_eq!(made.status, 200);
    let url = made.body.split("value=\"http").nth(1).unwrap().split('"').next().unwrap();
    let path = &url[url.find("/share/").unwrap()..];
    let page = app.anonymous().get(path).await;
    assert!(page.body.contains("My own title") && page.body.contains("Shared anonymously"));
    assert!(!page.body.contains("Tea for two"), "the conversation's title is not the link's");
}

#[tokio::test]
async fn the_preview_is_the_very_page() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let preview = owner.get(&format!("/c/{}/share/preview?title=Another&author=name", talk.id)).await;
    assert!(preview.body.contains("<h1 dir=\"auto\">Another</h1>") && preview.body.contains("Shared by <bdi>Ada Quillfeather</bdi>"));
    assert_eq!(preview.header("x-frame-options"), "SAMEORIGIN");
    let messages = |html: &str| html.split("<div class=\"messages\">").nth(1).unwrap().split("<footer>").next().unwrap().to_owned();
    let link = app.share(&owner.user, &talk).await;
    assert_eq!(messages(&preview.body), messages(&app.anonymous().get(&link.path()).await.body));
}

#[tokio::test]
async fn later_messages_do_not_show_until_the_owner_updates_the_link() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    app.say(&mut talk, "user", "And black tea?").await;
    assert!(!app.anonymous().get(&link.path()).await.body.contains("And black tea?"));
    let dialog = owner.fragment(&format!("/c/{}/share", talk.id)).await;
    assert!(dialog.body.contains("1 message behind"), "{}", dialog.body);

    let updated = owner.post_form(&format!("/links/{}/update", link.id), &[("from", "links")]).await;
    assert_eq!((updated.status, updated.location()), (303, "/links"));
    let page = app.anonymous().get(&link.path()).await;
    assert!(page.body.contains("And black tea?"));
    let (revision, snapshots): (i64, i64) =
        sqlx::query_as("SELECT revision, (SELECT COUNT(*) FROM snapshots) FROM links").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!((revision, snapshots), (2, 1), "what no longer shows is no longer kept");
}

#[tokio::test]
async fn what_was_never_shown_is_not_shared() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.talk(&owner.user, "Secrets", &[("system", "CANARY-SYSTEM"), ("user", "Hello")]).await;
    let parts = [
        Part::Reasoning { text: "CANARY-REASONING".into() },
        Part::ToolCall { name: "search".into(), arguments: "CANARY-CALL".into() },
        Part::ToolResult { name: None, text: "CANARY-RESULT".into() },
        Part::File { file: None, name: "notes.txt".into(), media_type: None, text: Some("CANARY-FILE".into()) },
        Part::Unknown { kind: "widget".into(), raw: "CANARY-RAW".into() },
        Part::Text { text: "Good day".into() },
    ];
    app.say_parts(&mut talk, "assistant", &parts).await;
    let link = app.share(&owner.user, &talk).await;
    let markdown = app.anonymous().get(&format!("{}/markdown", link.path())).await.body;
    let page = app.anonymous().get(&link.path()).await.body + markdown.as_str();
    assert!(page.contains("Good day") && page.contains("notes.txt"));
    assert!(!page.contains("CANARY"), "{page}");
    let stored: String = sqlx::query_scalar("SELECT body FROM snapshots").fetch_one(app.db.reader()).await.unwrap();
    assert!(!stored.contains("CANARY"), "{stored}");
}

#[tokio::test]
async fn a_branch_with_a_missing_message_is_not_shared_at_all() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    takeback::write_tx!(app.db, "test: lose a body", |tx| {
        sqlx::query("DELETE FROM message_bodies WHERE message_id = $1").bind(&talk.messages[0]).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let terms = Terms::default();
    assert!(matches!(publish::publish(&app, &owner.user, &talk.id, &terms, Via::Web).await, Err(Error::NotFound)));
    let links: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM links").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(links, 0);
}

#[tokio::test]
async fn a_share_can_end_before_the_last_message() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let terms = Terms { up_to_message_id: Some(talk.messages[0].clone()), ..Terms::default() };
    let link = publish::publish(&app, &owner.user, &talk.id, &terms, Via::Web).await.unwrap();
    let page = app.anonymous().get(&link.path()).await.body;
    assert!(page.contains("green tea") && !page.contains("75 °C"));
    let elsewhere = app.small_talk(&owner.user).await;
    let terms = Terms { up_to_message_id: Some(elsewhere.messages[0].clone()), ..terms };
    assert!(matches!(publish::publish(&app, &owner.user, &talk.id, &terms, Via::Web).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn links_made_while_all_are_taken_back_are_either_taken_too_or_made_after() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..10 {
        let terms = Terms::default();
        let make = async || publish::publish(&app, &owner.user, &talk.id, &terms, Via::Web).await.unwrap();
        let (first, second, counted, third) = tokio::join!(make(), make(), revoke::delete_all(&app, &owner.user.id, Via::Web), make());
        let mut open = 0;
        for link in [&first, &second, &third] {
            open += i64::from(app.gate.ask(TargetType::Conversation, &link.id).await.is_ok());
        }
        assert_eq!(open + counted.unwrap(), 3, "every link is either counted as taken back or open");
        revoke::delete_all(&app, &owner.user.id, Via::Web).await.unwrap();
    }
}

#[tokio::test]
async fn a_title_that_can_t_be_is_refused_with_words() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let long = "x".repeat(201);
    for title in ["", "  \u{7} ", &long] {
        let answer = owner.post_form(&format!("/c/{}/share", talk.id), &[("title", title), ("author", "anonymous")]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("The title is"), "{}", answer.body);
    }
}
