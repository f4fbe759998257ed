//! The release binary as a process of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_takeback");

/// A running server on the first core. Dropping it ends it.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    /// From the start of the process to the end of its first answer.
    pub(crate) first_answer: Duration,
}

impl Server {
    /// Starts one on this folder; `database` if it isn't SQLite there.
    pub(crate) async fn start(data: &Path, database: Option<&str>) -> Self {
        Self::start_with(data, database, "").await
    }

    /// The same with more in its takeback.toml.
    pub(crate) async fn start_with(data: &Path, database: Option<&str>, more: &str) -> Self {
        let port = free_port();
        // So that a measurement can come from many addresses.
        let configuration = data.join("takeback.toml");
        std::fs::write(&configuration, format!("trusted_proxies = [\"127.0.0.1\"]\n{more}")).unwrap();
        let mut command = Command::new("taskset");
        command.args(["-c", "0", PROGRAM, "--listen", &format!("127.0.0.1:{port}")]).args(storage(data, database));
        command.arg("--config").arg(configuration).env("TAKEBACK_LOG", "off").stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let process = command.spawn().unwrap();
        let mut server = Self { process, port, first_answer: Duration::ZERO };
        let client = reqwest::Client::new();
        while client.get(server.url("/healthz")).send().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not start");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        server.first_answer = began.elapsed();
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// From here on the load is on the second core, like everything that is not the server.
pub(crate) fn stand_aside() {
    let pinned = Command::new("taskset").args(["-cp", "1", &std::process::id().to_string()]).output().unwrap();
    assert!(pinned.status.success());
}

/// Runs one of the binary's commands; answers what it prints.
pub(crate) fn run(data: &Path, database: Option<&str>, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).args(storage(data, database)).env("TAKEBACK_LOG", "off").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn storage(data: &Path, database: Option<&str>) -> Vec<String> {
    let mut arguments = vec!["--data".to_owned(), data.display().to_string()];
    arguments.extend(database.into_iter().flat_map(|url| ["--database".to_owned(), url.to_owned()]));
    arguments
}

/// A folder on disk, not in memory.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A line of `/proc/{id}/status` in bytes: `VmRSS`, `VmHWM`. `None` once the process is gone.
pub(crate) fn memory_bytes(id: u32, line: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let kilobytes = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))?;
    Some(kilobytes.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024)
}

/// Processor time that the process has used so far, in seconds.
pub(crate) fn processor_seconds(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    // The name stands in parentheses and may hold anything; user and system time are the 14th and 15th fields.
    let after = stat.rsplit_once(')').unwrap().1;
    let ticks: f64 = after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum();
    ticks / 100.0
}
