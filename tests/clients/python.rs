//! `clients/python`: its own tests, and every block of its README, against this server.

use std::path::Path;

use tokio::process::Command;

use crate::support::{TestApp, missing};

#[tokio::test]
async fn the_package_and_every_block_of_its_readme_work() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("python");
    if !python.join("has").exists() {
        missing(&format!("{} is not there; bin/setup makes it", python.display()));
        return;
    }
    let app = TestApp::start_with(|config| config.private_webhooks = true).await;
    let owner = app.owner().await;
    let key = app.key_of(&owner.user, &[]).await;
    let mut command = Command::new(python.join("bin/python"));
    command.args(["-m", "unittest", "discover", "-s", "tests"]).current_dir(root.join("clients/python"));
    command.env_clear().env("TAKEBACK_API_KEY", key).env("TAKEBACK_BASE_URL", app.url("/v1")).env("PYTHONDONTWRITEBYTECODE", "1");
    let done = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("\nOK"), "{said}\n{}", String::from_utf8_lossy(&done.stdout));
}
