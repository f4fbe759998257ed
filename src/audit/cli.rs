//! `takeback audit`: what happened, on the database here or, for the key's person, on a server elsewhere.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::export::{Export, Format, with_email};
use super::store::{self, Filter, Place, Whose};
use super::types::{self, Kind};
use crate::accounts;
use crate::app::App;
use crate::cli::{self, Ended, now, say};
use crate::clock::DAY_MICROS;
use crate::config::Config;
use crate::error::Error;
use crate::pages::view::Time;
use crate::remote::{Remote, There, plain};

/// `takeback audit …`
#[derive(Args, Debug)]
pub struct Audit {
    #[command(flatten)]
    there: There,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List what happened, newest first
    #[command(
        after_help = "Examples:\n  takeback audit list\n  takeback audit list --user ada@example.org --kind links --since 7d\n  takeback audit list --all --server https://chat.example.org --json"
    )]
    List {
        #[command(flatten)]
        which: Which,
        /// At the most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Write all of it to a file, newest first: a table for spreadsheets, or JSON, one object to a line
    #[command(
        after_help = "Examples:\n  takeback audit export -o activity.csv\n  takeback audit export --format jsonl --since 30d | jq .type"
    )]
    Export {
        #[command(flatten)]
        which: Which,
        /// In which form
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// The file; it must not be there yet [default: standard output]
        #[arg(short, long, value_name = "PATH")]
        output: Option<PathBuf>,
    },
}

#[derive(Args, Debug)]
struct Which {
    /// Only what this person did, and what was done to their account; with --server, by their id
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// With --server and an administrator's key: everybody's
    #[arg(long, conflicts_with = "user")]
    all: bool,
    /// Only what is about this
    #[arg(long, value_name = "KIND", value_parser = Kind::ALL.map(Kind::as_str))]
    kind: Option<String>,
    /// Only what happened in the last so many days, such as 7d
    #[arg(long, value_name = "DAYS", value_parser = cli::days)]
    since: Option<i64>,
}

/// Runs `takeback audit …`.
///
/// # Errors
/// [`Error::Setup`] with words for the person at the terminal.
pub async fn audit(config: Config, Audit { there, command }: Audit, as_json: bool) -> Result<Ended, Error> {
    let (Command::List { which, .. } | Command::Export { which, .. }) = &command;
    if there.is_named() && which.user.as_ref().is_some_and(|user| !user.starts_with("user_")) {
        let words = "On another server, say whose by their id: --user user_…; leave it out for your own, or say --all.";
        return Ok(Ended::Misused(words.to_owned()));
    }
    match (there.open()?, command) {
        (Some(remote), Command::List { which, limit }) => {
            let events =
                remote.list("/v1/audit_events", &query(&which), usize::try_from(limit).unwrap_or(usize::MAX)).await.map_err(gone)?;
            show(&events, as_json);
        }
        (None, Command::List { which, limit }) => {
            let app = cli::open(config).await?;
            let (whose, filter) = wanted(&app, &which).await?;
            let mut tx = app.db.read().await?;
            let events = store::page(&mut tx, &whose, &filter, &Place::beginning(false), false, i64::from(limit)).await?;
            let people = store::people(&mut tx, &events).await?;
            drop(tx);
            let events: Vec<Value> = events.iter().map(|event| with_email(event, &people)).collect::<Result<_, _>>()?;
            show(&events, as_json);
        }
        (Some(remote), Command::Export { which, format, output }) => {
            let mut out = open(output)?;
            remote_export(&remote, &which, format, &mut out).await?;
            out.flush()?;
        }
        (None, Command::Export { which, format, output }) => {
            let app = cli::open(config).await?;
            let (whose, filter) = wanted(&app, &which).await?;
            let mut out = open(output)?;
            let mut export = Export::new(app, whose, filter, format);
            while let Some(part) = export.next().await? {
                out.write_all(part.as_bytes())?;
            }
            out.flush()?;
        }
    }
    Ok(Ended::Done)
}

async fn wanted(app: &App, which: &Which) -> Result<(Whose, Filter), Error> {
    let whose = match &which.user {
        Some(email) => Whose::Person(accounts::find(app, email).await?.id),
        None => Whose::Everybody,
    };
    let types = which.kind.as_deref().and_then(Kind::parse).map(Kind::types);
    Ok((whose, Filter { types, since: which.since.map(|days| app.now() - days * DAY_MICROS), ..Filter::default() }))
}

fn query(which: &Which) -> Vec<(&'static str, String)> {
    let since = which.since.map(|days| (now() - days * DAY_MICROS).div_euclid(1_000_000).max(0).to_string());
    let fields =
        [("kind", which.kind.clone()), ("user_id", which.user.clone()), ("all", which.all.then(|| "true".to_owned())), ("since", since)];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A server that keeps no events for programs to read answers like one without the address.
fn gone(error: Error) -> Error {
    match error {
        Error::NotFound => Error::Setup("That server’s version of Takeback has no activity for programs.".to_owned()),
        other => other,
    }
}

/// Page by page, each written before the next is asked for.
async fn remote_export(remote: &Remote, which: &Which, format: Format, out: &mut impl Write) -> Result<(), Error> {
    out.write_all(format.head().as_bytes())?;
    let query = query(which);
    let mut after: Option<String> = None;
    loop {
        let page = remote.page("/v1/audit_events", &query, after.as_deref()).await.map_err(gone)?;
        for event in page["data"].as_array().into_iter().flatten() {
            out.write_all(format.line(event).as_bytes())?;
        }
        let last = page["last_id"].as_str().map(str::to_owned);
        if page["has_more"] != true || last.is_none() || last == after {
            return Ok(());
        }
        after = last;
    }
}

/// Where an export goes. Never over a file that is there.
fn open(output: Option<PathBuf>) -> Result<BufWriter<Box<dyn Write>>, Error> {
    let out: Box<dyn Write> = match output {
        Some(path) => {
            let file = File::create_new(&path).map_err(|error| Error::Setup(format!("{} can’t be made: {error}.", path.display())))?;
            Box::new(file)
        }
        None => Box::new(io::stdout().lock()),
    };
    Ok(BufWriter::new(out))
}

fn show(events: &[Value], as_json: bool) {
    say(as_json, &json!({"object": "list", "data": events}), || table(events));
}

fn table(events: &[Value]) -> String {
    if events.is_empty() {
        return "Nothing happened.".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["WHEN (UTC)", "WHAT", "WHO", "TO", "FROM"]);
    for event in events {
        let at = event["created_at"].as_i64().unwrap_or_default().saturating_mul(1_000_000);
        let text = |name: &str| plain(event[name].as_str().unwrap_or_default(), 60);
        let who = if event["user_email"].is_string() { text("user_email") } else { text("user_id") };
        let from = format!("{} {}", text("client"), text("address"));
        let when = Time::at(at, at).iso.replace('T', " ").replace('Z', "");
        table.add_row([when, types::words(&text("type")).to_owned(), who, text("target_id"), from.trim_end().to_owned()]);
    }
    table.to_string()
}
