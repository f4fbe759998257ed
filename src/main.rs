//! The `takeback` program: logs, then the command line.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use takeback::cli::{self, Cli};
use takeback::pdf;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // It has less memory than threads and logs would take.
    if cli.reads_a_pdf() { pdf::child::run() } else { run(cli) }
}

#[tokio::main]
async fn run(cli: Cli) -> ExitCode {
    logs();
    // A panic's words may hold a person's: only its place is logged.
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(place = panic.location().map(ToString::to_string), "panic");
    }));
    match cli::run(cli).await {
        Ok(ended) => ExitCode::from(ended.code()),
        Err(error) => {
            eprintln!("takeback: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Plain lines for a person at a terminal, JSON for everything that collects logs; `TAKEBACK_LOG` sets the level.
fn logs() {
    let filter = EnvFilter::try_from_env("TAKEBACK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // The HTML parser of the second wall logs the very words that it parses, and so does the library that speaks with
    // models; PostgreSQL's notices are of no use to anybody. A certificate that isn't trusted is its server's error, and
    // said where that server is shown.
    let filter = ["html5ever=off", "markup5ever=off", "genai=off", "rustls_platform_verifier=off", "sqlx::postgres::notice=warn"]
        .into_iter()
        .filter_map(|quiet| quiet.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        lines.with_target(false).compact().init();
    } else {
        lines.json().flatten_event(true).init();
    }
}
