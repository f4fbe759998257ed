//! The command line: one enum of commands, each with its examples; the work is done by the features.

use std::io::{BufRead, Write};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use serde_json::Value;

use crate::accounts::cli::Users;
use crate::api_keys::cli::Keys;
use crate::app::App;
use crate::audit::cli::Audit;
use crate::clock::Clock;
use crate::config::{Config, Environment, Options};
use crate::error::Error;
use crate::links::cli::Links;
use crate::links::cli::share::Share;
use crate::storage::db;
use crate::transfer::cli::Import;
use crate::{accounts, api_keys, audit, doctor, links, serve, transfer};

/// Self-hosted AI chat with share links you can take back. Without a command it serves.
#[derive(Debug, Parser)]
#[command(
    name = "takeback",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    after_help = "Models: set OPENAI_API_KEY (and OPENAI_BASE_URL for a server that speaks like it), ANTHROPIC_API_KEY or \
                  GEMINI_API_KEY; an Ollama on this machine is found by itself; all else is under Settings › Models and in \
                  takeback.toml. TAKEBACK_SECRET seals keys typed on the page; TAKEBACK_PRIVATE_PROVIDERS=true allows \
                  addresses of this network there, TAKEBACK_PRIVATE_WEBHOOKS=true those of webhooks."
)]
pub struct Cli {
    #[command(flatten)]
    options: Options,
    /// Machine-readable output
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    #[command(after_help = "Examples:\n  takeback serve\n  takeback --listen 0.0.0.0:8080 --public-url https://chat.example.org")]
    Serve,
    /// Make, list, close and delete accounts
    #[command(subcommand)]
    Users(Users),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Keys(Keys),
    /// List, show, change, audit and take back links
    Links(Links),
    /// Share a conversation or a file with one; prints the URL alone
    Share(Share),
    /// Read what happened: who did what to which object, and when
    Audit(Audit),
    /// Import an export of ChatGPT, a file of messages, or a session of a coding agent
    Import(Import),
    /// Read a PDF from standard input: the server starts this for every one that it is given
    #[command(name = crate::pdf::child::NAME, hide = true)]
    ReadPdf,
    /// Check configuration, folder, database, public URL and models, and say what to do
    Doctor,
}

impl Cli {
    /// Whether this process is one that reads a PDF for a server and does nothing else.
    pub fn reads_a_pdf(&self) -> bool {
        matches!(self.command, Some(Command::ReadPdf))
    }
}

/// How a command ended that did what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing more to say: exit code 0.
    Done,
    /// It looked for something, and there is some: exit code 3.
    Found,
    /// The arguments make no sense together, for this reason: exit code 2.
    Misused(String),
}

impl Ended {
    /// The exit code. Misuse is explained as the parser explains it.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 3,
            Self::Misused(words) => {
                // If standard error is closed, nobody wants to know.
                let _ = Cli::command().error(ErrorKind::ArgumentConflict, words).print();
                2
            }
        }
    }
}

/// Runs what the command line says.
///
/// # Errors
/// Whatever the command answers; the words are for the person at the terminal.
pub async fn run(cli: Cli) -> Result<Ended, Error> {
    let config = Config::load(&Options { environment: Environment::Process, ..cli.options })?;
    command(cli.command.unwrap_or(Command::Serve), config, cli.json).await.map_err(in_words)
}

async fn command(command: Command, config: Config, as_json: bool) -> Result<Ended, Error> {
    let done = match command {
        Command::Links(command) => return links::cli::links(config, command, as_json).await,
        Command::Share(command) => return links::cli::share::share(config, command, as_json).await,
        Command::Audit(command) => return audit::cli::audit(config, command, as_json).await,
        Command::Import(command) => return transfer::cli::import(config, command, as_json).await,
        Command::Serve => serve::run(config).await,
        Command::ReadPdf => return Ok(Ended::Misused("This is for the server alone.".to_owned())),
        Command::Users(_) | Command::Keys(_) | Command::Doctor if config.elsewhere => {
            let words = "TAKEBACK_SERVER is set, but this command works on the database here alone. Run it on the server's machine, or \
                         without that variable.";
            return Err(Error::Setup(words.to_owned()));
        }
        Command::Doctor => doctor::run(config, as_json).await,
        Command::Users(command) if command.may_come_first() => accounts::cli::users(&make(config).await?, command, as_json).await,
        Command::Users(command) => accounts::cli::users(&open(config).await?, command, as_json).await,
        Command::Keys(command) => api_keys::cli::keys(&open(config).await?, command, as_json).await,
    };
    done.map(|()| Ended::Done)
}

/// What is wrong, for the person at the terminal: they know which argument they typed.
fn in_words(error: Error) -> Error {
    match error {
        Error::Invalid { words, .. } | Error::BadRequest { words, .. } | Error::TooLarge(words) => Error::Setup(words),
        Error::Forbidden(words) => Error::Setup(words.to_owned()),
        other => other,
    }
}

/// A number of days, with or without the letter.
///
/// # Errors
/// Says how to write one.
pub fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<i64>().ok().filter(|days| (0..=36_500).contains(days));
    number.ok_or_else(|| "give a number of days, such as 90d".to_owned())
}

/// Now, in Unix microseconds, for what is shown at a terminal.
pub fn now() -> i64 {
    Clock::System.now_micros()
}

/// The first line of standard input, without its end.
///
/// # Errors
/// [`Error::Io`]
pub fn first_line() -> Result<String, Error> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Prints what a command answers: `value` for machines, or `words` for people.
pub fn say(as_json: bool, value: &Value, words: impl FnOnce() -> String) {
    let mut out = std::io::stdout().lock();
    // A reader that closes the pipe early has what it wanted.
    let _ = if as_json { writeln!(out, "{value}") } else { writeln!(out, "{}", words()) };
}

/// Where the server's addresses begin: what the configuration says, or else where it was found when it ran last.
///
/// # Errors
/// When the database can't be asked.
pub async fn base_url(app: &App) -> Result<String, Error> {
    if let Some(url) = &app.config.public_url {
        return Ok(url.clone());
    }
    let known = accounts::store::setting(&mut *app.db.read().await?, accounts::store::BASE_URL).await?;
    Ok(known.unwrap_or_else(|| app.config.base_url()))
}

/// The state that a command works with, on the same database as a running server.
///
/// # Errors
/// [`Error::Setup`] if there is no database yet: a mistyped folder must not look like one without links.
pub async fn open(config: Config) -> Result<App, Error> {
    if let Some(file) = db::sqlite_path(&config.database).filter(|file| !file.exists()) {
        let words = "Start the server once, or name the right folder with --data.";
        return Err(Error::Setup(format!("There is no database at {}. {words}", file.display())));
    }
    make(config).await
}

/// The same, for the one command that may come before the first start of the server.
async fn make(config: Config) -> Result<App, Error> {
    serve::make_folder(&config.data)?;
    App::new(config, Clock::System).await
}
