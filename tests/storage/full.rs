//! A disk without room: refused with our words, nothing acknowledged is lost, and the same process works again once
//! there is room.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reqwest::Method;
use tempfile::TempDir;

use crate::support::{Client, Program, Reply, made_path, some_address};

/// A small disk in memory. Dropping it takes it away.
struct Disk(TempDir);

impl Disk {
    /// `None` where it can't be mounted: that takes root.
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=16m", "takeback-test"]).arg(folder.path());
        let mounted = command.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to the last byte; answers the file that does.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = File::create(&path).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while file.write(&vec![1; size]).is_ok_and(|written| written > 0) {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

struct Scene {
    owner: Client,
    visitor: Client,
    talk: String,
    asked: u64,
}

impl Scene {
    async fn share(&self) -> Reply {
        self.owner.post_form(&format!("/c/{}/share", self.talk), &[("title", "Kettle"), ("author", "anonymous")]).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.owner.post_form(&format!("/links/link_{}/delete", path.rsplit('/').next().unwrap()), &[]).await
    }

    async fn view(&mut self, path: &str) -> u16 {
        self.asked += 1;
        Reply::of(self.visitor.request(Method::GET, path).header("x-forwarded-for", some_address(self.asked))).await.status
    }
}

fn assert_full(reply: &Reply, what: &str) {
    assert_eq!(reply.status, 507, "{what}: {}", reply.body);
    assert!(reply.body.contains("disk is full") && reply.body.contains("Nothing was saved"), "{what}: {}", reply.body);
}

#[tokio::test]
async fn a_full_disk_is_said_so_loses_nothing_and_is_over_when_there_is_room() {
    let Some(disk) = Disk::mount() else {
        println!("skipped: a tmpfs can only be mounted by root");
        return;
    };
    let program = Program::start(disk.path(), "info");
    let (owner, secret) = program.set_up_owner().await;
    let talk = owner.post_form("/sample", &[]).await.location().strip_prefix("/c/").unwrap().to_owned();
    let mut scene = Scene { owner, visitor: program.anonymous(), talk, asked: 0 };
    let mut open = Vec::new();
    let mut gone = Vec::new();
    for _ in 0..30 {
        open.push(made_path(&scene.share().await).unwrap());
    }

    for round in 0..3 {
        let filler = disk.fill();
        // What room the store still has of its own is used up first.
        let mut refused = false;
        for _ in 0..400 {
            let answer = scene.share().await;
            if answer.status == 200 {
                open.push(made_path(&answer).unwrap());
            } else {
                assert_full(&answer, "share");
                refused = true;
                break;
            }
        }
        assert!(refused, "the disk was never full");
        let upload = scene.owner.upload("/import", "file", "chat.json", vec![b' '; 1 << 14]).await;
        assert_full(&upload, "upload");
        let mut deletes = Vec::new();
        for path in open.clone().into_iter().take(4) {
            let answer = scene.delete(&path).await;
            deletes.push(answer.status);
            // Done or not done, and the page says the same.
            if answer.status == 303 {
                assert_eq!(scene.view(&path).await, 404);
                open.retain(|other| *other != path);
                gone.push(path);
            } else {
                assert_full(&answer, "delete");
                assert_eq!(scene.view(&path).await, 200);
            }
        }
        println!("round {round}: deletes on a full disk answered {deletes:?}");

        std::fs::remove_file(filler).unwrap();
        // The same process, at once: no connection is left in a transaction that failed.
        let made = scene.share().await;
        assert_eq!(made.status, 200, "{}", made.body);
        open.push(made_path(&made).unwrap());
        let path = open.remove(0);
        let deleted = scene.delete(&path).await;
        assert_eq!(deleted.status, 303, "{}", deleted.body);
        gone.push(path);
        let upload = scene.owner.upload("/import", "file", "chat.json", b"[]".to_vec()).await;
        assert_eq!(upload.status, 400, "received, and found to hold nothing: {}", upload.body);
        for path in &open {
            assert_eq!(scene.view(path).await, 200);
        }
        for path in &gone {
            assert_eq!(scene.view(path).await, 404);
        }
    }

    // Killed while it is full, it opens again when there is room, with everything that was acknowledged.
    let filler = disk.fill();
    while scene.share().await.status == 200 {}
    program.kill();
    std::fs::remove_file(filler).unwrap();
    let program = Program::resume(disk.path(), "info");
    scene.visitor = program.anonymous();
    scene.owner = program.anonymous();
    scene.owner.set_cookie("takeback", &secret);
    for path in &open {
        assert_eq!(scene.view(path).await, 200);
    }
    for path in &gone {
        assert_eq!(scene.view(path).await, 404);
    }
    assert_eq!(scene.share().await.status, 200);
    program.stop().await;
}
