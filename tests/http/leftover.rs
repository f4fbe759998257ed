//! Bodies that nobody reads: their senders get the answer all the same.

use crate::support::{TestApp, Wire};

const MUCH: usize = 100 << 20;

#[tokio::test]
async fn who_is_refused_hears_it_however_much_is_still_to_be_sent_and_the_connection_goes_on() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let key = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", app.key_of(&owner.user, &[]).await);
    for (line, headers, status) in [
        ("POST /v1/shared_links", "", 401),
        ("POST /v1/telepathy", &key, 404),
        ("POST /v1/shared_links/x", &key, 413),
        ("DELETE /v1/shared_links/x", &key, 404),
        ("GET /v1/shared_links", &key, 200),
        ("POST /signin", "Content-Type: application/x-www-form-urlencoded\r\n", 413),
        ("GET /healthz", "", 200),
        ("GET /share/3bXkQ2mVt8nYw5LrC7dPzF", "", 404),
    ] {
        let mut wire = Wire::open(app.address).await;
        wire.send_much(line, headers, MUCH).await;
        assert_eq!(wire.reply().await.0, status, "{line}");
        wire.send("GET /healthz", "").await;
        assert_eq!(wire.reply().await.0, 200, "after {line}");
    }
}

#[tokio::test]
async fn who_waits_for_a_word_before_sending_is_not_asked_for_what_is_refused() {
    let app = TestApp::start().await;
    let mut wire = Wire::open(app.address).await;
    wire.send("POST /v1/shared_links", &format!("Expect: 100-continue\r\nContent-Length: {MUCH}\r\n")).await;
    let (status, body) = wire.reply().await;
    assert_eq!(status, 401, "{body}");
    assert!(wire.is_closed().await);
}
