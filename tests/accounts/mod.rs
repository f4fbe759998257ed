//! Tests of `src/accounts`.

mod account;
mod cli;
mod csrf;
mod delete;
mod invite;
mod limits;
mod people;
mod reset;
mod set_up;
mod sign_in;
mod sign_up;

use crate::support::{Client, Reply, TestApp};

/// A password that nobody in the support has.
pub(crate) const ANOTHER: &str = "seven quiet herons fishing";

/// Comes in through the sign-in door, in a browser of its own.
pub(crate) async fn sign_in(app: &TestApp, email: &str, password: &str) -> (Client, Reply) {
    let client = app.anonymous();
    let reply = client.post_form("/signin", &[("email", email), ("password", password)]).await;
    (client, reply)
}

/// Whether this browser is signed in: the settings open, instead of leading to the sign-in.
pub(crate) async fn is_in(client: &Client) -> bool {
    let page = client.get("/settings").await;
    match (page.status, page.location()) {
        (200, _) => true,
        (303, "/signin?next=%2Fsettings") => false,
        other => panic!("{other:?}"),
    }
}

/// How many rows a query counts.
pub(crate) async fn count(app: &TestApp, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(app.db.reader()).await.unwrap()
}
