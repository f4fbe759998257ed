//! The same commands on a server elsewhere, over its API, as the key's person.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use crate::support::{Port, TestApp};

/// Runs the command line in an empty folder: only the server's address and the key lead anywhere.
async fn run(server: &str, key: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().env("TAKEBACK_LOG", "warn").env("TAKEBACK_API_KEY", key).current_dir(folder.path());
    let output = command.args(arguments).args(["--server", server]).output().await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made here");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file with one conversation, of which only two messages are for visitors.
fn tea(app: &TestApp) -> String {
    let content = json!({"title": "Tea", "messages": [
        {"role": "system", "content": "You are zanzibarquokka."},
        {"role": "user", "content": "How long does it steep?"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "zanzibarquokka", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "zanzibarquokka"},
        {"role": "assistant", "content": "Two minutes."},
    ]});
    let path = app.config.data.join("tea.json");
    std::fs::write(&path, content.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_is_made_shown_changed_and_deleted_on_a_server_elsewhere() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let (key, server) = (app.key_of(&owner.user, &[]).await, app.url(""));
    let takeback = async |arguments: &[&str]| run(&server, &key, arguments).await;

    let (code, out, err) = takeback(&["share", &talk.id, "--title", "Chai", "--expires", "36500d"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let url = out.strip_suffix('\n').unwrap().to_owned();
    let path = url.strip_prefix(&server).unwrap();
    assert!(app.anonymous().get(path).await.body.contains("Chai"));
    let token = path.strip_prefix("/share/").unwrap();
    let id = format!("link_{token}");
    for name in [&id, token, &url] {
        let (code, out, err) = takeback(&["links", "show", name]).await;
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.starts_with(&format!("Chai\n{url}\nshared     ")) && !out.contains("when it is deleted"), "{out}");
    }
    let (_, out, _) = takeback(&["links", "update", &id, "--title", "Tea", "--named", "--expires", "never", "--json"]).await;
    let link: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&link["title"], &link["author"]["name"], &link["expires_at"]), (&json!("Tea"), &json!("Ada Quillfeather"), &json!(null)));
    let (_, out, _) = takeback(&["links", "list"]).await;
    assert!(out.contains(&id) && !out.contains("OWNER") && out.lines().count() == 2, "{out}");
    // Its clock stands at the beginning of 2026, so nobody has opened it for long.
    let (code, out, _) = takeback(&["links", "audit", "--json"]).await;
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &list["data"][0]["reasons"]), (3, &json!(["stale", "named"])));
    assert_eq!(takeback(&["links", "delete", &url]).await, (0, format!("{id} is deleted.\n"), String::new()));
    assert_eq!(app.anonymous().get(path).await.status, 404);
    assert_eq!(takeback(&["links", "audit"]).await.0, 0);
    let gone = (1, String::new(), format!("takeback: There is no link {id}. It may have been deleted already.\n"));
    for command in [&["links", "delete", &id][..], &["links", "show", &id], &["links", "update", &id, "--title", "x"]] {
        assert_eq!(takeback(command).await, gone);
    }
}

#[tokio::test]
async fn all_of_a_long_list_comes_and_all_of_it_goes() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    for _ in 0..120 {
        app.share(&owner.user, &talk).await;
    }
    let kept = app.share(&other.user, &app.small_talk(&other.user).await).await;
    let (key, server) = (app.key_of(&owner.user, &[]).await, app.url(""));
    let (code, out, _) = run(&server, &key, &["links", "list", "--json"]).await;
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, list["data"].as_array().unwrap().len()), (0, 120));
    // Another's is not there, for whom it isn't theirs.
    let (code, _, err) = run(&server, &key, &["links", "delete", &kept.id]).await;
    assert!(code == 1 && err.contains("There is no link"), "{err}");
    let (code, out, _) = run(&server, &key, &["links", "delete", "--all"]).await;
    assert_eq!((code, out.as_str()), (0, "120 links of yours are deleted.\n"));
    assert_eq!(app.anonymous().get(&kept.path()).await.status, 200);
    assert_eq!(run(&server, &key, &["links", "list"]).await, (0, "No links.\n".into(), String::new()));
}

/// What visitors never see doesn't leave the file: it isn't in the server's database either.
#[tokio::test]
async fn of_a_file_only_what_becomes_public_is_sent() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (key, server, file) = (app.key_of(&owner.user, &["shared_links:write"]).await, app.url(""), tea(&app));
    let (code, out, err) = run(&server, &key, &["share", &file]).await;
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with(&format!("This will be public on {server}, for everybody who has the link:")), "{err}");
    assert!(err.contains("say --yes") && !err.contains("zanzibarquokka"), "{err}");
    let (code, out, err) = run(&server, &key, &["share", &file, "--yes", "--named"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let page = app.anonymous().get(out.trim_end().strip_prefix(&server).unwrap()).await.body;
    assert!(page.contains("<title>Tea</title>") && page.contains("Two minutes.") && page.contains("Ada Quillfeather"), "{page}");
    assert!(app.rows().await.iter().all(|row| !row.contains("zanzibarquokka")));
}

#[tokio::test]
async fn a_key_can_do_what_its_scopes_say_and_a_bad_one_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let (server, file) = (app.url(""), tea(&app));
    let read = app.key_of(&owner.user, &["shared_links:read"]).await;
    assert_eq!(run(&server, &read, &["links", "list"]).await.0, 0);
    let shares: [&[&str]; 4] = [
        &["share", &link.target_id],
        &["share", &file, "--yes"],
        &["links", "delete", &link.id],
        &["links", "update", &link.id, "--named"],
    ];
    for arguments in shares {
        let (code, out, err) = run(&server, &read, arguments).await;
        assert_eq!((code, out.as_str()), (1, ""), "{arguments:?}");
        assert!(err.contains("lacks the scope shared_links:write"), "{err}");
    }
    assert_eq!(app.anonymous().get(&link.path()).await.status, 200);
    let mistyped = format!("{}x", &read[..read.len() - 1]);
    for key in [mistyped.as_str(), "hunter2", "tb-"] {
        let (code, _, err) = run(&server, key, &["links", "list"]).await;
        assert!(code == 1 && err.contains("TAKEBACK_API_KEY") && !err.contains(key), "{err}");
    }
    let (code, _, err) = run(&server, "", &["links", "list"]).await;
    assert!(code == 1 && err.contains("put an API key of that server into the variable TAKEBACK_API_KEY"), "{err}");
    let (code, _, err) = run(&server, "a\nb", &["links", "list"]).await;
    assert!(code == 1 && err.contains("characters that no key has"), "{err}");
}

#[tokio::test]
async fn what_makes_no_sense_on_another_server_is_2() {
    let app = TestApp::start().await;
    let server = app.url("");
    for arguments in [
        &["links", "list", "--user", "a@example.org"][..],
        &["links", "delete", "--all", "--user", "a@example.org"],
        &["share", "x", "--user", "a@b"],
        &["import", "x", "--user", "a@b"],
    ] {
        let (code, out, err) = run(&server, "k", arguments).await;
        assert!(code == 2 && out.is_empty() && err.contains("--user"), "{arguments:?}: {err}");
    }
}

/// Otherwise they would work on another database than the one that is meant.
#[tokio::test]
async fn what_works_here_alone_says_so_where_another_server_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    for arguments in [&["users", "list"][..], &["keys", "list"]] {
        for server in ["", "https://chat.example.org"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
            command.env_clear().env("TAKEBACK_LOG", "warn").env("TAKEBACK_SERVER", server).current_dir(folder.path()).args(arguments);
            let output = command.output().await.unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            let words = if server.is_empty() { "There is no database at" } else { "works on the database here alone" };
            assert!(output.status.code() == Some(1) && err.contains(words), "{arguments:?}: {err}");
        }
    }
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_takeback"));
    doctor.env_clear().env("TAKEBACK_SERVER", "https://chat.example.org").current_dir(folder.path()).arg("doctor");
    let output = doctor.output().await.unwrap();
    assert!(output.status.code() == Some(1) && String::from_utf8(output.stderr).unwrap().contains("works on the database here alone"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Answers every request on a free port with these bytes.
async fn answering(bytes: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn a_server_that_can_t_be_reached_or_is_another_is_said_to_be_so() {
    let port = Port::take();
    let closed = port.address();
    let list = async |server: &str| run(server, "tb-zanzibarquokka", &["links", "list"]).await;
    let (code, out, err) = list(&format!("http://{closed}")).await;
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with(&format!("takeback: http://{closed} can’t be reached: ")) && err.contains("refused"), "{err}");
    let (code, _, err) = list("http://nobody.invalid").await;
    assert!(code == 1 && err.contains("can’t be reached") && err.contains("is not encrypted"), "{err}");

    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\nconnection: close\r\n\r\n<h1>x";
    let other = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{\"detail\":1}";
    for answer in [page, other] {
        let (code, _, err) = list(&format!("http://{}", answering(answer).await)).await;
        assert!(code == 1 && err.contains("isn’t Takeback’s API. Is the address right?"), "{err}");
    }
    // The key goes where it was sent, and nowhere else.
    let elsewhere = answering(page).await;
    let moved = "HTTP/1.1 301 Moved\r\nlocation: https://chat.example.org/x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (code, _, err) = list(&format!("http://{}", answering(moved).await)).await;
    assert!(code == 1 && err.contains("sends on to https://chat.example.org. If that is your server, name it with --server."), "{err}");
    for wrong in [format!("{elsewhere}"), "chat.example.org".to_owned(), format!("http://{elsewhere}/chat"), "ftp://x".to_owned()] {
        let (code, _, err) = list(&wrong).await;
        assert!(code == 1 && err.contains("The server must look like https://chat.example.org"), "{wrong}: {err}");
    }
}

/// Hands everything on to a server, but drops the first answer on its way back.
async fn losing_the_first_answer(server: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let first = count.fetch_add(1, Ordering::SeqCst) == 0;
            tokio::spawn(async move {
                let mut upstream = TcpStream::connect(server).await.unwrap();
                if !first {
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut upstream).await;
                    return;
                }
                let (mut from, mut to) = client.split();
                let (mut answer, mut request) = upstream.split();
                let mut one = [0; 1];
                tokio::select! {
                    _ = tokio::io::copy(&mut from, &mut request) => (),
                    // The server has done it once it answers. Nobody will hear of it.
                    _ = answer.read_exact(&mut one) => (),
                }
                let _ = to.shutdown().await;
            });
        }
    });
    (address, asked)
}

#[tokio::test]
async fn an_answer_that_is_lost_on_its_way_makes_no_second_link() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (key, file) = (app.key_of(&owner.user, &[]).await, tea(&app));
    let (between, asked) = losing_the_first_answer(app.address).await;
    let (code, out, err) = run(&format!("http://{between}"), &key, &["share", &file, "--yes"]).await;
    assert!(code == 0 && err.contains("Trying again.") && out.contains("/share/"), "{err}");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let links: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM links").fetch_one(app.db.reader()).await.unwrap();
    let conversations: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM conversations").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!((links, conversations), (1, 1));
}
