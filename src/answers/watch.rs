//! What ends answers and windows that are to end, wherever it was said: an answer that somebody stopped or deleted on
//! another server, a window whose person signed out, an answer whose server died.
//!
//! The database is asked. Who changes something on this server wakes the watch, so that it is asked at once; what others
//! change is seen a little later. While nothing runs and no window is open, almost nothing is asked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::AssertSqlSafe;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::live::{Channel, Live};
use super::recover::{self, Dead};
use super::roll::Roll;
use super::{store, write_down};
use crate::accounts::sessions;
use crate::api_keys;
use crate::app::App;
use crate::error::Error;
use crate::storage::sql;
use crate::write_tx;

/// How often running answers are looked at.
const ANSWERS_EVERY: Duration = Duration::from_millis(400);
/// How often running answers say that they live; a third of [`write_down::LEASE_MICROS`].
const LEASES_EVERY: Duration = Duration::from_secs(10);
/// How often open windows are looked at.
const WINDOWS_EVERY: Duration = Duration::from_secs(5);
/// How often the lines of programs are looked at: what they get is paid for.
const PROGRAMS_EVERY: Duration = Duration::from_millis(500);
/// How often answers are looked for whose server died.
const DEAD_EVERY: Duration = Duration::from_secs(15);
/// Ids asked about by one query.
const CHUNK: usize = 500;

/// Wakes the watch, and knows what it looks at.
#[derive(Debug, Default)]
pub struct Watch {
    wake: Notify,
    now: AtomicBool,
    windows: Roll<Line>,
    programs: Roll<Line>,
}

/// What an open window, or a program, is being sent.
#[derive(Debug)]
pub struct Line {
    /// The session of the window, or the key of the program.
    credential_id: String,
    /// Ends it.
    pub closed: CancellationToken,
}

impl Watch {
    /// Something ended on this server: it is looked for at once.
    pub fn look_now(&self) {
        self.now.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Something began: there is something to look at.
    pub fn look_soon(&self) {
        self.wake.notify_one();
    }

    /// The line of a window, which is open for as long as this is held. It is closed when the session ends.
    pub fn open_window(&self, session_id: &str) -> Arc<Line> {
        self.open(&self.windows, session_id)
    }

    /// The line of a program, which is open for as long as this is held. It is closed when the key is revoked or
    /// expires, or its person may not come in any more.
    pub fn open_program(&self, key_id: &str) -> Arc<Line> {
        self.open(&self.programs, key_id)
    }

    fn open(&self, lines: &Roll<Line>, credential_id: &str) -> Arc<Line> {
        let line = lines.add(Line { credential_id: credential_id.to_owned(), closed: CancellationToken::new() });
        self.look_soon();
        line
    }
}

/// When each thing is looked at next.
struct Due {
    answers: Instant,
    leases: Instant,
    windows: Instant,
    programs: Instant,
    dead: Instant,
}

/// Watches until the server stops.
pub async fn run(app: App) {
    let began = Instant::now();
    let mut due = Due {
        answers: began,
        leases: began + LEASES_EVERY,
        windows: began + WINDOWS_EVERY,
        programs: began + PROGRAMS_EVERY,
        dead: began + DEAD_EVERY,
    };
    loop {
        let (answers, windows, programs) = there_are(&app);
        let next = [(true, due.dead), (answers, due.answers), (answers, due.leases), (windows, due.windows), (programs, due.programs)];
        let next = next.into_iter().filter_map(|(is, due)| is.then_some(due)).min().unwrap_or(due.dead);
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = app.watch.wake.notified() => (),
            () = tokio::time::sleep_until(next) => (),
        }
        let all = app.watch.now.swap(false, Ordering::AcqRel);
        let (answers, windows, programs) = there_are(&app);
        let now = Instant::now();
        let is_due = |due: &mut Instant, every| {
            let is_due = all || *due <= now;
            if is_due {
                *due = now + every;
            }
            is_due
        };
        if answers && is_due(&mut due.answers, ANSWERS_EVERY) {
            warn_of(end_answers(&app).await);
        }
        if windows && is_due(&mut due.windows, WINDOWS_EVERY) {
            warn_of(close_windows(&app).await);
            warn_of(tell_channels(&app).await);
        }
        if programs && is_due(&mut due.programs, PROGRAMS_EVERY) {
            warn_of(close_programs(&app).await);
        }
        if due.leases <= now {
            due.leases = now + LEASES_EVERY;
            warn_of(renew_leases(&app).await);
        }
        if due.dead <= now {
            due.dead = now + DEAD_EVERY;
            warn_of(recover::recover(&app, Dead::ByLease).await);
        }
    }
}

/// Answers that are being written here, open windows, and lines of programs.
fn there_are(app: &App) -> (bool, bool, bool) {
    (!app.running.all().is_empty(), !app.watch.windows.all().is_empty(), !app.watch.programs.all().is_empty())
}

fn warn_of(done: Result<(), Error>) {
    if let Err(error) = done {
        warn!(%error, "answers and windows were not looked after; trying again");
    }
}

/// Ends those of this server's answers that are not to go on: they were asked to end, or they are gone.
async fn end_answers(app: &App) -> Result<(), Error> {
    // Which have begun is known before the question: one that begins meanwhile is missing in what it answers.
    let here: Vec<Arc<Live>> = app.running.all().iter().filter_map(|writing| writing.answer().cloned()).collect();
    let going_on = store::going_on(&mut *app.db.read().await?).await?;
    for answer in here.iter().filter(|answer| !going_on.contains(&answer.message_id)) {
        answer.stop.cancel();
    }
    Ok(())
}

/// Also those that say nothing are alive.
async fn renew_leases(app: &App) -> Result<(), Error> {
    let running = app.running.all();
    let ids: Vec<&str> = running.iter().filter_map(|writing| writing.answer()).map(|answer| answer.message_id.as_str()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let until = app.now() + write_down::LEASE_MICROS;
    write_tx!(app.db, "answers live", |tx| { store::lease(tx, &ids, until).await })
}

/// Closes windows whose session ended.
async fn close_windows(app: &App) -> Result<(), Error> {
    let windows = app.watch.windows.all();
    close_others(&windows, &sessions::alive(app, &credentials(&windows)).await?);
    Ok(())
}

/// Closes the lines of programs whose key ended.
async fn close_programs(app: &App) -> Result<(), Error> {
    let programs = app.watch.programs.all();
    let alive = api_keys::store::still_alive(&mut *app.db.read().await?, &credentials(&programs), app.now()).await?;
    close_others(&programs, &alive);
    Ok(())
}

/// By what they were let in, each once.
fn credentials(lines: &[Arc<Line>]) -> Vec<&str> {
    let mut ids: Vec<&str> = lines.iter().map(|line| line.credential_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn close_others(lines: &[Arc<Line>], alive: &HashSet<String>) {
    for line in lines.iter().filter(|line| !alive.contains(&line.credential_id)) {
        line.closed.cancel();
    }
}

/// Tells windows that their conversation was deleted, or goes on elsewhere.
async fn tell_channels(app: &App) -> Result<(), Error> {
    // How it stood before the question: what changes here meanwhile is newer than the answer.
    let before = |(id, channel): (String, Arc<Channel>)| {
        let leaf = channel.state().leaf;
        (id, channel, leaf)
    };
    let channels: Vec<_> = app.answers.all().into_iter().map(before).collect();
    for chunk in channels.chunks(CHUNK) {
        let query = format!(
            "SELECT id, current_message_id FROM conversations WHERE owner_id IS NOT NULL AND id IN ({})",
            sql::placeholders(1, chunk.len())
        );
        let mut statement = sqlx::query_as::<_, (String, Option<String>)>(AssertSqlSafe(query)).persistent(false);
        for (id, _, _) in chunk {
            statement = statement.bind(id);
        }
        let known: HashMap<String, Option<String>> = statement.fetch_all(app.db.reader()).await?.into_iter().collect();
        for (id, channel, before) in chunk {
            let state = channel.state();
            match known.get(id) {
                None if !state.gone => channel.change(|state| state.gone = true),
                Some(Some(leaf)) if state.answer.is_none() && state.leaf == *before && state.leaf.as_deref() != Some(leaf) => {
                    channel.change(|state| state.leaf = Some(leaf.as_str().into()));
                }
                _ => (),
            }
        }
    }
    Ok(())
}
