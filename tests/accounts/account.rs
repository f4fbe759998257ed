//! Settings › Account.

use super::{ANOTHER, is_in, sign_in};
use crate::support::{PASSWORD, TestApp};

const ADA: &str = "ada.quillfeather@example.org";

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_the_old_cookie() {
    let app = TestApp::start().await;
    let (owner, phone) = (app.owner().await, app.owner().await);
    let (browser, reply) = sign_in(&app, ADA, PASSWORD).await;
    let (name, secret) = reply.header("set-cookie").split(';').next().unwrap().split_once('=').unwrap();
    let copy = app.anonymous();
    copy.set_cookie(name, secret);

    let wrong = browser.post_form("/settings/password", &[("current", ANOTHER), ("password", ANOTHER)]).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("isn’t your password") || wrong.body.contains("isn&#39;t your password"), "{}", wrong.body);
    let weak = browser.post_form("/settings/password", &[("current", PASSWORD), ("password", "password123")]).await;
    assert_eq!(weak.status, 400);
    assert!(is_in(&owner).await && is_in(&phone).await, "nothing has changed yet");

    let reply = browser.post_form("/settings/password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    assert_eq!((reply.status, reply.location()), (303, "/settings?done=password"));
    assert!(is_in(&browser).await);
    assert!(!is_in(&owner).await && !is_in(&phone).await && !is_in(&copy).await);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 400);
    assert_eq!(sign_in(&app, ADA, ANOTHER).await.1.status, 303);
}

#[tokio::test]
async fn sign_out_everywhere_else_keeps_this_one_and_the_list_says_which_it_is() {
    let app = TestApp::start().await;
    let (laptop, phone, other) = (app.owner().await, app.owner().await, app.other().await);
    let page = laptop.get("/settings").await;
    assert_eq!(page.body.matches("Firefox on Linux").count(), 2);
    assert_eq!(page.body.matches("this one").count(), 1);
    assert!(page.body.contains("127.0.0.0") && !page.body.contains("127.0.0.1"), "the address is shortened");
    assert_eq!(laptop.post_form("/settings/sessions", &[]).await.location(), "/settings?done=sessions");
    assert!(is_in(&laptop).await && !is_in(&phone).await && is_in(&other).await);
}

#[tokio::test]
async fn a_name_changes_freely_and_an_address_with_the_password() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.other().await;
    let change = async |name: &str, email: &str, confirm: &str| {
        owner.post_form("/settings/profile", &[("name", name), ("email", email), ("confirm", confirm)]).await
    };
    assert_eq!(change("Countess", ADA, "").await.location(), "/settings?done=profile");
    assert!(owner.get("/settings").await.body.contains("value=\"Countess\""));
    for (email, confirm) in
        [("new@example.org", ""), ("new@example.org", ANOTHER), ("Grace.Umbermoor@example.org", PASSWORD), ("new", PASSWORD)]
    {
        let reply = change("Countess", email, confirm).await;
        assert_eq!(reply.status, 400, "{email} {confirm}");
        assert!(reply.body.contains(&format!("value=\"{email}\"")), "what was typed is kept");
    }
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 303, "nothing has changed yet");
    assert_eq!(change("Countess", "new@example.org", PASSWORD).await.status, 303);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 400);
    assert_eq!(sign_in(&app, "NEW@example.org", PASSWORD).await.1.status, 303);
}
