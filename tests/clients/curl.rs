//! curl, as people type it: every command that the API's page and the README show.

use std::path::Path;

use serde_json::Value;
use tokio::process::Command;

use crate::support::{Outside, operations};

/// Commands that a text shows, a backslash at a line's end included.
fn commands(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", "\\ ");
    let lines = text.lines().filter_map(|line| line.find("curl ").map(|at| line[at..].replace("\\ ", "\\\n")));
    lines.map(|line| line.split("</code>").next().unwrap().to_owned()).collect()
}

/// Runs a command as it stands; curl tells an error by its exit, and answers what the server said.
async fn run(command: &str, key: &str) -> (bool, String) {
    let settings = tempfile::TempDir::new().unwrap();
    std::fs::write(settings.path().join(".curlrc"), "silent\nshow-error\nfail-with-body\nmax-time = 300\nnoproxy = *\n").unwrap();
    let export = r#"{"messages": [{"role": "user", "content": "How long does tea steep?"}]}"#;
    std::fs::write(settings.path().join("conversations.json"), export).unwrap();
    let mut shell = Command::new("bash");
    shell.current_dir(settings.path());
    shell.args(["-c", command]).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let done = shell.env("CURL_HOME", settings.path()).env("TAKEBACK_API_KEY", key).output().await.unwrap();
    (done.status.success(), String::from_utf8(done.stdout).unwrap() + &*String::from_utf8_lossy(&done.stderr))
}

#[tokio::test]
async fn every_command_that_the_api_s_page_shows_works_as_it_stands() {
    let outside = Outside::start().await;
    let ada = outside.somebody("Ada").await;
    let page = outside.program.anonymous().get("/docs/api").await;
    let page = page.body.replace("&#34;", "\"").replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    let document = outside.document().await;
    let shown = commands(&page);
    let operations = operations(&document);
    assert_eq!(shown.len(), operations.len());
    for (command, (method, pattern, operation)) in shown.into_iter().zip(operations) {
        assert!(command.contains(pattern.split('{').next().unwrap()), "{method} {pattern}: {command}");
        // What curl sends is this operation's method.
        let has_body = command.contains(" -d ") || command.contains(" -F ");
        let sends = if has_body { "POST" } else { "GET" };
        let sends = ["DELETE", "POST"].into_iter().find(|method| command.contains(&format!(" -X {method} "))).unwrap_or(sends);
        assert_eq!(sends, method, "{command}");
        assert!(operation["requestBody"].is_null() || has_body, "{command}");

        // Each of them meets things of its own: some delete what they are shown.
        let ids = outside.things(&ada.caller).await;
        let mut typed = command.replace("openai/gpt-5", "upstream/scripted");
        for (name, id) in &ids {
            if let Some(example) = example(name) {
                typed = typed.replace(example, id);
            }
        }
        let (succeeded, said) = run(&typed, &ada.caller.key).await;
        assert!(succeeded && said.starts_with(['{', 'd']), "{typed}\n{said}");
        if operation["operationId"] == "createImport" {
            let begun: Value = serde_json::from_str(&said).unwrap();
            Outside::imported(&ada.caller, begun["id"].as_str().unwrap()).await;
        }
        let endpoint = &ids.iter().find(|(name, _)| *name == "endpoint_id").unwrap().1;
        ada.caller.delete(&format!("/v1/webhook_endpoints/{endpoint}")).await;
    }
}

/// What stands on the page where an id of one's own goes.
fn example(name: &str) -> Option<&'static str> {
    takeback::api::show::EXAMPLES.iter().find(|(known, _)| *known == name).map(|(_, id)| *id)
}

#[tokio::test]
async fn every_command_that_the_readme_shows_works_as_it_stands() {
    let outside = Outside::start().await;
    let ada = outside.somebody("Ada").await;
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let shown = commands(&readme);
    assert!(shown.len() >= 3, "{shown:?}");
    let link = &ada.ids.iter().find(|(name, _)| *name == "link_id").unwrap().1;
    for command in shown {
        let typed = command.replace("https://chat.example.org", &format!("http://{}", outside.program.address));
        let (succeeded, said) = run(&typed.replace(example("link_id").unwrap(), link), &ada.caller.key).await;
        assert!(succeeded && said.starts_with('{'), "{typed}\n{said}");
    }
    assert_eq!(ada.caller.get(&format!("/v1/shared_links/{link}")).await.status, 404, "the last one takes it back");
}

#[tokio::test]
async fn a_body_of_100_mb_is_answered_by_words_and_not_by_a_broken_connection() {
    let outside = Outside::start().await;
    let ada = outside.somebody("Ada").await;
    let address = outside.program.address;
    let key = "-H \"Authorization: Bearer $TAKEBACK_API_KEY\" -H 'Content-Type: application/json'";
    let much = "head -c 104857600 /dev/zero | tr '\\0' ' '";
    // As curl does it: it asks before it sends. Without asking. Without saying how much.
    for how in ["", "-H 'Expect:'", "-H 'Expect:' -H 'Transfer-Encoding: chunked'"] {
        for (path, word) in [("/v1/shared_links", "request_too_large"), ("/v1/telepathy", "not_found_error")] {
            let (succeeded, said) =
                run(&format!("{much} | curl {how} {key} --data-binary @- http://{address}{path}"), &ada.caller.key).await;
            assert!(!succeeded && said.contains(word), "{how} {path}: {said}");
        }
        let (_, said) = run(&format!("{much} | curl {how} --data-binary @- http://{address}/v1/shared_links"), "").await;
        assert!(said.contains("authentication_error"), "{how}: {said}");
    }
    assert!(outside.program.memory() > 0);
}
