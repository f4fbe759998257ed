//! `read_export PATH`: reads an export, and prints the report and how long it took.

use std::error::Error;
use std::io::{Write, stdout};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use takeback_transcripts::{Item, open};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: read_export PATH")?;
    let began = Instant::now();
    let mut export = open(Path::new(&path))?;
    let opened = began.elapsed();
    let mut text_bytes = 0;
    let summary = export.read(
        &mut |item| {
            if let Item::Conversation(transcript) = item {
                text_bytes += format!("{:?}", transcript.title).len();
            }
            ControlFlow::Continue(())
        },
        &mut |_| {},
    );
    let seconds = began.elapsed().as_secs_f64();
    let bytes = export.total_bytes();
    let megabytes = f64::from(u32::try_from(bytes >> 10)?) * 1024.0 / 1e6;
    let mut out = stdout();
    writeln!(out, "{summary:#?}")?;
    writeln!(out, "{bytes} bytes in {seconds:.3} s (opened in {opened:?}): {:.0} MB/s, {text_bytes}", megabytes / seconds)?;
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        writeln!(out, "{}", peak.unwrap_or_default())?;
    }
    Ok(())
}
