//! Renaming.

use crate::support::TestApp;

#[tokio::test]
async fn a_new_title_stands_everywhere_but_on_links() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let form = owner.fragment(&format!("/c/{}/rename", talk.id)).await;
    assert!(form.body.contains("value=\"Tea for two\""), "{}", form.body);
    let done = owner.post_form(&format!("/c/{}/rename", talk.id), &[("title", "  Coffee\u{7} ")]).await;
    assert_eq!((done.status, done.location()), (303, format!("/c/{}", talk.id).as_str()));
    assert!(owner.get(&format!("/c/{}", talk.id)).await.body.contains("<title>Coffee · Takeback</title>"));
    app.finish_jobs().await;
    assert!(owner.get("/conversations?q=coffee").await.body.contains(&talk.id));
    assert!(app.anonymous().get(&link.path()).await.body.contains("Tea for two"));
}

#[tokio::test]
async fn an_empty_or_long_title_is_shown_again_with_what_is_wrong() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let long = "x".repeat(201);
    for (title, words) in [(" ", "The title is empty"), (long.as_str(), "longer than 200 characters")] {
        let reply = owner.post_form(&format!("/c/{}/rename", talk.id), &[("title", title)]).await;
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains(words) && reply.body.contains(&format!("value=\"{title}\"")), "{}", reply.body);
    }
    assert!(owner.get(&format!("/c/{}", talk.id)).await.body.contains("Tea for two"));
}
