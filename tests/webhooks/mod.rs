//! Tests of `src/webhooks`.

mod addresses;
mod api;
mod deliver;
mod ends;
mod events;
mod logs;
mod pages;

use std::time::Duration;

use serde_json::json;
use takeback::config::Config;

use crate::support::{Actor, Caller, Receiver, TestApp};

/// What an endpoint of these tests is told.
const EVERYTHING: [&str; 4] = ["shared_link.created", "shared_link.updated", "shared_link.deleted", "shared_link.expired"];

/// A server whose people may have webhooks on this machine.
async fn start() -> TestApp {
    TestApp::start_with(near).await
}

fn near(config: &mut Config) {
    config.private_webhooks = true;
}

/// A person with a program that is told everything.
struct Scene {
    app: TestApp,
    owner: Actor,
    program: Caller,
    receiver: Receiver,
    /// The endpoint's id.
    id: String,
    /// Its secret.
    secret: String,
}

impl Scene {
    async fn new() -> Self {
        let app = start().await;
        let owner = app.owner().await;
        let program = app.program_of(&owner.user).await;
        let receiver = Receiver::start().await;
        let (id, secret) = endpoint(&program, &receiver.url()).await;
        Self { app, owner, program, receiver, id, secret }
    }

    /// Shares something; answers the link's id.
    async fn share(&self) -> String {
        let talk = self.app.small_talk(&self.owner.user).await;
        self.app.share(&self.owner.user, &talk).await.id
    }

    /// The state of the deliveries, oldest first.
    async fn states(&self) -> Vec<(String, i64)> {
        let query = "SELECT state, attempts FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY created_at, id";
        sqlx::query_as(query).bind(&self.id).fetch_all(self.app.db.reader()).await.unwrap()
    }
}

/// Makes an endpoint that is told everything; answers its id and its secret.
async fn endpoint(program: &Caller, url: &str) -> (String, String) {
    let made = program.post("/v1/webhook_endpoints", &json!({"name": "Dashboard", "url": url, "event_types": EVERYTHING})).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    (made["id"].as_str().unwrap().to_owned(), made["signing_secret"].as_str().unwrap().to_owned())
}

/// Lets time pass for those who tell.
fn pass(app: &TestApp, time: Duration) {
    app.advance(time);
    app.jobs.wake_deliveries();
}

/// Waits until nothing is due and nobody is being told anything.
async fn idle(app: &TestApp) {
    for _ in 0..20_000 {
        let query = "SELECT COUNT(*) FROM jobs WHERE kind = 'deliver' AND (run_at <= $1 OR leased_until > $1)";
        let busy: i64 = sqlx::query_scalar(query).bind(app.now()).fetch_one(app.db.reader()).await.unwrap();
        if busy == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("somebody is being told for ever");
}

/// When endpoints are told something next, in microseconds from now.
async fn due_in(app: &TestApp) -> Vec<i64> {
    let all: Vec<i64> = sqlx::query_scalar("SELECT run_at FROM jobs WHERE kind = 'deliver'").fetch_all(app.db.reader()).await.unwrap();
    all.into_iter().map(|at| at - app.now()).collect()
}
