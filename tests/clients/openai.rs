//! OpenAI's own Python client, with nothing changed but its base URL (`openai.py`).

use std::path::Path;

use tokio::process::Command;

use crate::support::{Outside, Script, missing};

#[tokio::test]
async fn the_official_client_works_with_a_changed_base_url() {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("python");
    if !python.join("has").exists() {
        missing(&format!("{} is not there; bin/setup makes it", python.display()));
        return;
    }
    let outside = Outside::start().await;
    outside.upstream.answer_always(Script::says("Three minutes, no longer."));
    let key = outside.key("Ada");
    let reads = ["keys", "create", "--user", "ada@example.org", "--name", "Reads", "--scopes", "shared_links:read"];
    let reads = String::from_utf8(outside.program.command(&reads).stdout).unwrap();
    let mut command = Command::new(python.join("bin/python"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/openai.py")).env_clear();
    command.env("OPENAI_API_KEY", key).env("OPENAI_BASE_URL", format!("http://{}/v1", outside.program.address));
    let done = command.env("READ_ONLY_KEY", reads.trim()).env("PYTHONSAFEPATH", "1").output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("\nOK"), "{said}\n{}", String::from_utf8_lossy(&done.stdout));
    assert!(outside.program.memory() > 0);
}
