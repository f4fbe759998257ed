//! A link that asks for a password, or that can be opened only so often, is locked: its page is behind a button, so that
//! what merely looks at the address (a chat program's preview, a crawler) opens nothing.
//!
//! Whoever opens it gets a proof, in a cookie that goes to this link alone. The gate asks for it at every request, beside
//! all that it asks of every link: a proof opens nothing that was taken back. It holds for half a day, and until its owner
//! changes the lock.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer};
use sha2::Sha256;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::accounts::passwords;
use crate::app::App;
use crate::error::Error;
use crate::ids;

/// How long a visitor's proof holds, in seconds: for a long read and a coming back, and not for another day.
pub const PROOF_SECS: i64 = 12 * 3_600;
/// How far the clock of the server that gave a proof may be ahead of this one's, in seconds.
const SKEW_SECS: i64 = 60;
/// The largest limit of views.
pub const MOST_VIEWS: i64 = 1_000_000;

/// What stands between a link's address and its page.
#[derive(Clone, PartialEq, Eq)]
pub struct Lock {
    /// What is stored of its password.
    pub password_hash: Option<String>,
    /// How often it can be opened.
    pub max_views: Option<i64>,
    /// What proofs are made with.
    key: String,
}

impl Lock {
    /// A lock whose proofs no other one takes; `None` if nothing would lock it.
    pub fn new(password_hash: Option<String>, max_views: Option<i64>) -> Option<Self> {
        (password_hash.is_some() || max_views.is_some()).then(|| Self { password_hash, max_views, key: ids::new_secret() })
    }

    /// What proofs are made with.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether all of its views are used up.
    pub fn is_used_up(&self, views: i64) -> bool {
        self.max_views.is_some_and(|most| views >= most)
    }

    /// What a visitor who has opened it at `now` (Unix microseconds) shows from then on.
    ///
    /// # Errors
    /// [`Error::Internal`] for a key that no lock has.
    pub fn proof(&self, now: i64) -> Result<String, Error> {
        let opened_at = now.div_euclid(1_000_000);
        Ok(format!("{opened_at}.{}", bs58::encode(self.mac(opened_at)?.finalize().into_bytes()).into_string()))
    }

    /// Whether this is a proof that still holds at `now`, in Unix microseconds.
    pub fn takes(&self, proof: &str, now: i64) -> bool {
        let Some((opened_at, tag)) = proof.split_once('.') else { return false };
        let (Ok(opened_at), Ok(tag)) = (opened_at.parse::<i64>(), bs58::decode(tag).into_vec()) else { return false };
        let age = now.div_euclid(1_000_000).saturating_sub(opened_at);
        // The comparison takes as long wherever they differ.
        (-SKEW_SECS..PROOF_SECS).contains(&age) && self.mac(opened_at).is_ok_and(|mac| mac.verify_slice(&tag).is_ok())
    }

    fn mac(&self, opened_at: i64) -> Result<Hmac<Sha256>, Error> {
        let keyed = Hmac::<Sha256>::new_from_slice(self.key.as_bytes());
        let mut mac = keyed.map_err(|_| Error::Internal("a lock has no key".to_owned()))?;
        mac.update(b"takeback link opened at ");
        mac.update(opened_at.to_string().as_bytes());
        Ok(mac)
    }
}

/// Without its secrets: what is printed may end in a log.
impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock")
            .field("has_password", &self.password_hash.is_some())
            .field("max_views", &self.max_views)
            .finish_non_exhaustive()
    }
}

/// The lock in a row of `links`; `None` for a link that is not locked.
///
/// # Errors
/// As the row's.
pub fn of_row(row: &AnyRow) -> Result<Option<Lock>, sqlx::Error> {
    let key: Option<String> = row.try_get("lock_key")?;
    let Some(key) = key else { return Ok(None) };
    Ok(Some(Lock { password_hash: row.try_get("password_hash")?, max_views: row.try_get("max_views")?, key }))
}

/// What is to become of one half of a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Half<T> {
    /// It stays as it is; a new link has none.
    #[default]
    Keep,
    /// There is none from now on.
    Without,
    /// It is this one from now on.
    With(T),
}

impl<T> Half<T> {
    fn applied_to(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Without => None,
            Self::With(new) => Some(new),
        }
    }
}

/// In a body: a value, or null for none. What is left out is [`Half::Keep`], by `#[serde(default)]`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Half<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Without, Self::With))
    }
}

/// What its owner wants of a link's lock.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The password that visitors type.
    pub password: Half<String>,
    /// How often it can be opened, from the first view on.
    pub max_views: Half<i64>,
}

/// Without the password.
impl fmt::Debug for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let password = match self.password {
            Half::Keep => Half::Keep,
            Half::Without => Half::Without,
            Half::With(_) => Half::With("…"),
        };
        f.debug_struct("Wish").field("password", &password).field("max_views", &self.max_views).finish()
    }
}

impl Wish {
    /// Nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.password == Half::Keep && self.max_views == Half::Keep
    }

    /// The same with what is stored of the password. Hashing takes a while, so this comes before the transaction.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `password` as [`passwords::check`] or for `max_views`; otherwise as [`passwords::hash`].
    pub async fn hashed(&self, app: &App) -> Result<Hashed, Error> {
        if matches!(self.max_views, Half::With(most) if !(1..=MOST_VIEWS).contains(&most)) {
            let words = format!("A link can be opened between 1 and {MOST_VIEWS} times. Leave it empty for as often as people like.");
            return Err(Error::invalid("max_views", words));
        }
        let password_hash = match &self.password {
            Half::With(password) => {
                passwords::check(password, "", "")?;
                Half::With(passwords::hash(&app.link_hashing, password).await?)
            }
            Half::Without => Half::Without,
            Half::Keep => Half::Keep,
        };
        Ok(Hashed { password_hash, max_views: self.max_views })
    }
}

/// A [`Wish`] that can be stored.
#[derive(Clone)]
pub struct Hashed {
    password_hash: Half<String>,
    max_views: Half<i64>,
}

impl Hashed {
    /// What becomes of `current`, the lock of a link with so many views.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is reached already: such a link would look shared, and nobody could open it.
    pub fn applied_to(&self, current: Option<Lock>, views: i64) -> Result<Option<Lock>, Error> {
        let (old_hash, old_views) = current.as_ref().map_or((None, None), |lock| (lock.password_hash.clone(), lock.max_views));
        let (new_hash, new_views) = (self.password_hash.clone().applied_to(old_hash.clone()), self.max_views.applied_to(old_views));
        // A form sends what is there already along with what is new; that keeps nobody out.
        if (&new_hash, new_views) == (&old_hash, old_views) {
            return Ok(current);
        }
        if new_views != old_views && new_views.is_some_and(|most| most <= views) {
            let words = format!("It has {views} views already. Choose a larger number, or delete the link.");
            return Err(Error::invalid("max_views", words));
        }
        Ok(Lock::new(new_hash, new_views))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_768_478_400 * 1_000_000;

    #[test]
    fn a_proof_holds_for_half_a_day_and_for_no_other_lock() {
        let lock = Lock::new(None, Some(3)).unwrap();
        let proof = lock.proof(NOW).unwrap();
        let later = |secs: i64| NOW + secs * 1_000_000;
        assert!(lock.takes(&proof, NOW) && lock.takes(&proof, later(PROOF_SECS - 1)));
        assert!(!lock.takes(&proof, later(PROOF_SECS)) && lock.takes(&proof, later(-SKEW_SECS)));
        assert!(!lock.takes(&proof, later(-SKEW_SECS - 1)));
        assert!(!Lock::new(None, Some(3)).unwrap().takes(&proof, NOW));
        let (at, tag) = proof.split_once('.').unwrap();
        let at: i64 = at.parse().unwrap();
        for forged in
            [format!("{}.{tag}", at + 1), format!("{at}."), at.to_string(), format!("{at}.0OIl"), format!("+{proof}x"), String::new()]
        {
            assert!(!lock.takes(&forged, later(2)), "{forged}");
        }
    }

    #[test]
    fn a_change_of_either_half_keeps_the_other_and_makes_older_proofs_void() {
        let change = |password_hash, max_views| Hashed { password_hash, max_views };
        let lock = change(Half::With("hash".to_owned()), Half::Keep).applied_to(None, 0).unwrap().unwrap();
        assert_eq!(change(Half::Keep, Half::Keep).applied_to(Some(lock.clone()), 9).unwrap(), Some(lock.clone()));
        let both = change(Half::Keep, Half::With(5)).applied_to(Some(lock.clone()), 4).unwrap().unwrap();
        assert_eq!((both.password_hash.as_deref(), both.max_views), (Some("hash"), Some(5)));
        assert_ne!(both.key, lock.key);
        assert!(change(Half::Keep, Half::With(5)).applied_to(Some(lock), 5).is_err());
        let views = change(Half::Without, Half::Keep).applied_to(Some(both), 4).unwrap().unwrap();
        assert_eq!((views.password_hash.as_deref(), views.max_views), (None, Some(5)));
        assert_eq!(change(Half::Keep, Half::Without).applied_to(Some(views.clone()), 4).unwrap(), None);
        // What is there already is no change, also when it is reached.
        assert_eq!(change(Half::Without, Half::With(5)).applied_to(Some(views.clone()), 5).unwrap(), Some(views));
    }

    #[test]
    fn what_is_printed_has_no_secret_in_it() {
        let lock = Lock::new(Some("zanzibarquokka".to_owned()), None).unwrap();
        let wish = Wish { password: Half::With("zanzibarquokka".to_owned()), max_views: Half::Keep };
        let printed = format!("{lock:?} {wish:?}");
        assert!(!printed.contains("zanzibarquokka") && !printed.contains(&lock.key), "{printed}");
    }
}
