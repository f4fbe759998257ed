//! A large export of ChatGPT, imported at the command line.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::memory::mebibytes;
use super::person;
use super::server::{PROGRAM, folder, memory_bytes};

pub(crate) async fn measure() {
    let Some(export) = export() else {
        println!("## Import\n\nNot measured: `TAKEBACK_BENCH_EXPORT` names no file.\n");
        return;
    };
    let bytes = std::fs::metadata(&export).unwrap().len();
    let data = folder();
    person::add(data.path(), None);
    let began = Instant::now();
    let mut command = Command::new(PROGRAM);
    command.args(["import", &export, "--user", person::EMAIL, "--data"]).arg(data.path());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        peak = memory_bytes(child.id(), "VmHWM").unwrap_or(peak);
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let seconds = began.elapsed().as_secs_f64();
    assert!(status.success());
    let megabytes = mebibytes(bytes) * 1.048_576;
    println!("## Import\n\n| export | took | speed | memory at most |\n|---|--:|--:|--:|");
    println!("| {megabytes:.0} MB of JSON | {seconds:.1} s | {:.1} MB/s | {:.0} MiB |\n", megabytes / seconds, mebibytes(peak));
}

#[expect(clippy::disallowed_methods, reason = "bin/bench says where the export is")]
fn export() -> Option<String> {
    std::env::var("TAKEBACK_BENCH_EXPORT").ok()
}
