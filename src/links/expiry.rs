//! When a link ends by itself: how that is said in a form, a body and a command.
//!
//! The gate compares the time at every question, so nothing has to happen at that moment. The link stays its owner's,
//! who can give it more time or delete it; that it ended is written down by [`super::expire`].

use serde::{Deserialize, Deserializer};
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

use crate::clock::DAY_MICROS;
use crate::error::Error;

/// The longest that can be asked for in days: a hundred years.
const MAX_DAYS: i64 = 36_500;
/// The last second of the year 9999; no calendar goes further.
const LAST_SECOND: i64 = 253_402_300_799;

/// What is to become of the time at which a link ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// It stays as it is; a new link ends when it is deleted.
    #[default]
    Keep,
    /// It ends when it is deleted.
    Never,
    /// At this moment, in Unix microseconds.
    At(i64),
}

impl Expiry {
    /// What becomes of `current`.
    pub fn applied_to(self, current: Option<i64>) -> Option<i64> {
        match self {
            Self::Keep => current,
            Self::Never => None,
            Self::At(at) => Some(at),
        }
    }

    /// From a form or the command line: nothing, `never`, a number of days such as `7` or `7d`, or the last day as
    /// `2027-01-31`, to its end in UTC.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `expires_at` for anything else.
    pub fn typed(text: &str, now: i64) -> Result<Self, Error> {
        let text = text.trim();
        match text {
            "" => return Ok(Self::Keep),
            "never" => return Ok(Self::Never),
            _ => (),
        }
        if let Some(days) = text.trim_end_matches('d').parse::<i64>().ok().filter(|days| (1..=MAX_DAYS).contains(days)) {
            return Ok(Self::At(now + days * DAY_MICROS));
        }
        let last = Date::parse(text, format_description!("[year]-[month]-[day]")).ok().filter(|day| day.year() >= 1970);
        let end = last.and_then(|day| day.checked_add(Duration::DAY)).map(|day| day.midnight().assume_utc());
        let end = end.and_then(Self::of_moment);
        end.ok_or_else(|| Error::invalid("expires_at", "Say how long: never, a number of days such as 7d, or a day such as 2027-01-31."))
    }

    fn of_moment(moment: OffsetDateTime) -> Option<Self> {
        Some(Self::At(moment.unix_timestamp().checked_mul(1_000_000)?))
    }

    /// Refuses a moment that has passed: such a link would look shared, and nobody could open it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `expires_at`.
    pub fn ahead_of(self, now: i64) -> Result<Self, Error> {
        match self {
            Self::At(at) if at <= now => Err(Error::invalid("expires_at", "This time has passed. Choose one that is still to come.")),
            other => Ok(other),
        }
    }
}

/// In a body: Unix seconds, or null for never. What is left out is [`Expiry::Keep`], by `#[serde(default)]`.
impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<i64>::deserialize(deserializer)? {
            None => Ok(Self::Never),
            Some(seconds) if (0..=LAST_SECOND).contains(&seconds) => Ok(Self::At(seconds * 1_000_000)),
            Some(_) => Err(serde::de::Error::custom("no moment of these centuries, in Unix seconds")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_768_478_400 * 1_000_000; // 15 January 2026, 12:00 UTC

    #[test]
    fn a_life_is_typed_as_days_or_as_its_last_day() {
        for (text, expected) in [
            ("", Expiry::Keep),
            ("never", Expiry::Never),
            ("1", Expiry::At(NOW + DAY_MICROS)),
            (" 30d ", Expiry::At(NOW + 30 * DAY_MICROS)),
            ("2026-01-15", Expiry::At(1_768_521_600 * 1_000_000)),
            ("9999-12-30", Expiry::At(253_402_214_400 * 1_000_000)),
        ] {
            assert_eq!(Expiry::typed(text, NOW).unwrap(), expected, "{text}");
        }
        for text in ["0", "-1", "36501", "soon", "2026-02-30", "9999-12-31", "1969-01-01", "99999999999999999999d", "1e3"] {
            assert!(matches!(Expiry::typed(text, NOW), Err(Error::Invalid { field: "expires_at", .. })), "{text}");
        }
        assert!(Expiry::At(NOW).ahead_of(NOW).is_err() && Expiry::At(NOW + 1).ahead_of(NOW).is_ok());
    }

    #[test]
    fn in_a_body_null_is_never_and_what_is_left_out_stays() {
        #[derive(Deserialize)]
        struct Body {
            #[serde(default)]
            expires_at: Expiry,
        }
        let read = |json: &str| serde_json::from_str::<Body>(json).map(|body| body.expires_at);
        assert_eq!(read("{}").unwrap(), Expiry::Keep);
        assert_eq!(read(r#"{"expires_at": null}"#).unwrap(), Expiry::Never);
        assert_eq!(read(r#"{"expires_at": 5}"#).unwrap(), Expiry::At(5_000_000));
        for json in ["-1", "253402300800", "9223372036854775807", "\"5\"", "5.5", "true"] {
            assert!(read(&format!(r#"{{"expires_at": {json}}}"#)).is_err(), "{json}");
        }
    }
}
