//! `takeback import`: a bar while it runs, then what was taken, left out, and why. Into the database here, or on a server
//! elsewhere ([`elsewhere`]).

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::background;
use super::elsewhere;
use super::import::{self, Meter};
use super::report::Report;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::cli::{self, Ended, say};
use crate::config::Config;
use crate::error::Error;
use crate::remote::{Remote, There, plain};

/// The longest words of an error: some quote the file.
const WORDS: usize = 500;

/// `takeback import …`
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  takeback import chatgpt-export.zip --user ada@example.org\n  takeback import *.json --user ada@example.org --dry-run\n  takeback import ~/.claude/projects/*/*.jsonl --user ada@example.org\n  takeback import chatgpt-export.zip --server https://chat.example.org"
)]
pub struct Import {
    #[command(flatten)]
    there: There,
    /// Files: an export of ChatGPT (its ZIP, or conversations.json), messages in the Chat Completions form, sessions of Claude Code or
    /// Codex
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Whose conversations they become; with --server, the key's person's
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// Only say what would be taken
    #[arg(long)]
    dry_run: bool,
}

/// Where the files go.
enum Into {
    /// Into the database here, as this person's.
    Here(Box<App>, User),
    /// To a server elsewhere.
    There(Remote),
}

/// Runs `takeback import …`.
///
/// # Errors
/// [`Error::Setup`] when a file could not be imported to its end, after all of them were tried.
pub async fn import(config: Config, command: Import, as_json: bool) -> Result<Ended, Error> {
    let into = match (command.there.open()?, &command.user) {
        (Some(_), Some(_)) => {
            return Ok(Ended::Misused("On another server they become conversations of the key's person: leave out --user.".to_owned()));
        }
        (Some(_), None) if command.dry_run => {
            return Ok(Ended::Misused("What would be taken is said by the database here alone: leave out --dry-run.".to_owned()));
        }
        (Some(remote), None) => Into::There(remote),
        (None, None) => return Ok(Ended::Misused("Say whose conversations they become: --user EMAIL.".to_owned())),
        (None, Some(email)) => {
            let app = cli::open(config).await?;
            let owner = accounts::find(&app, email).await?;
            Into::Here(Box::new(app), owner)
        }
    };
    let stop = CancellationToken::new();
    let interrupt = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupt.cancel();
        }
    });
    let mut failed = Vec::new();
    for path in &command.files {
        let name = path.display().to_string();
        let imported = match &into {
            Into::Here(app, owner) => here(app, owner, path.clone(), command.dry_run, as_json, &stop).await,
            Into::There(remote) => stop.run_until_cancelled(elsewhere::file(remote, path, as_json)).await.unwrap_or_else(|| Ok(stopped())),
        };
        match imported {
            Ok(report) => {
                if report.failed.is_some() || report.stopped {
                    failed.push(name.clone());
                }
                say(as_json, &json!({"file": name, "report": report}), || format!("{name}\n{}", in_words(&report)));
            }
            Err(Error::Invalid { words, .. }) => {
                failed.push(name.clone());
                say(as_json, &json!({"file": name, "error": words}), || format!("{name}\n{}", plain(&words, WORDS)));
            }
            Err(error) => return Err(error),
        }
        if stop.is_cancelled() {
            break;
        }
    }
    match (stop.is_cancelled(), failed.as_slice()) {
        (true, _) => {
            Err(Error::Setup("Stopped. What was taken is there; import the same files again for the rest, nothing is doubled.".to_owned()))
        }
        (false, []) => Ok(Ended::Done),
        (false, names) => Err(Error::Setup(format!("Not imported, or not to the end: {}.", names.join(", ")))),
    }
}

/// Nobody waits any more for what a server elsewhere does. A file that was not there whole is forgotten by it; of one that
/// was, it reads the rest.
fn stopped() -> Report {
    Report { stopped: true, ..Report::default() }
}

async fn here(app: &App, owner: &User, path: PathBuf, dry_run: bool, as_json: bool, stop: &CancellationToken) -> Result<Report, Error> {
    let report = file(app, owner, path, dry_run, as_json, stop).await?;
    if !dry_run && report.counts.conversations + report.counts.grown > 0 {
        // Only that it happened, and whose they are: the command leaves no import behind that could be named.
        background::record(app, owner, "", Via::Cli).await;
    }
    Ok(report)
}

async fn file(app: &App, owner: &User, path: PathBuf, dry_run: bool, as_json: bool, stop: &CancellationToken) -> Result<Report, Error> {
    let export = import::open(path).await?;
    let bar = if as_json { ProgressBar::hidden() } else { bar(export.total_bytes()) };
    let meter = Arc::new(Meter::default());
    let running = import::run(app, owner, export, dry_run, &meter, stop);
    tokio::pin!(running);
    let mut every = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            report = &mut running => {
                bar.finish_and_clear();
                return Ok(report);
            }
            _ = every.tick() => {
                bar.set_position(meter.bytes.load(Ordering::Relaxed));
                bar.set_message(format!("{} conversations", meter.conversations.load(Ordering::Relaxed)));
            }
        }
    }
}

/// Draws nothing where no terminal looks at it.
pub(super) fn bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % {bytes_per_sec:>12} {eta:>4} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn in_words(report: &Report) -> String {
    let words = report.in_words();
    let megabytes = report.bytes / 1_000_000;
    if megabytes == 0 { words } else { format!("{words}\n{megabytes} MB in {:.1} s.", report.seconds) }
}
