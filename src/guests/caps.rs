//! What visitors of a link to an assistant may take of its owner's.

use serde::Deserialize;

use crate::error::Error;
use crate::pages::view::Count;
use crate::storage::Tx;

/// The caps of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, sqlx::FromRow)]
pub struct Caps {
    /// Messages a day, of everybody together.
    pub messages_a_day: i64,
    /// Messages a day of one visitor.
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

impl Default for Caps {
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
pub const MOST: i64 = 1_000_000_000;

impl Caps {
    /// Requires that each is a number that makes sense.
    ///
    /// # Errors
    /// [`Error::Invalid`] with words for the person.
    pub fn check(&self) -> Result<(), Error> {
        let Self { messages_a_day, guest_messages_a_day, address_messages_a_day, input_chars, output_tokens, tokens_a_month } = *self;
        let all = [messages_a_day, guest_messages_a_day, address_messages_a_day, input_chars, output_tokens, tokens_a_month];
        if all.iter().all(|cap| (1..=MOST).contains(cap)) {
            return Ok(());
        }
        Err(Error::invalid("caps", format!("Each cap is a number from 1 to {}. To let nobody in, pause the link.", Count(MOST))))
    }
}

/// Stores the caps of a new link, or changes them. Whoever calls this has loaded the link through its owner.
pub async fn set(tx: &mut Tx, link_id: &str, caps: &Caps) -> Result<(), Error> {
    let query = "INSERT INTO link_caps (link_id, messages_a_day, guest_messages_a_day, address_messages_a_day, input_chars, \
                 output_tokens, tokens_a_month, frames) VALUES ($1, $2, $3, $4, $5, $6, $7, '') \
                 ON CONFLICT (link_id) DO UPDATE SET messages_a_day = excluded.messages_a_day, \
                 guest_messages_a_day = excluded.guest_messages_a_day, address_messages_a_day = excluded.address_messages_a_day, \
                 input_chars = excluded.input_chars, output_tokens = excluded.output_tokens, tokens_a_month = excluded.tokens_a_month";
    sqlx::query(query)
        .bind(link_id)
        .bind(caps.messages_a_day)
        .bind(caps.guest_messages_a_day)
        .bind(caps.address_messages_a_day)
        .bind(caps.input_chars)
        .bind(caps.output_tokens)
        .bind(caps.tokens_a_month)
        .execute(tx)
        .await?;
    Ok(())
}

/// The caps of a link that the gate found open, or that its owner asks for. One without caps lets nobody in.
///
/// # Errors
/// [`Error::Gone`] if it has none.
pub async fn of(tx: &mut Tx, link_id: &str) -> Result<Caps, Error> {
    let query = "SELECT messages_a_day, guest_messages_a_day, address_messages_a_day, input_chars, output_tokens, tokens_a_month \
                 FROM link_caps WHERE link_id = $1";
    sqlx::query_as(query).bind(link_id).fetch_optional(tx).await?.ok_or(Error::Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_is_a_number_that_makes_sense() {
        assert!(Caps::default().check().is_ok());
        for wrong in [0, -1, MOST + 1, i64::MIN, i64::MAX] {
            assert!(Caps { output_tokens: wrong, ..Caps::default() }.check().is_err(), "{wrong}");
            assert!(Caps { messages_a_day: wrong, ..Caps::default() }.check().is_err(), "{wrong}");
        }
    }
}
