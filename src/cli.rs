//! The command line: one enum of commands, each with its examples; the work is done by the features.

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Options};
use crate::error::Error;
use crate::serve;

/// Self-hosted AI chat with share links you can take back. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "takeback", version, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    #[command(after_help = "Examples:\n  takeback serve\n  takeback --listen 0.0.0.0:8080 --public-url https://chat.example.org")]
    Serve,
}

/// Runs what the command line says.
///
/// # Errors
/// Whatever the command answers; the words are for the person at the terminal.
pub async fn run(cli: Cli) -> Result<(), Error> {
    let config = Config::load(&cli.options)?;
    match cli.command {
        None | Some(Command::Serve) => serve::run(config).await,
    }
}

/// The state that a command works with, on the same database as a running server.
pub async fn open(config: Config) -> Result<App, Error> {
    std::fs::create_dir_all(&config.data)?;
    App::new(config, Clock::System).await
}
