//! `takeback doctor`: checks what a server needs and says what to do about what is missing.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::cli::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::providers::probe;
use crate::serve;
use crate::storage::{Db, db};

/// One finding.
struct Check {
    name: &'static str,
    verdict: Verdict,
    words: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Good,
    Care,
    Bad,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Care => "note",
            Self::Bad => "BAD",
        }
    }
}

/// Runs the checks.
///
/// # Errors
/// [`Error::Setup`] when something has to be changed before the server can run.
pub async fn run(config: Config, as_json: bool) -> Result<(), Error> {
    let mut checks = vec![folder(&config), database(&config).await, port(&config), public_url(&config)];
    checks.extend(models(&config).await);
    let rows: Vec<Value> =
        checks.iter().map(|check| json!({"check": check.name, "verdict": check.verdict.as_str(), "words": check.words})).collect();
    say(as_json, &json!({"object": "list", "data": rows}), || {
        checks
            .iter()
            .map(|check| format!("{:<5} {:<11} {}", check.verdict.as_str(), check.name, check.words))
            .collect::<Vec<_>>()
            .join("\n")
    });
    if checks.iter().any(|check| check.verdict == Verdict::Bad) {
        return Err(Error::Setup("Something has to be changed before the server can run; see above.".to_owned()));
    }
    Ok(())
}

fn check(name: &'static str, verdict: Verdict, words: String) -> Check {
    Check { name, verdict, words }
}

fn folder(config: &Config) -> Check {
    let shown = config.data.display();
    let written = serve::make_folder(&config.data).and_then(|()| tempfile::tempfile_in(&config.data));
    match written {
        Ok(_) => check("data folder", Verdict::Good, format!("{shown} can be written.")),
        Err(error) => check("data folder", Verdict::Bad, format!("{shown} can't be written: {error}. Choose another with --data.")),
    }
}

async fn database(config: &Config) -> Check {
    let shown = config.database_for_display();
    // Looking must not make one.
    if db::sqlite_path(&config.database).is_some_and(|file| !file.exists()) {
        return check("database", Verdict::Care, format!("{shown} isn't there yet. The server makes it at its first start."));
    }
    let db = match Db::connect(&config.database, 2, Clock::System.now_micros()).await {
        Ok(db) => db,
        Err(error) => return check("database", Verdict::Bad, format!("{shown}: {error}")),
    };
    let people = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM users WHERE deleted_at IS NULL AND role <> 'guest'")
        .fetch_one(db.reader())
        .await;
    db.close().await;
    match people {
        Ok(0) => check("database", Verdict::Care, format!("{shown} works. Nobody has an account yet: start the server and open its page.")),
        Ok(people) => check("database", Verdict::Good, format!("{shown} works; accounts: {people}.")),
        Err(error) => check("database", Verdict::Bad, format!("{shown} opens but does not answer: {error}.")),
    }
}

fn port(config: &Config) -> Check {
    let running = db::sqlite_path(&config.database).is_some_and(|path| path.exists() && db::lock(&path).is_err());
    match TcpListener::bind(config.listen) {
        Ok(_) => check("address", Verdict::Good, format!("{} is free.", config.listen)),
        Err(_) if running => {
            check("address", Verdict::Good, format!("{} is in use, by a Takeback server on this database.", config.listen))
        }
        Err(error) => {
            check("address", Verdict::Bad, format!("{} can't be listened on: {error}. Choose another with --listen.", config.listen))
        }
    }
}

/// A line for each provider that has something to say, or how to connect one.
async fn models(config: &Config) -> Vec<Check> {
    let mut checks: Vec<Check> = Vec::new();
    for (name, found) in probe::all(config).await {
        checks.push(match found {
            Ok(0) => check("models", Verdict::Care, format!("{name} answers, but has no model.")),
            Ok(1) => check("models", Verdict::Good, format!("{name}: 1 model.")),
            Ok(count) => check("models", Verdict::Good, format!("{name}: {count} models.")),
            Err(problem) => check("models", Verdict::Care, problem),
        });
    }
    if checks.is_empty() {
        let words = "None is connected, so the built-in demo answers. Set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, start an \
                     Ollama on this machine, or add a provider under Settings › Models.";
        checks.push(check("models", Verdict::Care, words.to_owned()));
    }
    checks
}

fn public_url(config: &Config) -> Check {
    match &config.public_url {
        Some(url) if url.starts_with("https://") => check("public URL", Verdict::Good, format!("Links begin with {url}.")),
        Some(url) => check(
            "public URL",
            Verdict::Care,
            format!("Links begin with {url}. Put a proxy with https in front: passwords travel in the clear."),
        ),
        None => check(
            "public URL",
            Verdict::Care,
            "Not set, so links begin with whatever address the page was opened at. Set --public-url https://… when others use this server."
                .to_owned(),
        ),
    }
}
