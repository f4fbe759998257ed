//! Who may use a model.

use std::collections::HashSet;

use crate::accounts::user::User;

/// What an administrator decided about one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether it is offered at all.
    pub shown: bool,
    /// To whom.
    pub audience: Audience,
}

/// Whom a model is offered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody with an account.
    Everyone,
    /// Administrators.
    Admins,
    /// These people, by id. An administrator who is not among them is not meant.
    People(HashSet<String>),
}

impl Default for Rule {
    fn default() -> Self {
        Self { shown: true, audience: Audience::Everyone }
    }
}

impl Rule {
    /// Whether `user` may use the model.
    pub fn allows(&self, user: &User) -> bool {
        self.shown
            && match &self.audience {
                Audience::Everyone => true,
                Audience::Admins => user.is_admin(),
                Audience::People(people) => people.contains(&user.id),
            }
    }
}

impl Audience {
    /// As it is stored and sent by forms.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Admins => "admins",
            Self::People(_) => "people",
        }
    }

    /// A word that this version doesn't know means the people who are named, and so perhaps nobody.
    pub fn read(word: &str, people: HashSet<String>) -> Self {
        match word {
            "everyone" => Self::Everyone,
            "admins" => Self::Admins,
            _ => Self::People(people),
        }
    }
}
