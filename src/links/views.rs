//! Counting views: once for each page view of a person. Not for HEAD, not for a prefetch, not for the link previews
//! of chat programs, not for the owner.
//!
//! Counts are kept in memory and written down every few seconds, so that a view never waits for a write. A crash may
//! lose the last few; nothing that a person relies on hangs on them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use tracing::warn;

use crate::error::Error;
use crate::storage::Db;
use crate::write_tx;

/// How long a list waits for the last views to be written down.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Default)]
struct Pending {
    views: i64,
    last_viewed_at: i64,
}

/// Views that were counted but not yet written down.
#[derive(Default)]
pub struct ViewCounter {
    pending: Mutex<HashMap<String, Pending>>,
    /// Held by whoever writes them down, so that who comes meanwhile finds them written.
    writing: tokio::sync::Mutex<()>,
}

impl ViewCounter {
    /// Counts one view at `now_micros`.
    pub fn count(&self, link_id: &str, now_micros: i64) {
        let mut pending = self.lock();
        match pending.get_mut(link_id) {
            Some(entry) => {
                entry.views += 1;
                entry.last_viewed_at = now_micros;
            }
            None => {
                pending.insert(link_id.to_owned(), Pending { views: 1, last_viewed_at: now_micros });
            }
        }
    }

    /// Writes the counts down, in one transaction. A link that was taken back meanwhile has no row to count on; of one whose
    /// views were limited meanwhile only openings count.
    pub async fn write_down(&self, db: &Db) -> Result<(), Error> {
        let _turn = self.writing.lock().await;
        let mut taken = Taken { counter: self, pending: std::mem::take(&mut *self.lock()).into_iter().collect() };
        if taken.pending.is_empty() {
            return Ok(());
        }
        // In one order on every node, so that two of them don't wait for each other.
        taken.pending.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        write_tx!(db, "count views", |tx| {
            for (link_id, Pending { views, last_viewed_at }) in &taken.pending {
                sqlx::query(
                    "UPDATE links SET views = views + $1, last_viewed_at = CASE WHEN last_viewed_at < $2 THEN $2 ELSE last_viewed_at END \
                     WHERE id = $3 AND max_views IS NULL",
                )
                .bind(views)
                .bind(last_viewed_at)
                .bind(link_id)
                .execute(&mut *tx)
                .await?;
            }
            Ok(())
        })?;
        taken.pending.clear();
        Ok(())
    }

    /// Writes the counts down so that a list shows them. May fail or take too long: the list is worth more than the last
    /// views, which are counted the next time.
    pub async fn refresh(&self, db: &Db) {
        if let Ok(Err(error)) = tokio::time::timeout(PATIENCE, self.write_down(db)).await {
            warn!(%error, "views were not written down; trying again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Pending>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts on their way into the database. What didn't get there goes back, also when the request that wrote them was
/// dropped.
struct Taken<'a> {
    counter: &'a ViewCounter,
    pending: Vec<(String, Pending)>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut counter = self.counter.lock();
        for (link_id, old) in self.pending.drain(..) {
            let entry = counter.entry(link_id).or_default();
            entry.views += old.views;
            entry.last_viewed_at = entry.last_viewed_at.max(old.last_viewed_at);
        }
    }
}

/// What programs that fetch pages for others call themselves. WhatsApp, iMessage (as facebookexternalhit), Slack,
/// Discord, Telegram, Teams, Signal, Mastodon and the rest of the previewers; crawlers say "bot", "crawl" or "spider".
const PROGRAMS: [&str; 18] = [
    "bot",
    "crawl",
    "spider",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "skypeuri",
    "embedly",
    "iframely",
    "mastodon",
    "fetch",
    "scan",
    "monitor",
    "curl/",
    "wget/",
    "python",
    "headless-",
    "http-client",
];

/// Whether a GET with these headers is a person opening the page.
pub fn is_a_person(headers: &HeaderMap) -> bool {
    let says =
        |name: &str, word: &str| headers.get(name).is_some_and(|v| v.to_str().unwrap_or_default().to_ascii_lowercase().contains(word));
    let prefetch = says("sec-purpose", "prefetch") || says("purpose", "prefetch") || says("x-moz", "prefetch");
    let part_of_a_page = headers.get("sec-fetch-dest").is_some_and(|v| v != "document");
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    // Every browser since 1994 begins with Mozilla.
    !prefetch && !part_of_a_page && agent.starts_with("mozilla/") && !PROGRAMS.iter().any(|word| agent.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(pairs: &[(&'static str, &'static str)]) -> bool {
        is_a_person(&pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
    }

    const FIREFOX: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

    #[test]
    fn a_browser_counts() {
        assert!(person(&[FIREFOX]));
        assert!(person(&[FIREFOX, ("sec-fetch-dest", "document")]));
    }

    #[test]
    fn a_prefetch_a_frame_and_a_fetch_do_not() {
        assert!(!person(&[FIREFOX, ("sec-purpose", "prefetch;prerender")]));
        assert!(!person(&[FIREFOX, ("sec-fetch-dest", "iframe")]));
        assert!(!person(&[FIREFOX, ("sec-fetch-dest", "empty")]));
    }

    #[test]
    fn link_previews_and_programs_do_not() {
        for agent in [
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
            "WhatsApp/2.23.20.0",
            "TelegramBot (like TwitterBot)",
            "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            "Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "curl/8.5.0",
            "",
        ] {
            assert!(!is_a_person(&[("user-agent".parse().unwrap(), agent.parse().unwrap())].into_iter().collect()), "{agent}");
        }
    }
}
