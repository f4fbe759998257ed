//! The quick way to a shared page answers what the router would.

use std::collections::BTreeMap;

use reqwest::Method;

use crate::support::{Reply, TestApp};

#[tokio::test]
async fn the_quick_way_and_the_router_give_the_same_answer() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let etag = app.anonymous().get(&link.path()).await.header("etag").to_owned();
    for (name, value) in [("accept-encoding", "identity"), ("accept-encoding", "gzip, br"), ("if-none-match", etag.as_str())] {
        let ask = async |cookie: bool| {
            let request = app.anonymous().request(Method::GET, &link.path()).header(name, value);
            // A cookie of any kind is a matter for the router.
            let reply = Reply::of(if cookie { request.header("cookie", "other=1") } else { request }).await;
            let mut headers: BTreeMap<String, String> = reply.headers.iter().map(|(n, v)| (n.to_string(), format!("{v:?}"))).collect();
            assert!(headers.remove("x-request-id").is_some() && headers.remove("date").is_some());
            (reply.status, headers, reply.bytes)
        };
        let (quick, routed) = (ask(false).await, ask(true).await);
        assert_eq!(quick, routed, "{name}: {value}");
    }
}
