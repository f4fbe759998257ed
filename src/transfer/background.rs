//! An import on the web or over the API, after its file has arrived: it runs in the background and says how far it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use takeback_transcripts::Export;
use tokio::sync::Semaphore;
use tracing::warn;

use super::import::{self, Meter};
use super::report::Report;
use super::store;
use super::upload::{self, Incoming, Upload};
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via, place};
use crate::error::Error;
use crate::ids;
use crate::write_tx;

/// How often progress is written down at the most.
const WRITE_DOWN_EVERY: Duration = Duration::from_millis(500);
/// Imports that work at the same time, of all people; more of them wait, so that the server stays quick.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// Cleans up behind a server that died: files on their way in, and imports that nobody works on.
///
/// # Errors
/// When the folder or the database isn't usable.
pub async fn recover(app: &App) -> Result<(), Error> {
    upload::remove_leftovers(&app.config)?;
    let now = app.now();
    write_tx!(app.db, "end abandoned imports", |tx| { store::end_abandoned(tx, now).await })?;
    Ok(())
}

/// Refuses a second import while one of the person's runs.
///
/// # Errors
/// [`Error::Invalid`] with what to do.
async fn refuse_second(app: &App, owner: &User) -> Result<(), Error> {
    if store::is_running(&mut *app.db.read().await?, &owner.id, app.now()).await? { Err(second()) } else { Ok(()) }
}

/// One file at a time.
fn second() -> Error {
    Error::invalid("file", "Another import of yours is still running. Wait until it is done, then send this file.")
}

/// Receives a form's file and begins to import it; answers the import's id.
///
/// # Errors
/// As [`upload::receive`] and [`begin`].
pub async fn receive(app: &App, owner: &User, form: Incoming, via: Via) -> Result<String, Error> {
    let _place = upload::Place::take(&owner.id).ok_or_else(second)?;
    // Before the file travels, and again when it is here.
    refuse_second(app, owner).await?;
    let upload = upload::receive(app, form).await?;
    begin(app, owner, upload, via).await
}

/// Looks at the file and begins to import it; answers the import's id.
///
/// # Errors
/// [`Error::Invalid`] for a file that is no export, or while another import of the person's runs.
pub async fn begin(app: &App, owner: &User, upload: Upload, via: Via) -> Result<String, Error> {
    let export = import::open(PathBuf::from(upload.file.path())).await?;
    let id = ids::new("imp");
    let report = Report { source: export.source().name().to_owned(), ..Report::default() };
    let report = serde_json::to_string(&report)?;
    let total = i64::try_from(export.total_bytes()).unwrap_or(i64::MAX);
    let now = app.now();
    write_tx!(app.db, "begin an import", |tx| {
        // Holds the account, so that of two that begin at once the second sees the first.
        accounts::store::lock_share_epoch(tx, &owner.id).await?;
        if store::is_running(tx, &owner.id, now).await? {
            return Err(second());
        }
        store::insert_import(tx, &owner.id, &id, &upload.name, total, &report, now).await
    })?;
    let work = work(app.clone(), owner.clone(), id.clone(), export, upload, via);
    app.tasks.spawn(place::at(place::here(), work));
    Ok(id)
}

async fn work(app: App, owner: User, id: String, export: Export, upload: Upload, via: Via) {
    let meter = Arc::new(Meter::default());
    let source = export.source().name().to_owned();
    // A task of its own: while progress is written down below, the import goes on and gives the writer back.
    let mut running = tokio::spawn(run(app.clone(), owner.clone(), export, Arc::clone(&meter)));
    let mut every = tokio::time::interval(WRITE_DOWN_EVERY);
    let mut told = (0, 0, app.now());
    let mut report = loop {
        tokio::select! {
            report = &mut running => break report.unwrap_or_else(|error| broken(&source, &error)),
            _ = every.tick() => {
                let now = app.now();
                let far = (meter.bytes.load(Ordering::Relaxed), meter.conversations.load(Ordering::Relaxed));
                if (told.0, told.1) != far || now - told.2 >= store::HEARTBEAT_MICROS {
                    told = (far.0, far.1, now);
                    write_down(&app, &id, "running", &so_far(&source, &meter), far.0).await;
                }
            }
        }
    };
    // The file is removed before anybody is told that the import is done.
    drop(upload);
    let state = match (&report.failed, report.stopped) {
        (Some(_), _) => "failed",
        (None, true) => "interrupted",
        (None, false) => "done",
    };
    if report.counts.conversations + report.counts.grown > 0 {
        record(&app, &owner, &id, via).await;
    }
    report.left_out.truncate(200);
    write_down(&app, &id, state, &report, report.bytes).await;
}

async fn run(app: App, owner: User, export: Export, meter: Arc<Meter>) -> Report {
    let _permit = AT_WORK.acquire().await;
    import::run(&app, &owner, export, false, &meter, &app.shutdown).await
}

/// The report of an import that a defect of ours ended.
fn broken(source: &str, error: &tokio::task::JoinError) -> Report {
    tracing::error!(%error, "an import's task ended");
    let words = "Something went wrong on the server. Import the file again; nothing is doubled.";
    Report { source: source.to_owned(), failed: Some(words.to_owned()), ..Report::default() }
}

fn so_far(source: &str, meter: &Meter) -> Report {
    let mut report = Report { source: source.to_owned(), ..Report::default() };
    report.counts.conversations = meter.conversations.load(Ordering::Relaxed);
    report.counts.messages = meter.messages.load(Ordering::Relaxed);
    report
}

/// May fail: the next one comes soon, and an import that can't say how it ended counts as interrupted.
async fn write_down(app: &App, id: &str, state: &str, report: &Report, bytes: u64) {
    let now = app.now();
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    let written = match serde_json::to_string(report) {
        Ok(report) => write_tx!(app.db, "progress of an import", |tx| { store::set_progress(tx, id, state, bytes, &report, now).await }),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = written {
        warn!(%error, "an import's progress was not written down");
    }
}

/// May fail: the conversations are there, which is what counts.
pub async fn record(app: &App, owner: &User, id: &str, via: Via) {
    let now = app.now();
    let written =
        write_tx!(app.db, "record an import", |tx| { audit::record(tx, now, &owner.id, "conversations.imported", id, via).await });
    if let Err(error) = written {
        warn!(%error, "an import was not recorded");
    }
}
