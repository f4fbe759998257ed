//! The same file again, a newer one, and what the owner did in between.

use serde_json::json;

use super::export::{bytes, chat, chats, held, import, tally};
use crate::support::{Actor, TestApp};

const SHORT: [(&str, &str); 2] = [("user", "question"), ("assistant", "answer")];
const LONG: [(&str, &str); 4] = [("user", "question"), ("assistant", "answer"), ("user", "and then"), ("assistant", "the end")];

async fn only_conversation(person: &Actor) -> String {
    let home = person.get("/").await.body;
    assert_eq!(home.matches("id=\"chat-conv_").count(), 1, "{home}");
    home.split("id=\"chat-").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_same_file_changes_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    import(&owner, "export.json", bytes(&chats(300))).await;
    let rows = |lines: Vec<String>| lines.into_iter().filter(|line| !line.starts_with("imports:")).collect::<Vec<_>>();
    let before = rows(app.rows().await);
    let report = import(&owner, "export.json", bytes(&chats(300))).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages"), tally(&report, "Already here")), (0, 0, 300));
    assert!(report.body.contains("Nothing was left out."));
    assert_eq!(rows(app.rows().await), before);
}

#[tokio::test]
async fn a_grown_conversation_gets_its_new_messages_only() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    import(&owner, "export.json", bytes(&[chat("a", "Chat", &SHORT)])).await;
    let id = only_conversation(&owner).await;
    let report = import(&owner, "export.json", bytes(&[chat("a", "Chat, renamed there", &LONG), chat("b", "New", &SHORT)])).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "With new messages"), tally(&report, "New messages")), (1, 1, 4));
    assert_eq!(held(&app, &owner.user).await, (2, 6, 0));
    let page = owner.get(&format!("/c/{id}")).await.body;
    let places: Vec<usize> = ["question", "answer", "and then", "the end"]
        .iter()
        .map(|text| page.find(&format!("<p dir=\"auto\">{text}</p>")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("<title>Chat, renamed there"), "{page}");
}

#[tokio::test]
async fn a_title_that_the_owner_gave_stays() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    import(&owner, "export.json", bytes(&[chat("a", "Chat", &SHORT)])).await;
    let id = only_conversation(&owner).await;
    owner.post_form(&format!("/c/{id}/rename"), &[("title", "Mine")]).await;
    import(&owner, "export.json", bytes(&[chat("a", "Theirs", &LONG)])).await;
    assert!(owner.get(&format!("/c/{id}")).await.body.contains("<title>Mine · Takeback</title>"));
    assert_eq!(held(&app, &owner.user).await, (1, 4, 0));
}

#[tokio::test]
async fn a_new_branch_hangs_where_it_belongs() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    import(&owner, "export.json", bytes(&[chat("a", "Chat", &SHORT)])).await;
    let id = only_conversation(&owner).await;
    let mut talk = chat("a", "Chat", &SHORT);
    let mut other = talk["mapping"]["a-1"].clone();
    other["id"] = json!("a-1b");
    other["message"]["id"] = json!("a-1b");
    other["message"]["content"]["parts"] = json!(["regenerated"]);
    talk["mapping"]["a-1b"] = other;
    talk["mapping"]["a-0"]["children"] = json!(["a-1", "a-1b"]);
    talk["current_node"] = json!("a-1b");
    let report = import(&owner, "export.json", bytes(&[talk])).await;
    assert_eq!(tally(&report, "New messages"), 1);
    let page = owner.get(&format!("/c/{id}")).await.body;
    assert!(page.contains(">regenerated</p>") && page.contains("2/2") && !page.contains(">answer</p>"), "{page}");
}

#[tokio::test]
async fn what_was_deleted_here_is_new_again() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    import(&owner, "export.json", bytes(&[chat("a", "Chat", &SHORT)])).await;
    let id = only_conversation(&owner).await;
    owner.post_form(&format!("/c/{id}/delete"), &[]).await;
    let report = import(&owner, "export.json", bytes(&[chat("a", "Chat", &SHORT)])).await;
    assert_eq!(tally(&report, "New conversations"), 1);
    assert_ne!(only_conversation(&owner).await, id);
}

#[tokio::test]
async fn two_people_may_import_the_same_file() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    for person in [&owner, &other] {
        let report = import(person, "export.json", bytes(&chats(3))).await;
        assert_eq!(tally(&report, "New conversations"), 3);
    }
    assert_eq!((held(&app, &owner.user).await, held(&app, &other.user).await), ((3, 6, 0), (3, 6, 0)));
}

#[tokio::test]
async fn a_conversation_that_stands_twice_in_a_file_comes_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let report =
        import(&owner, "export.json", bytes(&[chat("a", "Chat", &SHORT), chat("b", "Other", &SHORT), chat("a", "Chat", &LONG)])).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (2, 6), "{}", report.body);
    assert_eq!(held(&app, &owner.user).await, (2, 6, 0));
}

#[tokio::test]
async fn a_file_of_messages_that_grew_extends_what_came_before() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let file = |count: usize| {
        let messages: Vec<_> = LONG.iter().take(count).map(|(role, text)| json!({"role": role, "content": text})).collect();
        json!({ "messages": messages }).to_string().into_bytes()
    };
    import(&owner, "messages.json", file(2)).await;
    let id = only_conversation(&owner).await;
    let report = import(&owner, "messages.json", file(4)).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (0, 2), "{}", report.body);
    assert_eq!(only_conversation(&owner).await, id);
    let report = import(&owner, "messages.json", file(4)).await;
    assert_eq!((tally(&report, "New messages"), tally(&report, "Already here")), (0, 1));
}

#[tokio::test]
async fn a_conversation_larger_than_one_transaction_comes_whole_and_only_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let texts: Vec<String> = (0..4_000).map(|n| format!("line {n}")).collect();
    let messages: Vec<(&str, &str)> =
        texts.iter().enumerate().map(|(n, text)| (if n % 2 == 0 { "user" } else { "assistant" }, text.as_str())).collect();
    let export = bytes(&[chat("long", "Long", &messages), chat("next", "Next", &SHORT)]);
    let report = import(&owner, "export.json", export.clone()).await;
    assert_eq!((tally(&report, "New conversations"), tally(&report, "New messages")), (2, 4_002));
    let leaf: String = sqlx::query_scalar(
        "SELECT b.parts FROM conversations c JOIN message_bodies b ON b.message_id = c.current_message_id WHERE c.owner_id = $1 AND c.title = 'Long'",
    )
    .bind(&owner.user.id)
    .fetch_one(app.db.reader())
    .await
    .unwrap();
    assert!(leaf.contains("line 3999"), "{leaf}");
    let report = import(&owner, "export.json", export).await;
    assert_eq!((tally(&report, "New messages"), tally(&report, "Already here")), (0, 2));
}
