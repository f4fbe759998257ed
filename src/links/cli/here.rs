//! Links on the database here.

use serde_json::{Value, json};

use super::Wish;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::cli;
use crate::clock::DAY_MICROS;
use crate::config::Config;
use crate::error::Error;
use crate::links::api::object::SharedLink;
use crate::links::link::{Author, Link};
use crate::links::lists;
use crate::links::publish::{self, Change};
use crate::links::revoke;
use crate::links::store;

/// The state, and where its links begin.
pub struct Here {
    /// The state.
    pub app: App,
    base: String,
}

impl Here {
    /// Opens the database.
    ///
    /// # Errors
    /// As [`cli::open`].
    pub async fn open(config: Config) -> Result<Self, Error> {
        let app = cli::open(config).await?;
        let base = cli::base_url(&app).await?;
        Ok(Self { app, base })
    }

    /// A link as the API shows it.
    pub(super) fn object(&self, owner: &User, link: &Link) -> Result<Value, Error> {
        Ok(serde_json::to_value(SharedLink::of(&self.base, &owner.name, link, self.app.now()))?)
    }

    pub(super) async fn list(&self, stale: Option<i64>, user: Option<&str>) -> Result<Vec<Value>, Error> {
        let owner = match user {
            Some(email) => Some(accounts::find(&self.app, email).await?.id),
            None => None,
        };
        let before = stale.map(|days| self.app.now() - days * DAY_MICROS);
        let links = lists::for_operator(&mut *self.app.db.read().await?, owner.as_deref(), before).await?;
        let object = |row: &lists::ForOperator| {
            let mut value = serde_json::to_value(SharedLink::of(&self.base, &row.owner_name, &row.link, self.app.now()))?;
            value["owner"] = json!({"email": row.owner_email, "disabled": row.owner_disabled});
            Ok(value)
        };
        links.iter().map(object).collect()
    }

    pub(super) async fn show(&self, id: &str) -> Result<Value, Error> {
        let (owner, link) = self.find(id).await?;
        self.object(&owner, &link)
    }

    pub(super) async fn update(&self, id: &str, wish: &Wish) -> Result<Value, Error> {
        let (owner, link) = self.find(id).await?;
        let author = wish.author.map(|author| if author == "name" { Author::Name } else { Author::Anonymous });
        let change = Change {
            title: wish.title.as_deref(),
            author,
            expiry: wish.expiry,
            paused: None,
            lock: wish.lock.clone(),
            allow_continue: wish.allow_continue,
            latest: wish.latest,
        };
        let link = publish::change(&self.app, &owner, &link.id, change, Via::Cli).await?;
        self.object(&owner, &link)
    }

    pub(super) async fn delete(&self, id: &str) -> Result<(), Error> {
        let (owner, link) = self.find(id).await?;
        revoke::delete(&self.app, &owner.id, &link.id, Via::Cli).await
    }

    pub(super) async fn delete_all(&self, user: &str) -> Result<i64, Error> {
        let owner = accounts::find(&self.app, user).await?;
        revoke::delete_all(&self.app, &owner.id, Via::Cli).await
    }

    /// A link and its owner.
    async fn find(&self, id: &str) -> Result<(User, Link), Error> {
        let mut tx = self.app.db.read().await?;
        let owner = store::owner_of(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let link = store::owned(&mut tx, &owner.id, id).await?;
        Ok((owner, link))
    }
}
