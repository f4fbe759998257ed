//! Answers when the server or its database fails.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection as _;
use takeback::providers::settings::Kind;
use tempfile::TempDir;

use super::{Scene, eventually};
use crate::support::{Client, Drawn, Program, Script, Step, Upstream};

/// A program whose one provider is `upstream`.
fn configure(data: &Path, upstream: &Upstream) {
    let provider =
        format!("[[providers]]\nname = \"upstream\"\nkind = \"compatible\"\nbase_url = \"{}\"\n", upstream.base_url(Kind::Compatible));
    std::fs::write(data.join("takeback.toml"), format!("trusted_proxies = [\"127.0.0.1\"]\n{provider}")).unwrap();
}

fn signed_in(program: &Program, secret: &str) -> Client {
    let client = program.anonymous();
    client.set_cookie("takeback", secret);
    client
}

async fn page(client: &Client, id: &str) -> String {
    client.get(&format!("/c/{id}")).await.body
}

/// What is written down of running answers in a server's database.
async fn pieces(data: &Path) -> String {
    let url = format!("sqlite:{}?mode=ro", data.join("takeback.db").display());
    let mut database = sqlx::AnyConnection::connect(&url).await.unwrap();
    let query = "SELECT words FROM answer_pieces ORDER BY message_id, number";
    sqlx::query_scalar::<_, String>(query).fetch_all(&mut database).await.unwrap().concat()
}

/// `N0. N1. …`, so that it can be seen how far an answer came.
fn counted(count: usize) -> Vec<Step> {
    (0..count).map(|n| Step::Text(format!("N{n}. "))).collect()
}

#[tokio::test]
async fn a_killed_server_s_answer_has_what_was_said_until_shortly_before_and_looks_broken_off() {
    let folder = TempDir::new().unwrap();
    let upstream = Upstream::start().await;
    for _ in 0..10 {
        upstream.answer_when("You name conversations", Script::refuses(500, "no"));
    }
    configure(folder.path(), &upstream);
    let mut program = Program::resume(folder.path(), "info");
    let (owner, secret) = program.set_up_owner().await;
    drop(owner);
    for _ in 0..3 {
        upstream.answer_next(Script::of(counted(20_000)).paced(Duration::from_millis(5)));
        let owner = signed_in(&program, &secret);
        let id = owner.begin_chat("Tell me about tea.").await;
        let mut drawn = Drawn::from_page(&page(&owner, &id).await);
        let mut line = owner.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await;
        drawn.until(&mut line, |drawn| drawn.text().contains("N100.")).await;
        // The database has it a moment later, while the answer goes on.
        let seen = drawn.text();
        let last = seen.matches('N').count() - 1;
        eventually("it is written down", async || pieces(folder.path()).await.contains(&format!("N{last}."))).await;
        program.kill();
        program = Program::resume(folder.path(), "info");
        let owner = signed_in(&program, &secret);
        let kept = page(&owner, &id).await;
        assert!(kept.contains(&format!("N{last}. ")) || kept.contains(&format!("N{last}.<")), "N{last} is lost: {kept}");
        assert!(kept.contains("The server stopped while this answer was being written.") && !kept.contains("data-running"), "{kept}");
        // A window that was open through it is told.
        let mut line = owner.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await;
        line.find("end").await;
        // And it goes on from there.
        upstream.answer_next(Script::says("Again."));
        assert_eq!(owner.say(&format!("/c/{id}/messages"), "Go on.", "", &[]).await.status, 303);
        upstream.taken().await;
    }
    program.stop().await;
}

#[tokio::test]
async fn an_answer_outlives_a_database_that_refuses_for_a_while() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green or black.").hold_before(2)).await;
    let (mut drawn, mut line) = scene.reads(&id, "Green or").await;
    // Nobody can write, neither pieces nor the end.
    takeback::write_tx!(scene.app.db, "test: a lack of room", |tx| {
        sqlx::query("ALTER TABLE message_bodies RENAME TO message_bodies_elsewhere").execute(&mut *tx).await?;
        sqlx::query("ALTER TABLE answer_pieces RENAME TO answer_pieces_elsewhere").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    scene.upstream.release();
    drawn.until(&mut line, |drawn| drawn.text().contains("black")).await;
    scene.upstream.finished(0).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    takeback::write_tx!(scene.app.db, "test: room again", |tx| {
        sqlx::query("ALTER TABLE message_bodies_elsewhere RENAME TO message_bodies").execute(&mut *tx).await?;
        sqlx::query("ALTER TABLE answer_pieces_elsewhere RENAME TO answer_pieces").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    drawn.until(&mut line, |drawn| drawn.ended.is_some()).await;
    assert!(drawn.ended.unwrap().contains("Green or black."));
    assert_eq!(scene.app.answered(&id).await.state, "done");
}

/// A small disk in memory; `None` where it can't be mounted: that takes root.
struct Disk(TempDir);

impl Disk {
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut command = std::process::Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=16m", "takeback-test"]).arg(folder.path());
        let mounted = command.stderr(std::process::Stdio::null()).status().is_ok_and(|status| status.success());
        mounted.then_some(Self(folder))
    }

    fn fill(&self) -> std::path::PathBuf {
        let path = self.0.path().join("filler");
        let mut file = std::fs::File::create(&path).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while std::io::Write::write(&mut file, &vec![1; size]).is_ok_and(|written| written > 0) {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn an_answer_waits_for_room_on_a_full_disk_and_is_stored_whole() {
    let Some(disk) = Disk::mount() else {
        println!("skipped: a tmpfs can only be mounted by root");
        return;
    };
    let upstream = Upstream::start().await;
    configure(disk.0.path(), &upstream);
    let program = Program::resume(disk.0.path(), "info");
    let (owner, _) = program.set_up_owner().await;
    let mut steps: Vec<Step> = (0..2_000).map(|n| Step::Text(format!("Paragraph N{n}. {}\n\n", "word ".repeat(60)))).collect();
    steps.push(Step::End("stop", 11, 7));
    upstream.answer_next(Script::of(steps).hold_before(1));
    let id = owner.begin_chat("Tell me about tea.").await;
    let mut drawn = Drawn::from_page(&page(&owner, &id).await);
    let mut line = owner.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await;
    drawn.until(&mut line, |drawn| drawn.text().contains("N0.")).await;
    let filler = disk.fill();
    upstream.release();
    // All of it is shown all the same.
    drawn.until(&mut line, |drawn| drawn.text().contains("N1999.")).await;
    // Nothing new can be said meanwhile, and that is said.
    let refused = owner.say("/chats", &"More. ".repeat(20_000), "", &[]).await;
    assert_eq!(refused.status, 507, "{}", refused.body);
    std::fs::remove_file(filler).unwrap();
    drawn.until(&mut line, |drawn| drawn.ended.is_some()).await;
    let ended = drawn.ended.unwrap();
    assert!(ended.contains("N0.") && ended.contains("N1999."));
    program.stop().await;
}
