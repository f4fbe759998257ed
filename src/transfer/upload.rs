//! Receiving a file: streamed to the data folder, never held in memory, removed whatever comes of it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::config::Config;
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::pages::view::Count;

/// How long the sender may be silent.
const SILENCE: Duration = Duration::from_mins(1);

/// A file on its way in. Dropping it removes it.
#[derive(Debug)]
pub struct Upload {
    /// Where it is.
    pub file: NamedTempFile,
    /// As the person's browser calls it, shortened.
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

/// Receives the form's field `file`.
///
/// # Errors
/// [`Error::Invalid`] without a file, [`Error::TooLarge`] over the configured size, [`Error::Io`] when the disk is
/// full.
pub async fn receive(app: &App, mut form: Multipart) -> Result<Upload, Error> {
    loop {
        let field = tokio::time::timeout(SILENCE, form.next_field()).await.map_err(|_| silent())?.map_err(|error| broken(app, &error))?;
        match field {
            None => return Err(nothing()),
            Some(field) if field.name() == Some("file") => return store(app, field).await,
            Some(_) => {}
        }
    }
}

async fn store(app: &App, mut field: Field<'_>) -> Result<Upload, Error> {
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
