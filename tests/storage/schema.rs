//! The schema is brought up to date once, and never down.

use takeback::app::App;
use takeback::clock::Clock;
use takeback::config::{Config, Options};
use takeback::error::Error;
use takeback::write_tx;

use crate::support::{Database, START, TestApp};

#[tokio::test]
async fn a_schema_from_a_newer_version_is_refused_with_clear_words_and_left_alone() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.small_talk(&owner.user).await;
    write_tx!(app.db, "test: a newer schema", |tx| {
        sqlx::query("INSERT INTO schema_migrations (number, applied_at) VALUES (99, 0)").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let before = app.rows().await;
    let refused = App::new(app.config.clone(), Clock::fixed(START)).await.err().unwrap();
    let Error::Setup(words) = refused else { panic!("{refused:?}") };
    assert!(words.contains("number 99") && words.contains("Run the newer version"), "{words}");

    for arguments in [&["links", "list"][..], &["doctor"]] {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_takeback"));
        command.env_clear().args(["--listen", "127.0.0.1:0", "--database", &app.config.database, "--data"]).arg(&app.config.data);
        let output = command.args(arguments).output().await.unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let all = [output.stdout, output.stderr].concat();
        assert!(String::from_utf8_lossy(&all).contains("Run the newer version"), "{arguments:?}");
    }
    assert_eq!(app.rows().await, before);
}

#[tokio::test]
async fn opening_a_store_again_changes_nothing() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let before = app.rows().await;
    for _ in 0..3 {
        App::new(app.config.clone(), Clock::fixed(START + 1)).await.unwrap().db.close().await;
    }
    assert_eq!(app.rows().await, before);
    let applied: Vec<i64> = sqlx::query_scalar("SELECT applied_at FROM schema_migrations").fetch_all(app.db.reader()).await.unwrap();
    assert_eq!(applied, vec![START; migrations()]);
}

/// How many steps the schema's history has.
fn migrations() -> usize {
    std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/storage/migrations")).unwrap().count()
}

/// A new database that nobody has opened yet.
pub(super) fn config_of(database: &Database) -> Config {
    let options = Options { data: Some(database.folder().join("data")), database: Some(database.url().to_owned()), ..Options::default() };
    let config = Config::load(&options).unwrap();
    std::fs::create_dir_all(&config.data).unwrap();
    config
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_that_open_a_new_store_at_once_one_makes_the_schema_and_all_work() {
    for _ in 0..5 {
        let database = Database::fresh().await;
        let config = config_of(&database);
        let open = async || App::new(config.clone(), Clock::fixed(START)).await;
        let (one, two, three) = tokio::join!(open(), open(), open());
        for app in [one, two, three] {
            let app = app.unwrap();
            let applied: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM schema_migrations").fetch_one(app.db.reader()).await.unwrap();
            let people: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(app.db.reader()).await.unwrap();
            assert_eq!((usize::try_from(applied).unwrap(), people), (migrations(), 0));
            app.db.close().await;
        }
    }
}
