//! What machines ask: is it alive, can it work, may it be crawled.

use axum::extract::State;

use crate::app::App;
use crate::error::Error;

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too.
///
/// # Errors
/// 503 if it doesn't.
pub async fn ready(State(app): State<App>) -> Result<&'static str, Error> {
    match sqlx::query("SELECT 1").fetch_one(app.db.reader()).await {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(Error::Unavailable)
        }
    }
}

/// `GET /robots.txt`. Shared pages are not forbidden here: they say `noindex`, and a crawler has to fetch a page to
/// see that. What is behind a sign-in is of no use to a crawler.
pub async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /c/\nDisallow: /settings\n"
}
