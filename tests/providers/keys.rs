//! Keys are in no page, no log and no byte of the database.

use takeback::providers::settings::{Key, Kind};
use tempfile::TempDir;

use crate::support::{Program, Script, TestApp, Upstream, takeback};

const TYPED: &str = "sk-canary-typed-zanzibarquokka";
const WRITTEN: &str = "sk-canary-written-zanzibarquokka";

#[tokio::test]
async fn a_key_is_in_no_page_no_log_and_no_file_but_in_what_its_provider_gets() {
    let upstream = Upstream::start().await;
    let folder = TempDir::new().unwrap();
    let url = upstream.base_url(Kind::Compatible);
    let file = format!(
        "private_providers = true\nfind_ollama = false\n[[providers]]\nname = \"Written\"\nkind = \"compatible\"\nbase_url = \"{url}\"\nkey = \"{WRITTEN}\"\n"
    );
    std::fs::write(folder.path().join("takeback.toml"), file).unwrap();
    let program = Program::resume(folder.path(), "trace");
    let (admin, _) = program.set_up_owner().await;
    let mut seen = admin.get("/setup").await.body;
    for kind in Kind::ALL {
        let base_url = upstream.base_url(kind);
        let fields = [("name", kind.label()), ("kind", kind.as_str()), ("base_url", base_url.as_str()), ("key", TYPED)];
        let added = admin.post_form("/settings/models/add", &fields).await;
        assert_eq!(added.status, 303, "{}", added.body);
    }
    let list = admin.get("/settings/models").await.body;
    let ids = list.split("href=\"/settings/models/prov_").skip(1).map(|rest| format!("prov_{}", rest.split('/').next().unwrap()));
    let ids: std::collections::BTreeSet<String> = ids.collect();
    assert_eq!(ids.len(), Kind::ALL.len());
    seen += &list;
    // Providers say the key back, as some do in their errors.
    upstream.answer_always(Script::refuses(400, &format!("bad key {TYPED} {WRITTEN}")));
    for id in &ids {
        for page in ["edit", "models", "remove"] {
            seen += &admin.get(&format!("/settings/models/{id}/{page}")).await.body;
        }
        seen += &admin.post_form(&format!("/settings/models/{id}/test"), &[]).await.body;
        let bad = [("name", ""), ("kind", "compatible"), ("base_url", url.as_str()), ("key", TYPED)];
        seen += &admin.post_form(&format!("/settings/models/{id}/edit"), &bad).await.body;
    }
    upstream.answer_list(Script::refuses(400, &format!("bad key {TYPED} {WRITTEN}")));
    admin.post_form("/settings/models/refresh", &[]).await;
    seen += &admin.get("/settings/models").await.body;
    seen += &admin.get("/").await.body;
    let doctor = takeback(&program.data).arg("doctor").env("TAKEBACK_LOG", "trace").output().unwrap();
    let mut log = String::from_utf8([doctor.stdout, doctor.stderr].concat()).unwrap();
    log += &program.stop().await;

    let sent = upstream.list_requests();
    assert!(sent.iter().any(|asked| asked.headers.iter().any(|(_, value)| value.contains(TYPED))));
    assert!(sent.iter().any(|asked| asked.headers.iter().any(|(_, value)| value.contains(WRITTEN))));
    assert!(seen.contains("works") && seen.contains("Type something"), "{seen}");
    assert!(log.contains("\"level\":\"TRACE\"") && log.contains("a provider did not answer"));
    for canary in ["canary", "zanzibarquokka"] {
        assert!(!seen.contains(canary));
        let found: Vec<&str> = log.lines().filter(|line| line.contains(canary)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && path.file_name().unwrap() != "takeback.toml" {
            let bytes = std::fs::read(&path).unwrap();
            let holds = bytes.windows(b"zanzibarquokka".len()).any(|window| window == b"zanzibarquokka");
            assert!(!holds, "{} holds a key", path.display());
        }
    }
}

#[tokio::test]
async fn a_key_sealed_with_another_secret_is_asked_for_again() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(|config| {
        config.private_providers = true;
        config.secret = Some(Key::new("the secret from before"));
    })
    .await;
    let admin = app.admin().await;
    let base_url = upstream.base_url(Kind::Compatible);
    let fields = [("name", "Lab"), ("kind", "compatible"), ("base_url", base_url.as_str()), ("key", TYPED)];
    assert_eq!(admin.post_form("/settings/models/add", &fields).await.status, 303);
    assert!(!app.config.data.join("secret.key").exists(), "the configuration's secret is the one");
    let rows = app.rows().await.join("\n");
    assert!(rows.contains("providers: ") && !rows.contains("zanzibarquokka"));

    let app = app.restart_with(|config| config.secret = Some(Key::new("another one"))).await;
    let admin = app.admin().await;
    let page = admin.get("/settings/models").await.body;
    assert!(page.contains("Type it again"), "{page}");
    assert!(takeback::providers::catalog::available(&app, &admin.user).await.unwrap()[0].is_demo);
    let id = page.split("/settings/models/prov_").nth(1).unwrap().split('/').next().unwrap();
    let edit = format!("/settings/models/prov_{id}/edit");
    assert!(admin.get(&edit).await.body.contains("A key is kept"));
    assert_eq!(admin.post_form(&edit, &fields).await.status, 303);
    assert_eq!(takeback::providers::catalog::available(&app, &admin.user).await.unwrap()[0].name, "scripted");
}
