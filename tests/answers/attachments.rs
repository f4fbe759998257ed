//! Pictures and text files that go along with a message.

use takeback::providers::settings::Kind;

use crate::support::{Script, Step, TestApp, Upstream};

const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\0;";

#[tokio::test]
async fn pictures_and_texts_reach_the_model_and_the_page() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let owner = app.owner().await;
    let files: [(&str, &[u8]); 2] = [("../../cat.gif", PIXEL), ("notes <b>.md", b"# Steeping\n\n3 minutes")];
    let sent = owner.say("/chats", "What is this?", "", &files).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let asked = upstream.asked(1).await[0].json.to_string();
    assert!(asked.contains("data:image/gif;base64,R0lGODlh") && asked.contains("# Steeping"), "{asked}");

    app.answered(sent.location().strip_prefix("/c/").unwrap()).await;
    let page = owner.get(sent.location()).await;
    assert!(page.body.contains("width=\"1\" height=\"1\"") && page.body.contains("notes &#60;b&#62;.md"), "{}", page.body);
    let files: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, name, media_type FROM files ORDER BY name").fetch_all(app.db.reader()).await.unwrap();
    let kept: Vec<_> = files.iter().map(|(_, name, kind)| (name.as_str(), kind.as_str())).collect();
    assert_eq!(kept, [("cat.gif", "image/gif"), ("notes <b>.md", "text/plain")]);
    for (id, ..) in &files {
        assert_eq!(owner.get(&format!("/files/{id}")).await.status, 200);
        assert_eq!(app.other().await.get(&format!("/files/{id}")).await.status, 404);
    }
}

#[tokio::test]
async fn what_can_t_be_sent_is_refused_with_words_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let large = vec![b'a'; (1 << 20) + 1];
    let picture = [PIXEL, &vec![0; 10 << 20]].concat();
    let many: Vec<(&str, &[u8])> = vec![("a.txt", b"a"); 11];
    for (status, words, text, files) in [
        (400, "neither a picture", "x", &[("a.pdf", &b"%PDF-1.7\xff"[..])][..]),
        (400, "neither a picture", "x", &[("a.txt", b"a\0b")]),
        (400, "is empty", "x", &[("a.txt", b"")]),
        (413, "larger than 1 MB", "x", &[("a.txt", &large)]),
        (413, "larger than 10 MB", "x", &[("a.gif", &picture)]),
        (413, "10 files", "x", &many),
        (400, "nothing to send", " \n ", &[]),
        (400, "can&#39;t be stored", "a\0b", &[]),
    ] {
        let reply = owner.say("/chats", text, "", files).await;
        assert_eq!(reply.status, status, "{words}: {}", reply.body);
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
    }
    let reply = owner.post_form("/chats", &[("text", "not multipart")]).await;
    assert_eq!(reply.status, 400);
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM conversations").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_message_may_be_a_file_alone_and_another_version_of_it_keeps_the_file() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let sent = owner.say("/chats", "", "", &[("steeping.txt", b"3 minutes")]).await;
    let id = sent.location().strip_prefix("/c/").unwrap().to_owned();
    app.answered(&id).await;
    let page = owner.get(sent.location()).await;
    assert!(page.body.contains("<title>steeping.txt · Takeback</title>"), "{}", page.body);

    let question: String = sqlx::query_scalar("SELECT id FROM messages WHERE role = 'user'").fetch_one(app.db.reader()).await.unwrap();
    let edited = owner.post_form(&format!("/c/{id}/messages/{question}/edit"), &[("text", "How long?")]).await;
    assert_eq!(edited.status, 303, "{}", edited.body);
    app.answered(&id).await;
    let page = owner.get(sent.location()).await;
    assert!(page.body.contains("How long?") && page.body.contains("steeping.txt</b>") && page.body.contains(">2/2<"), "{}", page.body);
}

#[tokio::test]
async fn a_picture_in_an_answer_is_kept_and_shared_as_a_copy() {
    let upstream = Upstream::start().await;
    upstream.answer_next(Script::of(vec![Step::Text("Here: ".into()), Step::Image("image/gif", PIXEL.to_vec()), Step::End("stop", 1, 1)]));
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::Gemini)).await;
    let owner = app.owner().await;
    let id = owner.begin_chat("Draw a pixel").await;
    assert_eq!(app.answered(&id).await.state, "done");
    let file: String = sqlx::query_scalar("SELECT id FROM files").fetch_one(app.db.reader()).await.unwrap();
    assert!(owner.get(&format!("/c/{id}")).await.body.contains(&format!("/files/{file}")));
    assert_eq!(owner.get(&format!("/files/{file}")).await.bytes, PIXEL);
}
