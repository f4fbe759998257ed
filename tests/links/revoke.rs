//! Taken back means gone: for every request whose first byte arrives after the delete's answer, no surface gives a
//! byte of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use reqwest::Method;
use takeback::audit::Via;
use takeback::links::revoke;

use crate::support::{Client, Reply, TestApp};

const WORDS: &str = "green tea";

#[tokio::test]
async fn after_the_delete_no_surface_gives_a_byte() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let visitor = app.anonymous();
    let etag = visitor.get(&link.path()).await.header("etag").to_owned();

    let deleted = owner.post_form(&format!("/links/{}/delete", link.id), &[("from", "links")]).await;
    assert_eq!((deleted.status, deleted.location()), (303, "/links"));

    for path in ["", "/markdown", "/files/file_x", "/continue", "/report"] {
        let path = format!("{}{path}", link.path());
        for (name, value) in [("accept", "*/*"), ("if-none-match", etag.as_str()), ("if-none-match", "*"), ("range", "bytes=0-10")] {
            for method in [Method::GET, Method::HEAD] {
                let answer = Reply::of(visitor.request(method.clone(), &path).header(name, value)).await;
                assert_eq!(answer.status, 404, "{method} {path} with {name}: {value}");
                assert!(!answer.body.contains(WORDS));
                assert_eq!(answer.header("etag"), "");
            }
        }
    }
    assert_eq!(visitor.post_form(&format!("{}/continue", link.path()), &[]).await.status, 404);
    assert_eq!(visitor.post_form(&format!("{}/report", link.path()), &[("reason", "other")]).await.status, 404);
    assert_eq!(owner.get(&link.path()).await.status, 404, "for its owner too");
}

#[tokio::test]
async fn it_is_taken_back_once_and_only_by_its_owner() {
    let app = TestApp::start().await;
    let (owner, other, admin) = (app.owner().await, app.other().await, app.admin().await);
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    for stranger in [&other, &admin] {
        assert_eq!(stranger.get(&format!("/links/{}/delete", link.id)).await.status, 404);
        assert_eq!(stranger.post_form(&format!("/links/{}/delete", link.id), &[]).await.status, 404);
    }
    assert_eq!(app.anonymous().get(&link.path()).await.status, 200);
    assert_eq!(owner.post_form(&format!("/links/{}/delete", link.id), &[]).await.status, 303);
    assert_eq!(owner.post_form(&format!("/links/{}/delete", link.id), &[]).await.status, 404);
}

#[tokio::test]
async fn the_snapshot_and_its_words_go_with_the_link_and_the_event_stays() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    revoke::delete(&app, &owner.user.id, &link.id, Via::Web).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM snapshots").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
    let event: (String, String, String) = sqlx::query_as("SELECT action, object_id, client FROM audit_events ORDER BY action DESC LIMIT 1")
        .fetch_one(app.db.reader())
        .await
        .unwrap();
    assert_eq!(event, ("shared_link.deleted".into(), link.id, "web".into()));
}

#[tokio::test]
async fn delete_all_takes_back_every_link_with_one_answer() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let mut links = Vec::new();
    for _ in 0..5 {
        links.push(app.share(&owner.user, &talk).await);
    }
    let theirs = app.share(&other.user, &app.small_talk(&other.user).await).await;
    assert!(owner.get("/links/delete-all").await.body.contains("all 5 shared links"));

    let done = owner.post_form("/links/delete-all", &[]).await;
    assert!(done.body.contains("5 links are") && done.body.contains("deleted"), "{}", done.body);
    for link in &links {
        assert_eq!(app.anonymous().get(&link.path()).await.status, 404);
        assert_eq!(owner.get(&format!("/links/{}/delete", link.id)).await.status, 404);
    }
    assert!(owner.get("/links").await.body.contains("No links yet"));
    assert_eq!(app.anonymous().get(&theirs.path()).await.status, 200);
    // A link made afterwards is a link like any other.
    let fresh = app.share(&owner.user, &talk).await;
    assert_eq!(app.anonymous().get(&fresh.path()).await.status, 200);
}

#[tokio::test]
async fn a_command_in_another_process_is_seen_by_the_next_request() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    assert_eq!(app.anonymous().get(&link.path()).await.status, 200);
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_takeback"))
        .args(["links", "delete", &link.id, "--database", &app.config.database, "--data"])
        .arg(&app.config.data)
        .env_clear()
        .output()
        .unwrap();
    assert!(command.status.success(), "{}", String::from_utf8_lossy(&command.stderr));
    assert_eq!(app.anonymous().get(&link.path()).await.status, 404);
}

/// Readers hammer links on every surface while these are taken back one by one. A violation is content in an answer
/// whose request began after the end of the delete's answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_that_begins_after_the_delete_s_answer_gets_content() {
    const LINKS: usize = 12;
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let mut links = Vec::new();
    for _ in 0..LINKS {
        links.push(app.share(&owner.user, &talk).await);
    }
    let dead: Arc<Vec<AtomicBool>> = Arc::new((0..LINKS).map(|_| AtomicBool::new(false)).collect());
    let served = Arc::new(AtomicUsize::new(0));
    let refused = Arc::new(AtomicUsize::new(0));
    let paths: Arc<Vec<String>> = Arc::new(links.iter().map(takeback::links::link::Link::path).collect());
    let readers: Vec<_> = ["", "", "/markdown", "/continue"]
        .into_iter()
        .map(|surface| {
            let (client, dead, paths): (Client, _, _) = (app.anonymous(), dead.clone(), paths.clone());
            let (served, refused) = (served.clone(), refused.clone());
            tokio::spawn(async move {
                while refused.load(Ordering::Relaxed) < 400 || !dead.iter().all(|flag| flag.load(Ordering::SeqCst)) {
                    for (at, path) in paths.iter().enumerate() {
                        let was_dead = dead[at].load(Ordering::SeqCst);
                        let answer = client.get(&format!("{path}{surface}")).await;
                        // 429: these readers knock at dead links often enough to be slowed down.
                        assert!(matches!(answer.status, 200 | 404 | 429), "{}", answer.status);
                        assert!(!was_dead || answer.status != 200, "content after the delete's answer on {surface:?}");
                        let count = if answer.status == 200 { &served } else { &refused };
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    for (at, link) in links.iter().enumerate() {
        while served.load(Ordering::Relaxed) < (at + 1) * 8 && !readers.iter().any(tokio::task::JoinHandle::is_finished) {
            tokio::task::yield_now().await;
        }
        let answer = owner.post_form(&format!("/links/{}/delete", link.id), &[]).await;
        assert_eq!(answer.status, 303);
        dead[at].store(true, Ordering::SeqCst);
    }
    for reader in readers {
        reader.await.unwrap();
    }
}
