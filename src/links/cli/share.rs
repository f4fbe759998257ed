//! `takeback share`: a conversation that is here, or a file, becomes a link. Of a file it shows first what will be
//! public, and asks.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::Place;
use super::here::Here;
use super::preview::{self, About};
use super::print::text;
use super::there::{There as Elsewhere, body_of, body_of_lock};
use crate::accounts;
use crate::api::body::MAX_BYTES_WITH_PICTURES;
use crate::app::blocking;
use crate::audit::Via;
use crate::cli::{Ended, first_line, now, say};
use crate::config::Config;
use crate::conversations;
use crate::conversations::take_in::Unseen;
use crate::error::Error;
use crate::links::expiry::Expiry;
use crate::links::link::Author;
use crate::links::lock::{Half, Wish};
use crate::links::public::Public;
use crate::links::publish::{self, Terms, What};
use crate::remote::{There, plain};
use crate::transfer::one::one;

/// Parts of a file that can't be read and are named.
const UNREAD: usize = 5;

/// `takeback share …`
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    after_help = "A file can be an export of ChatGPT with one conversation, messages in the Chat Completions form, a session of Claude \
                  Code (~/.claude/projects/*/*.jsonl) or of Codex (~/.codex/sessions/**/rollout-*.jsonl). Only what people and models \
                  said becomes public: no instructions, no thoughts, no tool calls and nothing that tools answered.\n\n\
                  Examples:\n  takeback share conv_5kPqR8…\n  takeback share transcript.json --user ada@example.org --title 'Queue for billing'\n  \
                  takeback share ~/.codex/sessions/2026/01/15/rollout-….jsonl --server https://chat.example.org\n  \
                  some-program | takeback share - --user ada@example.org --yes"
)]
pub struct Share {
    #[command(flatten)]
    there: There,
    /// A conversation's id, a file with one conversation, or - for standard input
    what: String,
    /// The title on the shared page [default: the conversation's]
    #[arg(long)]
    title: Option<String>,
    /// Show the owner's name on the page
    #[arg(long)]
    named: bool,
    /// Whose conversation a file becomes; with --server, the key's person's
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// When it ends by itself: 7d, or a last day such as 2027-01-31 [default: when it is deleted]
    #[arg(long, value_name = "WHEN", default_value = "", hide_default_value = true)]
    expires: String,
    /// Ask visitors for the password that is the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// How often it can be opened [default: as often as people like]
    #[arg(long, value_name = "N")]
    max_views: Option<i64>,
    /// Don't let visitors with an account continue it
    #[arg(long)]
    no_continue: bool,
    /// Don't ask before a file becomes public
    #[arg(long)]
    yes: bool,
}

/// Runs `takeback share …`: prints the URL alone.
///
/// # Errors
/// As [`publish::publish`], and when the conversation can't be found or read.
pub async fn share(config: Config, command: Share, as_json: bool) -> Result<Ended, Error> {
    if command.there.is_named() && command.user.is_some() {
        return Ok(Ended::Misused("On another server it becomes a conversation of the key's person: leave out --user.".to_owned()));
    }
    if command.password_stdin && command.what == "-" {
        return Ok(Ended::Misused("Standard input can’t be both the file and the password. Name the file.".to_owned()));
    }
    if command.password_stdin && !(command.what.starts_with("conv_") || command.yes) {
        return Ok(Ended::Misused("Standard input is the password, so nobody can be asked. Say --yes.".to_owned()));
    }
    let password = if command.password_stdin { Half::With(first_line()?) } else { Half::Keep };
    let lock = Wish { password, max_views: command.max_views.map_or(Half::Keep, Half::With) };
    let max_bytes = config.max_import_bytes;
    let made = match Place::open(&command.there, config).await? {
        Place::Here(here) => on(&here, &command, lock, max_bytes).await,
        Place::There(there) => elsewhere(&there, &command, &lock, max_bytes).await,
    };
    let link = made.map_err(|error| match error {
        Error::NotFound if command.what.starts_with("conv_") => Error::Setup(format!("There is no conversation {}.", command.what)),
        other => other,
    })?;
    say(as_json, &link, || text(&link, "url"));
    Ok(Ended::Done)
}

/// Shares it on the database here.
async fn on(here: &Here, command: &Share, lock: Wish, max_bytes: u64) -> Result<Value, Error> {
    let app = &here.app;
    let author = if command.named { Author::Name } else { Author::Anonymous };
    let expiry = Expiry::typed(&command.expires, app.now())?;
    let terms = Terms { title: command.title.clone(), author, up_to_message_id: None, expiry, lock, read_only: command.no_continue };
    if command.what.starts_with("conv_") {
        let found = conversations::store::owner_of(&mut *app.db.read().await?, &command.what).await?;
        let (owner, id) = found.ok_or(Error::NotFound)?;
        let link = publish::publish(app, &owner, &id, &terms, Via::Cli).await?;
        return here.object(&owner, &link);
    }
    let email = command.user.as_deref();
    let email = email.ok_or_else(|| Error::Setup("Say whose conversation the file becomes: --user EMAIL.".to_owned()))?;
    let owner = accounts::find(app, email).await?;
    let name = command.named.then_some(owner.name.as_str());
    let public = agreed(command, app.config.data.clone(), max_bytes, name, None).await?;
    // Always a new conversation: to one that was imported before, its owner may have added what is not in the file.
    let unseen = Unseen::of(public.transcript);
    let link = publish::publish_once(app, &owner, What::Unseen(&unseen), &terms, None, Via::Cli).await?;
    here.object(&owner, &link)
}

/// Shares it on a server elsewhere.
async fn elsewhere(Elsewhere(remote): &Elsewhere, command: &Share, lock: &Wish, max_bytes: u64) -> Result<Value, Error> {
    let mut body = Map::new();
    body.extend(body_of(Expiry::typed(&command.expires, now())?.ahead_of(now())?));
    body.extend(body_of_lock(lock));
    body.extend(command.no_continue.then(|| ("allow_continue".to_owned(), json!(false))));
    body.insert("author".to_owned(), json!(if command.named { "name" } else { "anonymous" }));
    if command.what.starts_with("conv_") {
        body.extend(command.title.as_ref().map(|title| ("title".to_owned(), json!(title))));
        body.insert("target".to_owned(), json!({"type": "conversation", "id": command.what}));
    } else {
        let name = command.named.then_some("your name there");
        let public = agreed(command, std::env::temp_dir(), max_bytes, name, Some(remote.name())).await?;
        body.insert("title".to_owned(), json!(command.title.clone().unwrap_or_else(|| preview::title(&public))));
        body.insert("messages".to_owned(), public.as_messages());
    }
    let body = Value::Object(body);
    if body.to_string().len() > MAX_BYTES_WITH_PICTURES {
        let words = "With its pictures the conversation has more than 32 MB, the most that a server takes at once.";
        return Err(Error::Setup(words.to_owned()));
    }
    remote.make("/v1/shared_links", &body).await
}

/// Reads the file, shows what will be public, and asks.
async fn agreed(command: &Share, folder: PathBuf, max_bytes: u64, name: Option<&str>, server: Option<&str>) -> Result<Public, Error> {
    let read = one(&command.what, folder, max_bytes).await?;
    let source = read.transcript.source;
    let public = Public::of(read.transcript);
    if public.transcript.messages.is_empty() {
        return Err(Error::Setup(format!("There is nothing in {} that visitors could see.", command.what)));
    }
    let mut err = io::stderr();
    for (at, reason) in read.unread.iter().enumerate().take(UNREAD) {
        let others = if at + 1 == UNREAD && read.unread.len() > UNREAD { " There is more like it." } else { "" };
        writeln!(err, "takeback: Left out, as it can’t be read: {}{others}", plain(reason, 300))?;
    }
    if command.yes {
        return Ok(public);
    }
    let about = About { source: source.name(), title: command.title.as_deref(), name, server };
    writeln!(err, "{}", preview::words(&public, &about))?;
    let from_stdin = command.what == "-";
    if blocking(move || ask(from_stdin)).await? { Ok(public) } else { Err(Error::Setup("Nothing was shared.".to_owned())) }
}

/// Whether the person at the terminal says yes. While standard input is the file, the terminal itself is asked.
fn ask(from_stdin: bool) -> Result<bool, Error> {
    let terminal = if from_stdin { std::fs::File::options().read(true).write(true).open("/dev/tty").ok() } else { None };
    if terminal.is_none() && (from_stdin || !io::stdin().is_terminal()) {
        let words = "Nothing was shared: there is no terminal to ask at. If all of this may become public, say --yes.";
        return Err(Error::Setup(words.to_owned()));
    }
    let mut line = String::new();
    if let Some(mut terminal) = terminal {
        write!(terminal, "Share it? [y/N] ")?;
        BufReader::new(terminal).read_line(&mut line)?;
    } else {
        write!(io::stderr(), "Share it? [y/N] ")?;
        io::stdin().lock().read_line(&mut line)?;
    }
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}
