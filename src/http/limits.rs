//! How often a door may be tried. Counts live in memory, for each node by itself.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::clock::Clock as _;
use governor::middleware::{NoOpMiddleware, StateInformationMiddleware};
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter, state::keyed::DashMapStateStore};

use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;

/// One that also says what is left.
type Counted<K> = RateLimiter<K, DashMapStateStore<K>, Ticks, StateInformationMiddleware>;
type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, Ticks, NoOpMiddleware<Nanos>>;

/// The time of the limits: never set back, and moved by a test's hand alone where the server's clock is.
#[derive(Clone, Debug)]
struct Ticks {
    clock: Clock,
    began: Instant,
}

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        match &self.clock {
            Clock::System => self.began.elapsed().into(),
            Clock::Fixed(_) => Duration::from_micros(self.clock.now_micros().unsigned_abs()).into(),
        }
    }
}

/// The server's limits.
#[derive(Debug)]
pub struct Limits {
    /// Passwords tried, by e-mail address (lower case) and by client address.
    accounts: Keyed<String>,
    addresses: Keyed<IpAddr>,
    /// Passwords tried before a locked link, by link and address, and by link.
    locks: Keyed<(String, IpAddr)>,
    locked_links: Keyed<String>,
    /// Share addresses that opened nothing, by client address.
    misses: Keyed<IpAddr>,
    /// Reports of shared pages, by client address.
    reports: Keyed<IpAddr>,
    /// Messages to models, by person.
    messages: Keyed<String>,
    /// Tests of webhooks, by person.
    webhook_tests: Keyed<String>,
    /// Requests of programs.
    api_keys: Counted<String>,
    api_persons: Counted<String>,
    api_addresses: Counted<IpAddr>,
}

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Requests at once when none was made for a while; a minute brings as many.
    pub limit: u32,
    /// Of them, how many can be made now.
    pub remaining: u32,
    /// When all of them can be made again, if none is made until then.
    pub full_in_secs: u64,
}

impl Limits {
    /// As configured.
    pub fn new(config: &Config, clock: &Clock) -> Self {
        let ticks = Ticks { clock: clock.clone(), began: Instant::now() };
        let attempts = NonZeroU32::new(config.sign_in_attempts_per_minute).unwrap_or(NonZeroU32::MIN);
        let messages = NonZeroU32::new(config.messages_per_minute).unwrap_or(NonZeroU32::MIN);
        let many = attempts.saturating_mul(const { NonZeroU32::new(3).unwrap() });
        Self {
            accounts: keyed(attempts, &ticks),
            // An office may share one address.
            addresses: keyed(many, &ticks),
            // Readers who share an address come at once when a link is sent to all of them. From many addresses it takes ten
            // times as many, so that few can't keep the others out.
            locks: keyed(many, &ticks),
            locked_links: keyed(attempts.saturating_mul(const { NonZeroU32::new(10).unwrap() }), &ticks),
            misses: keyed(const { NonZeroU32::new(60).unwrap() }, &ticks),
            reports: keyed(const { NonZeroU32::new(5).unwrap() }, &ticks),
            messages: keyed(messages, &ticks),
            webhook_tests: keyed(const { NonZeroU32::new(20).unwrap() }, &ticks),
            api_keys: counted(config.api_limits.per_key, &ticks),
            api_persons: counted(config.api_limits.per_person, &ticks),
            api_addresses: counted(config.api_limits.per_address, &ticks),
        }
    }

    /// Counts one attempt to give a password (or another secret) for `account` from `address`.
    pub fn password(&self, account: &str, address: IpAddr) -> Result<(), Error> {
        check(&self.addresses, &address)?;
        check(&self.accounts, &account.to_lowercase())
    }

    /// Counts one attempt to open the lock of a link from `address`.
    pub fn lock(&self, link_id: &str, address: IpAddr) -> Result<(), Error> {
        check(&self.locks, &(link_id.to_owned(), address))?;
        check(&self.locked_links, &link_id.to_owned())
    }

    /// Counts one attempt at a door that has no account, such as a one-time link.
    pub fn door(&self, address: IpAddr) -> Result<(), Error> {
        check(&self.addresses, &address)
    }

    /// Counts a share address that opened nothing. It is asked after the gate said no, so it never keeps out the
    /// holder of a real link.
    pub fn miss(&self, address: IpAddr) -> Result<(), Error> {
        check(&self.misses, &address)
    }

    /// Counts a report.
    pub fn report(&self, address: IpAddr) -> Result<(), Error> {
        check(&self.reports, &address)
    }

    /// Counts a message of this person's to a model.
    pub fn message(&self, user_id: &str) -> Result<(), Error> {
        check(&self.messages, &user_id.to_owned())
    }

    /// Counts a test of a webhook of this person's.
    pub fn webhook_test(&self, user_id: &str) -> Result<(), Error> {
        check(&self.webhook_tests, &user_id.to_owned())
    }

    /// Counts a request of this API key.
    pub fn api_key(&self, id: &str) -> (Standing, Result<(), Error>) {
        stand(&self.api_keys, &id.to_owned())
    }

    /// Counts a request of whichever key of this person.
    pub fn api_person(&self, id: &str) -> (Standing, Result<(), Error>) {
        stand(&self.api_persons, &id.to_owned())
    }

    /// Counts a request to the API from this address, with or without a key.
    pub fn api_address(&self, address: IpAddr) -> (Standing, Result<(), Error>) {
        stand(&self.api_addresses, &address)
    }

    /// Forgets keys that have nothing to remember; called now and then.
    pub fn tidy(&self) {
        self.accounts.retain_recent();
        self.addresses.retain_recent();
        self.locks.retain_recent();
        self.locked_links.retain_recent();
        self.misses.retain_recent();
        self.reports.retain_recent();
        self.messages.retain_recent();
        self.webhook_tests.retain_recent();
        self.api_keys.retain_recent();
        self.api_persons.retain_recent();
        self.api_addresses.retain_recent();
    }
}

fn keyed<K: Clone + std::hash::Hash + Eq>(per_minute: NonZeroU32, ticks: &Ticks) -> Keyed<K> {
    RateLimiter::dashmap_with_clock(Quota::per_minute(per_minute), ticks.clone())
}

fn counted<K: Clone + std::hash::Hash + Eq>(per_minute: u32, ticks: &Ticks) -> Counted<K> {
    let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
    keyed(per_minute, ticks).with_middleware::<StateInformationMiddleware>()
}

fn stand<K: Clone + std::hash::Hash + Eq>(limiter: &Counted<K>, key: &K) -> (Standing, Result<(), Error>) {
    match limiter.check_key(key) {
        Ok(state) => {
            let (limit, remaining) = (state.quota().burst_size().get(), state.remaining_burst_capacity());
            let missing = state.quota().replenish_interval() * limit.saturating_sub(remaining);
            (Standing { limit, remaining, full_in_secs: seconds(missing) }, Ok(()))
        }
        Err(until) => {
            let wait = until.wait_time_from(limiter.clock().now());
            let standing = Standing { limit: until.quota().burst_size().get(), remaining: 0, full_in_secs: 60 };
            (standing, Err(Error::RateLimited { retry_after_secs: seconds(wait).max(1) }))
        }
    }
}

fn check<K: Clone + std::hash::Hash + Eq>(limiter: &Keyed<K>, key: &K) -> Result<(), Error> {
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(limiter.clock().now());
        Error::RateLimited { retry_after_secs: seconds(wait).max(1) }
    })
}

/// Rounded up: whoever waits as long as they are told is let in.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
