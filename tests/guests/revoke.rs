//! When the delete answers, nobody can open the link or talk by it; what was being said ends within a second.

use std::time::Duration;

use takeback::audit::Via;
use takeback::links::revoke;

use super::Scene;
use crate::support::{Script, Stopwatch};

#[tokio::test]
async fn a_deleted_link_ends_the_answer_that_runs_and_every_surface() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let chat = scene.asking(&guest).await;
    let mut line = guest.listen(&scene.at("/events"), "").await;
    let deleted = scene.owner.post_form(&format!("/links/{}/delete", scene.link.id), &[("from", "share")]).await;
    assert_eq!((deleted.status, deleted.location()), (303, format!("/assistants/{}/edit#share", scene.assistant).as_str()));
    let at = Stopwatch::start();
    for path in ["", "/picture", "/events"] {
        let reply = guest.get(&scene.at(path)).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.body.contains("Tea Counsel") && !reply.body.contains("Two minutes"));
    }
    assert_eq!(guest.say(&scene.at("/messages"), "More?", "", &[]).await.status, 404);
    assert!(line.end().await.last().is_none_or(|name| name == "gone"));
    scene.upstream.disconnected(0).await;
    at.assert_within(Duration::from_secs(1));
    let asked = scene.upstream.requests().len();
    assert_eq!(asked, 1, "nothing was asked after it");
    // And what guests said goes with it.
    scene.app.finish_jobs().await;
    let query = "SELECT (SELECT COUNT(*) FROM guests) + (SELECT COUNT(*) FROM users WHERE role = 'guest') \
                 + (SELECT COUNT(*) FROM messages WHERE conversation_id = $1)";
    let left: i64 = sqlx::query_scalar(query).bind(&chat).fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn so_does_delete_all_and_so_does_the_end_of_the_assistant_or_the_account() {
    for how in ["all", "assistant", "disabled", "expired"] {
        let scene = Scene::new().await;
        let guest = scene.app.anonymous();
        scene.asking(&guest).await;
        let mut line = guest.listen(&scene.at("/events"), "").await;
        let owner = &scene.owner.user.id;
        match how {
            "all" => assert_eq!(revoke::delete_all(&scene.app, owner, Via::Web).await.unwrap(), 1),
            "assistant" => assert_eq!(scene.owner.post_form(&format!("/assistants/{}/delete", scene.assistant), &[]).await.status, 303),
            "disabled" => {
                scene.app.admin().await;
                takeback::accounts::people::disable(&scene.app, owner, owner, Via::Cli).await.unwrap();
            }
            _ => scene.app.run("UPDATE links SET expires_at = 1 WHERE id = $1", &scene.link.id).await,
        }
        let at = Stopwatch::start();
        assert_eq!(guest.get(&scene.at("")).await.status, 404, "{how}");
        assert_eq!(guest.say(&scene.at("/messages"), "More?", "", &[]).await.status, 404, "{how}");
        line.end().await;
        at.assert_within(Duration::from_secs(1));
        scene.upstream.disconnected(0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_messages_sent_while_the_link_is_deleted_none_is_answered_afterwards() {
    let scene = Scene::new().await;
    scene.upstream.answer_always(Script::says("Two minutes, and not a second longer.").hold_before(1));
    for _ in 0..6 {
        let link = scene.app.give_out(&scene.owner, &scene.assistant).await;
        let path = format!("{}/messages", link.path());
        let say = async || scene.app.anonymous().say(&path, "How long?", "", &[]).await.status;
        let (first, deleted, second, third) =
            tokio::join!(say(), revoke::delete(&scene.app, &scene.owner.user.id, &link.id, Via::Web), say(), say());
        deleted.unwrap();
        assert!([first, second, third].iter().all(|status| matches!(status, 303 | 404)), "{first} {second} {third}");
        let running = "SELECT COUNT(*) FROM answers WHERE state = 'running' AND ending IS NULL";
        let left: i64 = sqlx::query_scalar(running).fetch_one(scene.app.db.reader()).await.unwrap();
        assert_eq!(left, 0, "an answer goes on that nobody asked to end");
    }
}

#[tokio::test]
async fn a_link_that_was_not_taken_back_goes_on_when_another_is() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let other = scene.app.give_out(&scene.owner, &scene.assistant).await;
    scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    revoke::delete(&scene.app, &scene.owner.user.id, &other.id, Via::Web).await.unwrap();
    scene.app.finish_jobs().await;
    assert!(guest.get(&scene.at("")).await.body.contains("Two minutes."));
    assert_eq!(guest.get(&other.path()).await.status, 404);
}
