//! `generate_export PATH [MEGABYTES] [SEED]`: writes a `ChatGPT` `conversations.json` to measure with.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write, stderr};

mod generator;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: generate_export PATH [MEGABYTES] [SEED]")?;
    let megabytes: u64 = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let mut out = BufWriter::new(File::create(path)?);
    let written = generator::write_export(&mut out, megabytes * 1_000_000, seed)?;
    out.flush()?;
    writeln!(stderr(), "{written:?}")?;
    Ok(())
}
