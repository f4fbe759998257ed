//! The side that reads. It has a process of its own, without a server's keys, and gives up everything that it doesn't need
//! before it looks at the first byte. The operating system keeps these limits, so they hold for endless loops, for
//! recursion and for whatever a library allocates.

use std::io::{Read, Write};
use std::process::ExitCode;

use rustix::io::Result as Done;
use rustix::process::{Resource, Rlimit, nice, setrlimit};

use super::{MAX_BYTES, Refusal, text};

/// What the command is called.
pub const NAME: &str = "read-pdf";
/// All of its memory, this program's own code included.
const MEMORY: u64 = 512 << 20;
/// Its time on the processor, in seconds.
const SECONDS: u64 = 10;

/// Reads a PDF from standard input and answers on standard output: `Result<Text, Refusal>` as JSON.
pub fn run() -> ExitCode {
    // Without its limits it reads nothing.
    if limit().is_err() {
        return ExitCode::FAILURE;
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    if std::io::stdin().lock().take(most).read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let answer = std::panic::catch_unwind(|| text::of(&bytes)).unwrap_or(Err(Refusal::Damaged));
    let mut out = std::io::stdout().lock();
    let said = serde_json::to_writer(&mut out, &answer).is_ok() && out.flush().is_ok();
    if said { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What it gives up, for good: memory, time, files to open, files to write, a dump of its memory. The server and everybody
/// else come before it.
fn limit() -> Done<()> {
    let limits = [(Resource::As, MEMORY), (Resource::Cpu, SECONDS), (Resource::Nofile, 0), (Resource::Fsize, 0), (Resource::Core, 0)];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    nice(10)?;
    Ok(())
}
