//! The people of the tests. Each call is another device of the same person: a new session in a new browser.

use std::ops::Deref;
use std::sync::LazyLock;

use takeback::accounts::user::User;
use takeback::http::auth::cookie_name;
use takeback::{accounts, ids, write_tx};

use super::app::TestApp;
use super::client::Client;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// One hash for all, since making one is slow on purpose.
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| password_auth::generate_hash(PASSWORD));

/// A person at a browser in which they are signed in. It derefs to the browser.
pub(crate) struct Actor {
    pub(crate) user: User,
    pub(crate) client: Client,
    /// The session's cookie.
    pub(crate) secret: String,
}

impl Deref for Actor {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl TestApp {
    /// Who owns what the test is about. Name and address occur nowhere else, so they can be looked for.
    pub(crate) async fn owner(&self) -> Actor {
        self.person("Ada Quillfeather", "ada.quillfeather@example.org", "member").await
    }

    /// Another member, who owns nothing of it.
    pub(crate) async fn other(&self) -> Actor {
        self.person("Grace Umbermoor", "grace.umbermoor@example.org", "member").await
    }

    /// An administrator, who owns nothing of it either.
    pub(crate) async fn admin(&self) -> Actor {
        self.person("Root Thornapple", "root.thornapple@example.org", "admin").await
    }

    /// Signs this person in; the first call makes the account.
    pub(crate) async fn person(&self, name: &str, email: &str, role: &str) -> Actor {
        let mut reader = self.db.read().await.unwrap();
        let known = accounts::store::by_email(&mut reader, email).await.unwrap();
        drop(reader);
        let user = match known {
            Some(user) => user,
            None => self.insert_user(name, email, role).await,
        };
        let client = self.anonymous();
        let secret = self.insert_session(&user).await;
        client.set_cookie(cookie_name(&self.config), &secret);
        Actor { user, client, secret }
    }

    async fn insert_user(&self, name: &str, email: &str, role: &str) -> User {
        let user = User { id: ids::new("user"), email: email.to_owned(), name: name.to_owned(), role: role.to_owned(), share_epoch: 0 };
        write_tx!(self.db, "test: a person", |tx| {
            sqlx::query(
                "INSERT INTO users (id, email, email_key, name, password_hash, role, share_epoch, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&user.id)
            .bind(&user.email)
            .bind(user.email.to_lowercase())
            .bind(&user.name)
            .bind(PASSWORD_HASH.as_str())
            .bind(&user.role)
            .bind(user.share_epoch)
            .bind(self.now())
            .execute(tx)
            .await?;
            Ok(())
        })
        .unwrap();
        user
    }

    /// Answers the session's secret.
    async fn insert_session(&self, user: &User) -> String {
        let secret = ids::new_secret();
        write_tx!(self.db, "test: a session", |tx| {
            sqlx::query(
                "INSERT INTO sessions (id, token_hash, user_id, client, address, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $6)",
            )
            .bind(ids::new("sess"))
            .bind(ids::hash_secret(&secret))
            .bind(&user.id)
            .bind("Firefox on Linux")
            .bind("127.0.0.0")
            .bind(self.now())
            .execute(tx)
            .await?;
            Ok(())
        })
        .unwrap();
        secret
    }
}
