//! Importing a file: one function behind the page and the command line.
//!
//! A thread of its own reads the file and hands over batches of conversations; each batch is compared with what is
//! here and written in short transactions. Nothing grows with the file: a few batches are in memory at a time.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use takeback_transcripts::{Export, Files, Item, Part, Summary, Transcript};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::plan::Planner;
use super::report::{Counts, Report};
use super::store;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::{App, blocking};
use crate::error::Error;
use crate::storage::dialect;
use crate::write_tx;

/// A batch is handed over when it has this much text, this many messages or conversations.
const BATCH_BYTES: usize = 3 << 20;
const BATCH_MESSAGES: usize = 2_000;
const BATCH_CONVERSATIONS: usize = 256;
/// Batches that wait to be written.
const WAITING: usize = 2;

/// How far an import is; read while it runs.
#[derive(Debug, Default)]
pub struct Meter {
    /// Bytes of JSON read.
    pub bytes: AtomicU64,
    /// Conversations compared and, if new, written.
    pub conversations: AtomicU64,
    /// New messages written.
    pub messages: AtomicU64,
}

/// Opens an export, which looks at its content and says what it is.
///
/// # Errors
/// [`Error::Invalid`] with words for the person who chose the file.
pub async fn open(path: PathBuf) -> Result<Export, Error> {
    blocking(move || takeback_transcripts::open(&path).map_err(|error| Error::invalid("file", error.to_string()))).await
}

/// Imports an opened export for `owner`. What goes wrong midway stands in the report: what was written before stays.
pub async fn run(app: &App, owner: &User, export: Export, dry_run: bool, meter: &Arc<Meter>, stop: &CancellationToken) -> Report {
    let began = Instant::now();
    let mut report = Report { source: export.source().name().to_owned(), dry_run, ..Report::default() };
    let mut newest = None;
    let files = export.files();
    let (batches, mut inbox) = mpsc::channel(WAITING);
    let (reading, stopping) = (Arc::clone(meter), stop.clone());
    let reader = blocking(move || Ok(read(export, &batches, &reading, &stopping)));
    while let Some(batch) = inbox.recv().await {
        let conversations = batch.len() as u64;
        match take(app, owner, batch, &files, dry_run).await {
            Ok((counts, newer)) => {
                meter.conversations.fetch_add(conversations, Ordering::Relaxed);
                meter.messages.fetch_add(counts.messages, Ordering::Relaxed);
                report.counts.add(counts);
                newest = newest.max(newer);
            }
            Err(error) => {
                report.failed = Some(words(&error));
                break;
            }
        }
    }
    // The reader sees that nobody takes its batches any more.
    drop(inbox);
    let failed = report.failed.take();
    match reader.await {
        Ok(summary) => report.read(summary),
        Err(error) => report.failed = Some(words(&error)),
    }
    report.failed = failed.or(report.failed);
    report.stopped &= report.failed.is_none();
    report.newest = newest.map(|(_, id)| id).filter(|_| !dry_run);
    report.bytes = meter.bytes.load(Ordering::Relaxed);
    // The index of words reads what was written here.
    app.jobs.wake();
    report.seconds = began.elapsed().as_secs_f64();
    report
}

/// Reads the whole file, on its own thread, as fast as batches are taken.
fn read(mut export: Export, batches: &mpsc::Sender<Vec<Transcript>>, meter: &Meter, stop: &CancellationToken) -> Summary {
    let mut batch = Batch::default();
    let mut sink = |item| {
        if stop.is_cancelled() {
            return ControlFlow::Break(());
        }
        let Item::Conversation(transcript) = item else { return ControlFlow::Continue(()) };
        // Of two with the same id, the second is compared with the first once that is written.
        if (batch.has(&transcript) && !batch.hand_over(batches)) || (batch.add(*transcript) && !batch.hand_over(batches)) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let summary = export.read(&mut sink, &mut |bytes| meter.bytes.store(bytes, Ordering::Relaxed));
    if !stop.is_cancelled() {
        batch.hand_over(batches);
    }
    summary
}

#[derive(Default)]
struct Batch {
    transcripts: Vec<Transcript>,
    bytes: usize,
    messages: usize,
}

impl Batch {
    fn has(&self, transcript: &Transcript) -> bool {
        self.transcripts.iter().any(|other| other.source_id == transcript.source_id)
    }

    /// Answers whether the batch is full.
    fn add(&mut self, transcript: Transcript) -> bool {
        let parts = transcript.messages.iter().flat_map(|message| &message.parts);
        self.bytes += parts.map(|part| if let Part::Text { text } = part { text.len() } else { 64 }).sum::<usize>();
        self.bytes += transcript.embedded.iter().map(|file| file.bytes.len()).sum::<usize>();
        self.messages += transcript.messages.len();
        self.transcripts.push(transcript);
        self.bytes >= BATCH_BYTES || self.messages >= BATCH_MESSAGES || self.transcripts.len() >= BATCH_CONVERSATIONS
    }

    /// Answers whether there is still somebody who takes it.
    fn hand_over(&mut self, batches: &mpsc::Sender<Vec<Transcript>>) -> bool {
        let batch = std::mem::take(self).transcripts;
        batch.is_empty() || batches.blocking_send(batch).is_ok()
    }
}

/// Compares a batch with what is here and writes what is new.
async fn take(
    app: &App,
    owner: &User,
    batch: Vec<Transcript>,
    files: &Files,
    dry_run: bool,
) -> Result<(Counts, Option<(i64, String)>), Error> {
    let now = app.now();
    let known = store::known(&mut *app.db.read().await?, &owner.id, &batch).await?;
    let mut planner = Planner::new(batch.into_iter().zip(known).collect(), files.clone(), now, dry_run);
    loop {
        let (back, slice) = blocking(move || {
            let slice = planner.next_slice()?;
            Ok((planner, slice))
        })
        .await?;
        planner = back;
        let Some(slice) = slice else { return Ok((planner.counts, planner.newest)) };
        write_tx!(app.db, "write a part of an import", |tx| {
            // An account that is being deleted gets nothing more.
            accounts::store::lock_share_epoch(tx, &owner.id).await?;
            store::write(tx, &owner.id, &slice, now).await
        })?;
    }
}

/// What went wrong, and what to do, for the report.
fn words(error: &Error) -> String {
    error!(%error, "an import ended early");
    let again = "What was taken before that is there.";
    match error {
        Error::Database(database) if dialect::is_taken(database) => {
            format!("Another import changed the same conversations at the same time. {again} Import the file again; nothing is doubled.")
        }
        _ if error.problem().code == Some("storage_full") => format!(
            "The server’s disk is full. {again} When the person who runs the server has made room, import the file again; nothing is doubled."
        ),
        Error::NotFound => "The account was closed while the import ran.".to_owned(),
        _ => format!("Something went wrong on the server. {again} Import the file again; nothing is doubled."),
    }
}
