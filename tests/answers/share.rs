//! Sharing while an answer is being written, or after it broke off.

use crate::support::TestApp;

async fn talk(app: &TestApp, state: &'static str) -> (crate::support::Actor, crate::support::Talk) {
    let owner = app.owner().await;
    let mut talk = app.small_talk(&owner.user).await;
    app.say(&mut talk, "user", "And black tea?").await;
    app.say(&mut talk, "assistant", "Four minu").await;
    takeback::write_tx!(app.db, "test: an answer", |tx| {
        takeback::answers::store::insert(tx, &talk.id, &talk.messages[3], "demo/demo", 0, i64::MAX).await?;
        sqlx::query("UPDATE answers SET state = $1").bind(state).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    (owner, talk)
}

#[tokio::test]
async fn an_answer_that_broke_off_never_looks_whole() {
    for state in ["stopped", "failed", "cut", "interrupted"] {
        let app = TestApp::start().await;
        let (owner, talk) = talk(&app, state).await;
        let link = app.share(&owner.user, &talk).await;
        let page = app.anonymous().get(&link.path()).await;
        assert!(page.body.contains("Four minu") && page.body.contains("This answer is incomplete"), "{state}: {}", page.body);
        let markdown = app.anonymous().get(&format!("{}/markdown", link.path())).await;
        assert!(markdown.body.contains("This answer is incomplete"), "{}", markdown.body);

        let visitor = app.other().await;
        let copy = visitor.post_form(&format!("{}/continue", link.path()), &[]).await;
        let copy = visitor.get(copy.location()).await;
        assert!(copy.body.contains("Four minu") && copy.body.contains("This answer is incomplete"), "{}", copy.body);
    }
}

#[tokio::test]
async fn an_answer_that_is_being_written_is_not_shared_and_the_link_is_behind_when_it_is_there() {
    let app = TestApp::start().await;
    let (owner, talk) = talk(&app, "running").await;
    let link = app.share(&owner.user, &talk).await;
    let page = app.anonymous().get(&link.path()).await;
    assert!(page.body.contains("And black tea?") && !page.body.contains("Four minu") && !page.body.contains("incomplete"), "{}", page.body);
    app.run("UPDATE answers SET state = 'done' WHERE message_id = $1", &talk.messages[3]).await;
    let dialog = owner.fragment(&format!("/c/{}/share", talk.id)).await;
    assert!(dialog.body.contains("1 message behind"), "{}", dialog.body);
    owner.post_form(&format!("/links/{}/update", link.id), &[("from", "links")]).await;
    assert!(app.anonymous().get(&link.path()).await.body.contains("Four minu"));
}
