//! The owner's purse: what the visitors of a link take is taken in the database before a model is called.
//!
//! A cap is one statement, an update that touches no row when it would go over: requests that come at the same moment
//! wait for one another at that row, and the one that comes too late finds nothing left. Messages are taken inside the
//! transaction that stores them; tokens right before the model is asked, as many as the answer can cost at the most, and
//! what it did not cost is put back in the transaction that ends it, whoever ends it.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::caps::Caps;
use super::place::Came;
use crate::app::App;
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::pages::view::moment;
use crate::storage::Tx;
use crate::write_tx;

const TODAY: &str = "This assistant has answered as much as it may today. Come back tomorrow.";
const THIS_MONTH: &str = "This assistant has answered as much as it may this month. Come back next month.";

/// Takes a message of today's: of everybody's, this person's and this address's. What is refused takes nothing, since the
/// transaction is undone. `least` is what an answer takes of the month's tokens at the least.
///
/// # Errors
/// [`Error::UsedUp`] with words for the person when one of them is used up.
pub async fn take_message(tx: &mut Tx, came: &Came, who: &str, least: i64, now: i64) -> Result<(), Error> {
    let Came { link_id, caps, from, .. } = came;
    let day = day(now);
    // First the row that all of them have in common: who holds it holds the others too, so nobody waits in a circle.
    let query = "INSERT INTO link_days (link_id, day, messages, guests, tokens) VALUES ($1, $2, 1, 0, 0) \
                 ON CONFLICT (link_id, day) DO UPDATE SET messages = link_days.messages + 1 WHERE link_days.messages < $3";
    let taken = sqlx::query(query).bind(link_id).bind(day).bind(caps.messages_a_day).execute(&mut *tx).await?.rows_affected();
    if taken == 0 && !cfg!(feature = "sabotage-no-purse") {
        return Err(Error::UsedUp(TODAY));
    }
    let own = take(tx, link_id, day, who, caps.guest_messages_a_day).await?;
    let own = own.ok_or_else(|| Error::UsedUp("You have sent as many messages as one visitor may in a day. Come back tomorrow."))?;
    if own == 1 {
        let query = "UPDATE link_days SET guests = guests + 1 WHERE link_id = $1 AND day = $2";
        sqlx::query(query).bind(link_id).bind(day).execute(&mut *tx).await?;
    }
    if let Some(from) = from {
        let taken = take(tx, link_id, day, &address(link_id, day, *from), caps.address_messages_a_day).await?;
        taken.ok_or_else(|| Error::UsedUp("As many messages came from your network as may in a day. Come back tomorrow."))?;
    }
    // Asked already here, where nothing is stored yet; what counts is what is set aside.
    if month_so_far(tx, link_id, now).await?.saturating_add(least) > caps.tokens_a_month {
        return Err(Error::UsedUp(THIS_MONTH));
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

/// Sets aside what the answer `message_id` can cost at the most: what the model reads, and the longest answer.
///
/// # Errors
/// [`Error::UsedUp`] with words for the person when the month's tokens are used up.
pub async fn set_aside(app: &App, link_id: &str, caps: &Caps, message_id: &str, input: i64) -> Result<(), Error> {
    let now = app.now();
    let (day, month, all) = (day(now), month(now), input.saturating_add(caps.output_tokens));
    let set = write_tx!(app.db, "set tokens aside", |tx| {
        // The first of a month meets no row that could refuse it.
        if all > caps.tokens_a_month {
            return Ok(false);
        }
        let query = "INSERT INTO link_months (link_id, month, tokens) VALUES ($1, $2, $3) \
                     ON CONFLICT (link_id, month) DO UPDATE SET tokens = link_months.tokens + excluded.tokens \
                     WHERE link_months.tokens + excluded.tokens <= $4";
        let done = sqlx::query(query).bind(link_id).bind(month).bind(all).bind(caps.tokens_a_month).execute(&mut *tx).await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let query = "INSERT INTO link_holds (message_id, link_id, day, month, input, tokens) VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(query).bind(message_id).bind(link_id).bind(day).bind(month).bind(input).bind(all).execute(tx).await?;
        Ok(true)
    })?;
    if set { Ok(()) } else { Err(Error::UsedUp(THIS_MONTH)) }
}

/// Inside the transaction that ends the answer: what it cost is spent, the rest is put back. `cost` is what the provider
/// says, 0 if it said nothing; then it is what was set aside for reading, and what was `said`. An answer that nothing was
/// set aside for costs nothing here.
pub async fn settle(tx: &mut Tx, message_id: &str, cost: i64, said: i64) -> Result<(), Error> {
    let query = "DELETE FROM link_holds WHERE message_id = $1 RETURNING link_id, day, month, input, tokens";
    let hold: Option<(String, i64, i64, i64, i64)> = sqlx::query_as(query).bind(message_id).fetch_optional(&mut *tx).await?;
    let Some((link_id, day, month, input, all)) = hold else { return Ok(()) };
    let spent = if cost > 0 { cost } else { input + said };
    let query = "UPDATE link_months SET tokens = tokens - $1 + $2 WHERE link_id = $3 AND month = $4";
    sqlx::query(query).bind(all).bind(spent).bind(&link_id).bind(month).execute(&mut *tx).await?;
    let query = "UPDATE link_days SET tokens = tokens + $1 WHERE link_id = $2 AND day = $3";
    sqlx::query(query).bind(spent).bind(&link_id).bind(day).execute(tx).await?;
    Ok(())
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

/// Since 1970, in UTC.
pub(super) fn day(now: i64) -> i64 {
    now.div_euclid(DAY_MICROS)
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
