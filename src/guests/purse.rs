//! The owner's purse: what the guests of a link may take, set aside in the database before a model is called.
//!
//! A cap is one statement, an update that touches no row when it would go over: requests that come at the same moment
//! wait for one another at that row, and the one that comes too late finds nothing left. Messages are taken inside the
//! transaction that stores them; tokens right before the model is asked, as many as the answer can cost at the most, and
//! what it did not cost is put back when it ends. A server that dies leaves them spent.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::app::App;
use crate::error::Error;
use crate::pages::view::moment;
use crate::storage::Tx;
use crate::write_tx;

/// What guests of a link may take.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Terms {
    /// Messages a day, of all guests together.
    pub messages_a_day: i64,
    /// Messages a day of one guest.
    pub guest_messages_a_day: i64,
    /// Messages a day from one address.
    pub address_messages_a_day: i64,
    /// The longest message, in characters.
    pub input_chars: i64,
    /// The longest answer, in tokens.
    pub output_tokens: i64,
    /// Tokens a month, read and written.
    pub tokens_a_month: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            messages_a_day: 200,
            guest_messages_a_day: 30,
            address_messages_a_day: 60,
            input_chars: 4_000,
            output_tokens: 1_000,
            tokens_a_month: 1_000_000,
        }
    }
}

/// The most that any of them can be.
const MOST: i64 = 1_000_000_000;

impl Terms {
    /// Requires that each is a number that makes sense.
    ///
    /// # Errors
    /// [`Error::Invalid`] with words for the person.
    pub fn check(&self) -> Result<(), Error> {
        let all = [
            self.messages_a_day,
            self.guest_messages_a_day,
            self.address_messages_a_day,
            self.input_chars,
            self.output_tokens,
            self.tokens_a_month,
        ];
        if all.iter().all(|cap| (1..=MOST).contains(cap)) {
            return Ok(());
        }
        Err(Error::invalid("terms", "Each cap is a number from 1 to 1,000,000,000. To let nobody in, pause the link."))
    }
}

/// Stores the terms of a link, or changes them. Whoever calls this has loaded the link through its owner.
pub async fn set_terms(tx: &mut Tx, link_id: &str, terms: &Terms) -> Result<(), Error> {
    let query = "INSERT INTO link_terms (link_id, messages_a_day, guest_messages_a_day, address_messages_a_day, input_chars, \
                 output_tokens, tokens_a_month) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (link_id) DO UPDATE SET messages_a_day = excluded.messages_a_day, \
                 guest_messages_a_day = excluded.guest_messages_a_day, address_messages_a_day = excluded.address_messages_a_day, \
                 input_chars = excluded.input_chars, output_tokens = excluded.output_tokens, tokens_a_month = excluded.tokens_a_month";
    sqlx::query(query)
        .bind(link_id)
        .bind(terms.messages_a_day)
        .bind(terms.guest_messages_a_day)
        .bind(terms.address_messages_a_day)
        .bind(terms.input_chars)
        .bind(terms.output_tokens)
        .bind(terms.tokens_a_month)
        .execute(tx)
        .await?;
    Ok(())
}

/// The terms of a link that the gate found open, or that its owner asks for.
pub async fn terms(tx: &mut Tx, link_id: &str) -> Result<Terms, Error> {
    let query = "SELECT messages_a_day, guest_messages_a_day, address_messages_a_day, input_chars, output_tokens, tokens_a_month \
                 FROM link_terms WHERE link_id = $1";
    sqlx::query_as(query).bind(link_id).fetch_optional(tx).await?.ok_or(Error::Gone)
}

/// Takes a message of today's, of everybody's, this guest's and this address's. What is refused takes nothing: the
/// transaction is undone.
///
/// # Errors
/// [`Error::Busy`] with words for the guest when one of them is used up.
pub async fn take_message(tx: &mut Tx, link_id: &str, terms: &Terms, guest_id: &str, from: Option<IpAddr>, now: i64) -> Result<(), Error> {
    let day = day(now);
    // First the row that all of them have in common: who holds it holds the others too, so nobody waits in a circle.
    let query = "INSERT INTO link_days (link_id, day, messages, guests, tokens) VALUES ($1, $2, 1, 0, 0) \
                 ON CONFLICT (link_id, day) DO UPDATE SET messages = link_days.messages + 1 WHERE link_days.messages < $3";
    let taken = sqlx::query(query).bind(link_id).bind(day).bind(terms.messages_a_day).execute(&mut *tx).await?.rows_affected();
    if taken == 0 && !cfg!(feature = "sabotage-no-purse") {
        return Err(used_up("This assistant has answered as much as it may today. Come back tomorrow."));
    }
    let own = take(tx, link_id, day, guest_id, terms.guest_messages_a_day).await?;
    let own = own.ok_or_else(|| used_up("You have asked as much as you may today. Come back tomorrow."))?;
    if own == 1 {
        let query = "UPDATE link_days SET guests = guests + 1 WHERE link_id = $1 AND day = $2";
        sqlx::query(query).bind(link_id).bind(day).execute(&mut *tx).await?;
    }
    if let Some(from) = from {
        let taken = take(tx, link_id, day, &address(link_id, day, from), terms.address_messages_a_day).await?;
        taken.ok_or_else(|| used_up("As much was asked from your network as may be today. Come back tomorrow."))?;
    }
    Ok(())
}

/// Takes one of a taker's; answers how many that makes, or `None` when nothing is left.
async fn take(tx: &mut Tx, link_id: &str, day: i64, who: &str, most: i64) -> Result<Option<i64>, Error> {
    let query = "INSERT INTO link_takers (link_id, day, who, messages) VALUES ($1, $2, $3, 1) \
                 ON CONFLICT (link_id, day, who) DO UPDATE SET messages = link_takers.messages + 1 WHERE link_takers.messages < $4 \
                 RETURNING messages";
    Ok(sqlx::query_scalar(query).bind(link_id).bind(day).bind(who).bind(most).fetch_optional(tx).await?)
}

/// Nobody can read the address from it, and of another day or link it is another.
fn address(link_id: &str, day: i64, from: IpAddr) -> String {
    let hash = Sha256::digest(format!("{link_id} {day} {from}").as_bytes());
    format!("from_{}", bs58::encode(&hash[..16]).into_string())
}

fn used_up(words: &str) -> Error {
    Error::Busy(words.to_owned())
}

/// Tokens that were set aside for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    link_id: String,
    month: i64,
    day: i64,
    /// What the model reads, estimated.
    input: i64,
    /// That, and the longest answer.
    all: i64,
}

/// Sets aside what an answer can cost at the most.
///
/// # Errors
/// [`Error::Busy`] with words for the guest when the month's are used up.
pub async fn set_aside(app: &App, link_id: &str, terms: &Terms, input: i64) -> Result<Hold, Error> {
    let now = app.now();
    let hold = Hold { link_id: link_id.to_owned(), month: month(now), day: day(now), input, all: input + terms.output_tokens };
    let set = write_tx!(app.db, "set tokens aside", |tx| {
        if hold.all > terms.tokens_a_month {
            return Ok(0);
        }
        let query = "INSERT INTO link_months (link_id, month, tokens) VALUES ($1, $2, $3) \
                     ON CONFLICT (link_id, month) DO UPDATE SET tokens = link_months.tokens + excluded.tokens \
                     WHERE link_months.tokens + excluded.tokens <= $4";
        let done = sqlx::query(query).bind(&hold.link_id).bind(hold.month).bind(hold.all).bind(terms.tokens_a_month).execute(tx).await?;
        Ok(done.rows_affected())
    })?;
    if set == 0 {
        return Err(used_up("This assistant has answered as much as it may this month."));
    }
    Ok(hold)
}

/// Inside the transaction that ends the answer: what it cost is spent, the rest is put back. `cost` is what the provider
/// says; without its word it is what was set aside for reading, and what was `said`.
pub async fn settle(tx: &mut Tx, hold: &Hold, cost: Option<i64>, said: i64) -> Result<(), Error> {
    let spent = cost.unwrap_or(hold.input + said);
    let query = "UPDATE link_months SET tokens = tokens - $1 + $2 WHERE link_id = $3 AND month = $4";
    sqlx::query(query).bind(hold.all).bind(spent).bind(&hold.link_id).bind(hold.month).execute(&mut *tx).await?;
    let query = "UPDATE link_days SET tokens = tokens + $1 WHERE link_id = $2 AND day = $3";
    sqlx::query(query).bind(spent).bind(&hold.link_id).bind(hold.day).execute(tx).await?;
    Ok(())
}

/// A day of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Since 1970.
    pub day: i64,
    /// Messages of guests.
    pub messages: i64,
    /// Guests who sent one.
    pub guests: i64,
    /// Tokens read and written.
    pub tokens: i64,
}

/// The last `count` days of a link until `now`, the oldest first; days on which nothing happened too. Whoever calls this
/// has loaded the link through its owner.
pub async fn days(tx: &mut Tx, link_id: &str, count: i64, now: i64) -> Result<Vec<Day>, Error> {
    let today = day(now);
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

/// Tokens of this month, spent and set aside.
pub async fn month_so_far(tx: &mut Tx, link_id: &str, now: i64) -> Result<i64, Error> {
    let query = "SELECT tokens FROM link_months WHERE link_id = $1 AND month = $2";
    Ok(sqlx::query_scalar(query).bind(link_id).bind(month(now)).fetch_optional(tx).await?.unwrap_or_default())
}

/// Forgets who took what on days that are over.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<(), Error> {
    sqlx::query("DELETE FROM link_takers WHERE day < $1").bind(day(now)).execute(tx).await?;
    Ok(())
}

fn day(now: i64) -> i64 {
    now.div_euclid(86_400 * 1_000_000)
}

fn month(now: i64) -> i64 {
    let at = moment(now);
    i64::from(at.year()) * 100 + i64::from(u8::from(at.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_another_on_another_day_and_link() {
        let from: IpAddr = "192.0.2.7".parse().unwrap();
        let all = [address("link_a", 1, from), address("link_a", 2, from), address("link_b", 1, from)];
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), 3);
        assert!(all.iter().all(|who| !who.contains("192") && who.len() < 30));
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(month(1_768_478_400_000_000), 202_601);
        assert_eq!(day(1_768_478_400_000_000), 20_468);
    }
}
