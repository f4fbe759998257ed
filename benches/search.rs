//! Search among a million messages of five people: how long the index takes to make, and how long a question takes
//! over HTTP, signed in as the one who wrote half of them.

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use reqwest::Client;
use sqlx::AssertSqlSafe;
use takeback::app::App;
use takeback::clock::Clock;
use takeback::config::{Config, Options};
use takeback::jobs::queue::{self, Kind};
use takeback::search::index;
use takeback::storage::sql;
use takeback::{accounts, ids, jobs, write_tx};
use takeback_transcripts::Part;

use super::person::{self, EMAIL};
use super::server::{Server, folder};
use super::{median, postgres};

/// Messages of each person.
const PEOPLE: [usize; 5] = [500_000, 200_000, 150_000, 100_000, 50_000];
const IN_A_CONVERSATION: usize = 20;
const WORDS: usize = 100;
const VOCABULARY: f64 = 200_000.0;
/// Rows of one statement.
const ROWS: usize = 60;
const QUESTIONS: usize = 300;

pub(crate) async fn measure() {
    println!("## Search\n\nA million messages of five people, {WORDS} words each; questions of the one who wrote half of them.\n");
    println!("| database | question | found | median | 99 of 100 | slowest |\n|---|---|--:|--:|--:|--:|");
    of("SQLite", None).await;
    if let Some(url) = postgres::database("search").await {
        of("PostgreSQL (fsync off)", Some(&url)).await;
    }
    println!();
}

async fn of(name: &str, database: Option<&str>) {
    let data = folder();
    person::add(data.path(), database);
    let indexing = fill(data.path(), database).await;
    let server = Server::start(data.path(), database).await;
    let client = person::sign_in(&server).await;
    // Warm: the pages of the database that questions read are in memory.
    for question in 0..20 {
        ask(&client, &server, &word(question * 5_000)).await;
    }
    let kinds: [(&str, fn(usize) -> String); 9] = [
        ("a rare word", |n| word(60_000 + n * 400)),
        ("a word of every tenth message", |n| word(60 + n % 40)),
        ("a word of most messages", |n| word(n % 5)),
        ("the beginning of a rare word", |n| word(60_000 + n * 400).chars().take(6).collect()),
        ("three letters", |n| word(n).chars().take(3).collect()),
        ("one letter", |n| word(n).chars().take(1).collect()),
        ("two common words", |n| format!("{} {}", word(20 + n % 30), word(60 + n % 40))),
        ("two words seldom together", |n| format!("{} {}", word(2_000 + n), word(3_000 + n * 2))),
        ("a word that nobody wrote", |n| format!("{}x", word(n))),
    ];
    for (kind, question) in kinds {
        let (mut times, mut found) = (Vec::new(), 0);
        for n in 0..QUESTIONS {
            let began = Instant::now();
            found += ask(&client, &server, &question(n)).await;
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        let p99 = times[times.len() * 99 / 100];
        let slowest = times[times.len() - 1];
        println!("| {name} | {kind} | {} | {:.1} ms | {p99:.1} ms | {slowest:.1} ms |", found / QUESTIONS, median(times));
    }
    println!("| {name} | *made the index* | | {indexing:.0} s | | |");
}

/// Asks; answers how many messages were shown.
async fn ask(client: &Client, server: &Server, question: &str) -> usize {
    let url = server.url(&format!("/conversations?q={}", question.replace(' ', "+")));
    let reply = client.get(url).header("x-fragment", "1").send().await.unwrap();
    assert_eq!(reply.status(), 200);
    reply.text().await.unwrap().matches("<li class=\"hit\"").count()
}

/// Fills the database; answers how many seconds the index took.
async fn fill(data: &Path, database: Option<&str>) -> f64 {
    let options = Options { data: Some(data.to_owned()), database: database.map(str::to_owned), ..Options::default() };
    let app = App::new(Config::load(&options).unwrap(), Clock::System).await.unwrap();
    let mut random = Random(7);
    for (number, messages) in PEOPLE.into_iter().enumerate() {
        let owner_id = if number == 0 {
            accounts::store::by_email(&mut app.db.read().await.unwrap(), EMAIL).await.unwrap().unwrap().id
        } else {
            stranger(&app, number).await
        };
        // As many conversations in one transaction as make a hundred statements.
        for chunk in (0..messages / IN_A_CONVERSATION).collect::<Vec<_>>().chunks(300) {
            insert(&app, &owner_id, chunk, &mut random).await;
        }
        let now = app.now();
        write_tx!(app.db, "bench: index", |tx| { queue::enqueue(tx, Kind::Index, &owner_id, now).await }).unwrap();
    }
    if database.is_some() {
        sqlx::raw_sql("ANALYZE").execute(app.db.reader()).await.unwrap();
    }
    let began = Instant::now();
    jobs::runner::run_due(&app).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    if database.is_some() {
        // What autovacuum does, which bin/postgres switches off.
        sqlx::raw_sql("VACUUM ANALYZE").execute(app.db.reader()).await.unwrap();
    }
    app.db.close().await;
    seconds
}

async fn stranger(app: &App, number: usize) -> String {
    let id = ids::new("user");
    write_tx!(app.db, "bench: a person", |tx| {
        let query = "INSERT INTO users (id, email, email_key, name, password_hash, role, share_epoch, created_at) \
                     VALUES ($1, $2, $2, 'N', 'x', 'member', 0, 0)";
        sqlx::query(query).bind(&id).bind(format!("{number}@example.org")).execute(tx).await?;
        Ok(())
    })
    .unwrap();
    id
}

async fn insert(app: &App, owner_id: &str, numbers: &[usize], random: &mut Random) {
    let talks: Vec<(String, i64)> =
        numbers.iter().map(|n| (ids::new("conv"), 1_600_000_000_000_000 + i64::try_from(*n).unwrap() * 600_000_000)).collect();
    let titles: Vec<String> = talks.iter().map(|_| random.text(5)).collect();
    let mut messages = Vec::new();
    for (conversation_id, at) in &talks {
        for position in 0..i64::try_from(IN_A_CONVERSATION).unwrap() {
            let parts = serde_json::to_string(&[Part::Text { text: random.text(WORDS) }]).unwrap();
            messages.push((ids::new("msg"), conversation_id, position, at + position * 20_000_000, parts));
        }
    }
    write_tx!(app.db, "bench: conversations", |tx| {
        for (talks, titles) in talks.chunks(ROWS).zip(titles.chunks(ROWS)) {
            let columns = "conversations (id, owner_id, title, title_key, created_at, updated_at)";
            let mut statement = sqlx::query(AssertSqlSafe(format!("INSERT INTO {columns} VALUES {}", sql::rows(talks.len(), 6))));
            for ((id, at), title) in talks.iter().zip(titles) {
                statement = statement.bind(id).bind(owner_id).bind(title).bind(title).bind(*at).bind(*at);
            }
            statement.execute(&mut *tx).await?;
            let changed: Vec<(&str, i64)> = talks.iter().map(|(id, at)| (id.as_str(), *at)).collect();
            index::add_pending(tx, owner_id, &changed).await?;
        }
        for messages in messages.chunks(ROWS) {
            let columns = "messages (id, conversation_id, position, role, hidden, created_at)";
            let mut statement = sqlx::query(AssertSqlSafe(format!("INSERT INTO {columns} VALUES {}", sql::rows(messages.len(), 6))));
            for (id, conversation_id, position, at, _) in messages {
                let role = if position % 2 == 0 { "user" } else { "assistant" };
                statement = statement.bind(id).bind(*conversation_id).bind(*position).bind(role).bind(0_i64).bind(*at);
            }
            statement.execute(&mut *tx).await?;
            let query = format!("INSERT INTO message_bodies (message_id, parts) VALUES {}", sql::rows(messages.len(), 2));
            let mut statement = sqlx::query(AssertSqlSafe(query));
            for (id, _, _, _, parts) in messages {
                statement = statement.bind(id).bind(parts);
            }
            statement.execute(&mut *tx).await?;
        }
        Ok(())
    })
    .unwrap();
}

/// The word of a rank: the first ones are the commonest, as in a language.
fn word(rank: usize) -> String {
    let (mut left, mut word) = (rank + 1, String::new());
    // Words of the same length as those of a language, unlike their neighbours.
    left = left * 7_919 + 104_729;
    while left > 0 {
        word.push(char::from(b"tnsrhldcumfpgwybvk"[left % 18]));
        left /= 18;
        word.push(char::from(b"eaoiu"[left % 5]));
        left /= 5;
    }
    word
}

struct Random(u64);

impl Random {
    /// Between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    /// Words of which the one of rank n comes every n-th time.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank is positive and small")]
    fn text(&mut self, words: usize) -> String {
        let mut text = String::with_capacity(words * 8);
        for _ in 0..words {
            let rank = VOCABULARY.powf(self.next()) as usize - 1;
            let _ = write!(text, "{} ", word(rank));
        }
        text.truncate(text.trim_end().len());
        text
    }
}
