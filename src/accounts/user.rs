//! A person with an account.

/// What the rest of the server knows of a person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// `user_…`
    pub id: String,
    /// As they typed it.
    pub email: String,
    /// The name that others see.
    pub name: String,
    /// `admin` or `member`.
    pub role: String,
    /// Links made now carry this; see `links/revoke.rs`.
    pub share_epoch: i64,
}

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 100;

impl User {
    /// Whether this person runs the server.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin.as_str()
    }

    /// Whether this is somebody without an account, who talks to an assistant.
    pub fn is_guest(&self) -> bool {
        self.role == Role::Guest.as_str()
    }
}

/// What a person may do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs the server: people, sign-up, reports.
    Admin,
    /// Uses it.
    Member,
    /// Has no account: talks to one assistant, and owns that conversation ([`crate::guests`]).
    Guest,
}

impl Role {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Guest => "guest",
        }
    }
}

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// `user_…`
    pub id: String,
    /// As they typed it.
    pub email: String,
    /// The name that others see.
    pub name: String,
    /// `admin` or `member`.
    pub role: String,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds; `None`: they may come in.
    pub disabled_at: Option<i64>,
    /// Unix microseconds; `None`: they have no session.
    pub last_seen_at: Option<i64>,
}
