//! What providers do to us, through real HTTP.

use std::time::Duration;

use takeback::providers::settings::Kind;
use tempfile::TempDir;

use super::Scene;
use crate::support::{Drawn, Program, Script, Step, Upstream};

#[tokio::test]
async fn an_answer_in_packets_of_one_byte_is_whole() {
    let scene = Scene::new().await;
    let text = "Grüner Tee: 绿茶 🍵, made “so”.";
    let id = scene.begin(Script::says(text).in_packets_of(1)).await;
    assert_eq!(scene.app.answered(&id).await.state, "done");
    assert!(scene.body(&id).await.contains(text));
    let usage = "11 tokens read, 7 written";
    assert!(scene.body(&id).await.contains(usage));
}

#[tokio::test]
async fn whatever_breaks_the_words_before_stay_and_it_is_said_what_happened() {
    let scene = Scene::with(|config| config.provider_patience = Duration::from_secs(5)).await;
    let begun = |steps| Script::says("Green or black.").then_instead(2, steps);
    let cases = [
        (begun(vec![Step::Stall]), "Nothing came from"),
        (begun(vec![Step::Reset]), "broke off"),
        (begun(vec![]), "broke off"),
        (begun(vec![Step::Error("overloaded".to_owned())]), "has a fault or too much to do"),
        (begun(vec![Step::Raw(b"data: {\"choices\": [{]\n\n".to_vec())]), "broke off"),
    ];
    for (script, words) in cases {
        let id = scene.begin(script).await;
        let answer = scene.app.answered(&id).await;
        assert_eq!(answer.state, "failed", "{words}: {}", answer.problem);
        assert!(answer.parts.contains("Green or"), "{words}: {}", answer.parts);
        let page = scene.body(&id).await;
        assert!(answer.problem.contains(words) && page.contains(words), "{words}: {}", answer.problem);
        assert!(page.contains("Green or") && page.contains(&format!("{}/again", answer.message_id)));
    }
}

#[tokio::test]
async fn a_refusal_is_told_and_the_next_try_works() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::refuses(429, "slow down").header("retry-after", "7")).await;
    let answer = scene.app.answered(&id).await;
    assert_eq!(answer.state, "failed");
    assert!(scene.body(&id).await.contains("Try again in 7 seconds."), "{}", answer.problem);
    scene.upstream.answer_next(Script::says("Green."));
    let again = scene.owner.post_form(&format!("/c/{id}/messages/{}/again", answer.message_id), &[("model", "")]).await;
    assert_eq!(again.status, 303);
    assert_eq!(scene.app.answered(&id).await.state, "done");
    assert!(scene.body(&id).await.contains("Green."));
}

#[tokio::test]
async fn what_a_provider_writes_about_its_faults_is_on_no_page() {
    const HOSTILE: &str = "<script>alert(1)</script> key sk-zanzibar at 10.0.0.1";
    let scene = Scene::new().await;
    let cases = [
        Script::refuses(500, HOSTILE),
        Script::refuses(400, HOSTILE),
        Script::refuses(401, HOSTILE),
        Script::raw("text/html", HOSTILE),
        Script::says("Green.").then_instead(1, vec![Step::Error(HOSTILE.to_owned())]),
    ];
    for script in cases {
        let id = scene.begin(script).await;
        let answer = scene.app.answered(&id).await;
        assert_eq!(answer.state, "failed");
        let page = scene.body(&id).await;
        for word in ["zanzibar", "alert(1)", "10.0.0.1"] {
            assert!(!page.contains(word) && !answer.problem.contains(word) && !answer.parts.contains(word), "{word}: {}", answer.problem);
        }
    }
}

#[tokio::test]
async fn neither_what_is_said_nor_a_key_nor_a_provider_s_fault_is_in_the_log_at_any_level() {
    let (folder, upstream) = (TempDir::new().unwrap(), Upstream::start().await);
    let base_url = upstream.base_url(Kind::Compatible);
    let provider =
        format!("[[providers]]\nname = \"upstream\"\nkind = \"compatible\"\nbase_url = \"{base_url}\"\nkey = \"sk-zanzibarkey\"\n");
    std::fs::write(folder.path().join("takeback.toml"), format!("trusted_proxies = [\"127.0.0.1\"]\n{provider}")).unwrap();
    let program = Program::resume(folder.path(), "trace");
    let (owner, _) = program.set_up_owner().await;
    let broken = Script::says("zanzibaranswer and more").then_instead(2, vec![Step::Error("zanzibarfault sk-zanzibarkey".to_owned())]);
    for script in [broken, Script::refuses(500, "zanzibarfault sk-zanzibarkey"), Script::raw("text/html", "zanzibarfault")] {
        upstream.answer_next(script);
        let id = owner.begin_chat("zanzibarquestion").await;
        let drawn = Drawn::from_page(&owner.get(&format!("/c/{id}")).await.body);
        if !drawn.message.is_empty() {
            let mut line = owner.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await;
            line.find("end").await;
        }
        assert_eq!(owner.post_form(&format!("/c/{id}/stop"), &[]).await.status, 303);
    }
    assert_eq!(upstream.requests()[0].header("authorization"), "Bearer sk-zanzibarkey");
    let log = program.stop().await;
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("zanzibar")).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
