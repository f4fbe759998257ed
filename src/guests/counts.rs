//! What the owner of a link learns of its visitors: how many messages, people and tokens a day. Never a word.

use sqlx::Row;

use super::purse;
use crate::error::Error;
use crate::storage::Tx;

/// A day of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Since 1970, in UTC.
    pub day: i64,
    /// Messages that visitors sent.
    pub messages: i64,
    /// Visitors who sent one.
    pub guests: i64,
    /// Tokens read and written.
    pub tokens: i64,
}

/// The last `count` days of a link until `now`, the oldest first; days on which nothing happened too. Whoever calls this
/// has loaded the link through its owner.
pub async fn days(tx: &mut Tx, link_id: &str, count: i64, now: i64) -> Result<Vec<Day>, Error> {
    let today = purse::day(now);
    let query = "SELECT day, messages, guests, tokens FROM link_days WHERE link_id = $1 AND day > $2";
    let rows = sqlx::query(query).bind(link_id).bind(today - count).fetch_all(tx).await?;
    let mut days: Vec<Day> = (today - count + 1..=today).map(|day| Day { day, ..Day::default() }).collect();
    for row in rows {
        let at: i64 = row.try_get("day")?;
        if let Some(day) = days.iter_mut().find(|day| day.day == at) {
            *day = Day { day: at, messages: row.try_get("messages")?, guests: row.try_get("guests")?, tokens: row.try_get("tokens")? };
        }
    }
    Ok(days)
}
