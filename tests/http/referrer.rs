//! Forms work wherever the server is opened, and no address leaves with a click.

use reqwest::Method;

use crate::support::{PASSWORD, Reply, TestApp};

#[tokio::test]
async fn the_policy_leaves_browsers_something_to_know_our_forms_by() {
    for (public_url, host, policy) in [
        (None, "127.0.0.1:8080", "no-referrer"),
        (None, "localhost:8080", "no-referrer"),
        (None, "[::1]:8080", "no-referrer"),
        (None, "192.168.1.5:8080", "same-origin"),
        (None, "chat.lan", "same-origin"),
        (Some("http://chat.lan"), "chat.lan", "same-origin"),
        (Some("https://chat.example.org"), "chat.example.org", "no-referrer"),
    ] {
        let app = TestApp::start_with(|config| config.public_url = public_url.map(str::to_owned)).await;
        for path in ["/setup", "/share/3bXk3bXk3bXk3bXk3bXk3bXk", "/no-such-page"] {
            let reply = Reply::of(app.anonymous().request(Method::GET, path).header("host", host)).await;
            assert_eq!(reply.header("referrer-policy"), policy, "{public_url:?} {host} {path}");
        }
    }
}

/// What a browser sends from another machine over plain http: an origin, as the policy lets it, and no
/// `Sec-Fetch-Site`.
#[tokio::test]
async fn a_form_works_from_another_machine_over_plain_http() {
    let app = TestApp::start().await;
    app.owner().await;
    for (origin, status) in [("http://chat.lan:8080", 303), ("http://evil.lan", 403), ("null", 403)] {
        let plain = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let form = format!("email=ada.quillfeather%40example.org&password={}", PASSWORD.replace(' ', "+"));
        let request = plain.post(app.url("/signin")).header("host", "chat.lan:8080").header("origin", origin);
        let reply = Reply::of(request.header("content-type", "application/x-www-form-urlencoded").body(form)).await;
        assert_eq!(reply.status, status, "{origin}");
    }
}
