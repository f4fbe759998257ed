//! What administrators do on Settings › Models.

use std::time::Duration;

use takeback::config::Config;
use takeback::providers::catalog;
use takeback::providers::settings::Kind;

use crate::support::{Actor, Reply, Script, TestApp, Upstream};

fn private(config: &mut Config) {
    config.private_providers = true;
}

/// Adds the upstream on the page; answers its id.
async fn add(admin: &Actor, upstream: &Upstream, key: &str) -> String {
    let url = upstream.base_url(Kind::Compatible);
    let fields = [("name", "Lab <b>"), ("kind", "compatible"), ("base_url", url.as_str()), ("key", key)];
    let reply = admin.post_form("/settings/models/add", &fields).await;
    assert_eq!(reply.location(), "/settings/models?done=added", "{}", reply.body);
    id(&admin.get("/settings/models").await)
}

/// The first provider's that can be edited.
fn id(page: &Reply) -> String {
    let at = page.body.find("/settings/models/prov_").unwrap_or_else(|| panic!("{}", page.body));
    page.body[at + "/settings/models/".len()..].split('/').next().unwrap().to_owned()
}

async fn offered(app: &TestApp, actor: &Actor) -> Vec<String> {
    catalog::available(app, &actor.user).await.unwrap().into_iter().map(|model| model.id).collect()
}

#[tokio::test]
async fn a_provider_is_added_tested_changed_and_removed() {
    let upstream = Upstream::start().await;
    upstream.set_models(&["alpha", "org/beta:7b"]);
    let app = TestApp::start_with(private).await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    assert!(admin.get("/settings/models").await.body.contains("None yet"));
    assert!(admin.get("/settings/models/add?kind=ollama").await.body.contains("http://127.0.0.1:11434"));
    let id = add(&admin, &upstream, "sk-first").await;
    let page = admin.get("/settings/models").await.body;
    assert!(page.contains("Lab &#60;b&#62;") && page.contains("2 of 2") && page.contains("works") && page.contains("added here"), "{page}");
    assert_eq!(offered(&app, &owner).await, [format!("{id}/org/beta:7b"), format!("{id}/alpha")]);
    assert_eq!(upstream.list_requests()[0].header("authorization"), "Bearer sk-first");

    let tested = admin.post_form(&format!("/settings/models/{id}/test"), &[]).await;
    assert_eq!(tested.status, 200);
    assert!(tested.body.contains("org/beta:7b answered"), "{}", tested.body);
    upstream.answer_next(Script::refuses(404, "zanzibar"));
    let tested = admin.post_form(&format!("/settings/models/{id}/test"), &[]).await;
    assert!(tested.status == 400 && tested.body.contains("doesn’t answer") && !tested.body.contains("zanzibar"), "{}", tested.body);
    upstream.answer_list(Script::refuses(401, "zanzibar"));
    let tested = admin.post_form(&format!("/settings/models/{id}/test"), &[]).await;
    assert!(tested.status == 400 && tested.body.contains("didn’t accept this server’s key"), "{}", tested.body);
    assert_eq!(offered(&app, &owner).await.len(), 2, "the models stay");

    // Without a new key the old one stays; at another address it does not.
    let edit = format!("/settings/models/{id}/edit");
    let (url, elsewhere) = (upstream.base_url(Kind::Compatible), "http://127.0.0.1:1/v1");
    let fields = |url, key| [("name", "Lab"), ("kind", "compatible"), ("base_url", url), ("key", key), ("context_tokens", "32768")];
    let form = admin.get(&edit).await.body;
    assert!(form.contains("A key is kept") && !form.contains("sk-first"));
    assert_eq!(admin.post_form(&edit, &fields(&url, "")).await.location(), "/settings/models?done=changed");
    assert_eq!(upstream.list_requests().last().unwrap().header("authorization"), "Bearer sk-first");
    assert_eq!(catalog::available(&app, &owner.user).await.unwrap()[0].context_tokens, 32_768);
    let moved = admin.post_form(&edit, &fields(elsewhere, "")).await;
    assert!(moved.status == 400 && moved.body.contains("Type the key again"), "{}", moved.body);
    admin.post_form(&edit, &fields(&url, "sk-second")).await;
    assert_eq!(upstream.list_requests().last().unwrap().header("authorization"), "Bearer sk-second");
    let forgets = [("name", "Lab"), ("kind", "compatible"), ("base_url", url.as_str()), ("forget_key", "true")];
    admin.post_form(&edit, &forgets).await;
    assert_eq!(upstream.list_requests().last().unwrap().header("authorization"), "");

    let remove = format!("/settings/models/{id}/remove");
    assert!(admin.get(&remove).await.body.contains("Remove this provider"));
    assert_eq!(admin.post_form(&remove, &[]).await.location(), "/settings/models?done=removed");
    assert_eq!(offered(&app, &owner).await, ["demo/demo"]);
    assert_eq!(admin.post_form(&remove, &[]).await.status, 404);
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM provider_lists").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn models_are_shown_hidden_and_allowed_to_whom_the_administrator_says() {
    let upstream = Upstream::start().await;
    upstream.set_models(&["alpha", "beta", "gamma"]);
    let app = TestApp::start_with(private).await;
    let (admin, owner, other) = (app.admin().await, app.owner().await, app.other().await);
    let id = add(&admin, &upstream, "").await;
    let (models, rule) = (format!("/settings/models/{id}/models"), format!("/settings/models/{id}/rule"));
    let of = |name: &str| format!("{id}/{name}");

    let listed = [("listed", "alpha"), ("listed", "beta"), ("listed", "gamma"), ("shown", "beta"), ("shown", "gamma")];
    assert_eq!(admin.post_form(&models, &listed).await.location(), format!("{models}?done=saved"));
    assert_eq!(offered(&app, &owner).await, [of("gamma"), of("beta")]);

    let set = async |fields: &[(&str, &str)]| admin.post_form(&rule, fields).await;
    assert_eq!(set(&[("model", &of("gamma")), ("audience", "admins")]).await.status, 303);
    assert_eq!(set(&[("model", &of("beta")), ("audience", "people"), ("person", &owner.user.id)]).await.status, 303);
    assert_eq!(offered(&app, &owner).await, [of("beta")]);
    assert_eq!(offered(&app, &other).await, ["demo/demo"]);
    assert_eq!(offered(&app, &admin).await, [of("gamma")]);
    assert!(catalog::choose(&app, &other.user, &of("beta")).await.is_err());
    let page = admin.get(&models).await.body;
    assert!(page.contains("Administrators") && page.contains("1 person"), "{page}");
    assert!(admin.get(&format!("{rule}?model={}", of("beta").replace('/', "%2F"))).await.body.contains("Ada Quillfeather"));

    let nobody = set(&[("model", &of("beta")), ("audience", "people")]).await;
    assert!(nobody.status == 400 && nobody.body.contains("at least one person"));
    assert_eq!(set(&[("model", "openai/gpt-4o"), ("audience", "everyone")]).await.status, 404);
    assert_eq!(set(&[("model", &of("beta")), ("audience", "zanzibar")]).await.status, 400);

    // The default comes first for whoever may use it.
    admin.post_form(&models, &[("listed", "alpha"), ("listed", "beta"), ("listed", "gamma"), ("all", "show")]).await;
    set(&[("model", &of("beta")), ("audience", "everyone")]).await;
    let default = async |model: &str| admin.post_form("/settings/models/default", &[("model", model)]).await;
    assert_eq!(default(&of("alpha")).await.location(), "/settings/models?done=default");
    assert_eq!(offered(&app, &owner).await, [of("alpha"), of("beta")]);
    assert_eq!(default(&of("gamma")).await.status, 303);
    assert_eq!(offered(&app, &owner).await, [of("beta"), of("alpha")]);
    assert_eq!(offered(&app, &admin).await[0], of("gamma"));
    assert_eq!(default("nobody/nothing").await.status, 400);
}

#[tokio::test]
async fn an_address_in_this_network_is_refused_unless_the_configuration_allows_it() {
    let upstream = Upstream::start().await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let add = async |url: &str| {
        let fields = [("name", "Lab"), ("kind", "compatible"), ("base_url", url), ("key", "sk-zanzibar")];
        admin.post_form("/settings/models/add", &fields).await
    };
    for url in [&upstream.base_url(Kind::Compatible), "http://localhost:8000/v1", "http://[::1]/", "http://0x7f.1/", "http://10.0.0.1"] {
        let reply = add(url).await;
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains("private_providers = true"), "{url}: {}", reply.body);
        assert!(!reply.body.contains("zanzibar"), "what was typed as a key is never sent back");
    }
    for (url, words) in [
        ("http://169.254.169.254/latest", "never asked"),
        ("https://does-not-exist.invalid", "no server of this name"),
        ("file:///etc/passwd", "looks like https"),
        ("https://ada:pw@example.org", "Give the key in its own field"),
        ("", "Give the server’s address"),
    ] {
        let reply = add(url).await;
        assert!(reply.status == 400 && reply.body.contains(words), "{url}: {}", reply.body);
    }
    assert!(upstream.list_requests().is_empty());
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM providers").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn providers_of_files_and_variables_are_shown_but_changed_where_they_are_written() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let admin = app.admin().await;
    let page = admin.get("/settings/models").await.body;
    assert!(page.contains("from takeback.toml") && !page.contains("/settings/models/upstream/edit"), "{page}");
    for path in ["edit", "remove"] {
        assert_eq!(admin.get(&format!("/settings/models/upstream/{path}")).await.status, 404);
        assert_eq!(admin.post_form(&format!("/settings/models/upstream/{path}"), &[("name", "X")]).await.status, 404);
    }
    upstream.set_models(&["scripted", "later"]);
    assert_eq!(admin.post_form("/settings/models/refresh", &[]).await.location(), "/settings/models?done=refreshed");
    assert_eq!(offered(&app, &admin).await, ["upstream/scripted", "upstream/later"]);
}

#[tokio::test]
async fn another_server_on_the_same_database_soon_knows() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(private).await;
    let second = app.second().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    assert!(catalog::available(&second, &owner.user).await.unwrap()[0].is_demo);
    let id = add(&admin, &upstream, "sk-shared").await;
    for _ in 0..400 {
        let models = catalog::available(&second, &owner.user).await.unwrap();
        if models[0].id == format!("{id}/scripted") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the second server never knew");
}
