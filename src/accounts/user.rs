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

impl User {
    /// Whether this person runs the server.
    pub fn is_admin(&self) -> bool {
        self.role == "admin"
    }
}
