//! When nothing is sent: switched off, closed, gone.

use std::time::Duration;

use serde_json::json;
use takeback::audit::Via;

use super::{Scene, due_in, idle, pass};
use crate::support::PASSWORD;

impl Scene {
    async fn standing(&self) -> String {
        let endpoint = self.program.get(&format!("/v1/webhook_endpoints/{}", self.id)).await.json();
        assert_eq!(endpoint["enabled"], endpoint["status"] == "active");
        endpoint["status"].as_str().unwrap().to_owned()
    }

    async fn switch(&self, enabled: bool) {
        let path = format!("/v1/webhook_endpoints/{}", self.id);
        assert_eq!(self.program.post(&path, &json!({"enabled": enabled})).await.status, 200);
    }
}

#[tokio::test]
async fn a_disabled_person_s_webhooks_are_silent_and_what_waited_is_told_when_they_are_back() {
    let scene = Scene::new().await;
    let now = scene.app.now();
    let link = scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    scene.receiver.answer_next(&[500]);
    let path = format!("/v1/shared_links/{link}");
    assert_eq!(scene.program.post(&path, &json!({"expires_at": now / 1_000_000 + 60})).await.status, 200);
    scene.receiver.heard(2).await;
    idle(&scene.app).await;
    scene.app.run("UPDATE users SET disabled_at = 1 WHERE id = $1", &scene.owner.user.id).await;
    // Neither what waits to be told again, nor what happens now.
    pass(&scene.app, Duration::from_secs(120));
    takeback::links::expire::write_down(&scene.app).await.unwrap();
    takeback::links::revoke::delete(&scene.app, &scene.owner.user.id, &link, Via::Cli).await.unwrap();
    idle(&scene.app).await;
    assert_eq!(scene.receiver.all().len(), 2);
    assert_eq!(scene.states().await.iter().filter(|(state, _)| state == "waiting").count(), 1, "{:?}", scene.states().await);
    scene.app.run("UPDATE users SET disabled_at = NULL WHERE id = $1", &scene.owner.user.id).await;
    takeback::webhooks::sweep::run(&scene.app).await.unwrap();
    let all = scene.receiver.heard(3).await;
    idle(&scene.app).await;
    assert_eq!((all.len(), all[2].kind().as_str()), (3, "shared_link.updated"));
    assert!(scene.states().await.iter().all(|(state, _)| state == "delivered"));
}

#[tokio::test]
async fn a_deleted_account_takes_its_webhooks_with_it() {
    let scene = Scene::new().await;
    scene.receiver.answer_next(&[500]);
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    assert_eq!(scene.owner.post_form("/settings/delete-account", &[("password", PASSWORD)]).await.status, 303);
    pass(&scene.app, Duration::from_secs(60));
    scene.app.finish_jobs().await;
    assert_eq!(scene.receiver.all().len(), 1);
    let rows = scene.app.all_rows().await;
    assert!(!rows.iter().any(|row| row.starts_with("webhook_")), "{rows:?}");
}

#[tokio::test]
async fn what_happens_while_it_is_off_is_not_told_later() {
    let scene = Scene::new().await;
    scene.receiver.answer_next(&[500]);
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    scene.switch(false).await;
    assert_eq!(scene.standing().await, "disabled");
    scene.share().await;
    pass(&scene.app, Duration::from_secs(600));
    idle(&scene.app).await;
    assert_eq!(scene.states().await, [("failed".to_owned(), 1)], "what waited is given up, what happened is not written down");
    scene.switch(true).await;
    scene.switch(true).await;
    let link = scene.share().await;
    let all = scene.receiver.heard(2).await;
    idle(&scene.app).await;
    assert_eq!((scene.receiver.all().len(), &all[1].json()["data"]["id"]), (2, &json!(link)));
}

#[tokio::test]
async fn one_that_answers_gone_is_left_alone() {
    let scene = Scene::new().await;
    scene.receiver.answer_next(&[500, 500, 410]);
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    scene.share().await;
    pass(&scene.app, Duration::from_secs(6));
    scene.receiver.heard(2).await;
    idle(&scene.app).await;
    pass(&scene.app, Duration::from_secs(6));
    scene.receiver.heard(3).await;
    idle(&scene.app).await;
    assert_eq!(scene.standing().await, "gone");
    assert!(scene.states().await.iter().all(|(state, _)| state == "failed"), "{:?}", scene.states().await);
    assert!(due_in(&scene.app).await.is_empty());
    scene.share().await;
    idle(&scene.app).await;
    assert_eq!(scene.receiver.all().len(), 3);
    let rows = scene.app.rows().await;
    let events: Vec<&String> = rows.iter().filter(|row| row.contains("webhook_endpoint.disabled")).collect();
    assert!(events.len() == 1 && events[0].contains("client=Some(\"server\")"), "{events:?}");
    scene.switch(true).await;
    scene.share().await;
    scene.receiver.heard(4).await;
}

#[tokio::test]
async fn one_that_took_nothing_for_five_days_is_switched_off() {
    let scene = Scene::new().await;
    scene.receiver.answer_next(&[500; 9]);
    scene.share().await;
    for attempt in 1..=8 {
        scene.receiver.heard(attempt).await;
        idle(&scene.app).await;
        let wait = due_in(&scene.app).await.first().copied().unwrap_or_default();
        pass(&scene.app, Duration::from_micros(u64::try_from(wait).unwrap()));
    }
    assert_eq!((scene.states().await, scene.standing().await.as_str()), (vec![("failed".to_owned(), 8)], "active"));
    pass(&scene.app, Duration::from_secs(4 * 86_400));
    scene.share().await;
    scene.receiver.heard(9).await;
    idle(&scene.app).await;
    assert_eq!(scene.standing().await, "failing");
    assert_eq!(scene.states().await[1], ("failed".to_owned(), 1));
    // Somebody mended it.
    scene.switch(true).await;
    scene.receiver.answer_next(&[500]);
    scene.share().await;
    scene.receiver.heard(10).await;
    idle(&scene.app).await;
    assert_eq!(scene.standing().await, "active", "it begins anew");
}

#[tokio::test]
async fn what_was_told_is_forgotten_after_thirty_days() {
    let scene = Scene::new().await;
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    scene.app.advance(Duration::from_secs(20 * 86_400));
    scene.share().await;
    scene.receiver.heard(2).await;
    idle(&scene.app).await;
    scene.app.advance(Duration::from_secs(11 * 86_400));
    takeback::webhooks::sweep::run(&scene.app).await.unwrap();
    assert_eq!(scene.states().await.len(), 1);
}

#[tokio::test]
async fn a_deleted_endpoint_is_told_nothing_more_not_even_what_it_is_being_told() {
    let scene = Scene::new().await;
    scene.receiver.hold();
    scene.share().await;
    scene.share().await;
    scene.receiver.heard(1).await;
    assert_eq!(scene.program.delete(&format!("/v1/webhook_endpoints/{}", scene.id)).await.status, 200);
    scene.receiver.release();
    idle(&scene.app).await;
    pass(&scene.app, Duration::from_secs(600));
    idle(&scene.app).await;
    assert_eq!(scene.receiver.all().len(), 1);
    assert!(!scene.app.all_rows().await.iter().any(|row| row.starts_with("webhook_")));
}
