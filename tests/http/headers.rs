//! What answers say to browsers and crawlers behind https.

use reqwest::Method;

use crate::support::{PASSWORD, Reply, TestApp};

const NOINDEX: &str = "noindex, nofollow, noarchive";

async fn behind_https() -> TestApp {
    TestApp::start_with(|config| config.public_url = Some("https://chat.example.org".to_owned())).await
}

#[tokio::test]
async fn behind_https_the_session_s_cookie_is_bound_to_the_host_and_every_answer_asks_for_https() {
    let app = behind_https().await;
    app.owner().await;
    let fields = [("email", "ada.quillfeather@example.org"), ("password", PASSWORD)];
    let entered = app.anonymous().post_form("/signin", &fields).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-takeback="), "{cookie}");
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).filter(|part| !part.starts_with("Expires")).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"]);

    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    // The name without the prefix is not the session's.
    let without = Reply::of(app.anonymous().request(Method::GET, "/settings").header("cookie", format!("takeback={secret}"))).await;
    assert_eq!(without.status, 303);
    let with = Reply::of(app.anonymous().request(Method::GET, "/settings").header("cookie", format!("__Host-takeback={secret}"))).await;
    assert_eq!(with.status, 200);
    let left = Reply::of(app.anonymous().request(Method::POST, "/signout").header("cookie", format!("__Host-takeback={secret}"))).await;
    assert!(left.header("set-cookie").starts_with("__Host-takeback=;") && left.header("set-cookie").contains("Secure"));

    for path in ["/signin", "/settings", "/no/such/page", "/healthz", "/robots.txt", "/share/nothing"] {
        let answer = app.anonymous().get(path).await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn without_https_no_browser_is_told_to_insist_on_it() {
    let app = TestApp::start().await;
    app.owner().await;
    let fields = [("email", "ada.quillfeather@example.org"), ("password", PASSWORD)];
    let entered = app.anonymous().post_form("/signin", &fields).await;
    assert!(entered.header("set-cookie").starts_with("takeback=") && !entered.header("set-cookie").contains("Secure"));
    assert_eq!(entered.header("strict-transport-security"), "");
}

#[tokio::test]
async fn crawlers_may_fetch_shared_pages_and_every_surface_tells_them_not_to_keep_it() {
    let app = behind_https().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let robots = app.anonymous().get("/robots.txt").await;
    assert_eq!(robots.status, 200);
    // What is forbidden is never fetched, and then never seen to say noindex.
    let forbidden: Vec<&str> = robots.body.lines().filter_map(|line| line.strip_prefix("Disallow:")).map(str::trim).collect();
    assert!(!forbidden.is_empty() && forbidden.iter().all(|path| !path.is_empty() && !"/share/x".starts_with(path)), "{forbidden:?}");

    for below in ["", "/markdown", "/files/file_x", "/continue", "/report"] {
        for method in [Method::GET, Method::HEAD] {
            let answer = Reply::of(app.anonymous().request(method.clone(), &format!("{}{below}", link.path()))).await;
            assert_eq!(answer.header("x-robots-tag"), NOINDEX, "{method} {below}: {}", answer.status);
        }
    }
    owner.post_form(&format!("/links/{}/delete", link.id), &[]).await;
    assert_eq!(app.anonymous().get(&link.path()).await.header("x-robots-tag"), NOINDEX);
    assert_eq!(app.anonymous().get("/share/nothing").await.header("x-robots-tag"), NOINDEX);
}
