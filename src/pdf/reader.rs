//! The server's side: one file at a time, in a process that it kills when it takes too long.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{MAX_TEXT_BYTES, Refusal, Text};
use crate::error::Error;

/// How long a file is read, also on a machine that has other things to do. Its time on the processor is limited by itself.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a file waits for its turn.
const TURN: Duration = Duration::from_secs(45);
/// The longest answer: the text as JSON, in which no character takes more than twice its place.
const MAX_ANSWER: u64 = 2 * MAX_TEXT_BYTES as u64 + 1_024;

/// Reads the text of PDF files.
pub struct Reader {
    program: PathBuf,
    /// One at a time: what a file may take of memory and processor is all that files take together. Those who wait come
    /// in their order, so nobody who sends many keeps somebody else waiting for more than one of them.
    turns: Semaphore,
}

impl Reader {
    /// One that starts this program.
    pub fn new(program: &Path) -> Self {
        Self { program: program.to_owned(), turns: Semaphore::new(1) }
    }

    /// The text of this file, or why there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] if others are being read all the time; [`Error::Internal`] if the program can't be started.
    pub async fn read(&self, bytes: &[u8]) -> Result<Result<Text, Refusal>, Error> {
        let busy = || Error::Busy("Other PDFs are being read right now. Try again in a minute.".to_owned());
        let _turn = timeout(TURN, self.turns.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
        let mut command = Command::new(&self.program);
        // No key of the server's, no folder of its own, nowhere to write to. It dies with whoever waits for it.
        command.arg(super::child::NAME).env_clear().current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| Error::Internal(format!("the reader of PDFs can't be started: {error}")))?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Internal("the reader of PDFs has no pipes".to_owned()));
        };
        let told = async {
            // If it is dead already, its answer says so.
            let _ = to.write_all(bytes).await;
            drop(to);
        };
        let heard = async {
            let mut answer = Vec::new();
            let _ = from.take(MAX_ANSWER).read_to_end(&mut answer).await;
            answer
        };
        let answer = timeout(PATIENCE, async { tokio::join!(told, heard).1 }).await.unwrap_or_default();
        // It has said all that it may say.
        let _ = child.kill().await;
        Ok(serde_json::from_slice(&answer).unwrap_or(Err(Refusal::TooHard)))
    }
}
