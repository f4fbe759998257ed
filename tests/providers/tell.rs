//! First run and `takeback doctor` say what is connected.

use takeback::providers::settings::Kind;
use tempfile::TempDir;

use crate::support::{Script, TestApp, Upstream, takeback};

#[tokio::test]
async fn the_first_page_says_what_is_connected_or_how_to_connect_one() {
    let app = TestApp::start().await;
    let page = app.anonymous().get("/setup").await.body;
    assert!(page.contains("not an AI") && page.contains("OPENAI_API_KEY"), "{page}");

    let upstream = Upstream::start().await;
    upstream.set_models(&["a", "b"]);
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::Compatible)).await;
    takeback::providers::refresh::everything(&app).await.unwrap();
    let page = app.anonymous().get("/setup").await.body;
    assert!(page.contains("upstream: 2 models"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_which_models_are_found_or_how_to_connect_one() {
    let folder = TempDir::new().unwrap();
    let doctor = |variables: &[(&str, &str)]| {
        let mut command = takeback(folder.path());
        let output = command.arg("doctor").args(["--listen", "127.0.0.1:0"]).envs(variables.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    std::fs::write(folder.path().join("takeback.toml"), "find_ollama = false\n").unwrap();
    assert!(doctor(&[]).contains("the built-in demo answers"));
    let upstream = Upstream::start().await;
    upstream.set_models(&["a", "b"]);
    let url = upstream.base_url(Kind::Compatible);
    let words = doctor(&[("OPENAI_BASE_URL", &url)]);
    assert!(words.contains("ok    models      OpenAI-compatible: 2 models."), "{words}");
    upstream.answer_list(Script::refuses(401, "zanzibar"));
    let words = doctor(&[("OPENAI_BASE_URL", &url), ("OPENAI_API_KEY", "sk-zanzibar")]);
    assert!(words.contains("didn’t accept this server’s key") && !words.contains("zanzibar"), "{words}");
}
