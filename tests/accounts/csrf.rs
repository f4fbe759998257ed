//! No request from elsewhere acts for you.

use reqwest::Method;
use takeback::http::routes;

use super::is_in;
use crate::support::{Reply, TestApp};

const PREFIXES: [&str; 6] = ["/setup", "/sign", "/invite", "/reset", "/settings", "/never"];

#[tokio::test]
async fn every_form_of_accounts_is_refused_from_another_site() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let doors: Vec<String> = routes::all()
        .list
        .into_iter()
        .filter(|(method, path)| *method == Method::POST && PREFIXES.iter().any(|prefix| path.starts_with(prefix)))
        .map(|(_, path)| path.replace("{id}", &owner.user.id).replace("{token}", "3bXk3bXk3bXk3bXk3bXk3bXk"))
        .collect();
    assert!(doors.len() >= 15, "{doors:?}");
    for door in &doors {
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
            let request = admin.request(Method::POST, door).header(name, value).header("content-type", "application/x-www-form-urlencoded");
            let reply = Reply::of(request.body("mode=open&admin=true&name=E&email=e%40example.org")).await;
            assert_eq!(reply.status, 403, "{door} {value}");
            assert_eq!(reply.header("set-cookie"), "", "{door} {value}");
        }
    }
    assert!(is_in(&admin).await && is_in(&owner).await);
}

#[tokio::test]
async fn a_browser_that_says_only_its_origin_is_judged_by_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plain = reqwest::Client::new();
    for (origin, status) in [("https://evil.example".to_owned(), 403), ("null".to_owned(), 403), (app.url(""), 303)] {
        let cookie = admin_cookie(&app, &admin.user.email).await;
        let request = plain.post(app.url("/signout")).header("origin", &origin).header("cookie", cookie);
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let reply = client.execute(request.build().unwrap()).await.unwrap();
        assert_eq!(reply.status(), status, "{origin}");
    }
}

#[tokio::test]
async fn credentials_of_another_kind_do_not_switch_it_off() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let request = admin.request(Method::POST, "/signout").header("sec-fetch-site", "cross-site").header("authorization", "Bearer x");
    assert_eq!(Reply::of(request).await.status, 403);
    assert!(is_in(&admin).await);
}

async fn admin_cookie(app: &TestApp, email: &str) -> String {
    let (_, reply) = super::sign_in(app, email, crate::support::PASSWORD).await;
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}
