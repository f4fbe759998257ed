//! Reports of shared pages: a reason and some words, read by administrators. Who reported is not kept.

use serde::Deserialize;

use crate::app::App;
use crate::error::Error;
use crate::storage::Tx;
use crate::{ids, write_tx};

/// Characters of a report's words that are kept.
const MAX_CHARS: usize = 2_000;

/// Why somebody reports a page.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// A password or key.
    Secret,
    /// Personal details.
    Personal,
    /// Harm or threat.
    Harm,
    /// Anything else.
    Other,
}

impl Reason {
    /// As administrators read it, and as it is stored.
    pub fn words(self) -> &'static str {
        match self {
            Self::Secret => "It shows a password or a key",
            Self::Personal => "It shows somebody’s personal details",
            Self::Harm => "It harms or threatens somebody",
            Self::Other => "Something else",
        }
    }
}

/// A report as administrators see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Report {
    /// The link's id; the report goes with the link.
    pub link_id: String,
    /// The page's title.
    pub title: String,
    /// Why.
    pub reason: String,
    /// The reporter's words; may be empty.
    pub details: String,
    /// Unix microseconds.
    pub created_at: i64,
}

/// Keeps a report.
pub async fn send(app: &App, link_id: &str, reason: Reason, details: &str) -> Result<(), Error> {
    let details: String = details.chars().filter(|c| *c != '\0').take(MAX_CHARS).collect();
    let now = app.now();
    write_tx!(app.db, "report a page", |tx| {
        sqlx::query(
            "INSERT INTO link_reports (id, link_id, reason, details, created_at) SELECT $1, id, $2, $3, $4 FROM links WHERE id = $5",
        )
        .bind(ids::new("rep"))
        .bind(reason.words())
        .bind(&details)
        .bind(now)
        .bind(link_id)
        .execute(tx)
        .await?;
        Ok(())
    })
}

/// The newest reports of pages that are still open.
pub async fn newest(tx: &mut Tx, limit: i64) -> Result<Vec<Report>, Error> {
    let query = "SELECT r.link_id, l.title, r.reason, r.details, r.created_at \
                 FROM link_reports r JOIN links l ON l.id = r.link_id JOIN users u ON u.id = l.owner_id AND u.share_epoch = l.share_epoch \
                 ORDER BY r.created_at DESC, r.id DESC LIMIT $1";
    Ok(sqlx::query_as(query).bind(limit).fetch_all(tx).await?)
}
