//! A conversation's page.

use takeback_transcripts::Part;

use crate::support::TestApp;

#[tokio::test]
async fn an_empty_account_explains_itself_and_offers_the_sample() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let page = owner.get("/").await;
    assert_eq!(page.status, 200);
    for words in ["Share a chat. Take it back.", "action=\"/sample\"", "href=\"/import\"", "action=\"/chats\"", "not an AI"] {
        assert!(page.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn other_people_s_conversations_look_like_none() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    for below in ["", "/rename", "/delete"] {
        let theirs = other.get(&format!("/c/{}{below}", talk.id)).await;
        let none = other.get(&format!("/c/conv_1111111111111111111111{below}")).await;
        assert_eq!((theirs.status, none.status), (404, 404));
        let without_id = |body: &str| body.split("request-id").next().unwrap().to_owned();
        assert_eq!(without_id(&theirs.body), without_id(&none.body));
    }
    for (below, form) in [("rename", ("title", "Mine")), ("delete", ("", "")), ("branch", ("message", talk.messages[0].as_str()))] {
        assert_eq!(other.post_form(&format!("/c/{}/{below}", talk.id), &[form]).await.status, 404, "{below}");
    }
    assert_eq!(app.anonymous().get(&format!("/c/{}", talk.id)).await.status, 303);
    assert_eq!(owner.get(&format!("/c/{}", talk.id)).await.status, 200);
}

#[tokio::test]
async fn a_long_conversation_shows_its_end_and_the_rest_on_request() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let texts: Vec<String> = (0..250).map(|n| format!("word{n}word")).collect();
    let messages: Vec<(&str, &str)> =
        texts.iter().enumerate().map(|(n, text)| (if n % 2 == 0 { "user" } else { "assistant" }, text.as_str())).collect();
    let talk = app.talk(&owner.user, "Long", &messages).await;
    let mut path = format!("/c/{}", talk.id);
    for (first, last) in [(150, 249), (50, 149), (0, 49)] {
        let body = owner.fragment(&path).await.body;
        let shown = |n: usize| body.contains(&format!("word{n}word"));
        assert!(shown(first) && shown(last) && (first == 0 || !shown(first - 1)) && !shown(last + 1), "{first} to {last}");
        let earlier = body.split_once("?before=").map(|(_, rest)| rest.split('"').next().unwrap().to_owned());
        assert_eq!(earlier.is_some(), first > 0);
        path = format!("/c/{}?before={}", talk.id, earlier.unwrap_or_default());
    }
    assert_eq!(owner.get(&format!("/c/{}?before=msg_1111111111111111111111", talk.id)).await.status, 404);
}

#[tokio::test]
async fn a_message_of_another_conversation_is_no_place_to_begin() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let (mine, theirs) = (app.small_talk(&owner.user).await, app.small_talk(&other.user).await);
    assert_eq!(owner.get(&format!("/c/{}?before={}", mine.id, theirs.messages[1])).await.status, 404);
}

#[tokio::test]
async fn what_a_message_holds_is_drawn_and_nothing_in_it_runs() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.talk(&owner.user, "Parts", &[("user", "**bold** <script>alert(1)</script>")]).await;
    let text = |text: &str| text.to_owned();
    let parts = [
        Part::Reasoning { text: text("thinking *hard*") },
        Part::ToolCall { name: text("<b>browser</b>"), arguments: text("search(\"x\")") },
        Part::ToolResult { name: None, text: text("<i>42</i>") },
        Part::Document { title: text("Plan"), language: Some(text("python")), text: text("print('```')") },
        Part::Image { file: text("file-missing"), alt: None, width: None, height: None },
        Part::File { file: None, name: text("notes.pdf"), media_type: None, text: None },
        Part::Unknown { kind: text("super_widget"), raw: text("{}") },
    ];
    app.say_parts(&mut talk, "assistant", &parts).await;
    let page = owner.get(&format!("/c/{}", talk.id)).await;
    assert_eq!(page.status, 200);
    for words in [
        "<strong>bold</strong>",
        "<em>hard</em>",
        "Used <b",
        "a picture that the export did not hold",
        "notes.pdf",
        "PDF, only its name is here",
        "super widget",
    ] {
        assert!(page.body.contains(words), "{words}\n{}", page.body);
    }
    for words in ["<script>alert", "<b>browser</b>", "<i>42</i>"] {
        assert!(!page.body.contains(words), "{words}");
    }
}
