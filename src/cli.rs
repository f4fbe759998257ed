//! The command line: one enum of commands, each with its examples; the work is done by the features.

use std::io::Write;

use clap::{Parser, Subcommand};
use serde_json::Value;

use crate::accounts::cli::Users;
use crate::api_keys::cli::Keys;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Environment, Options};
use crate::error::Error;
use crate::links::cli::{Links, Share};
use crate::storage::db;
use crate::transfer::cli::Import;
use crate::{accounts, api_keys, doctor, links, serve, transfer};

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
    /// List, show, change and take back links
    #[command(subcommand)]
    Links(Links),
    /// Share a conversation or a file with one; prints the URL alone
    Share(Share),
    /// Import an export of ChatGPT or a file of messages
    Import(Import),
    /// Check configuration, folder, database, public URL and models, and say what to do
    Doctor,
}

/// Runs what the command line says.
///
/// # Errors
/// Whatever the command answers; the words are for the person at the terminal.
pub async fn run(cli: Cli) -> Result<(), Error> {
    let config = Config::load(&Options { environment: Environment::Process, ..cli.options })?;
    match cli.command {
        None | Some(Command::Serve) => serve::run(config).await,
        Some(Command::Users(command)) => accounts::cli::users(&make(config).await?, command, cli.json).await,
        Some(Command::Keys(command)) => api_keys::cli::keys(&open(config).await?, command, cli.json).await,
        Some(Command::Links(command)) => links::cli::links(&open(config).await?, command, cli.json).await,
        Some(Command::Share(command)) => links::cli::share(&open(config).await?, command, cli.json).await,
        Some(Command::Import(command)) => transfer::cli::import(&open(config).await?, command, cli.json).await,
        Some(Command::Doctor) => doctor::run(config, cli.json).await,
    }
}

/// Prints what a command answers: `value` for machines, or `words` for people.
pub fn say(as_json: bool, value: &Value, words: impl FnOnce() -> String) {
    let mut out = std::io::stdout().lock();
    // A reader that closes the pipe early has what it wanted.
    let _ = if as_json { writeln!(out, "{value}") } else { writeln!(out, "{}", words()) };
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
