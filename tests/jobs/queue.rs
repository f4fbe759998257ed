//! What a transaction left for later is done, whoever dies meanwhile.

use std::time::Duration;

use takeback::audit::Via;
use takeback::jobs::queue::{self, Kind, Lane};
use takeback::links::revoke;
use takeback::write_tx;

use crate::support::TestApp;

/// Due in an hour by the fixed clock, so that the server's own runner leaves it alone.
async fn enqueue_for_later(app: &TestApp, subject: &str) {
    let later = app.now() + 3_600_000_000;
    let done: Result<(), takeback::error::Error> =
        write_tx!(app.db, "test: a job", |tx| { queue::enqueue(tx, Kind::PurgeConversation, subject, later).await });
    done.unwrap();
}

#[tokio::test]
async fn of_many_who_claim_a_job_one_gets_it_and_after_its_lease_another() {
    let app = TestApp::start().await;
    enqueue_for_later(&app, "conv_none").await;
    assert!(queue::claim(&app.db, Lane::Work, app.now()).await.unwrap().is_none(), "it is not due");
    let due = app.now() + 3_600_000_000;
    let claims = futures_util::future::join_all((0..8).map(|_| queue::claim(&app.db, Lane::Work, due))).await;
    let mut claimed: Vec<_> = claims.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(claimed.len(), 1);
    let job = claimed.remove(0);
    assert_eq!((job.attempts, job.subject.as_str()), (1, "conv_none"));

    assert!(queue::claim(&app.db, Lane::Work, due + 599_000_000).await.unwrap().is_none(), "who claimed it has ten minutes");
    let again = queue::claim(&app.db, Lane::Work, due + 600_000_000).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (job.id, 2), "its server died");
}

#[tokio::test]
async fn a_job_that_failed_comes_again_later() {
    let app = TestApp::start().await;
    enqueue_for_later(&app, "conv_none").await;
    let due = app.now() + 3_600_000_000;
    let job = queue::claim(&app.db, Lane::Work, due).await.unwrap().unwrap();
    queue::postpone(&app.db, &job, due + 5_000_000).await.unwrap();
    assert!(queue::claim(&app.db, Lane::Work, due + 4_000_000).await.unwrap().is_none());
    let again = queue::claim(&app.db, Lane::Work, due + 5_000_000).await.unwrap().unwrap();
    assert_eq!(again.attempts, 2);
    queue::finish(&app.db, &again).await.unwrap();
    assert!(queue::claim(&app.db, Lane::Work, i64::MAX / 2).await.unwrap().is_none());
}

#[tokio::test]
async fn the_rows_of_links_that_were_all_taken_back_are_removed() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let (mine, theirs) = (app.small_talk(&owner.user).await, app.small_talk(&other.user).await);
    for _ in 0..7 {
        app.share(&owner.user, &mine).await;
    }
    let kept = app.share(&other.user, &theirs).await;
    assert_eq!(revoke::delete_all(&app, &owner.user.id, Via::Web).await.unwrap(), 7);
    let after = app.share(&owner.user, &mine).await;
    app.finish_jobs().await;
    let mut left: Vec<String> = sqlx::query_scalar("SELECT id FROM links").fetch_all(app.db.reader()).await.unwrap();
    left.sort_unstable();
    let mut expected = [kept.id, after.id];
    expected.sort_unstable();
    assert_eq!(left, expected);
}

#[tokio::test]
async fn what_a_stop_cut_off_is_taken_up_at_the_next_start() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    app.run("UPDATE conversations SET owner_id = NULL WHERE id = $1", &talk.id).await;
    enqueue_for_later(&app, &talk.id).await;
    let app = app.restart().await;
    app.advance(Duration::from_hours(1));
    app.finish_jobs().await;
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_job_that_a_newer_server_left_does_not_stand_in_the_way() {
    let app = TestApp::start().await;
    enqueue_for_later(&app, "conv_first").await;
    app.run("UPDATE jobs SET kind = 'dance', run_at = run_at - 1 WHERE subject = $1", "conv_first").await;
    enqueue_for_later(&app, "conv_second").await;
    let due = app.now() + 3_600_000_000;
    assert_eq!(queue::claim(&app.db, Lane::Work, due).await.unwrap().unwrap().subject, "conv_second");
    assert!(queue::claim(&app.db, Lane::Work, due).await.unwrap().is_none());
    let (kind, attempts): (String, i64) =
        sqlx::query_as("SELECT kind, attempts FROM jobs WHERE subject = 'conv_first'").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!((kind.as_str(), attempts), ("dance", 0), "it is left for who knows it");
}
