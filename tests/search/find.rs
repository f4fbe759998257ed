//! What is found, and what never is.

use std::time::Duration;

use takeback_transcripts::Part;

use super::{Shown, search, shown};
use crate::support::TestApp;

fn texts(role: &'static str, texts: &'static [&'static str]) -> Vec<(&'static str, &'static str)> {
    texts.iter().map(|text| (role, *text)).collect()
}

#[tokio::test]
async fn a_word_is_found_in_titles_first_and_then_in_messages() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let asked =
        app.indexed(&owner.user, "About drinks", &[("user", "How long does **green** tea steep?"), ("assistant", "Two minutes.")]).await;
    app.advance(Duration::from_mins(1));
    let titled = app.indexed(&owner.user, "Tea for two", &[("user", "Coffee?")]).await;
    let found = search(&owner, "tea").await;
    assert_eq!(found.titles, [titled.id]);
    assert_eq!(found.messages, [asked.messages[0].clone()]);
    assert_eq!(found.snippets, ["You: How long does green [tea] steep?"]);
    let answer = search(&owner, "minutes").await;
    assert_eq!((answer.messages, answer.snippets), (vec![asked.messages[1].clone()], vec!["Two [minutes].".to_owned()]));
    assert_eq!(search(&owner, "chocolate").await, Shown::default());
}

#[tokio::test]
async fn every_word_must_be_there_and_the_last_one_may_be_begun() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.indexed(&owner.user, "-", &texts("user", &["green tea in spring", "a teapot", "green apples"])).await;
    let messages = async |question: &str| search(&owner, question).await.messages;
    assert_eq!(messages("green tea").await, [talk.messages[0].clone()]);
    assert_eq!(messages("SPRING gre").await, [talk.messages[0].clone()]);
    assert_eq!(messages("gre spring").await, Vec::<String>::new(), "only the last word may be begun");
    assert_eq!(messages("teap").await, [talk.messages[1].clone()]);
    assert_eq!(messages("green teapot").await, Vec::<String>::new(), "both in one message");
    // The newest of a conversation stands for it.
    assert_eq!(messages("t").await, [talk.messages[1].clone()]);
    assert_eq!(messages("eapot").await, Vec::<String>::new());
}

#[tokio::test]
async fn accents_case_and_scripts_do_not_stand_in_the_way() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let texts =
        ["Crème brûlée in Ångström’s CAFÉ", "これは日本語の文章です。", "我喜欢用Rust写程序", "Привет, Ёлка", "학교에서 배웠다", "Straße"];
    let mut ids = Vec::new();
    for text in texts {
        ids.push(app.indexed(&owner.user, "-", &[("user", text)]).await.messages[0].clone());
        app.advance(Duration::from_secs(1));
    }
    let cases = [
        ("creme brulee", 0),
        ("CRÈME", 0),
        ("angstrom", 0),
        ("cafe\u{301}", 0),
        ("日本語", 1),
        ("文章", 1),
        ("章", 1),
        ("本", 1),
        ("喜欢", 2),
        ("rust", 2),
        ("程序", 2),
        ("привет елка", 3),
        ("ёлк", 3),
        ("학교", 4),
        ("배웠", 4),
        ("strasse", 5),
        ("STRASSE", 5),
        ("ｒｕｓｔ", 2),
    ];
    for (question, place) in cases {
        assert_eq!(search(&owner, question).await.messages, [ids[place].clone()], "{question}");
    }
    for question in ["日文", "语", "brulee angstrom x", "문"] {
        assert_eq!(search(&owner, question).await.messages, Vec::<String>::new(), "{question}");
    }
}

#[tokio::test]
async fn what_others_said_is_never_found() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    app.indexed(&owner.user, "Zanzibarquokka", &[("user", "zanzibarquokka")]).await;
    let theirs = app.indexed(&other.user, "Zanzibarquokka", &[("user", "zanzibarquokka")]).await;
    for question in ["zanzibarquokka", "zanzi", "z"] {
        let found = search(&other, question).await;
        assert_eq!((found.titles, found.messages), (vec![theirs.id.clone()], vec![theirs.messages[0].clone()]), "{question}");
    }
    let nobody = app.anonymous().get("/conversations?q=zanzibar").await;
    assert_eq!((nobody.status, nobody.location().starts_with("/signin")), (303, true));
}

#[tokio::test]
async fn only_what_the_page_shows_as_somebody_s_words_is_found() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.talk(&owner.user, "-", &[("system", "instructionword"), ("tool", "toolword"), ("user", "hiddenword")]).await;
    app.run("UPDATE messages SET hidden = 1 WHERE id = $1", &talk.messages[2]).await;
    let parts = [
        Part::Reasoning { text: "thoughtword".to_owned() },
        Part::Document { title: "Plan".to_owned(), language: None, text: "documentword".to_owned() },
        Part::File { file: None, name: "fileword.pdf".to_owned(), media_type: None, text: Some("insideword".to_owned()) },
    ];
    app.say_parts(&mut talk, "assistant", &parts).await;
    app.index(&talk.id).await;
    for word in ["instructionword", "toolword", "hiddenword", "thoughtword", "insideword"] {
        assert_eq!(search(&owner, word).await, Shown::default(), "{word}");
    }
    for word in ["plan", "documentword", "fileword", "pdf"] {
        assert_eq!(search(&owner, word).await.messages, [talk.messages[3].clone()], "{word}");
    }
}

#[tokio::test]
async fn what_is_deleted_or_hidden_later_is_gone_at_once() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (one, two) =
        (app.indexed(&owner.user, "Quokka one", &[("user", "quokka")]).await, app.indexed(&owner.user, "two", &[("user", "quokka")]).await);
    assert_eq!(search(&owner, "quokka").await.messages.len(), 2);
    // Without a clean-up.
    app.run("UPDATE conversations SET owner_id = NULL WHERE id = $1", &one.id).await;
    let found = search(&owner, "quokka").await;
    assert_eq!((found.titles, found.messages), (vec![], vec![two.messages[0].clone()]));
    app.run("UPDATE messages SET hidden = 1 WHERE id = $1", &two.messages[0]).await;
    assert_eq!(search(&owner, "quokka").await, Shown::default());
}

#[tokio::test]
async fn all_branches_are_found_and_the_result_shows_the_one_that_has_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app
        .talk(
            &owner.user,
            "-",
            &[("user", "first question"), ("assistant", "firstanswer"), ("user", "edited question"), ("assistant", "secondanswer")],
        )
        .await;
    app.run("UPDATE messages SET parent_id = NULL WHERE id = $1", &talk.messages[2]).await;
    app.index(&talk.id).await;
    assert_eq!(search(&owner, "firstanswer").await.messages, [talk.messages[1].clone()]);
    let before = app.rows().await;
    for (message, sees, not) in [(1, "firstanswer", "secondanswer"), (3, "secondanswer", "firstanswer")] {
        let page = owner.get(&format!("/c/{}?at={}", talk.id, talk.messages[message])).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(sees) && !page.body.contains(not), "{}", page.body);
        assert!(page.body.contains("id=\"at\""), "{}", page.body);
    }
    assert_eq!(app.rows().await, before, "to look changes nothing");
    assert_eq!(owner.get(&format!("/c/{}?at=msg_x", talk.id)).await.status, 404);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut expected = Vec::new();
    for n in 0..45 {
        // Three at each moment: equal times lose nothing.
        if n % 3 == 0 {
            app.advance(Duration::from_secs(1));
        }
        let talk = app.talk(&owner.user, "Tea notes", &[("user", "tea once"), ("assistant", "tea twice")]).await;
        expected.push((app.now(), talk.id.clone(), talk.messages[1].clone()));
        super::enqueue_only(&app, &talk.id).await;
    }
    app.finish_jobs().await;
    expected.sort_unstable_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    let first = search(&owner, "tea").await;
    assert_eq!((first.titles.len(), first.messages.len()), (10, 20));
    let (mut titles, mut messages) = (first.titles, first.messages);
    let mut next = first.more_titles;
    while let Some(path) = next {
        let more = shown(&owner, &path).await;
        assert!(more.messages.is_empty() && more.titles.len() <= 10);
        titles.extend(more.titles);
        next = more.more_titles;
    }
    let mut next = first.more_messages;
    while let Some(path) = next {
        let more = shown(&owner, &path).await;
        assert!(more.titles.is_empty() && more.messages.len() <= 20);
        messages.extend(more.messages);
        next = more.more_messages;
    }
    assert_eq!(titles, expected.iter().map(|(_, id, _)| id.clone()).collect::<Vec<_>>());
    assert_eq!(messages, expected.iter().map(|(_, _, id)| id.clone()).collect::<Vec<_>>());
}
