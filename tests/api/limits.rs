//! How fast programs may ask.

use takeback::config::{ApiLimits, Config};

use crate::support::TestApp;

async fn start(per_key: u32, per_person: u32, per_address: u32) -> TestApp {
    TestApp::start_with(|config: &mut Config| config.api_limits = ApiLimits { per_key, per_person, per_address }).await
}

#[tokio::test]
async fn a_key_is_told_what_is_left_and_then_to_wait() {
    let app = start(3, 100, 100).await;
    let owner = app.owner().await;
    let (program, second) = (app.program_of(&owner.user).await, app.program_of(&owner.user).await);
    for left in ["2", "1", "0"] {
        let reply = program.get("/v1/shared_links").await;
        assert_eq!(reply.status, 200);
        assert_eq!((reply.header("x-ratelimit-limit-requests"), reply.header("x-ratelimit-remaining-requests")), ("3", left));
        assert!(reply.header("x-ratelimit-reset-requests").ends_with('s'));
    }
    let reply = program.get("/v1/shared_links").await;
    assert_eq!(reply.refusal(), (429, "rate_limit_error".to_owned(), None));
    assert_eq!((reply.header("x-ratelimit-limit-requests"), reply.header("x-ratelimit-remaining-requests")), ("3", "0"));
    assert!((1..=21).contains(&reply.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(second.get("/v1/shared_links").await.status, 200, "another key has a share of its own");
}

#[tokio::test]
async fn many_keys_of_one_person_share_what_the_person_has() {
    let app = start(100, 4, 100).await;
    let (owner, other) = (app.owner().await, app.other().await);
    for left in ["3", "2", "1", "0"] {
        let reply = app.program_of(&owner.user).await.get("/v1/shared_links").await;
        assert_eq!((reply.status, reply.header("x-ratelimit-remaining-requests")), (200, left));
    }
    assert_eq!(app.program_of(&owner.user).await.get("/v1/shared_links").await.status, 429);
    assert_eq!(app.program_of(&other.user).await.get("/v1/shared_links").await.status, 200);
}

#[tokio::test]
async fn an_address_without_a_key_is_counted_too() {
    let app = start(100, 100, 5).await;
    let nobody = app.program("");
    for left in ["4", "3", "2", "1", "0"] {
        let reply = nobody.get("/v1/none").await;
        assert_eq!((reply.status, reply.header("x-ratelimit-remaining-requests")), (404, left));
    }
    assert_eq!(nobody.get("/v1/none").await.refusal(), (429, "rate_limit_error".to_owned(), None));
    assert_eq!(app.anonymous().get("/signin").await.status, 303, "pages are not counted");
}

#[tokio::test]
async fn guessing_keys_is_slowed_and_keeps_no_real_key_out() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let mut statuses = Vec::new();
    for _ in 0..80 {
        statuses.push(app.program(&takeback::api_keys::key::mint()).get("/v1/shared_links").await.status);
    }
    assert_eq!((statuses[0], *statuses.last().unwrap()), (401, 429));
    assert_eq!(program.get("/v1/shared_links").await.status, 200);
}
