//! Every door has a limit, for each account and for each address.

use super::{ANOTHER, sign_in};
use crate::support::{Actor, Client, PASSWORD, Reply, TestApp};

const DOOR: u32 = 4;

type Fields = Vec<(&'static str, String)>;

type Attempt = fn(u32) -> Fields;

async fn start() -> TestApp {
    TestApp::start_with(|config| config.sign_in_attempts_per_minute = DOOR).await
}

fn refused(reply: &Reply, door: &str) {
    assert_eq!(reply.status, 429, "{door}");
    let seconds: u64 = reply.header("retry-after").parse().unwrap_or_else(|_| panic!("{door} says not when to come again"));
    assert!((1..=60).contains(&seconds), "{door}: {seconds}");
}

/// Tries until the limit must have been reached, with `each` for the number of the attempt.
async fn knock(client: &Client, door: &str, times: u32, each: impl Fn(u32) -> Fields) -> Reply {
    for n in 0..times {
        let fields = each(n);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = client.post_form(door, &fields).await;
        assert_ne!(reply.status, 429, "{door}: attempt {n} of {times} is refused already");
    }
    let fields = each(times);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post_form(door, &fields).await
}

fn field(name: &'static str, value: impl Into<String>) -> (&'static str, String) {
    (name, value.into())
}

#[tokio::test]
async fn signing_in_is_limited_for_the_account_whether_it_exists_or_not() {
    for email in ["ada.quillfeather@example.org", "nobody@example.org"] {
        let app = start().await;
        app.owner().await;
        let guess = |_| vec![field("email", email), field("password", ANOTHER)];
        refused(&knock(&app.anonymous(), "/signin", DOOR, guess).await, email);
        let (_, reply) = sign_in(&app, &email.to_uppercase(), PASSWORD).await;
        refused(&reply, "another case, and even the right password");
    }
}

#[tokio::test]
async fn signing_in_is_limited_for_the_address_over_all_accounts() {
    let app = start().await;
    app.owner().await;
    let guess = |n| vec![field("email", format!("person{n}@example.org")), field("password", ANOTHER)];
    refused(&knock(&app.anonymous(), "/signin", 3 * DOOR, guess).await, "/signin");
}

#[tokio::test]
async fn doors_without_an_account_are_limited_for_the_address() {
    let person = |n| vec![field("name", ""), field("email", format!("person{n}@example.org")), field("password", ANOTHER)];
    let app = start().await;
    refused(&knock(&app.anonymous(), "/setup", 3 * DOOR, person).await, "/setup");
    for door in ["/signup", "/invite/3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bX", "/reset/3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bXk3bX"] {
        let app = start().await;
        app.owner().await;
        refused(&knock(&app.anonymous(), door, 3 * DOOR, person).await, door);
    }
}

#[tokio::test]
async fn doors_behind_the_sign_in_are_limited_for_the_account() {
    let doors: [(&str, Attempt); 4] = [
        ("/settings/password", |_| vec![field("current", ANOTHER), field("password", ANOTHER)]),
        ("/settings/profile", |_| vec![field("name", "A"), field("email", "new@example.org"), field("confirm", ANOTHER)]),
        ("/settings/delete-account", |_| vec![field("password", ANOTHER)]),
        ("/settings/people/invite", |_| vec![field("email", "")]),
    ];
    for (door, fields) in doors {
        let app = start().await;
        let admin: Actor = app.admin().await;
        refused(&knock(&admin, door, DOOR, fields).await, door);
        let other = app.person("Two", "two@example.org", "admin").await;
        assert_ne!(knock(&other, door, 0, fields).await.status, 429, "{door}: another account is not kept out");
    }
}

#[tokio::test]
async fn strangers_at_the_sign_in_do_not_keep_the_person_from_their_settings() {
    let app = start().await;
    let owner = app.owner().await;
    let guess = |_| vec![field("email", "ada.quillfeather@example.org"), field("password", ANOTHER)];
    refused(&knock(&app.anonymous(), "/signin", DOOR, guess).await, "/signin");
    assert_eq!(owner.post_form("/settings/password", &[("current", PASSWORD), ("password", ANOTHER)]).await.status, 303);
}
