//! The real program in a process of its own: for what only a process can show, such as its end. It stands on a SQLite
//! file unless a database is named.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use super::actors::PASSWORD;
use super::client::{Client, Reply};
use super::database::Database;

/// The command line on the database in `data`. Nothing of the test's environment reaches it.
pub(crate) fn takeback(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().current_dir(data).arg("--data").arg(data).stdin(Stdio::null());
    command
}

/// A running server. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) data: PathBuf,
    log: Arc<Mutex<String>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Program {
    /// Starts it in `data` and waits until it is ready. It believes the test's word on where requests come from.
    pub(crate) fn start(data: &Path, level: &str) -> Self {
        std::fs::write(data.join("takeback.toml"), "trusted_proxies = [\"127.0.0.1\"]\n").unwrap();
        Self::resume(data, level)
    }

    /// Starts it on the database that the tests run on; `more` stands in its takeback.toml too.
    pub(crate) fn start_on(database: &Database, more: &str) -> Self {
        let toml = format!("database = \"{}\"\ntrusted_proxies = [\"127.0.0.1\"]\n{more}", database.url());
        std::fs::write(database.folder().join("takeback.toml"), toml).unwrap();
        Self::resume(database.folder(), "info")
    }

    /// Starts it again where it was before, writing nothing itself.
    pub(crate) fn resume(data: &Path, level: &str) -> Self {
        let mut command = takeback(data);
        command.args(["--listen", "127.0.0.1:0"]).env("TAKEBACK_LOG", level);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut before = String::new();
        let address = loop {
            let Some(line) = lines.next() else { panic!("the server did not start:\n{before}") };
            before.push_str(&line);
            before.push('\n');
            let ready = line.contains("Takeback is ready").then(|| line.split("\"address\":\"").nth(1)).flatten();
            if let Some(address) = ready {
                break address.split('"').next().unwrap().parse().unwrap();
            }
        };
        let log = Arc::new(Mutex::new(before));
        let into = log.clone();
        let reader = std::thread::spawn(move || lines.for_each(|line| into.lock().unwrap().push_str(&(line + "\n"))));
        Self { child, address, data: data.to_owned(), log, reader: Some(reader) }
    }

    /// SIGKILL: nothing of the process runs after this.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; answers everything that it ever logged.
    pub(crate) async fn stop(mut self) -> String {
        // It says that it is ready just before it begins to listen for signals.
        assert_eq!(self.anonymous().get("/healthz").await.status, 200);
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success() && self.child.wait().unwrap().success());
        self.reader.take().unwrap().join().unwrap();
        self.log.lock().unwrap().clone()
    }

    /// The most memory that the process ever had, in bytes. There is none, and this panics, once it has ended.
    pub(crate) fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the server's process has ended");
        peak.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
    }

    /// A browser without a cookie.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.address)
    }

    /// Makes the first account; answers its browser and its session's cookie.
    pub(crate) async fn set_up(&self, password: &str) -> (Client, String) {
        let client = self.anonymous();
        let fields = [("name", "Ada Quillfeather"), ("email", "ada.quillfeather@example.org"), ("password", password)];
        let made = client.post_form("/setup", &fields).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let secret = made.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
        (client, secret)
    }

    /// The same with everybody's password.
    pub(crate) async fn set_up_owner(&self) -> (Client, String) {
        self.set_up(PASSWORD).await
    }

    /// The command line beside it, run to its end.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        takeback(&self.data).args(arguments).output().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path of the link that the share dialog has just made.
pub(crate) fn made_path(dialog: &Reply) -> Option<String> {
    let url = dialog.body.split("id=\"made-url\" value=\"").nth(1)?.split('"').next()?;
    url.find("/share/").map(|at| url[at..].to_owned())
}

/// Lets each request come from an address of its own, so that no limit on misses is in the way.
pub(crate) fn some_address(number: u64) -> String {
    let [.., a, b, c] = number.to_be_bytes();
    format!("10.{a}.{b}.{c}")
}
