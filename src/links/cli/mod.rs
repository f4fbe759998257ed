//! `takeback links` and `takeback share`. On the database itself ([`here`]) they act as each link's owner: whoever can
//! open it can already read everything in it. On a server elsewhere ([`there`]) they are its API's caller. Both hand
//! over the API's objects, and what is printed is the same.

pub mod audit;
pub mod here;
pub mod preview;
pub mod print;
pub mod share;
pub mod there;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use self::here::Here;
use self::there::There as Elsewhere;
use crate::cli::{self, Ended, say};
use crate::config::Config;
use crate::error::Error;
use crate::links::expiry::Expiry;
use crate::links::lock::{self, Half};
use crate::remote::There;

/// `takeback links …`
#[derive(Args, Debug)]
pub struct Links {
    #[command(flatten)]
    there: There,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List links: everybody's, or one person's
    #[command(
        after_help = "Examples:\n  takeback links list\n  takeback links list --stale 90d --user ada@example.org --json\n  takeback links list --server https://chat.example.org"
    )]
    List {
        /// Only links made and last opened longer ago than this, such as 90d
        #[arg(long, value_name = "DAYS", value_parser = cli::days)]
        stale: Option<i64>,
        /// Only this person's links
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// Show one link
    #[command(after_help = "Example:\n  takeback links show link_3bXkQ2…\n  takeback links show https://chat.example.org/share/3bXkQ2…")]
    Show {
        /// link_…, its address, or the last segment of it
        id: String,
    },
    /// Change a link: its title, whose name it shows, when it ends, what it asks of visitors, or the messages it shows
    #[command(
        after_help = "Examples:\n  takeback links update link_3bXkQ2… --title 'Queue for billing'\n  takeback links update link_3bXkQ2… --latest --expires 30d\n  pass show client | takeback links update link_3bXkQ2… --password-stdin"
    )]
    Update {
        /// link_…, its address, or the last segment of it
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
        /// Ask visitors for the password that is the first line of standard input
        #[arg(long, conflicts_with = "no_password")]
        password_stdin: bool,
        /// Ask for no password any more
        #[arg(long)]
        no_password: bool,
        /// How often it can be opened in all, or any
        #[arg(long, value_name = "N", value_parser = max_views)]
        max_views: Option<Half<i64>>,
        /// Whether visitors with an account can continue it
        #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
        continuable: Option<bool>,
    },
    /// Take links back: from the answer on, nobody can open them any more
    #[command(
        after_help = "Examples:\n  takeback links delete link_3bXkQ2… link_9aBcD3…\n  takeback links delete --all --user ada@example.org\n  takeback links delete --all --server https://chat.example.org"
    )]
    Delete {
        /// link_…, their addresses, or the last segments of them
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<String>,
        /// All links of one person; with --server, of the key's
        #[arg(long)]
        all: bool,
        /// Whose links
        #[arg(long, value_name = "EMAIL", requires = "all")]
        user: Option<String>,
    },
    /// Find links that deserve a look: not opened for long, of a disabled account, with a name on them. Exits 3 if
    /// there are any
    #[command(
        after_help = "Examples:\n  takeback links audit\n  takeback links audit --stale 30d --json\n  0 8 * * 1  takeback links audit --server https://chat.example.org || mail …   # cron, the key in TAKEBACK_API_KEY"
    )]
    Audit {
        /// What counts as long
        #[arg(long, value_name = "DAYS", value_parser = cli::days, default_value = "90d")]
        stale: i64,
        /// Only this person's links
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
}

/// What `links update` is to change.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    title: Option<String>,
    author: Option<&'static str>,
    expiry: Expiry,
    lock: lock::Wish,
    allow_continue: Option<bool>,
    latest: bool,
}

/// How often it can be opened: a number, or `any`.
fn max_views(text: &str) -> Result<Half<i64>, String> {
    match text {
        "any" => Ok(Half::Without),
        number => number.parse().map(Half::With).map_err(|_| "give a number, or any".to_owned()),
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say yes or no".to_owned()),
    }
}

impl Wish {
    fn is_empty(&self) -> bool {
        let face = self.title.is_none() && self.author.is_none() && !self.latest;
        face && self.expiry == Expiry::Keep && self.lock.is_empty() && self.allow_continue.is_none()
    }
}

/// Where the links are.
pub enum Place {
    /// On the database here.
    Here(Here),
    /// On a server elsewhere.
    There(Elsewhere),
}

impl Place {
    /// Where `there` says.
    ///
    /// # Errors
    /// As [`There::open`] and [`cli::open`].
    pub async fn open(there: &There, config: Config) -> Result<Self, Error> {
        Ok(match there.open()? {
            Some(remote) => Self::There(Elsewhere(remote)),
            None => Self::Here(Here::open(config).await?),
        })
    }

    async fn list(&self, stale: Option<i64>, user: Option<&str>) -> Result<Vec<Value>, Error> {
        match self {
            Self::Here(here) => here.list(stale, user).await,
            Self::There(there) => there.list(stale).await,
        }
    }

    async fn show(&self, id: &str) -> Result<Value, Error> {
        match self {
            Self::Here(here) => here.show(id).await,
            Self::There(there) => there.show(id).await,
        }
    }

    async fn update(&self, id: &str, wish: &Wish) -> Result<Value, Error> {
        match self {
            Self::Here(here) => here.update(id, wish).await,
            Self::There(there) => there.update(id, wish).await,
        }
    }

    async fn delete(&self, id: &str) -> Result<(), Error> {
        match self {
            Self::Here(here) => here.delete(id).await,
            Self::There(there) => there.delete(id).await,
        }
    }

    async fn delete_all(&self, user: Option<&str>) -> Result<i64, Error> {
        match (self, user) {
            (Self::Here(here), Some(user)) => here.delete_all(user).await,
            (Self::There(there), _) => there.delete_all().await,
            (Self::Here(_), None) => Err(Error::Internal("nobody's links are to be deleted".to_owned())),
        }
    }
}

/// Runs `takeback links …`.
///
/// # Errors
/// [`Error::Setup`] with words for the person at the terminal.
pub async fn links(config: Config, Links { there, command }: Links, as_json: bool) -> Result<Ended, Error> {
    if let Some(misuse) = misuse(&there, &command) {
        return Ok(Ended::Misused(misuse));
    }
    let place = Place::open(&there, config).await?;
    match command {
        Command::List { stale, user } => {
            let links = place.list(stale, user.as_deref()).await?;
            say(as_json, &json!({"object": "list", "data": links, "has_more": false}), || print::table(&links));
        }
        Command::Show { id } => {
            let link = place.show(&id_of(&id)?).await.map_err(|error| unknown(&id, error))?;
            say(as_json, &link, || print::one(&link));
        }
        Command::Update { id, title, named, anonymous, latest, expires, password_stdin, no_password, max_views, continuable } => {
            let password = match (password_stdin, no_password) {
                (true, _) => Half::With(cli::first_line()?),
                (false, true) => Half::Without,
                (false, false) => Half::Keep,
            };
            let wish = Wish {
                title,
                author: if named { Some("name") } else { anonymous.then_some("anonymous") },
                expiry: Expiry::typed(&expires, cli::now())?,
                lock: lock::Wish { password, max_views: max_views.unwrap_or_default() },
                allow_continue: continuable,
                latest,
            };
            let link = update(&place, &id, &wish).await.map_err(|error| unknown(&id, error))?;
            say(as_json, &link, || print::one(&link));
        }
        Command::Delete { ids, all: false, .. } => delete(&place, &ids, as_json).await?,
        Command::Delete { user, .. } => {
            let count = place.delete_all(user.as_deref()).await?;
            let whose = user.map_or_else(|| "of yours".to_owned(), |user| format!("of {user}"));
            say(as_json, &json!({"object": "shared_link.list.deleted", "deleted": count}), || {
                format!("{count} links {whose} are deleted.")
            });
        }
        Command::Audit { stale, user } => return audit::audit(&place, stale, user.as_deref(), as_json).await,
    }
    Ok(Ended::Done)
}

/// What the arguments can't mean together.
fn misuse(there: &There, command: &Command) -> Option<String> {
    let user = match command {
        Command::List { user, .. } | Command::Audit { user, .. } | Command::Delete { user, .. } => user.is_some(),
        Command::Show { .. } | Command::Update { .. } => false,
    };
    match command {
        _ if user && there.is_named() => Some("On another server, links are those of the key's person: leave out --user.".to_owned()),
        Command::Delete { all: true, user: None, .. } if !there.is_named() => Some("Say whose links with --user EMAIL.".to_owned()),
        _ => None,
    }
}

async fn update(place: &Place, id: &str, wish: &Wish) -> Result<Value, Error> {
    let id = id_of(id)?;
    if wish.is_empty() {
        place.show(&id).await?;
        let words = "Say what to change: --title, --named, --anonymous, --expires, --password-stdin, --no-password, --max-views, --continuable \
                     or --latest.";
        return Err(Error::Setup(words.to_owned()));
    }
    place.update(&id, wish).await
}

async fn delete(place: &Place, ids: &[String], as_json: bool) -> Result<(), Error> {
    let mut failed = Vec::new();
    for name in ids {
        // One that isn't there must not keep the others open.
        let deleted = async {
            let id = id_of(name)?;
            place.delete(&id).await.map_err(|error| unknown(name, error))?;
            Ok::<_, Error>(id)
        };
        match deleted.await {
            Ok(id) => say(as_json, &json!({"id": id, "object": "shared_link.deleted", "deleted": true}), || format!("{id} is deleted.")),
            Err(error) => failed.push(error.to_string()),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Setup(failed.join("\n"))) }
}

/// `link_…` of an id, of a link's address, or of its last segment.
fn id_of(name: &str) -> Result<String, Error> {
    let path = name.split(['?', '#']).next().unwrap_or(name).trim_end_matches('/');
    // Behind /share/ comes the token, also where something like /markdown comes behind that.
    let token = path.split_once("/share/").map_or_else(|| path.rsplit('/').next(), |(_, rest)| rest.split('/').next());
    let token = token.unwrap_or_default();
    let token = token.strip_prefix("link_").unwrap_or(token);
    let plain = !token.is_empty() && token.chars().all(|c| c.is_ascii_alphanumeric());
    if plain { Ok(format!("link_{token}")) } else { Err(no_link(&crate::remote::plain(name, 100))) }
}

fn no_link(id: &str) -> Error {
    Error::Setup(format!("There is no link {id}. It may have been deleted already."))
}

fn unknown(name: &str, error: Error) -> Error {
    match error {
        Error::NotFound => id_of(name).map_or_else(|unknown| unknown, |id| no_link(&id)),
        other => other,
    }
}
