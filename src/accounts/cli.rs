//! `takeback users`, on the local database. Whoever can open the database runs the server, so no password is asked.

use std::io::{IsTerminal, Write};

use clap::Subcommand;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::sign_up::{Applicant, Draft, person};
use super::user::{Account, Role, User};
use super::{delete, find, people, reset, set_up, store};
use crate::app::App;
use crate::audit::Via;
use crate::cli::{base_url, first_line, say};
use crate::error::Error;
use crate::pages::view::Time;
use crate::write_tx;

/// Accounts read at once for the list.
const PAGE: i64 = 500;

/// `takeback users …`
#[derive(Debug, Subcommand)]
pub enum Users {
    /// Make an account; prints a link with which the person sets a password, unless you give one
    #[command(
        after_help = "Examples:\n  takeback users add --email ada@example.org --name Ada --admin\n  pass show takeback/ada | takeback users add --email ada@example.org --name Ada --password-stdin"
    )]
    Add {
        /// What they sign in with
        #[arg(long, value_name = "EMAIL")]
        email: String,
        /// The name that others see
        #[arg(long, value_name = "NAME")]
        name: String,
        /// An administrator; the first account always is one
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input, one line
        #[arg(long)]
        password_stdin: bool,
    },
    /// List accounts
    #[command(after_help = "Examples:\n  takeback users list\n  takeback users list --json")]
    List,
    /// Close an account: signs the person out everywhere and closes their links
    #[command(after_help = "Example:\n  takeback users disable ada@example.org")]
    Disable {
        /// Whose account
        email: String,
    },
    /// Open a closed account again, and its links with it
    #[command(after_help = "Example:\n  takeback users enable ada@example.org")]
    Enable {
        /// Whose account
        email: String,
    },
    /// Delete an account: its links end at once, its conversations go with the clean-up
    #[command(after_help = "Examples:\n  takeback users delete ada@example.org\n  takeback users delete ada@example.org --yes")]
    Delete {
        /// Whose account
        email: String,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Print a link with which a person sets a new password; it works once, for a day
    #[command(after_help = "Example:\n  takeback users reset-password ada@example.org")]
    ResetPassword {
        /// Whose password
        email: String,
    },
}

impl Users {
    /// Whether it may come before the first start of the server. Others would make a database where there is none, and
    /// a mistyped folder would look like a server without accounts.
    pub fn may_come_first(&self) -> bool {
        matches!(self, Self::Add { .. })
    }
}

/// Runs `takeback users …`.
///
/// # Errors
/// [`Error::Setup`] with words for the person at the terminal.
pub async fn users(app: &App, command: Users, as_json: bool) -> Result<(), Error> {
    let outcome = match command {
        Users::Add { email, name, admin, password_stdin } => add(app, &email, &name, admin, password_stdin, as_json).await,
        Users::List => list(app, as_json).await,
        Users::Disable { email } => {
            let user = find(app, &email).await?;
            let done = people::disable(app, &user.id, &user.id, Via::Cli).await;
            done.map(|()| say(as_json, &changed(&user, "disabled"), || format!("{email} is disabled and signed out everywhere.")))
        }
        Users::Enable { email } => {
            let user = find(app, &email).await?;
            let done = people::enable(app, &user.id, &user.id, Via::Cli).await;
            done.map(|()| say(as_json, &changed(&user, "enabled"), || format!("{email} is enabled.")))
        }
        Users::Delete { email, yes } => delete(app, &email, yes, as_json).await,
        Users::ResetPassword { email } => {
            let user = find(app, &email).await?;
            match reset::make(app, None, &user.id, Via::Cli).await {
                Ok(path) => show_link(app, &user, &path, as_json).await,
                Err(error) => Err(error),
            }
        }
    };
    outcome.map_err(in_words)
}

async fn add(app: &App, email: &str, name: &str, admin: bool, password_stdin: bool, as_json: bool) -> Result<(), Error> {
    let first = !app.has_users().await?;
    let role = if admin || first { Role::Admin } else { Role::Member };
    let Draft { user, password_hash } = if password_stdin {
        let password = first_line()?;
        Applicant { name, email, password: &password }.check(app, role).await?
    } else {
        Draft { user: person(name, email, role)?, password_hash: String::new() }
    };
    let now = app.now();
    let path = write_tx!(app.db, "add an account", |tx| {
        // Two first accounts at once, one of them on the set-up page, wait for one another here.
        store::lock_people(tx, now).await?;
        if first && store::any_now(tx).await? && !admin {
            return Err(Error::Setup("Somebody made the first account meanwhile. Run the command again.".to_owned()));
        }
        set_up::create(tx, &user, &password_hash, now, Via::Cli).await?;
        if password_stdin { Ok(None) } else { reset::make_in(tx, None, &user.id, now, Via::Cli).await.map(Some) }
    })?;
    match path {
        Some(path) => show_link(app, &user, &path, as_json).await?,
        None => say(as_json, &described(&user), || {
            format!("{} has an account{}.", user.email, if user.is_admin() { " and runs the server" } else { "" })
        }),
    }
    Ok(())
}

async fn list(app: &App, as_json: bool) -> Result<(), Error> {
    let mut all: Vec<Account> = Vec::new();
    loop {
        let after = all.last().map(|account| account.id.clone());
        let page = store::accounts(&mut *app.db.read().await?, after.as_deref(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    let now = app.now();
    let seconds = |micros: i64| micros.div_euclid(1_000_000);
    let data: Vec<Value> = all
        .iter()
        .map(|a| {
            json!({"id": a.id, "object": "user", "email": a.email, "name": a.name, "role": a.role, "disabled": a.disabled_at.is_some(),
                   "created_at": seconds(a.created_at), "last_seen_at": a.last_seen_at.map(seconds)})
        })
        .collect();
    say(as_json, &json!({"object": "list", "data": data, "has_more": false}), || table(&all, now));
    Ok(())
}

fn table(accounts: &[Account], now: i64) -> String {
    if accounts.is_empty() {
        return "Nobody has an account yet. Make the first: takeback users add --email E --name N".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["E-MAIL", "NAME", "ROLE", "SINCE", "LAST SEEN"]);
    for account in accounts {
        let role = if account.disabled_at.is_some() { "disabled" } else { &account.role };
        let seen = account.last_seen_at.map_or_else(|| "never".to_owned(), |at| Time::at(at, now).relative);
        table.add_row([&account.email, &account.name, role, &Time::at(account.created_at, now).relative, &seen]);
    }
    table.to_string()
}

async fn delete(app: &App, email: &str, yes: bool, as_json: bool) -> Result<(), Error> {
    let user = find(app, email).await?;
    if !yes {
        confirm(app, &user).await?;
    }
    delete::delete(app, &user.id, &user.id, Via::Cli).await?;
    say(as_json, &json!({"id": user.id, "object": "user.deleted", "deleted": true}), || {
        format!(
            "{email} is deleted. Their links are closed now; their conversations are erased by the server within a minute, or when it starts."
        )
    });
    Ok(())
}

async fn confirm(app: &App, user: &User) -> Result<(), Error> {
    if !std::io::stdin().is_terminal() {
        return Err(Error::Setup("Deleting an account can't be undone. Say --yes if you mean it.".to_owned()));
    }
    let (conversations, _) = store::belongings(&mut *app.db.read().await?, &user.id).await?;
    let question = format!(
        "{} ({}) has {conversations} conversations. Deleting the account ends all its links and can't be undone.\nType the e-mail address to go on: ",
        user.name, user.email
    );
    let mut out = std::io::stderr();
    out.write_all(question.as_bytes())?;
    out.flush()?;
    if first_line()?.trim().eq_ignore_ascii_case(&user.email) { Ok(()) } else { Err(Error::Setup("Nothing was deleted.".to_owned())) }
}

async fn show_link(app: &App, user: &User, path: &str, as_json: bool) -> Result<(), Error> {
    let url = format!("{}{path}", base_url(app).await?);
    let mut value = described(user);
    value["password_url"] = json!(url);
    say(as_json, &value, || format!("{url}\nSend it to {}: it sets the password, works once, and ends in 24 hours.", user.email));
    Ok(())
}

fn described(user: &User) -> Value {
    json!({"id": user.id, "object": "user", "email": user.email, "name": user.name, "role": user.role})
}

fn changed(user: &User, what: &str) -> Value {
    json!({"id": user.id, "object": format!("user.{what}"), "email": user.email})
}

/// The words of an error that a form would show beside a field.
fn in_words(error: Error) -> Error {
    match error {
        Error::NotFound => Error::Setup("That account isn't there any more.".to_owned()),
        error => error,
    }
}
