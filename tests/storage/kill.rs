//! What was acknowledged survives SIGKILL: every link that was made is there, every link that was deleted stays so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

use reqwest::Method;
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::support::{Client, Program, Random, Reply, made_path, some_address};

/// What is known about a link from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    /// Its making was acknowledged.
    Made,
    /// A delete was sent, and no answer came.
    Unsure,
    /// Its delete was acknowledged.
    Deleted,
}

#[derive(Default)]
struct History {
    links: Mutex<BTreeMap<String, Known>>,
    acknowledged: AtomicUsize,
}

/// The answer to a form; `None` when the server died before it was whole.
async fn post(client: &Client, path: &str, body: &'static str) -> Option<Reply> {
    let request = client.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body);
    let response = request.send().await.ok()?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.ok()?.to_vec();
    Some(Reply { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes })
}

/// Makes links and deletes some, until the server is dead.
async fn work(client: Client, talk: String, history: Arc<History>, seed: u64) {
    let mut random = Random::new(seed);
    loop {
        let Some(made) = post(&client, &format!("/c/{talk}/share"), "title=Kettle&author=anonymous").await else { return };
        assert_eq!(made.status, 200, "{}", made.body);
        let path = made_path(&made).unwrap();
        history.links.lock().await.insert(path.clone(), Known::Made);
        history.acknowledged.fetch_add(1, SeqCst);
        if random.below(2) == 0 {
            history.links.lock().await.insert(path.clone(), Known::Unsure);
            let id = format!("link_{}", path.rsplit('/').next().unwrap());
            let Some(deleted) = post(&client, &format!("/links/{id}/delete"), "from=links").await else { return };
            assert_eq!(deleted.status, 303);
            history.links.lock().await.insert(path, Known::Deleted);
            history.acknowledged.fetch_add(1, SeqCst);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_links_and_deletes_survive_kills_at_random_points() {
    const KILLS: u64 = 8;
    let folder = TempDir::new().unwrap();
    let mut program = Program::start(folder.path(), "warn,takeback=info");
    let (owner, secret) = program.set_up_owner().await;
    let talk = owner.post_form("/sample", &[]).await.location().strip_prefix("/c/").unwrap().to_owned();
    let (history, asked) = (Arc::new(History::default()), AtomicU64::new(0));
    let mut random = Random::new(2);
    for kill in 0..KILLS {
        let mut workers = tokio::task::JoinSet::new();
        for worker in 0..3 {
            let client = program.anonymous();
            client.set_cookie("takeback", &secret);
            workers.spawn(work(client, talk.clone(), history.clone(), kill * 10 + worker));
        }
        let enough = history.acknowledged.load(SeqCst) + 1 + random.below(40);
        while history.acknowledged.load(SeqCst) < enough {
            if let Some(ended) = workers.try_join_next() {
                panic!("a worker ended before the server did: {ended:?}");
            }
            tokio::task::yield_now().await;
        }
        // Between two writes, or in the middle of one.
        for _ in 0..random.below(3_000) {
            std::hint::spin_loop();
        }
        program.kill();
        while let Some(worker) = workers.join_next().await {
            worker.unwrap();
        }
        program = Program::resume(folder.path(), "warn,takeback=info");
        let visitor = program.anonymous();
        let mut links = history.links.lock().await;
        for (path, known) in links.iter_mut() {
            let from = some_address(asked.fetch_add(1, SeqCst));
            let status = Reply::of(visitor.request(Method::GET, path).header("x-forwarded-for", from)).await.status;
            match (*known, status) {
                (Known::Made, 200) | (Known::Deleted, 404) => (),
                // It was either done or not, and stays so.
                (Known::Unsure, 200) => *known = Known::Made,
                (Known::Unsure, 404) => *known = Known::Deleted,
                other => panic!("{other:?} after kill {kill}"),
            }
        }
    }
    let links = history.links.lock().await;
    let deleted = links.values().filter(|known| **known == Known::Deleted).count();
    assert!(deleted > 0 && deleted < links.len(), "{deleted} of {} were deleted", links.len());
    // Not only readable: whole.
    let checked = std::process::Command::new(env!("CARGO_BIN_EXE_takeback"))
        .env_clear()
        .args(["--listen", "127.0.0.1:0", "doctor", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    program.stop().await;
    let url = format!("sqlite:{}", folder.path().join("takeback.db").display());
    let database = takeback::storage::Db::connect(&url, 1, 0).await.unwrap();
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(database.reader()).await.unwrap();
    assert_eq!(verdict, "ok");
}
