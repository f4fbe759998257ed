//! What a link asks of its visitors and lets them do, as the pages ask and say it: its password, how often it can be
//! opened, and whether it can be continued.

use serde::Deserialize;

use crate::error::Error;
use crate::links::link::{Link, TargetType};
use crate::links::lock::{self, Half, MOST_VIEWS};

/// The fields of a form. An empty password leaves the one that is there, since no page can show it.
#[derive(Clone, Default, Deserialize)]
pub struct Choice {
    /// Whether the form had the other fields at all: a box that isn't ticked sends nothing.
    #[serde(default)]
    rules: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    no_password: String,
    #[serde(default)]
    max_views: String,
    #[serde(default)]
    allow_continue: String,
    /// What the form was drawn with. What still says the same was not chosen: meanwhile it may have been changed elsewhere.
    #[serde(default)]
    max_views_was: String,
    #[serde(default)]
    allow_continue_was: String,
}

impl Choice {
    /// What was chosen about the lock.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `max_views` that is no number.
    pub fn lock(&self) -> Result<lock::Wish, Error> {
        if self.rules.is_empty() {
            return Ok(lock::Wish::default());
        }
        let password = match (self.password.as_str(), self.no_password.as_str()) {
            (_, "1") => Half::Without,
            ("", _) => Half::Keep,
            (typed, _) => Half::With(typed.to_owned()),
        };
        let max_views = match self.max_views.trim() {
            typed if typed == self.max_views_was => Half::Keep,
            "" => Half::Without,
            typed => Half::With(typed.parse::<i64>().map_err(|_| {
                Error::invalid("max_views", format!("Say how often with a number from 1 to {MOST_VIEWS}, or leave it empty."))
            })?),
        };
        Ok(lock::Wish { password, max_views })
    }

    /// Whether it may be continued; `None`: as it is.
    pub fn allow_continue(&self) -> Option<bool> {
        (!self.rules.is_empty() && self.allow_continue != self.allow_continue_was).then_some(!self.allow_continue.is_empty())
    }
}

/// How they are now, for the form and in words.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Tells the fields of one form from those of another on the page.
    pub id: String,
    /// There is a password.
    pub has_password: bool,
    /// How often it can be opened.
    pub max_views: Option<i64>,
    /// Whether it may be continued.
    pub allow_continue: bool,
    /// Nobody can open it any more.
    pub used_up: bool,
    /// "asks for a password, opens 5 times"; empty for a link without any.
    pub words: String,
}

impl Rules {
    /// Those of a new link.
    pub fn none() -> Self {
        Self { id: "new".to_owned(), has_password: false, max_views: None, allow_continue: true, used_up: false, words: String::new() }
    }

    /// Those of `link`.
    pub fn of(link: &Link) -> Self {
        let (has_password, max_views) = (link.has_password(), link.max_views());
        let views = max_views.map(|most| match link.is_used_up() {
            true => "all its views are used".to_owned(),
            false if most == 1 => "opens once".to_owned(),
            false => format!("opens {most} times"),
        });
        let read_only = link.target_type == TargetType::Conversation && !link.allow_continue;
        let words = [has_password.then(|| "asks for a password".to_owned()), views, read_only.then(|| "can’t be continued".to_owned())];
        Self {
            id: link.id.clone(),
            has_password,
            max_views,
            allow_continue: link.allow_continue,
            used_up: link.is_used_up(),
            words: words.into_iter().flatten().collect::<Vec<_>>().join(", "),
        }
    }
}
