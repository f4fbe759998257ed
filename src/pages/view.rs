//! What many templates show: moments, numbers, notices, the frame of the settings pages.

use std::fmt;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::accounts::user::User;
use crate::error::Error;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A moment: for machines, for the tooltip, and for the eye.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// RFC 3339, UTC.
    pub iso: String,
    /// "20 November 2026, 09:41 UTC"
    pub exact: String,
    /// "2 hours ago", "in 7 days"
    pub relative: String,
}

impl Time {
    /// The moment `at_micros`, seen from `now_micros`.
    pub fn at(at_micros: i64, now_micros: i64) -> Self {
        let at = moment(at_micros);
        let iso = at.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z")).unwrap_or_default();
        let exact = at.format(format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC")).unwrap_or_default();
        Self { iso, exact, relative: relative(at_micros, now_micros) }
    }
}

/// A date for machines ("2026-11-20") and for reading ("20 November 2026").
pub fn date(at_micros: i64) -> (String, String) {
    let at = moment(at_micros);
    (
        at.format(format_description!("[year]-[month]-[day]")).unwrap_or_default(),
        at.format(format_description!("[day padding:none] [month repr:long] [year]")).unwrap_or_default(),
    )
}

/// As a calendar knows it; what no calendar holds is shown as the epoch.
pub fn moment(at_micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at_micros.div_euclid(1_000_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn relative(at_micros: i64, now_micros: i64) -> String {
    let ago = (now_micros - at_micros) / 1_000_000;
    let many = |count: i64, unit: &str| format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" });
    let ahead = |count: i64, unit: &str| format!("in {count} {unit}{}", if count == 1 { "" } else { "s" });
    match ago {
        _ if ago <= -30 * DAY => date(at_micros).1,
        // Rounded, so that what was given seven days has seven days, and not six.
        _ if ago <= -DAY => ahead((-ago + DAY / 2) / DAY, "day"),
        _ if ago <= -HOUR => ahead((-ago + HOUR / 2) / HOUR, "hour"),
        _ if ago <= -MINUTE => ahead((-ago + MINUTE / 2) / MINUTE, "minute"),
        ..MINUTE => "just now".to_owned(),
        MINUTE..HOUR => many(ago / MINUTE, "minute"),
        HOUR..DAY => many(ago / HOUR, "hour"),
        _ if ago < 30 * DAY => many(ago / DAY, "day"),
        _ => date(at_micros).1,
    }
}

/// A number as people read it: 1204 shows as 1,204.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count(pub i64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// One line about what just happened, at the top of a page.
#[derive(Clone, Debug)]
pub struct Notice {
    /// `good`, `care` or `bad`.
    pub kind: &'static str,
    /// A whole sentence.
    pub text: String,
}

impl Notice {
    /// Something went as it should.
    pub fn good(text: impl Into<String>) -> Self {
        Self { kind: "good", text: text.into() }
    }
}

/// Everything around a page of the settings.
#[derive(Clone, Debug, Default)]
pub struct SettingsFrame {
    /// Who is signed in.
    pub user_name: String,
    /// Whether they run the server.
    pub admin: bool,
    /// `account`, `data`, `keys`, `webhooks`, `activity`, `people` or `models`.
    pub here: &'static str,
}

impl SettingsFrame {
    /// The frame of `user`'s page `here`.
    pub fn new(user: &User, here: &'static str) -> Self {
        Self { user_name: user.name.clone(), admin: user.is_admin(), here }
    }
}

/// A rendered template as an answer.
///
/// # Errors
/// [`Error::Template`], which only a defect in a template can cause.
pub fn html(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_commas() {
        let shown = [0, 7, 999, 1_204, 1_000_000, -1_204].map(|n| Count(n).to_string());
        assert_eq!(shown, ["0", "7", "999", "1,204", "1,000,000", "-1,204"]);
    }

    #[test]
    fn moments_are_near_or_dated() {
        let now = 1_763_600_000 * 1_000_000;
        let shown = |seconds_ago: i64| Time::at(now - seconds_ago * 1_000_000, now).relative;
        assert_eq!(shown(-5), "just now");
        assert_eq!(shown(60), "1 minute ago");
        assert_eq!(shown(2 * HOUR + 5), "2 hours ago");
        assert_eq!(shown(29 * DAY), "29 days ago");
        assert_eq!(shown(40 * DAY), "11 October 2025");
        assert_eq!(
            [-70, -HOUR, -7 * DAY, -7 * DAY + 20, -40 * DAY].map(shown),
            ["in 1 minute", "in 1 hour", "in 7 days", "in 7 days", "30 December 2025"]
        );
        assert_eq!(Time::at(now, now).exact, "20 November 2025, 00:53 UTC");
    }
}
