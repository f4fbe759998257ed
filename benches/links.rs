//! `/v1/shared_links`: twenty links out of few and out of very many, making them beside the bare commits of the same
//! database, and taking 100,000 back while others go on working.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection, Executor};
use takeback::app::App;
use takeback::clock::Clock;
use takeback::config::{Config, Options};
use takeback::storage::dialect::Dialect;
use takeback::storage::sql;
use takeback::{accounts, ids, write_tx};
use tokio::task::JoinSet;

use super::person::{self, EMAIL};
use super::server::{Server, folder, run};
use super::{median, postgres};

const LISTED: [usize; 3] = [10, 10_000, 1_000_000];
const LISTS: usize = 500;
const MAKING: Duration = Duration::from_secs(4);
const CLIENTS: [usize; 2] = [1, 32];
const DELETED: usize = 100_000;
/// Rows of one statement.
const ROWS: usize = 500;
/// No program is told to wait.
const LIMITS: &str = "[api_limits]\nper_key = 100000000\nper_person = 100000000\nper_address = 100000000\n";

pub(crate) async fn measure() {
    println!("## Links over the API\n");
    for (name, on_postgres) in [("SQLite", false), ("PostgreSQL (fsync off)", true)] {
        list(name, on_postgres).await;
        make(name, on_postgres).await;
        delete_all(name, on_postgres).await;
    }
}

/// A server, a key for it, and what is to be dropped last.
struct Scene {
    server: Server,
    key: String,
    database: Option<String>,
    data: tempfile::TempDir,
}

impl Scene {
    /// With so many links. `None` without a PostgreSQL server.
    async fn start(on_postgres: bool, what: &str, links: usize) -> Option<Self> {
        let database = if on_postgres { Some(postgres::database(what).await?) } else { None };
        let data = folder();
        person::add(data.path(), database.as_deref());
        let key = run(data.path(), database.as_deref(), &["keys", "create", "--user", EMAIL, "--name", "bench"]).trim().to_owned();
        fill(data.path(), database.as_deref(), links).await;
        let server = Server::start_with(data.path(), database.as_deref(), LIMITS).await;
        Some(Self { server, key, database, data })
    }

    async fn get(&self, client: &Client, path: &str) -> Value {
        let reply = client.get(self.server.url(path)).bearer_auth(&self.key).send().await.unwrap();
        assert_eq!(reply.status(), 200);
        reply.json().await.unwrap()
    }
}

async fn list(name: &str, on_postgres: bool) {
    println!("{name}, a page of 20 links:\n\n| links | page | median | 99 of 100 | slowest |\n|--:|---|--:|--:|--:|");
    for links in LISTED {
        let Some(scene) = Scene::start(on_postgres, &format!("links_{links}"), links).await else { return };
        let client = Client::new();
        let mut after = String::new();
        for page in ["the first", "one in the middle", "the oldest first"] {
            let path = match page {
                "the first" => "/v1/shared_links?limit=20".to_owned(),
                "the oldest first" => "/v1/shared_links?limit=20&order=asc".to_owned(),
                _ => format!("/v1/shared_links?limit=20&after={after}"),
            };
            let mut times = Vec::new();
            for _ in 0..LISTS {
                let began = Instant::now();
                let listed = scene.get(&client, &path).await;
                times.push(began.elapsed());
                assert!(!listed["data"].as_array().unwrap().is_empty());
            }
            times.sort_unstable();
            let (p99, slowest) = (times[LISTS * 99 / 100], times[LISTS - 1]);
            println!("| {links} | {page} | {} | {} | {} |", millis(median(times)), millis(p99), millis(slowest));
            after = middle(&scene, links).await;
        }
    }
    println!();
}

/// The link in the middle of the list.
async fn middle(scene: &Scene, links: usize) -> String {
    sqlx::any::install_default_drivers();
    let file = format!("sqlite:{}", scene.data.path().join("takeback.db").display());
    let mut connection = AnyConnection::connect(scene.database.as_ref().unwrap_or(&file)).await.unwrap();
    let query = "SELECT id FROM links ORDER BY created_at, id LIMIT 1 OFFSET $1";
    sqlx::query_scalar(query).bind(i64::try_from(links / 2).unwrap()).fetch_one(&mut connection).await.unwrap()
}

async fn make(name: &str, on_postgres: bool) {
    let Some(scene) = Scene::start(on_postgres, "links_made", 1).await else { return };
    let target = scene.get(&Client::new(), "/v1/shared_links").await["data"][0]["target"].clone();
    println!("{name}, making links:\n\n| clients | a second | bare commits a second, one after the other | ratio |\n|--:|--:|--:|--:|");
    for clients in CLIENTS {
        let bare = bare_commits(scene.data.path(), scene.database.as_deref()).await;
        let mut makers = JoinSet::new();
        let began = Instant::now();
        for _ in 0..clients {
            let (client, key, url) = (Client::new(), scene.key.clone(), scene.server.url("/v1/shared_links"));
            let body = json!({"target": {"type": target["type"], "id": target["id"]}});
            makers.spawn(async move {
                let mut made = 0_u32;
                while began.elapsed() < MAKING {
                    let reply = client.post(&url).bearer_auth(&key).json(&body).send().await.unwrap();
                    assert_eq!(reply.status(), 200, "{}", reply.text().await.unwrap());
                    made += 1;
                }
                made
            });
        }
        let made: u32 = makers.join_all().await.into_iter().sum();
        let rate = f64::from(made) / began.elapsed().as_secs_f64();
        println!("| {clients} | {rate:.0} | {bare:.0} | {:.2} |", rate / bare);
    }
    println!();
}

/// Transactions a second that only insert a row of about a link's size, each synced before the next, in this process.
async fn bare_commits(data: &Path, database: Option<&str>) -> f64 {
    let url = database.map_or_else(|| format!("sqlite:{}?mode=rwc", data.join("bare.db").display()), str::to_owned);
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    if Dialect::of_url(&url) == Some(Dialect::Sqlite) {
        connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").await.unwrap();
    }
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, words TEXT NOT NULL)").await.unwrap();
    let (began, mut commits) = (Instant::now(), 0_u32);
    while began.elapsed() < MAKING {
        let words = "A link and its snapshot, of two short messages. ".repeat(20);
        sqlx::query("INSERT INTO bare VALUES ($1, $2)").bind(ids::new("bare")).bind(words).execute(&mut connection).await.unwrap();
        commits += 1;
    }
    f64::from(commits) / began.elapsed().as_secs_f64()
}

async fn delete_all(name: &str, on_postgres: bool) {
    let Some(scene) = Scene::start(on_postgres, "links_deleted", DELETED).await else { return };
    let browser = person::sign_in(&scene.server).await;
    let visitor = Client::new();
    let some = scene.get(&visitor, "/v1/shared_links?limit=100").await;
    let conversation = some["data"][0]["target"]["id"].as_str().unwrap().to_owned();
    let urls: Vec<String> =
        some["data"].as_array().unwrap().iter().map(|link| link["id"].as_str().unwrap().replace("link_", "/share/")).collect();
    assert_eq!(visitor.get(scene.server.url(&urls[0])).send().await.unwrap().status(), 200);

    let began = Instant::now();
    let url = scene.server.url("/v1/shared_links?all=true");
    let reply: Value = visitor.delete(url).bearer_auth(&scene.key).send().await.unwrap().json().await.unwrap();
    let answered = began.elapsed();
    assert_eq!(reply["deleted"], DELETED);
    for (number, url) in urls.iter().enumerate() {
        // From as many addresses: who opens one dead link after another from the same is told to wait.
        let view = visitor.get(scene.server.url(url)).header("x-forwarded-for", format!("10.0.0.{number}"));
        assert_eq!(view.send().await.unwrap().status(), 404);
    }
    // Others read and write while the rows are removed.
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    while rows(&scene).await > 0 {
        let began_read = Instant::now();
        assert_eq!(browser.get(scene.server.url("/")).send().await.unwrap().status(), 200);
        reads.push(began_read.elapsed());
        let began_write = Instant::now();
        assert_eq!(
            person::post(&browser, scene.server.url(&format!("/c/{conversation}/rename")), format!("title=Tea+{}", writes.len()))
                .await
                .status(),
            303
        );
        writes.push(began_write.elapsed());
    }
    let slowest = |times: &[Duration]| millis(times.iter().max().copied().unwrap_or_default());
    println!("{name}, {DELETED} links taken back by one request:\n");
    println!("| the answer after | their rows are gone after | slowest read of others meanwhile | slowest write |\n|--:|--:|--:|--:|");
    println!("| {} | {:.1} s | {} | {} |\n", millis(answered), began.elapsed().as_secs_f64(), slowest(&reads), slowest(&writes));
}

async fn rows(scene: &Scene) -> i64 {
    let file = format!("sqlite:{}", scene.data.path().join("takeback.db").display());
    let mut connection = AnyConnection::connect(scene.database.as_ref().unwrap_or(&file)).await.unwrap();
    sqlx::query_scalar("SELECT COUNT(*) FROM (SELECT 1 AS one FROM links LIMIT 1) AS first_one").fetch_one(&mut connection).await.unwrap()
}

/// Links to one conversation, each with a snapshot of its own.
async fn fill(data: &Path, database: Option<&str>, links: usize) {
    let options = Options { data: Some(data.to_owned()), database: database.map(str::to_owned), ..Options::default() };
    let app = App::new(Config::load(&options).unwrap(), Clock::System).await.unwrap();
    let owner = accounts::store::by_email(&mut app.db.read().await.unwrap(), EMAIL).await.unwrap().unwrap();
    let conversation = takeback::conversations::sample::make(&app, &owner).await.unwrap();
    let body = json!({"messages": [{"role": "user", "parts": [{"type": "text", "text": "Tea?"}]}]}).to_string();
    for chunk in (0..links).collect::<Vec<_>>().chunks(ROWS * 20) {
        write_tx!(app.db, "bench: links", |tx| {
            for numbers in chunk.chunks(ROWS) {
                let made: Vec<(String, String)> = numbers.iter().map(|_| (ids::new("link"), ids::new("snap"))).collect();
                let columns = "links (id, snapshot_id, created_at, updated_at, views, owner_id, target_id, title, title_key, share_epoch, \
                               target_type, revision, message_count, last_message_id, author, allow_continue, access, last_viewed_at, copies)";
                let query = format!("INSERT INTO {columns} VALUES {}", sql::rows(made.len(), 19));
                let mut statement = sqlx::query(sqlx::AssertSqlSafe(query));
                for (number, (id, snapshot)) in numbers.iter().zip(&made) {
                    let number = i64::try_from(*number).unwrap();
                    let at = 1_700_000_000_000_000 + number * 60_000_000;
                    statement = statement.bind(id).bind(snapshot).bind(at).bind(at).bind(number * 7 % 1_000).bind(&owner.id);
                    statement = statement.bind(&conversation).bind(format!("Link number {number}")).bind(format!("link number {number}"));
                    statement = statement.bind(owner.share_epoch).bind("conversation").bind(1_i64).bind(1_i64).bind("").bind("anonymous");
                    statement = statement.bind(1_i64).bind("anyone").bind(0_i64).bind(0_i64);
                }
                statement.execute(&mut *tx).await?;
                let query = format!("INSERT INTO snapshots (id, link_id, body, created_at) VALUES {}", sql::rows(made.len(), 4));
                let mut statement = sqlx::query(sqlx::AssertSqlSafe(query));
                for (id, snapshot) in &made {
                    statement = statement.bind(snapshot).bind(id).bind(&body).bind(0_i64);
                }
                statement.execute(&mut *tx).await?;
            }
            Ok(())
        })
        .unwrap();
    }
    if database.is_some() {
        // What autovacuum does, which bin/postgres switches off.
        sqlx::raw_sql("VACUUM ANALYZE").execute(app.db.reader()).await.unwrap();
    }
    app.db.close().await;
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
