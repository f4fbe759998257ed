//! The pages of links, each file named after what its person does.

pub mod assistant;
pub mod caps;
pub mod carry_on;
pub mod chart;
pub mod edit;
pub mod frames;
pub mod life;
pub mod list;
pub mod pause;
pub mod publish;
pub mod report;
pub mod revoke;
pub mod rules;
pub mod unlock;
pub mod view;

use axum::http::HeaderMap;

use crate::app::App;

/// Whether a script asked for a part of the page, to put it into the one that is open.
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("x-fragment")
}

/// Where links begin: the configured public URL, or else the address that this request was sent to.
pub fn base_url(app: &App, headers: &HeaderMap) -> String {
    match (&app.config.public_url, headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok())) {
        (Some(url), _) => url.clone(),
        (None, Some(host)) => format!("http://{host}"),
        (None, None) => app.config.base_url(),
    }
}
