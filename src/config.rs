//! Configuration: defaults < takeback.toml < `TAKEBACK_*` < flags. The environment is read here and nowhere else
//! (clap reads it for the flags).

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::error::Error;
use crate::providers::configured::{self, Written};
use crate::providers::demo;
use crate::providers::settings::{Key, ProviderSettings};

/// Over what every command understands, in its help.
const HERE: &str = "The server here, and its database";

/// What can be said by flag or environment, for every command.
#[derive(clap::Args, Clone, Default)]
pub struct Options {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, help_heading = HERE, env = "TAKEBACK_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// `sqlite:PATH` or `postgres://USER@HOST/NAME` [default: takeback.db in the data folder]
    #[arg(help = "sqlite:PATH or postgres://USER@HOST/NAME [default: takeback.db in the data folder]", long, global = true, help_heading = HERE, env = "TAKEBACK_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Folder for the database and for uploads on their way in [default: data]
    #[arg(long, global = true, help_heading = HERE, env = "TAKEBACK_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// The address that people type, such as `https://chat.example.org`; links begin with it
    #[arg(help = "The address that people type, such as https://chat.example.org; links begin with it", long, global = true, help_heading = HERE, env = "TAKEBACK_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Configuration file [default: takeback.toml, if there is one]
    #[arg(long, global = true, help_heading = HERE, env = "TAKEBACK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The variables that have no flag, since they hold keys.
    #[arg(skip)]
    pub environment: Environment,
}

/// Where variables without a flag are looked up.
#[derive(Clone, Default)]
pub enum Environment {
    /// Nowhere: there is none. For tests.
    #[default]
    Empty,
    /// In what the process was started with.
    Process,
    /// Here. For tests.
    Given(Vec<(&'static str, String)>),
}

impl Environment {
    /// A variable's value; one that is empty counts as not set.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn get(&self, name: &str) -> Option<String> {
        let value = match self {
            Self::Empty => None,
            Self::Process => std::env::var(name).ok(),
            Self::Given(all) => all.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()),
        };
        value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// The file takeback.toml. Every key is optional; an unknown one is an error, since it is a typing mistake.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    database: Option<String>,
    data: Option<PathBuf>,
    public_url: Option<String>,
    trusted_proxies: Option<Vec<IpAddr>>,
    connections: Option<u32>,
    max_import_bytes: Option<u64>,
    sign_in_attempts_per_minute: Option<u32>,
    messages_per_minute: Option<u32>,
    answers_at_once: Option<usize>,
    guest_days: Option<i64>,
    audit_days: Option<u32>,
    #[serde(default)]
    api_limits: ApiLimits,
    #[serde(default)]
    providers: Vec<Written>,
    find_ollama: Option<bool>,
    private_providers: Option<bool>,
    private_webhooks: Option<bool>,
    provider_timeout_secs: Option<u64>,
    secret: Option<String>,
}

/// Requests that programs may make in a minute, and at once when they made none for a while.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiLimits {
    /// With one key. Default 600.
    pub per_key: u32,
    /// With all keys of one person. Default 1,200.
    pub per_person: u32,
    /// From one address, with or without a key: an office may share one. Default 3,000.
    pub per_address: u32,
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self { per_key: 600, per_person: 1_200, per_address: 3_000 }
    }
}

/// The server's configuration, complete.
#[derive(Clone)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The database's URL. It may hold a password: never log it.
    pub database: String,
    /// Folder for the database and for uploads on their way in.
    pub data: PathBuf,
    /// Scheme, host and port that people type, without a slash at the end. `None`: what the request says.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed. Default: none.
    pub trusted_proxies: Vec<IpAddr>,
    /// Database connections. Default 6.
    pub connections: u32,
    /// The largest file that an import takes over the web. Default 4 GiB.
    pub max_import_bytes: u64,
    /// Attempts to sign in that one account or one address has a minute. Default 10.
    pub sign_in_attempts_per_minute: u32,
    /// Messages that one person sends to models in a minute. Default 60.
    pub messages_per_minute: u32,
    /// Answers that are written for one person at the same time. Default 5.
    pub answers_at_once: usize,
    /// Days after which a guest's chat with an assistant is deleted if nobody used it. Default 7.
    pub guest_days: i64,
    /// For how many days events are kept. Default 365. `None` (0 in the file): for ever.
    pub audit_days: Option<u32>,
    /// Whether the environment names a server elsewhere, on which some commands work.
    pub elsewhere: bool,
    /// How fast programs may ask.
    pub api_limits: ApiLimits,
    /// Providers of models that the environment and takeback.toml name.
    pub providers: Vec<ProviderSettings>,
    /// Where an Ollama is looked for that nobody named. `None`: nowhere.
    pub ollama: Option<String>,
    /// Whether an administrator may type addresses in this machine or its network as providers. Default: no.
    pub private_providers: bool,
    /// Whether webhooks may lead into this machine or its network, and be without TLS. Default: no.
    pub private_webhooks: bool,
    /// The longest silence of a provider that is waited through. Default 5 minutes.
    pub provider_patience: Duration,
    /// The time from word to word of the built-in demo.
    pub demo_pace: Duration,
    /// This program, which is started once more to read hostile files in a process of its own.
    pub program: PathBuf,
    /// What keys typed on the page are sealed with. `None`: a file in the data folder, made when it is needed.
    pub secret: Option<Key>,
}

impl Config {
    /// Puts the configuration together.
    ///
    /// # Errors
    /// [`Error::Setup`] that names the file and the key, or the flag.
    pub fn load(options: &Options) -> Result<Self, Error> {
        let file = read_file(options.config.as_deref())?;
        let data = options.data.clone().or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let database =
            options.database.clone().or(file.database).unwrap_or_else(|| format!("sqlite:{}", data.join("takeback.db").display()));
        let public_url = options.public_url.clone().or(file.public_url).map(|url| check_public_url(&url)).transpose()?;
        let environment = &options.environment;
        let private_providers = match environment.get("TAKEBACK_PRIVATE_PROVIDERS") {
            Some(text) => yes_or_no("TAKEBACK_PRIVATE_PROVIDERS", &text)?,
            None => file.private_providers.unwrap_or(false),
        };
        let private_webhooks = match environment.get("TAKEBACK_PRIVATE_WEBHOOKS") {
            Some(text) => yes_or_no("TAKEBACK_PRIVATE_WEBHOOKS", &text)?,
            None => file.private_webhooks.unwrap_or(false),
        };
        Ok(Self {
            providers: configured::all(environment, file.providers)?,
            ollama: file.find_ollama.unwrap_or(true).then(|| configured::OLLAMA.to_owned()),
            private_providers,
            private_webhooks,
            provider_patience: Duration::from_secs(file.provider_timeout_secs.unwrap_or(300).max(1)),
            demo_pace: demo::PACE,
            program: own_program(),
            secret: environment.get("TAKEBACK_SECRET").or(file.secret).map(|secret| Key::new(&secret)),
            listen: options.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            database,
            data,
            public_url,
            trusted_proxies: file.trusted_proxies.unwrap_or_default(),
            connections: file.connections.unwrap_or(6).max(2),
            max_import_bytes: file.max_import_bytes.unwrap_or(4 << 30),
            sign_in_attempts_per_minute: file.sign_in_attempts_per_minute.unwrap_or(10).max(1),
            messages_per_minute: file.messages_per_minute.unwrap_or(60).max(1),
            answers_at_once: file.answers_at_once.unwrap_or(5).max(1),
            elsewhere: options.environment.get("TAKEBACK_SERVER").is_some(),
            guest_days: file.guest_days.unwrap_or(7).clamp(1, 3_650),
            audit_days: Some(file.audit_days.unwrap_or(365)).filter(|days| *days > 0),
            api_limits: file.api_limits,
        })
    }

    /// Where links begin when no request says it (the command line).
    pub fn base_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Whether people reach the server over https, so that cookies can demand it.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The database's URL without its password, for messages.
    pub fn database_for_display(&self) -> String {
        display_url(&self.database)
    }
}

/// A database URL without password and query (which may hold a password too), whatever it looks like: where it isn't
/// sure what is a password, only the beginning is shown.
pub fn display_url(url: &str) -> String {
    let (cut, query) = url.split_once('?').unwrap_or((url, ""));
    // A path may hold an `@`.
    if url.starts_with("sqlite:") {
        return cut.to_owned();
    }
    match cut.split_once("://") {
        None if url.contains(['@', ':', '=', ';']) => "…".to_owned(),
        None => cut.to_owned(),
        // That question mark may be one of a password.
        Some((scheme, _)) if query.contains('@') => format!("{scheme}://…"),
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((who, place)) => format!("{scheme}://{}@{place}", who.split([':', '/']).next().unwrap_or_default()),
            None => cut.to_owned(),
        },
    }
}

/// Without the database's password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("database", &self.database.as_deref().map(display_url))
            .field("data", &self.data)
            .field("public_url", &self.public_url)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// Without the database's password.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("database", &self.database_for_display())
            .field("data", &self.data)
            .field("public_url", &self.public_url)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("connections", &self.connections)
            .field("max_import_bytes", &self.max_import_bytes)
            .field("sign_in_attempts_per_minute", &self.sign_in_attempts_per_minute)
            .field("messages_per_minute", &self.messages_per_minute)
            .field("answers_at_once", &self.answers_at_once)
            .field("guest_days", &self.guest_days)
            .field("audit_days", &self.audit_days)
            .field("elsewhere", &self.elsewhere)
            .field("api_limits", &self.api_limits)
            .field("providers", &self.providers)
            .field("ollama", &self.ollama)
            .field("private_providers", &self.private_providers)
            .field("private_webhooks", &self.private_webhooks)
            .field("provider_patience", &self.provider_patience)
            .field("demo_pace", &self.demo_pace)
            .field("program", &self.program)
            .field("seals_keys_with", &self.secret)
            .finish()
    }
}

fn read_file(named: Option<&Path>) -> Result<File, Error> {
    let path = named.unwrap_or(Path::new("takeback.toml"));
    match std::fs::read_to_string(path) {
        // The error's own display quotes the line, which may hold a key.
        Ok(text) => toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(1, |span| text.get(..span.start).map_or(1, |before| before.lines().count().max(1)));
            Error::Setup(format!("{} can't be understood, near line {line}: {}.", path.display(), e.message()))
        }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(File::default()),
        Err(e) => Err(Error::Setup(format!("{} can't be read: {e}.", path.display()))),
    }
}

/// Where this program is. On Linux the running one, even when another version was put in its place meanwhile.
fn own_program() -> PathBuf {
    let running = Path::new("/proc/self/exe");
    if running.exists() { running.to_owned() } else { std::env::current_exe().unwrap_or_else(|_| PathBuf::from("takeback")) }
}

fn yes_or_no(name: &str, text: &str) -> Result<bool, Error> {
    match text {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(Error::Setup(format!("{name} must be true or false."))),
    }
}

fn check_public_url(url: &str) -> Result<String, Error> {
    let trimmed = url.trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(trimmed.to_ascii_lowercase()),
        _ => Err(Error::Setup(format!("The public URL {url:?} must look like https://chat.example.org, without a path."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_database(database: &str) -> Config {
        let options = Options { database: Some(database.to_owned()), ..Options::default() };
        Config::load(&options).unwrap()
    }

    #[test]
    fn a_message_about_the_database_never_shows_its_password() {
        assert_eq!(
            with_database("postgres://ada:se:cr@et@db/takeback?sslmode=require").database_for_display(),
            "postgres://ada@db/takeback"
        );
        assert_eq!(with_database("sqlite:data/x.db").database_for_display(), "sqlite:data/x.db");
        for (url, shown) in [
            ("postgres://db/takeback?user=ada&password=secret", "postgres://db/takeback"),
            ("postgres://db/takeback?user=ada&password=secret@", "postgres://…"),
            ("postgres://ada:se?secret@db/takeback", "postgres://…"),
            ("postgres://ada:a/secret@db/takeback", "postgres://ada@db/takeback"),
            ("server=db;password=secret", "…"),
            ("data/x.db", "data/x.db"),
            ("sqlite:///a@b.db?key=secret", "sqlite:///a@b.db"),
            ("mysql://ada:secret@db/takeback", "mysql://ada@db/takeback"),
            ("postgres:ada:secret@db/takeback", "…"),
            ("sqlite:data/a@b.db?mode=rwc&key=secret", "sqlite:data/a@b.db"),
            ("", ""),
        ] {
            let options = Options { database: Some(url.to_owned()), ..Options::default() };
            let config = Config::load(&options).unwrap();
            assert_eq!(config.database_for_display(), shown);
            assert!(!format!("{config:?} {config:#?} {options:?}").contains("secret"), "{url}");
        }
    }

    #[test]
    fn a_public_url_with_a_path_is_refused() {
        assert!(check_public_url("https://example.org/chat").is_err());
        assert!(check_public_url("example.org").is_err());
        assert_eq!(check_public_url("https://Example.org/").unwrap(), "https://example.org");
    }
}
