//! `takeback keys`, on the local database. Whoever can open the database runs the server, so no password is asked.

use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::create::{self, MAX_DAYS, Wish};
use super::revoke;
use super::scope::Scopes;
use super::store::{self, ApiKey, ForOperator};
use crate::accounts;
use crate::app::App;
use crate::audit::Via;
use crate::cli::say;
use crate::error::Error;
use crate::pages::view::{Time, date};

/// `takeback keys …`
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a key for a person's programs; prints it alone, this once
    #[command(
        after_help = "Examples:\n  takeback keys create --user ada@example.org --name 'Weekly link check' --scopes shared_links:read --expires 90d\n  export TAKEBACK_API_KEY=$(takeback keys create --user ada@example.org --name laptop)"
    )]
    Create {
        /// In whose name it acts
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// What it is for
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What it may do
        #[arg(long, value_name = "SCOPES", value_delimiter = ',', help = scopes_help())]
        scopes: Option<Vec<String>>,
        /// When it ends, such as 90d [default: when it is revoked]
        #[arg(long, value_name = "DAYS", value_parser = days)]
        expires: Option<i64>,
    },
    /// List keys: everybody's, or one person's; never the keys themselves
    #[command(after_help = "Examples:\n  takeback keys list\n  takeback keys list --user ada@example.org --json")]
    List {
        /// Only this person's keys
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
    },
    /// End a key: programs that use it are refused from the answer on
    #[command(after_help = "Example:\n  takeback keys revoke key_7cMnB2…")]
    Revoke {
        /// key_…, as the list shows it
        id: String,
    },
}

/// Runs `takeback keys …`.
///
/// # Errors
/// [`Error::Setup`] with words for the person at the terminal.
pub async fn keys(app: &App, command: Keys, as_json: bool) -> Result<(), Error> {
    let outcome = match command {
        Keys::Create { user, name, scopes, expires } => make(app, &user, name, scopes, expires, as_json).await,
        Keys::List { user } => list(app, user.as_deref(), as_json).await,
        Keys::Revoke { id } => end(app, &id, as_json).await,
    };
    outcome.map_err(|error| match error {
        Error::Invalid { words, .. } => Error::Setup(words),
        error => error,
    })
}

async fn make(app: &App, email: &str, name: String, scopes: Option<Vec<String>>, days: Option<i64>, as_json: bool) -> Result<(), Error> {
    let user = accounts::find(app, email).await?;
    let scopes = match &scopes {
        Some(names) => Scopes::named(names.iter().map(String::as_str))?,
        None => Scopes::all(),
    };
    let made = create::create(app, &user.id, &Wish { name, scopes, days }, Via::Cli).await;
    let (key, text) = made.map_err(|error| match error {
        Error::NotFound => Error::Setup(format!("The account of {email} is disabled. A key of it could do nothing.")),
        other => other,
    })?;
    let mut value = described(&key, email);
    value["key"] = json!(text);
    say(as_json, &value, || text.clone());
    Ok(())
}

async fn list(app: &App, email: Option<&str>, as_json: bool) -> Result<(), Error> {
    let user = match email {
        Some(email) => Some(accounts::find(app, email).await?),
        None => None,
    };
    let keys = store::for_operator(&mut *app.db.read().await?, user.as_ref().map(|user| user.id.as_str()), None).await?;
    let data: Vec<Value> = keys.iter().map(|row| described(&row.key, &row.email)).collect();
    say(as_json, &json!({"object": "list", "data": data, "has_more": false}), || table(&keys, app.now()));
    Ok(())
}

async fn end(app: &App, id: &str, as_json: bool) -> Result<(), Error> {
    let found = store::for_operator(&mut *app.db.read().await?, None, Some(id)).await?;
    let unknown = || Error::Setup(format!("There is no key {id}. See `takeback keys list`."));
    let ForOperator { key, user_id, .. } = found.into_iter().next().ok_or_else(unknown)?;
    revoke::revoke(app, &user_id, &key.id, Via::Cli).await?;
    say(as_json, &json!({"id": key.id, "object": "api_key.deleted", "deleted": true}), || format!("{} ({}) is revoked.", key.id, key.name));
    Ok(())
}

fn described(key: &ApiKey, email: &str) -> Value {
    let seconds = |micros: i64| micros.div_euclid(1_000_000);
    json!({
        "id": key.id, "object": "api_key", "created_at": seconds(key.created_at), "name": key.name, "hint": key.hint,
        "scopes": key.scopes.names(), "expires_at": key.expires_at.map(seconds), "last_used_at": key.last_used_at.map(seconds),
        "owner": {"email": email},
    })
}

fn table(keys: &[ForOperator], now: i64) -> String {
    if keys.is_empty() {
        return "No keys.".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["ID", "NAME", "OWNER", "KEY", "MAY DO", "ENDS", "LAST USED"]);
    for ForOperator { key, email, .. } in keys {
        let scopes = if key.scopes == Scopes::all() { "everything".to_owned() } else { key.scopes.names().join(" ") };
        let ends = key.expires_at.map_or_else(|| "never".to_owned(), |at| if at <= now { "ended".to_owned() } else { date(at).0 });
        let used = key.last_used_at.map_or_else(|| "never".to_owned(), |at| Time::at(at, now).relative);
        table.add_row([&key.id, &key.name, email, &key.hint, &scopes, &ends, &used]);
    }
    table.to_string()
}

fn scopes_help() -> String {
    format!("What it may do, with commas between: {} [default: all of them]", Scopes::all().names().join(", "))
}

/// A number of days, with or without the letter.
fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<i64>().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    number.ok_or_else(|| format!("give a number of days up to {MAX_DAYS}, such as 90d"))
}
