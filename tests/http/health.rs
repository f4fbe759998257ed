//! What machines ask, and what nobody has.

use crate::support::TestApp;

#[tokio::test]
async fn the_server_says_that_it_is_alive_and_ready() {
    let app = TestApp::start().await;
    let visitor = app.anonymous();
    let alive = visitor.get("/healthz").await;
    assert_eq!((alive.status, alive.body.as_str()), (200, "ok\n"));
    let ready = visitor.get("/readyz").await;
    assert_eq!((ready.status, ready.body.as_str()), (200, "ready\n"));
    assert_eq!(ready.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_unknown_address_is_a_404_for_everybody() {
    let app = TestApp::start().await;
    for client in [app.anonymous(), app.owner().await.client, app.admin().await.client] {
        let reply = client.get("/no/such/page").await;
        assert_eq!(reply.status, 404);
        assert_eq!(reply.location(), "");
        assert_eq!(client.fragment("/no/such/page").await.status, 404);
    }
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_before_anything_else() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let request = owner.request(reqwest::Method::POST, "/anything").header("sec-fetch-site", "cross-site");
    assert_eq!(crate::support::Reply::of(request).await.status, 403);
    assert_eq!(owner.post_form("/anything", &[("a", "1 & 2")]).await.status, 404);
    let uploaded = owner.upload("/anything", "file", "export.json", b"[]".to_vec()).await;
    assert_eq!((uploaded.status, uploaded.bytes.len()), (404, uploaded.body.len()));
}
