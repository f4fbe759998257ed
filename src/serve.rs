//! Running the server: listen, work in the background, stop when told to.

use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::accounts;
use crate::answers;
use crate::answers::recover::Dead;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::http::connections;
use crate::jobs::runner;
use crate::providers::refresh;
use crate::storage::db;
use crate::storage::dialect::Dialect;
use crate::{transfer, webhooks, write_tx};

/// How long background work gets after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How often views are written down.
const WRITE_DOWN_EVERY: Duration = Duration::from_secs(2);
/// How often limits forget.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// Serves until the process is told to stop (Ctrl-C or SIGTERM).
///
/// # Errors
/// [`Error::Setup`] when the folder, the database or the port is not usable.
pub async fn run(config: Config) -> Result<(), Error> {
    make_folder(&config.data)
        .map_err(|e| Error::Setup(format!("The data folder {} can't be made: {e}. Choose another with --data.", config.data.display())))?;
    let _lock = db::sqlite_path(&config.database).map(|path| db::lock(&path)).transpose()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|e| Error::Setup(format!("{} can't be listened on: {e}. Choose another with --listen.", config.listen)))?;
    let app = App::new(config, Clock::System).await?;
    let address = listener.local_addr()?;
    let base_url = app.config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    write_tx!(app.db, "where the server is", |tx| { accounts::store::set_setting(tx, accounts::store::BASE_URL, &base_url).await })?;
    let stop = stop_signal()?;
    info!(%address, database = app.config.database_for_display(), "Takeback is ready: open http://{address}");
    serve(app, listener, stop).await
}

/// Makes the data folder if it isn't there: for its owner alone, and so is every file in it. A folder that was made by
/// somebody else stays as they made it.
///
/// # Errors
/// When it can't be made.
pub fn make_folder(data: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(data)
}

/// Serves on `listener` until `stop` is done; then finishes what is under way.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    transfer::background::recover(&app).await?;
    let dead = if app.db.dialect() == Dialect::Sqlite { Dead::All } else { Dead::ByLease };
    answers::recover::recover(&app, dead).await?;
    app.tasks.spawn(answers::write_down::run(app.clone()));
    app.tasks.spawn(answers::watch::run(app.clone()));
    app.tasks.spawn(background(app.clone()));
    app.tasks.spawn(runner::run(app.clone()));
    app.tasks.spawn(webhooks::deliver::run(app.clone()));
    app.tasks.spawn(refresh::run(app.clone()));
    let shutdown = app.shutdown.clone();
    tokio::spawn(async move {
        stop.await;
        info!("stopping");
        shutdown.cancel();
    });
    connections::accept(&app, listener).await;
    app.tasks.close();
    if tokio::time::timeout(GRACE, app.tasks.wait()).await.is_err() {
        warn!("background work took too long and was cut off; it is taken up at the next start");
    }
    app.views.write_down(&app.db).await?;
    app.db.close().await;
    Ok(())
}

async fn background(app: App) {
    let mut write_down = tokio::time::interval(WRITE_DOWN_EVERY);
    let mut tidy = tokio::time::interval(TIDY_EVERY);
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            _ = write_down.tick() => {
                if let Err(error) = app.views.write_down(&app.db).await {
                    warn!(%error, "views were not written down; trying again");
                }
            }
            _ = tidy.tick() => app.limits.tidy(),
        }
    }
}

/// Done when the process is told to stop. It listens from now on, so that no signal gets lost before the first poll.
fn stop_signal() -> Result<impl Future<Output = ()>, Error> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}
