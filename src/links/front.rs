//! The quick way to a shared page.
//!
//! A stranger's GET of an open link is what this server is asked most. It is answered here, before the router and its
//! layers, which take longer than everything else that such an answer needs. What is answered is what the router would
//! answer, header by header (`tests/links/front.rs`); everything else is left to the router: other methods and paths,
//! people with a cookie, links that aren't open, and whatever goes wrong.

use std::time::Instant;

use axum::http::header::COOKIE;
use axum::http::{Method, Request};
use axum::response::Response;

use super::link::TargetType;
use super::pages::view;
use crate::app::App;
use crate::http::{headers, layers};
use crate::ids;

/// The route that this answers for, as the log knows it.
const ROUTE: &str = "/share/{token}";

/// The page, if this request is for one and the gate says that its link is open.
pub async fn answer<B>(app: &App, request: &Request<B>) -> Option<Response> {
    let began = Instant::now();
    let link_id = plain_view(request)?;
    let link = app.gate.ask(TargetType::Conversation, &link_id).await.ok()?;
    let mut response = view::page(app, &link, request.headers(), true).await.ok()?;
    headers::fill(response.headers_mut(), app, request.headers());
    layers::finish(&mut response, &ids::new("req"), request.method(), ROUTE, began);
    Some(response)
}

/// The link that is asked for, if nothing but its page is asked for and nothing tells who asks.
fn plain_view<B>(request: &Request<B>) -> Option<String> {
    let stranger = request.method() == Method::GET && !request.headers().contains_key(COOKIE);
    let token = request.uri().path().strip_prefix("/share/").filter(|_| stranger)?;
    ids::link_id_from_token(token)
}
