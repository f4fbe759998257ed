//! Every page in four looks: axe finds nothing, nothing sticks out, the console is quiet, no foreign request.

use takeback::providers::settings::Kind;

use crate::support::{Actor, Browser, Script, TestApp, Upstream};

/// Goes through the pages, each with a name for its picture.
async fn look_at(browser: &Browser, pages: &[(&str, &str)]) {
    for (name, path) in pages {
        browser.goto(path).await;
        browser.assert_fine(name).await;
    }
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
}

/// Titles and words of the kind that break pages.
async fn much(app: &TestApp, owner: &Actor) -> String {
    let long = "An-unbroken-title-that-goes-on-and-on-".repeat(5);
    let markdown = include_str!("much.md");
    for title in ["Short", &long, "עברית וערבית العربية", "Emoji 👩‍👩‍👧‍👦 and <b>markup</b>"] {
        let talk = app.talk(&owner.user, title, &[("user", title), ("assistant", markdown)]).await;
        app.share(&owner.user, &talk).await;
    }
    let mut talk = app.talk(&owner.user, "Everything at once", &[("user", "Show me everything"), ("assistant", markdown)]).await;
    app.share(&owner.user, &talk).await;
    app.say(&mut talk, "user", &long).await;
    talk.id
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_for_people_who_are_signed_out() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else { return };
    look_at(&browser, &[("setup", "/setup")]).await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "Everything at once", &[("user", "Show me"), ("assistant", include_str!("much.md"))]).await;
    let share = app.share(&owner.user, &talk).await.path();
    look_at(
        &browser,
        &[("signin", "/signin"), ("signup-closed", "/signup"), ("api-reference", "/docs/api"), ("error-404", "/no/such/page")],
    )
    .await;
    look_at(&browser, &[("shared-page-much", &share), ("continue", &format!("{share}/continue")), ("report", &format!("{share}/report"))])
        .await;
    look_at(&browser, &[("gone", "/share/1111111111111111111111")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_with_nothing_on_them() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let Some(browser) = Browser::of(&app, &admin).await else { return };
    look_at(&browser, &[("home-empty", "/"), ("links-empty", "/links"), ("settings", "/settings"), ("people", "/settings/people")]).await;
    look_at(&browser, &[("data", "/settings/data"), ("import", "/import")]).await;
    look_at(&browser, &[("delete-account", "/settings/delete-account"), ("keys-empty", "/settings/keys")]).await;
    look_at(
        &browser,
        &[
            ("activity-empty", "/settings/activity"),
            ("models-empty", "/settings/models"),
            ("provider-add", "/settings/models/add?kind=anthropic"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_about_models() {
    let (upstream, broken) = (Upstream::start().await, Upstream::start().await);
    upstream.set_models(&[
        "gpt-4o",
        "an-unbroken-name-that-goes-on-and-on-and-on/and-on-and-on-for-a-while:70b-instruct-q4_K_M",
        "llama3.2:3b",
    ]);
    broken.answer_list(Script::refuses(401, "no"));
    let app = TestApp::start_with(|config| {
        config.private_providers = true;
        config.providers =
            vec![upstream.settings("Models of the laboratory", Kind::Compatible), broken.settings("Broken", Kind::Anthropic)];
    })
    .await;
    let admin = app.admin().await;
    app.owner().await;
    let url = upstream.base_url(Kind::Ollama);
    let added = admin.post_form("/settings/models/add", &[("name", "Ollama"), ("kind", "ollama"), ("base_url", &url), ("key", "k")]).await;
    assert_eq!(added.status, 303);
    let list = admin.get("/settings/models").await.body;
    let id = list.split("/settings/models/prov_").nth(1).unwrap().split('/').next().unwrap();
    let of = |page: &str| format!("/settings/models/prov_{id}/{page}");
    let Some(browser) = Browser::of(&app, &admin).await else { return };
    look_at(&browser, &[("models", "/settings/models"), ("provider-edit", &of("edit")), ("provider-remove", &of("remove"))]).await;
    let rule = of(&format!("rule?model=prov_{id}%2Fgpt-4o"));
    look_at(&browser, &[("provider-models", &of("models")), ("model-rule", &rule)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_with_much_on_them() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let id = much(&app, &owner).await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    let c = format!("/c/{id}");
    look_at(&browser, &[("home", "/"), ("conversation", &c), ("share", &format!("{c}/share")), ("preview", &format!("{c}/share/preview"))])
        .await;
    look_at(&browser, &[("rename", &format!("{c}/rename")), ("delete", &format!("{c}/delete"))]).await;
    for name in ["Short", &"Long-name-".repeat(6), "עברית", "<b>markup</b>"] {
        app.named_key(&owner.user, name).await;
    }
    look_at(&browser, &[("keys", "/settings/keys"), ("activity", "/settings/activity")]).await;
    look_at(&browser, &[("links", "/links"), ("links-search", "/links?q=nothing"), ("delete-all", "/links/delete-all")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogs() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let id = much(&app, &owner).await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.goto(&format!("/c/{id}")).await;
    browser.press("Share").await;
    browser.sees("Already shared").await;
    browser.assert_fine("dialog-share").await;
    browser.goto("/links").await;
    browser.click("#links-rows a[href*='/delete']").await;
    browser.sees("Delete this link?").await;
    browser.assert_fine("dialog-delete-link").await;
    app.named_key(&owner.user, "Weekly link check").await;
    browser.goto("/settings/keys").await;
    browser.click("a[href$='/revoke']").await;
    browser.sees("Revoke this key?").await;
    browser.assert_fine("dialog-revoke-key").await;
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
