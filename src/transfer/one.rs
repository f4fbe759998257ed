//! Reading a file that holds exactly one conversation, for who wants to share it: nothing of it is stored here.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use takeback_transcripts::{EmbeddedFile, Files, Item, Part, Transcript};

use super::import::open;
use super::plan::MAX_FILE_BYTES;
use crate::app::blocking;
use crate::error::Error;

/// The one conversation of a file.
#[derive(Debug)]
pub struct One {
    /// The conversation. The pictures of its current branch are in it, also those that lay beside it.
    pub transcript: Transcript,
    /// What stands in the file and could not be read, in sentences: it is not in the conversation.
    pub unread: Vec<String>,
}

/// Reads the conversation of the file `what`, or of standard input for `-`, which is put down in `folder` until it is
/// read.
///
/// # Errors
/// [`Error::Setup`] with words for the person at the terminal.
pub async fn one(what: &str, folder: PathBuf, max_bytes: u64) -> Result<One, Error> {
    let spooled = match what {
        "-" => Some(blocking(move || spool(io::stdin().lock(), &folder, max_bytes)).await?),
        _ => None,
    };
    let path = spooled.as_ref().map_or_else(|| PathBuf::from(what), |file| file.path().to_owned());
    let name = if what == "-" { "Standard input" } else { what };
    let mut export = open(path).await.map_err(|error| match error {
        Error::Invalid { words, .. } => Error::Setup(format!("{name}: {words}")),
        other => other,
    })?;
    let files = export.files();
    let (mut found, summary) = blocking(move || {
        let mut found = Vec::new();
        let summary = export.read(
            &mut |item| match item {
                Item::Conversation(mut transcript) => {
                    take_pictures_in(&mut transcript, &files);
                    found.push(*transcript);
                    if found.len() > 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                }
                Item::Skipped(_) => ControlFlow::Continue(()),
            },
            &mut |_| (),
        );
        Ok((found, summary))
    })
    .await?;
    if found.len() > 1 {
        let words = "holds several conversations. Import it with `takeback import`, then share one by its id.";
        return Err(Error::Setup(format!("{name} {words}")));
    }
    let broken = summary.broken.as_ref().map(ToString::to_string);
    let mut unread: Vec<String> = summary.skipped.into_iter().map(|skipped| skipped.reason).chain(broken).collect();
    let Some(transcript) = found.pop() else {
        unread.truncate(1);
        return Err(Error::Setup(format!("{name} holds no conversation that can be read. {}", unread.concat())));
    };
    Ok(One { transcript, unread })
}

/// Puts the pictures that lie beside the conversation into it. One that can't be read stays a placeholder.
fn take_pictures_in(transcript: &mut Transcript, files: &Files) {
    let branch = transcript.current_branch();
    let parts = branch.iter().filter_map(|at| transcript.messages.get(*at)).flat_map(|message| &message.parts);
    let named: Vec<String> = parts.filter_map(|part| if let Part::Image { file, .. } = part { Some(file.clone()) } else { None }).collect();
    for name in named {
        if transcript.embedded.iter().any(|file| file.name == name) {
            continue;
        }
        if let Ok(Some(found)) = files.read(&name, MAX_FILE_BYTES)
            && found.media_type.is_some()
        {
            transcript.embedded.push(EmbeddedFile { name, media_type: found.media_type, bytes: found.bytes });
        }
    }
}

/// Copies a stream into a temporary file.
fn spool(mut from: impl io::Read, folder: &Path, max_bytes: u64) -> Result<tempfile::NamedTempFile, Error> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let copied = io::copy(&mut io::Read::take(&mut from, max_bytes + 1), &mut file)?;
    if copied > max_bytes {
        return Err(Error::Setup(format!("Standard input has more than {max_bytes} bytes, the most that is taken.")));
    }
    Ok(file)
}
