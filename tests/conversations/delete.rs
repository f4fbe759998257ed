//! Deleting a conversation takes its links back.

use takeback::links::link::{TargetType, path};
use takeback::links::store as links;
use takeback::write_tx;

use crate::support::TestApp;

#[tokio::test]
async fn links_end_with_their_conversation_and_the_question_says_so_before() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let (talk, kept) = (app.small_talk(&owner.user).await, app.small_talk(&owner.user).await);
    let (first, second, stays) =
        (app.share(&owner.user, &talk).await, app.share(&owner.user, &talk).await, app.share(&owner.user, &kept).await);
    let copied = other.post_form(&format!("{}/continue", first.path()), &[]).await;
    assert_eq!(copied.status, 303);

    let question = owner.get(&format!("/c/{}/delete", talk.id)).await;
    assert!(question.body.contains("Its 2 shared links stop working at once"), "{}", question.body);
    assert!(question.body.contains("Continued once. That copy stays"), "{}", question.body);
    assert_eq!(app.anonymous().get(&first.path()).await.status, 200);

    let done = owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await;
    assert_eq!((done.status, done.location()), (303, "/"));
    for link in [&first, &second] {
        assert_eq!(app.anonymous().get(&path(TargetType::Conversation, &link.id)).await.status, 404);
    }
    assert_eq!(app.anonymous().get(&stays.path()).await.status, 200);
    for below in ["", "/share", "/delete", "/rename"] {
        assert_eq!(owner.get(&format!("/c/{}{below}", talk.id)).await.status, 404, "{below}");
    }
    assert_eq!(owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await.status, 404);
    assert!(!owner.get("/").await.body.contains(&talk.id));
    // The copy is its owner's.
    assert_eq!(other.get(copied.location()).await.status, 200);
}

#[tokio::test]
async fn a_delete_is_recorded_and_its_clean_up_enqueued_in_the_same_transaction() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    app.share(&owner.user, &talk).await;
    owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await;
    let actions: Vec<String> = sqlx::query_scalar("SELECT action FROM audit_events WHERE user_id = $1 ORDER BY action")
        .bind(&owner.user.id)
        .fetch_all(app.db.reader())
        .await
        .unwrap();
    assert!(actions.contains(&"conversation.deleted".to_owned()) && actions.contains(&"shared_link.deleted".to_owned()), "{actions:?}");
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM conversations WHERE id = $1 AND owner_id IS NOT NULL")
        .bind(&talk.id)
        .fetch_one(app.db.reader())
        .await
        .unwrap();
    assert_eq!(left, 0);
    // The job waits, or has run already.
    let waits: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE kind = 'purge_conversation' AND subject = $1")
        .bind(&talk.id)
        .fetch_one(app.db.reader())
        .await
        .unwrap();
    let there: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM conversations WHERE id = $1").bind(&talk.id).fetch_one(app.db.reader()).await.unwrap();
    assert!(waits == 1 || there == 0, "{waits} jobs, {there} rows");
}

#[tokio::test]
async fn nothing_is_deleted_when_a_part_of_it_fails() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    // The last step has nowhere to write.
    write_tx!(app.db, "test: no jobs", |tx| {
        sqlx::query("ALTER TABLE jobs RENAME TO jobs_away").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    assert_eq!(owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await.status, 500);
    assert_eq!(app.anonymous().get(&link.path()).await.status, 200);
    assert_eq!(owner.get(&format!("/c/{}", talk.id)).await.status, 200);
    let mut tx = app.db.read().await.unwrap();
    assert_eq!(links::of_target(&mut tx, &owner.user.id, &talk.id).await.unwrap().len(), 1);
}
