//! Lists of links: pages in the orders in which they are asked for, and how many there are. As in [`super::store`], each
//! query names the owner, or is the command line's on its own database.

use std::fmt;

use sqlx::{AssertSqlSafe, FromRow, Row};

use super::link::{Link, PAUSED, TargetType};
use super::store::{COLUMNS, OF_OWNER, owned};
use crate::api::list::Place;
use crate::error::Error;
use crate::storage::{Tx, sql};

/// How the list of links can be sorted; always the largest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Created,
    /// Most opened first.
    Views,
    /// Last opened first.
    LastViewed,
}

impl Sort {
    /// From a query string; anything unknown is the default.
    pub fn parse(text: &str) -> Self {
        match text {
            "views" => Self::Views,
            "last_viewed" => Self::LastViewed,
            _ => Self::Created,
        }
    }

    /// As in a query string, and the name of the column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Views => "views",
            Self::LastViewed => "last_viewed",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Created => "created_at",
            Self::Views => "views",
            Self::LastViewed => "last_viewed_at",
        }
    }
}

/// A place in the list: the sort value and the id of the link before it. It holds when that link is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    value: i64,
    id: String,
}

impl Cursor {
    /// The place behind `link`.
    pub fn behind(link: &Link, sort: Sort) -> Self {
        let value = match sort {
            Sort::Created => link.created_at,
            Sort::Views => link.views,
            Sort::LastViewed => link.last_viewed_at.unwrap_or_default(),
        };
        Self { value, id: link.id.clone() }
    }

    /// From a query string.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what no list has given out.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('.').and_then(|(value, id)| Some(Self { value: value.parse().ok()?, id: id.to_owned() }));
        parts.ok_or_else(|| Error::invalid("after", "The list has changed since you opened it. Reload the page."))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.value, self.id)
    }
}

/// Up to `limit` of the owner's links whose titles contain `words`, behind the place `after`.
pub async fn list(tx: &mut Tx, owner_id: &str, words: &str, sort: Sort, after: Option<&Cursor>, limit: i64) -> Result<Vec<Link>, Error> {
    let column = sort.column();
    // Every parameter stands in the text whether it narrows the list or not, so there is one statement for each sort.
    let query = format!(
        "SELECT {COLUMNS} FROM {OF_OWNER} AND l.title_key LIKE $2 ESCAPE '\\' \
         AND ($3 = 0 OR l.{column} < $4 OR (l.{column} = $4 AND l.id < $5)) \
         ORDER BY l.{column} DESC, l.id DESC LIMIT $6"
    );
    let rows = sqlx::query_as(AssertSqlSafe(query))
        .bind(owner_id)
        .bind(sql::contains(words))
        .bind(i64::from(after.is_some()))
        .bind(after.map_or(0, |cursor| cursor.value))
        .bind(after.map_or("", |cursor| cursor.id.as_str()))
        .bind(limit)
        .fetch_all(tx)
        .await?;
    Ok(rows)
}

/// Which links a program wants to see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words in the title.
    pub words: String,
    /// To such a target alone.
    pub target_type: Option<TargetType>,
    /// Of this target alone.
    pub target_id: Option<String>,
    /// Only paused ones, or only those that are not.
    pub paused: Option<bool>,
    /// Made and last opened before this, in Unix microseconds.
    pub stale_before: Option<i64>,
}

/// A page of the owner's links by the time at which they were made.
///
/// # Errors
/// As [`Cursor::unknown`](crate::api::list::Cursor::unknown) for a cursor that is no link of theirs.
pub async fn page(tx: &mut Tx, owner_id: &str, filter: &Filter, place: &Place) -> Result<Vec<Link>, Error> {
    let (direction, than) = if place.reads_ascending() { ("ASC", ">") } else { ("DESC", "<") };
    let (at, id) = match &place.cursor {
        Some(cursor) => {
            let link = owned(tx, owner_id, cursor.id()).await.map_err(|error| match error {
                Error::NotFound => cursor.unknown(),
                other => other,
            })?;
            (link.created_at, link.id)
        }
        // Beside all that there are, so that the statement is the same and reads the index from its end.
        None if place.reads_ascending() => (i64::MIN, String::new()),
        None => (i64::MAX, String::new()),
    };
    let target = if filter.target_id.is_some() { "l.target_id = $5" } else { "$5 = ''" };
    let target_type = filter.target_type.map_or("", TargetType::as_str);
    let access = match filter.paused {
        None => "",
        Some(true) => PAUSED,
        Some(false) => "anyone",
    };
    let query = format!(
        "SELECT {COLUMNS} FROM {OF_OWNER} AND (l.created_at, l.id) {than} ($2, $3) AND l.title_key LIKE $4 ESCAPE '\\' AND {target} \
         AND l.created_at < $6 AND l.last_viewed_at < $6 AND ($7 = '' OR l.target_type = $7) AND ($8 = '' OR l.access = $8) \
         ORDER BY l.created_at {direction}, l.id {direction} LIMIT $9"
    );
    let rows = sqlx::query_as(AssertSqlSafe(query))
        .bind(owner_id)
        .bind(at)
        .bind(id)
        .bind(sql::contains(&filter.words))
        .bind(filter.target_id.as_deref().unwrap_or_default())
        .bind(filter.stale_before.unwrap_or(i64::MAX))
        .bind(target_type)
        .bind(access)
        .bind(place.to_fetch())
        .fetch_all(tx)
        .await?;
    Ok(rows)
}

/// How many links the owner has, and how many of them were made and last opened before `before`.
pub async fn counts(tx: &mut Tx, owner_id: &str, before: i64) -> Result<(i64, i64), Error> {
    let query = format!(
        "SELECT COUNT(*) AS all_links, COALESCE(CAST(SUM(CASE WHEN l.created_at < $2 AND l.last_viewed_at < $2 THEN 1 ELSE 0 END) AS BIGINT), 0) AS stale \
         FROM {OF_OWNER}"
    );
    let row = sqlx::query(AssertSqlSafe(query)).bind(owner_id).bind(before).fetch_one(tx).await?;
    Ok((row.try_get("all_links")?, row.try_get("stale")?))
}

/// How many links the owner has, and how many copies were made of them.
pub async fn totals(tx: &mut Tx, owner_id: &str) -> Result<(i64, i64), Error> {
    let query = format!("SELECT COUNT(*), COALESCE(CAST(SUM(l.copies) AS BIGINT), 0) FROM {OF_OWNER}");
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(owner_id).fetch_one(tx).await?)
}

/// A link in the list of whoever runs the server.
#[derive(Clone, Debug)]
pub struct ForOperator {
    /// The link.
    pub link: Link,
    /// Whose it is.
    pub owner_email: String,
    /// And what they are called.
    pub owner_name: String,
    /// Whether their account is disabled, and their links closed with it.
    pub owner_disabled: bool,
}

/// Everybody's links or one person's, newest first; with `before`, only those made and last opened before it. For the
/// command line on the database itself.
pub async fn for_operator(tx: &mut Tx, owner_id: Option<&str>, before: Option<i64>) -> Result<Vec<ForOperator>, Error> {
    let query = format!(
        "SELECT {COLUMNS}, u.email AS owner_email, u.name AS owner_name, u.disabled_at AS owner_disabled_at FROM links l JOIN users u ON u.id = l.owner_id AND u.share_epoch = l.share_epoch \
         WHERE ($1 = '' OR l.owner_id = $1) AND l.created_at < $2 AND l.last_viewed_at < $2 ORDER BY l.created_at DESC, l.id DESC"
    );
    let rows = sqlx::query(AssertSqlSafe(query)).bind(owner_id.unwrap_or_default()).bind(before.unwrap_or(i64::MAX)).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            let link = Link::from_row(row)?;
            Ok(ForOperator {
                link,
                owner_email: row.try_get("owner_email")?,
                owner_name: row.try_get("owner_name")?,
                owner_disabled: row.try_get::<Option<i64>, _>("owner_disabled_at")?.is_some(),
            })
        })
        .collect()
}
