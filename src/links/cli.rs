//! `takeback links` and `takeback share`, on the local database. Whoever can open the database can already read
//! everything in it, so these commands act as each link's owner.

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::api::object::SharedLink;
use super::expiry::Expiry;
use super::link::{Author, Link};
use super::public::Public;
use super::publish::{self, Change, Terms, What};
use super::revoke;
use super::store::{self, ForOperator};
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::cli::say;
use crate::clock::DAY_MICROS;
use crate::conversations;
use crate::conversations::take_in::Unseen;
use crate::error::Error;
use crate::pages::view::{Time, date};
use crate::transfer;

/// `takeback links …`
#[derive(Debug, Subcommand)]
pub enum Links {
    /// List links: everybody's, or one person's
    #[command(after_help = "Examples:\n  takeback links list\n  takeback links list --stale 90d --user ada@example.org --json")]
    List {
        /// Only links made and last opened longer ago than this, such as 90d
        #[arg(long, value_name = "DAYS", value_parser = days)]
        stale: Option<i64>,
        /// Only this person's links
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// Show one link
    #[command(after_help = "Example:\n  takeback links show link_3bXkQ2…")]
    Show {
        /// link_… or the last segment of its address
        id: String,
    },
    /// Change a link: its title, whose name it shows, when it ends, or the messages it shows
    #[command(
        after_help = "Examples:\n  takeback links update link_3bXkQ2… --title 'Queue for billing'\n  takeback links update link_3bXkQ2… --latest"
    )]
    Update {
        /// link_… or the last segment of its address
        id: String,
        /// The title on the shared page
        #[arg(long)]
        title: Option<String>,
        /// Show the owner's name
        #[arg(long, conflicts_with = "anonymous")]
        named: bool,
        /// Show nobody's name
        #[arg(long)]
        anonymous: bool,
        /// Show the conversation's latest messages
        #[arg(long)]
        latest: bool,
        /// When it ends by itself: 7d, a last day such as 2027-01-31, or never
        #[arg(long, value_name = "WHEN", default_value = "", hide_default_value = true)]
        expires: String,
    },
    /// Take links back: from the answer on, nobody can open them any more
    #[command(
        after_help = "Examples:\n  takeback links delete link_3bXkQ2… link_9aBcD3…\n  takeback links delete --all --user ada@example.org"
    )]
    Delete {
        /// link_… or the last segments of their addresses
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<String>,
        /// All links of one person
        #[arg(long, requires = "user")]
        all: bool,
        /// Whose links
        #[arg(long, value_name = "EMAIL", requires = "all")]
        user: Option<String>,
    },
}

/// `takeback share …`
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  takeback share conv_5kPqR8…\n  takeback share transcript.json --user ada@example.org --title 'Queue for billing'\n  some-program | takeback share - --user ada@example.org"
)]
pub struct Share {
    /// A conversation's id, a file with one conversation, or - for standard input
    what: String,
    /// The title on the shared page [default: the conversation's]
    #[arg(long)]
    title: Option<String>,
    /// Show the owner's name on the page
    #[arg(long)]
    named: bool,
    /// Whose conversation it becomes, for a file
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// When it ends by itself: 7d, or a last day such as 2027-01-31 [default: when it is deleted]
    #[arg(long, value_name = "WHEN", default_value = "", hide_default_value = true)]
    expires: String,
}

/// Runs `takeback links …`.
///
/// # Errors
/// [`Error::Setup`] with words for the person at the terminal.
pub async fn links(app: &App, command: Links, as_json: bool) -> Result<(), Error> {
    match command {
        Links::List { stale, user } => list(app, stale, user.as_deref(), as_json).await,
        Links::Show { id } => {
            let (owner, link) = find(app, &id).await?;
            show(app, &owner, &link, as_json).await
        }
        Links::Update { id, title, named, anonymous, latest, expires } => {
            let (owner, link) = find(app, &id).await?;
            let author = if named { Some(Author::Name) } else { anonymous.then_some(Author::Anonymous) };
            let expiry = Expiry::typed(&expires, app.now())?;
            if title.is_none() && author.is_none() && expiry == Expiry::Keep && !latest {
                return Err(Error::Setup("Say what to change: --title, --named, --anonymous, --expires or --latest.".to_owned()));
            }
            let change = Change { title: title.as_deref(), author, expiry, latest };
            let link = publish::change(app, &owner, &link.id, change, Via::Cli).await?;
            show(app, &owner, &link, as_json).await
        }
        Links::Delete { ids, all: _, user } => match user {
            Some(email) => {
                let owner = accounts::find(app, &email).await?;
                let count = revoke::delete_all(app, &owner.id, Via::Cli).await?;
                say(as_json, &json!({"object": "shared_link.list.deleted", "deleted": count}), || {
                    format!("{count} links of {email} are deleted.")
                });
                Ok(())
            }
            None => delete(app, &ids, as_json).await,
        },
    }
}

/// Runs `takeback share …`: prints the URL alone.
///
/// # Errors
/// As [`publish::publish`], and when the conversation can't be found or read.
pub async fn share(app: &App, command: Share, as_json: bool) -> Result<(), Error> {
    let author = if command.named { Author::Name } else { Author::Anonymous };
    let terms = Terms { title: command.title, author, up_to_message_id: None, expiry: Expiry::typed(&command.expires, app.now())? };
    let (owner, link) = if command.what.starts_with("conv_") {
        let (owner, id) = conversations::store::owner_of(&mut *app.db.read().await?, &command.what)
            .await?
            .ok_or_else(|| Error::Setup(format!("There is no conversation {}.", command.what)))?;
        let link = publish::publish(app, &owner, &id, &terms, Via::Cli).await?;
        (owner, link)
    } else {
        let email =
            command.user.as_deref().ok_or_else(|| Error::Setup("Say whose conversation the file becomes: --user EMAIL.".to_owned()))?;
        let owner = accounts::find(app, email).await?;
        let one = transfer::one::one(&command.what, app.config.data.clone(), app.config.max_import_bytes).await?;
        // Always a new conversation: to one that was imported before, its owner may have added what is not in the file.
        let unseen = Unseen::of(Public::of(one.transcript).transcript);
        let link = publish::publish_once(app, &owner, What::Unseen(&unseen), &terms, None, Via::Cli).await?;
        (owner, link)
    };
    let base = base_url(app).await?;
    say(as_json, &serde_json::to_value(SharedLink::of(&base, &owner.name, &link, app.now()))?, || url(&base, &link));
    Ok(())
}

async fn list(app: &App, stale: Option<i64>, user: Option<&str>, as_json: bool) -> Result<(), Error> {
    let owner = match user {
        Some(email) => Some(accounts::find(app, email).await?.id),
        None => None,
    };
    let before = stale.map(|days| app.now() - days * DAY_MICROS);
    let links = store::for_operator(&mut *app.db.read().await?, owner.as_deref(), before).await?;
    let base = base_url(app).await?;
    let rows = links.iter().map(|row| with_owner(&base, row, app.now())).collect::<Result<Vec<Value>, Error>>()?;
    say(as_json, &json!({"object": "list", "data": rows}), || table(app, &links));
    Ok(())
}

async fn delete(app: &App, ids: &[String], as_json: bool) -> Result<(), Error> {
    let mut failed = Vec::new();
    for id in ids {
        // One that isn't there must not keep the others open.
        let deleted = async {
            let (owner, link) = find(app, id).await?;
            revoke::delete(app, &owner.id, &link.id, Via::Cli).await?;
            Ok::<_, Error>(link.id)
        };
        match deleted.await {
            Ok(id) => say(as_json, &json!({"id": id, "object": "shared_link.deleted", "deleted": true}), || format!("{id} is deleted.")),
            Err(error) => failed.push(error.to_string()),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Setup(failed.join("\n"))) }
}

async fn show(app: &App, owner: &User, link: &Link, as_json: bool) -> Result<(), Error> {
    let base = base_url(app).await?;
    say(as_json, &serde_json::to_value(SharedLink::of(&base, &owner.name, link, app.now()))?, || {
        let seen = link.last_viewed_at.map_or_else(|| "never".to_owned(), |at| Time::at(at, app.now()).relative);
        format!(
            "{}\n{}\nshared     {}, {}\nends       {}\nmessages   {} (revision {})\nviews      {}, last {seen}\ncopies     {}",
            link.title,
            url(&base, link),
            date(link.created_at).1,
            if link.author == Author::Name { "with the owner's name" } else { "anonymously" },
            link.expires_at.map_or_else(|| "when it is deleted".to_owned(), |at| Time::at(at, app.now()).exact),
            link.message_count,
            link.revision,
            link.views,
            link.copies,
        )
    });
    Ok(())
}

fn table(app: &App, links: &[ForOperator]) -> String {
    if links.is_empty() {
        return "No links.".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["ID", "TITLE", "OWNER", "SHARED", "VIEWS", "COPIES", "LAST VIEW"]);
    for ForOperator { link, owner_email, .. } in links {
        let seen = link.last_viewed_at.map_or_else(|| "never".to_owned(), |at| Time::at(at, app.now()).relative);
        table.add_row([
            &link.id,
            &link.title,
            owner_email,
            &date(link.created_at).0,
            &link.views.to_string(),
            &link.copies.to_string(),
            &seen,
        ]);
    }
    table.to_string()
}

/// A link and its owner, by the link's id or the last segment of its address.
async fn find(app: &App, id: &str) -> Result<(User, Link), Error> {
    let id = if id.starts_with("link_") { id.to_owned() } else { format!("link_{}", id.rsplit('/').next().unwrap_or(id)) };
    let mut tx = app.db.read().await?;
    let unknown = || Error::Setup(format!("There is no link {id}. It may have been deleted already."));
    let owner = store::owner_of(&mut tx, &id).await?.ok_or_else(unknown)?;
    let link = store::owned(&mut tx, &owner.id, &id).await.map_err(|_| unknown())?;
    Ok((owner, link))
}

/// Where links begin: what the configuration says, or else where the server was found when it ran last.
async fn base_url(app: &App) -> Result<String, Error> {
    if let Some(url) = &app.config.public_url {
        return Ok(url.clone());
    }
    let known = accounts::store::setting(&mut *app.db.read().await?, accounts::store::BASE_URL).await?;
    Ok(known.unwrap_or_else(|| app.config.base_url()))
}

fn url(base: &str, link: &Link) -> String {
    format!("{base}{}", link.path())
}

/// As the API shows it, and whose it is.
fn with_owner(base: &str, row: &ForOperator, now: i64) -> Result<Value, Error> {
    let mut value = serde_json::to_value(SharedLink::of(base, &row.owner_name, &row.link, now))?;
    value["owner"] = json!({"email": row.owner_email});
    Ok(value)
}

/// A number of days, with or without the letter.
fn days(text: &str) -> Result<i64, String> {
    let number = text.trim_end_matches('d').parse::<i64>().ok().filter(|days| (0..=36_500).contains(days));
    number.ok_or_else(|| "give a number of days, such as 90d".to_owned())
}
