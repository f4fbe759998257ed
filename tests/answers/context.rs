//! What a model is sent of a long conversation.

use takeback::answers::context;
use takeback::providers::catalog::Model;

use crate::support::TestApp;

fn model(context_tokens: u32) -> Model {
    Model { id: "x/x".to_owned(), name: "x".to_owned(), provider_name: "x".to_owned(), context_tokens, takes_images: false, is_demo: false }
}

#[tokio::test]
async fn a_short_conversation_is_sent_whole_and_hidden_messages_are_not() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "Tea", &[("system", "Be kind."), ("user", "One"), ("assistant", "Two"), ("user", "Three")]).await;
    let built = context::build(&app, &owner.user, &talk.id, &talk.messages[3], &model(8_192), None).await.unwrap();
    let said: Vec<_> = built.question.turns.iter().map(|turn| (turn.by_model, turn.text.as_str())).collect();
    assert_eq!(said, [(false, "One"), (true, "Two"), (false, "Three")]);
    assert_eq!(built.read_from, None);
}

#[tokio::test]
async fn a_long_one_is_cut_at_a_question_and_it_is_said_where() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let long = "word ".repeat(200);
    let mut talk = app.talk(&owner.user, "Tea", &[]).await;
    for _ in 0..60 {
        app.say(&mut talk, "user", &long).await;
        app.say(&mut talk, "assistant", &long).await;
    }
    app.say(&mut talk, "user", "The last one").await;
    let built = context::build(&app, &owner.user, &talk.id, talk.messages.last().unwrap(), &model(8_192), None).await.unwrap();
    let tokens: usize = built.question.turns.iter().map(|turn| context::tokens(&turn.text)).sum();
    assert!(tokens <= 8_192 - 2_048 && tokens > 4_000, "{tokens}");
    assert!(!built.question.turns[0].by_model);
    let from = built.read_from.unwrap();
    assert_eq!(talk.messages.iter().position(|id| *id == from), Some(talk.messages.len() - built.question.turns.len()));

    let owned = built.question.turns.len();
    let wider = context::build(&app, &owner.user, &talk.id, talk.messages.last().unwrap(), &model(1_000_000), None).await.unwrap();
    assert!(wider.question.turns.len() == 121 && owned < 121 && wider.read_from.is_none());
}

#[tokio::test]
async fn a_question_that_no_window_holds_is_said_to_be_too_long() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "Tea", &[("user", &"word ".repeat(10_000))]).await;
    let refused = context::build(&app, &owner.user, &talk.id, &talk.messages[0], &model(8_192), None).await.unwrap_err();
    assert!(refused.problem().words.contains("longer than x can read"), "{refused:?}");
}
