//! From which network an act came. It belongs to the request, not to the act: so it stands beside the task that
//! answers the request, and no function between the handler and [`record`](super::record) has to carry it along.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::http::client::ClientAddress;

tokio::task_local! {
    static NETWORK: Option<String>;
}

/// The network that the request at hand came from; `None` where there is no request.
pub fn here() -> Option<String> {
    NETWORK.try_with(Clone::clone).ok().flatten()
}

/// Does `work`, whose events came from `network`: for what goes on after its request was answered.
pub async fn at<T>(network: Option<String>, work: impl Future<Output = T>) -> T {
    NETWORK.scope(network, work).await
}

/// Notes it for every request that may change something.
pub async fn note(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let from = ClientAddress::from_request_parts(&mut parts, &app).await.unwrap_or_else(|never| match never {});
    at(Some(from.network()), next.run(Request::from_parts(parts, body))).await
}
