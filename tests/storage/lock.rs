//! Two servers never share a SQLite file.

use std::process::Stdio;

use tempfile::TempDir;

use crate::support::{Program, takeback};

#[tokio::test]
async fn a_second_server_on_a_sqlite_file_is_refused_until_the_first_has_ended() {
    let folder = TempDir::new().unwrap();
    let first = Program::start(folder.path(), "info");
    let again =
        || takeback(folder.path()).args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let refused = again();
    assert_eq!(refused.status.code(), Some(1));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("Another Takeback server is using") && words.contains("choose another --data folder"), "{words}");

    // The command line is a guest, not a server.
    assert!(first.command(&["links", "list"]).status.success());
    // Whichever way the first ends, it leaves nothing in the way.
    first.kill();
    let second = Program::resume(folder.path(), "info");
    assert_eq!(again().status.code(), Some(1));
    second.stop().await;
    Program::resume(folder.path(), "info").stop().await;
}
