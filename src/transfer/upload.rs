//! Receiving a file: streamed to the data folder, never held in memory, removed whatever comes of it.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use futures_util::{TryStreamExt, stream};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::config::Config;
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::pages::view::Count;

/// How long the sender may be silent.
const SILENCE: Duration = Duration::from_mins(1);

/// What a form may hold besides the file: heads, other fields, and what is read of the file at once.
const MAX_BESIDES: usize = 4 << 20;

/// A file on its way in. Dropping it removes it.
#[derive(Debug)]
pub struct Upload {
    /// Where it is.
    pub file: NamedTempFile,
    /// As its sender calls it, shortened.
    pub name: String,
}

/// People whose file is on its way in: one each, so that nobody can fill the disk with many at once.
static RECEIVING: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The one place that a person has to send a file; free again when it is dropped.
#[derive(Debug)]
pub struct Place(String);

impl Place {
    /// Takes it, or answers `None` while another file of theirs is on its way.
    pub fn take(user_id: &str) -> Option<Self> {
        let taken = RECEIVING.lock().unwrap_or_else(PoisonError::into_inner).insert(user_id.to_owned());
        taken.then(|| Self(user_id.to_owned()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        RECEIVING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

fn folder(config: &Config) -> PathBuf {
    config.data.join("uploads")
}

/// Removes what a server that died left behind. No import can be running yet.
///
/// # Errors
/// When the folder can't be read.
pub fn remove_leftovers(config: &Config) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder(config)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A form with a file, on its way in. What is no part of the file, such as the head of a part that never ends, would be
/// kept in memory, so there is a limit for that.
pub struct Incoming {
    form: Multipart,
    /// Bytes that have arrived and are not in the file.
    besides: Arc<AtomicUsize>,
}

impl FromRequest<App> for Incoming {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let besides = Arc::new(AtomicUsize::new(0));
        let (parts, body) = request.into_parts();
        let counted = stream::try_unfold((body.into_data_stream(), Arc::clone(&besides)), async |(mut body, besides)| {
            // The parser takes all that is ready, however much that is; so one chunk is ready at a time.
            tokio::task::yield_now().await;
            let Some(chunk) = body.try_next().await? else { return Ok(None) };
            if besides.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len() > MAX_BESIDES {
                return Err(axum::Error::new(io::Error::other("there is much in the form besides the file")));
            }
            Ok(Some((chunk, (body, besides))))
        });
        let request = Request::from_parts(parts, Body::from_stream(counted));
        let form = Multipart::from_request(request, app).await.map_err(|_| nothing())?;
        Ok(Self { form, besides })
    }
}

/// Receives the form's field `file`.
///
/// # Errors
/// [`Error::Invalid`] without a file, [`Error::TooLarge`] over the configured size, [`Error::Io`] when the disk is
/// full.
pub async fn receive(app: &App, mut incoming: Incoming) -> Result<Upload, Error> {
    loop {
        let next = tokio::time::timeout(SILENCE, incoming.form.next_field()).await.map_err(|_| silent())?;
        match next.map_err(|error| broken(app, &error))? {
            None => return Err(nothing()),
            Some(field) if field.name() == Some("file") => return store(app, field, &incoming.besides).await,
            Some(_) => {}
        }
    }
}

async fn store(app: &App, mut field: Field<'_>, besides: &AtomicUsize) -> Result<Upload, Error> {
    let name = field.file_name().unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = shortened(&name.chars().filter(|c| !c.is_control()).collect::<String>(), 100);
    if name.is_empty() {
        return Err(nothing());
    }
    let folder = folder(&app.config);
    tokio::fs::create_dir_all(&folder).await?;
    let file = NamedTempFile::new_in(&folder)?;
    let mut into = tokio::fs::File::from_std(file.reopen()?);
    let mut bytes = 0;
    while let Some(chunk) =
        tokio::time::timeout(SILENCE, field.chunk()).await.map_err(|_| silent())?.map_err(|error| broken(app, &error))?
    {
        besides.fetch_sub(chunk.len(), Ordering::Relaxed);
        bytes += chunk.len() as u64;
        if bytes > app.config.max_import_bytes {
            return Err(too_large(app));
        }
        into.write_all(&chunk).await?;
    }
    // What is still under way fails here, if it does.
    into.flush().await?;
    Ok(Upload { file, name })
}

/// "4 GB", for people.
pub fn limit(config: &Config) -> String {
    let bytes = i64::try_from(config.max_import_bytes).unwrap_or(i64::MAX);
    match bytes {
        _ if bytes >= 1 << 30 => format!("{} GB", bytes >> 30),
        _ if bytes >= 1 << 20 => format!("{} MB", bytes >> 20),
        _ => format!("{} bytes", Count(bytes)),
    }
}

/// A form without a file.
pub fn nothing() -> Error {
    Error::invalid("file", "Choose a file first.")
}

fn too_large(app: &App) -> Error {
    Error::TooLarge(format!(
        "The file is larger than {}, the most that this server takes over the web. The person who runs the server can import it with \
         `takeback import`, or raise max_import_bytes.",
        limit(&app.config)
    ))
}

fn silent() -> Error {
    Error::invalid("file", "The file stopped arriving. Check the connection and send it again.")
}

fn broken(app: &App, error: &MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(app);
    }
    Error::invalid("file", "The file did not arrive whole. Send it again.")
}
