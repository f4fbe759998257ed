//! Time and randomness, the two things a program can't repeat. Everything else asks here, so that a test can say
//! what time it is. clippy.toml forbids the direct calls elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A day.
pub const DAY_MICROS: i64 = 86_400 * 1_000_000;

/// Where time comes from: the system, or a test's hand.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's time.
    System,
    /// A time that moves only when told to, in Unix microseconds.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at_micros`.
    pub fn fixed(at_micros: i64) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at_micros)))
    }

    /// Now, in Unix microseconds.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
    pub fn now_micros(&self) -> i64 {
        match self {
            Self::System => i64::try_from(time::OffsetDateTime::now_utc().unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX),
            Self::Fixed(at) => at.load(Ordering::SeqCst),
        }
    }

    /// Moves a fixed clock forward; the system's time can't be moved.
    pub fn advance(&self, by: Duration) {
        if let Self::Fixed(at) = self {
            at.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

/// `N` bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret can be made then, and going on would be worse.
#[expect(clippy::disallowed_methods, clippy::panic, reason = "the one place that asks for random bytes; see Panics")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        panic!("the operating system gives no random bytes: {error}");
    }
    bytes
}
