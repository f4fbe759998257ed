//! `takeback import`: a bar while it runs, then what was taken, left out, and why.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::background;
use super::import::{self, Meter};
use super::report::Report;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::cli::say;
use crate::error::Error;

/// `takeback import …`
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  takeback import chatgpt-export.zip --user ada@example.org\n  takeback import *.json --user ada@example.org --dry-run\n  takeback import ~/.claude/projects/*/*.jsonl --user ada@example.org"
)]
pub struct Import {
    /// Files: an export of ChatGPT (its ZIP, or conversations.json), messages in the Chat Completions form, sessions of Claude Code or
    /// Codex
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Whose conversations they become
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// Only say what would be taken
    #[arg(long)]
    dry_run: bool,
}

/// Runs `takeback import …`.
///
/// # Errors
/// [`Error::Setup`] when a file could not be imported to its end, after all of them were tried.
pub async fn import(app: &App, command: Import, as_json: bool) -> Result<(), Error> {
    let owner = accounts::find(app, &command.user).await?;
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
        match file(app, &owner, path.clone(), command.dry_run, as_json, &stop).await {
            Ok(report) => {
                if !command.dry_run && report.counts.conversations + report.counts.grown > 0 {
                    // Only that it happened, and whose they are: the command leaves no import behind that could be named.
                    background::record(app, &owner, "", Via::Cli).await;
                }
                if report.failed.is_some() || report.stopped {
                    failed.push(name.clone());
                }
                say(as_json, &json!({"file": name, "report": report}), || format!("{name}\n{}", in_words(&report)));
            }
            Err(Error::Invalid { words, .. }) => {
                failed.push(name.clone());
                say(as_json, &json!({"file": name, "error": words}), || format!("{name}\n{words}"));
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
        (false, []) => Ok(()),
        (false, names) => Err(Error::Setup(format!("Not imported, or not to the end: {}.", names.join(", ")))),
    }
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
fn bar(bytes: u64) -> ProgressBar {
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
