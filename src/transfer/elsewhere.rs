//! `takeback import --server`: the file is sent to a server elsewhere, which imports it for the key's person.

use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use serde_json::Value;

use super::api::create::PATH;
use super::cli::bar;
use super::report::{Counts, LeftOut, Report};
use crate::error::Error;
use crate::remote::{Remote, plain};

/// How often the server is asked how far it is.
const EVERY: Duration = Duration::from_millis(500);
/// Times that it is asked before it counts as gone.
const ATTEMPTS: u32 = 4;
/// Remarks of it that are shown, of each kind.
const MOST: usize = 200;
/// The longest words of a server that are shown.
const WORDS: usize = 300;

/// Sends one file and waits until it is imported. The bar shows the sending first, then the server's reading.
///
/// # Errors
/// [`Error::Invalid`] for a file that the server doesn't take; otherwise as [`Remote::get`].
pub async fn file(remote: &Remote, path: &Path, quiet: bool) -> Result<Report, Error> {
    let file = tokio::fs::File::open(path).await.map_err(|error| Error::invalid("file", format!("It can’t be read: {error}.")))?;
    let metadata = file.metadata().await?;
    if metadata.is_dir() {
        return Err(Error::invalid("file", "It is a folder. Name the files in it."));
    }
    let (began, bytes) = (Instant::now(), metadata.len());
    let name = path.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned());
    let sending = if quiet { ProgressBar::hidden() } else { bar(bytes).with_message("sent") };
    let sent = remote.upload(PATH, &name, sending.wrap_async_read(file), bytes).await;
    sending.finish_and_clear();
    let mut import = sent?;
    let reading = if quiet { ProgressBar::hidden() } else { bar(number(&import, "total_bytes")) };
    let address = format!("{PATH}/{}", import["id"].as_str().unwrap_or_default());
    while import["status"] == "running" {
        reading.set_position(number(&import, "done_bytes"));
        reading.set_message(format!("{} conversations", number(&import["taken"], "conversations")));
        tokio::time::sleep(EVERY).await;
        import = asked(remote, &address).await?;
    }
    reading.finish_and_clear();
    Ok(Report { seconds: began.elapsed().as_secs_f64(), ..report(&import) })
}

/// It goes on there whether it can be asked or not, so one answer that is missing is no end.
async fn asked(remote: &Remote, address: &str) -> Result<Value, Error> {
    for attempt in 1..ATTEMPTS {
        match remote.get(address, &[]).await {
            Err(Error::Setup(_)) => tokio::time::sleep(EVERY * 2_u32.pow(attempt)).await,
            Err(Error::NotFound) => return Err(Error::Setup("The server doesn’t know of this import any more.".to_owned())),
            answer => return answer,
        }
    }
    remote.get(address, &[]).await
}

/// What the server says of it; words of a server are anybody's.
fn report(import: &Value) -> Report {
    let words = |value: &Value| plain(value.as_str().unwrap_or_default(), WORDS);
    let list = |value: &Value| -> Vec<Value> { value.as_array().into_iter().flatten().take(MOST).cloned().collect() };
    let taken = &import["taken"];
    Report {
        source: words(&import["source"]),
        counts: Counts {
            conversations: number(taken, "conversations"),
            grown: number(taken, "grown"),
            unchanged: number(taken, "unchanged"),
            messages: number(taken, "messages"),
            images: number(taken, "images"),
            files: number(taken, "files"),
            notes: list(&import["notes"]).iter().map(words).collect(),
            ..Counts::default()
        },
        left_out: list(&import["left_out"])
            .iter()
            .map(|left| LeftOut { what: words(&left["what"]), count: number(left, "count"), why: words(&left["why"]) })
            .collect(),
        failed: failure(import),
        stopped: import["status"] == "interrupted",
        bytes: number(import, "done_bytes"),
        ..Report::default()
    }
}

/// Why it is not done.
fn failure(import: &Value) -> Option<String> {
    match (import["status"].as_str(), import["error"].as_str()) {
        (_, Some(error)) => Some(plain(error, WORDS)),
        (Some("done" | "interrupted"), None) => None,
        _ => Some("The server didn’t say how it ended. Ask for it again, or look at the conversations there.".to_owned()),
    }
}

fn number(object: &Value, name: &str) -> u64 {
    object[name].as_u64().unwrap_or_default()
}
