//! What is known of providers and models, in memory. The database is asked again when what is known is older than a
//! few seconds, so that every node soon knows what was changed on another; whoever changes something here calls
//! [`Registry::forget`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use super::address::Reach;
use super::remote::Remote;
use super::resolver::{Lookup, System};
use super::rules::Rule;
use super::settings::{Kind, ProviderSettings, Source};
use super::store::{self, List, Typed};
use super::{refresh, seal};
use crate::accounts;
use crate::app::App;
use crate::config::Config;
use crate::error::Error;

/// The setting that holds the default model's id.
pub(super) const DEFAULT_MODEL: &str = "default_model";
/// How long what is known counts.
const FRESH: Duration = Duration::from_secs(5);
/// How long a page waits for the first list of a provider that was never asked.
const FIRST_LIST: Duration = Duration::from_secs(4);

/// The state in memory.
pub struct Registry {
    pub(super) lookup: Arc<dyn Lookup>,
    known: RwLock<Option<(Instant, Arc<Known>)>>,
    /// How often something was changed: what was loaded meanwhile may lack it.
    changes: AtomicU64,
    loading: tokio::sync::Mutex<()>,
    /// What is asked, from load to load.
    made: Mutex<Vec<Arc<Remote>>>,
    /// The Ollama that was found running. It is this machine's alone, so no database knows of it.
    found: Mutex<Option<List>>,
    /// When each provider was asked for its list last, and whether it answered.
    pub(super) tried: Mutex<HashMap<String, Tried>>,
    /// Held by who asks all of them.
    pub(super) asking: tokio::sync::Mutex<()>,
    /// Wakes who asks for lists.
    pub(super) wake: Notify,
    /// Counts rounds of asking.
    pub(super) rounds: watch::Sender<u64>,
}

/// An attempt to get a list.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) at: Instant,
    pub(super) worked: bool,
    /// What was asked; another address or key is another provider.
    pub(super) settings: ProviderSettings,
}

/// Everything that is known.
pub struct Known {
    /// In the order in which they are offered.
    pub sources: Vec<ProviderState>,
    /// By model id.
    pub rules: HashMap<String, Rule>,
    /// Offered first.
    pub default_model: Option<String>,
}

/// One provider.
#[derive(Clone)]
pub struct ProviderState {
    /// What is asked.
    pub remote: Arc<Remote>,
    /// What it has.
    pub list: List,
    /// Its key was sealed with another secret than this server's.
    pub locked: bool,
}

impl ProviderState {
    /// What is said about it.
    pub fn settings(&self) -> &ProviderSettings {
        self.remote.settings()
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            lookup: Arc::new(System),
            known: RwLock::default(),
            changes: AtomicU64::new(0),
            loading: tokio::sync::Mutex::default(),
            made: Mutex::default(),
            found: Mutex::default(),
            tried: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            wake: Notify::new(),
            rounds: watch::Sender::default(),
        }
    }
}

impl Registry {
    /// What is known, asked of the database if it is old.
    pub async fn known(&self, app: &App) -> Result<Arc<Known>, Error> {
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let _turn = self.loading.lock().await;
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        loop {
            let (began, changes) = (Instant::now(), self.changes.load(Ordering::SeqCst));
            let loaded = Arc::new(self.load(app).await?);
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            // Under the lock that a change takes too, so that none comes in between.
            if self.changes.load(Ordering::SeqCst) == changes {
                *known = Some((began, loaded.clone()));
                return Ok(loaded);
            }
        }
    }

    /// The same, after every provider was asked for its list at least once. For whoever shows a person what there is.
    pub async fn asked(&self, app: &App) -> Result<Arc<Known>, Error> {
        self.asked_within(app, FIRST_LIST).await
    }

    /// The same, with less patience.
    pub(super) async fn asked_within(&self, app: &App, patience: Duration) -> Result<Arc<Known>, Error> {
        let mut rounds = self.rounds.subscribe();
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let known = self.known(app).await?;
            if known.sources.iter().any(|source| refresh::is_due(self, source)) || refresh::is_ollama_due(self, app) {
                self.wake.notify_one();
            }
            let never = |source: &ProviderState| source.list.fetched_at == 0 && !source.locked;
            let unknown = known.sources.iter().any(never) || refresh::is_ollama_unknown(self, app);
            let waits = unknown && !app.shutdown.is_cancelled();
            if !waits || tokio::time::timeout_at(deadline, rounds.changed()).await.is_err() {
                return Ok(known);
            }
        }
    }

    /// What is known is no longer so.
    pub fn forget(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::SeqCst);
        *known = None;
    }

    /// Whether an Ollama is there, and with which models.
    pub(super) fn set_found(&self, list: Option<List>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = list;
        self.forget();
    }

    fn fresh(&self) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, known)| known.clone())
    }

    async fn load(&self, app: &App) -> Result<Known, Error> {
        let mut reader = app.db.read().await?;
        let typed = store::all(&mut reader).await?;
        let mut lists = store::lists(&mut reader).await?;
        let rules = store::rules(&mut reader).await?;
        let default_model = accounts::store::setting(&mut reader, DEFAULT_MODEL).await?.filter(|id| !id.is_empty());
        drop(reader);
        let mut all: Vec<(ProviderSettings, bool)> = app.config.providers.iter().map(|settings| (settings.clone(), false)).collect();
        all.extend(typed.iter().filter_map(|typed| settings_of(&app.config, typed)));
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(list), Some(ollama)) = (found, found_ollama(&app.config)) {
            lists.insert(ollama.id.clone(), list);
            all.push((ollama, false));
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let sources: Vec<ProviderState> = all
            .into_iter()
            .map(|(settings, locked)| {
                // The one from before, if nothing about it has changed: its connections are still open.
                let same = made.iter().find(|remote| *remote.settings() == settings).cloned();
                let list = lists.remove(&settings.id).unwrap_or_default();
                ProviderState { remote: same.unwrap_or_else(|| Arc::new(self.make(&app.config, settings))), list, locked }
            })
            .collect();
        *made = sources.iter().map(|source| source.remote.clone()).collect();
        Ok(Known { sources, rules, default_model })
    }

    /// A provider of these settings.
    pub(super) fn make(&self, config: &Config, settings: ProviderSettings) -> Remote {
        let reach = if settings.may_be_private(config.private_providers) { Reach::Private } else { Reach::Public };
        Remote::new(settings, reach, self.lookup.clone(), config.provider_patience)
    }
}

/// The settings of an Ollama that nobody named, unless somebody did.
pub(super) fn found_ollama(config: &Config) -> Option<ProviderSettings> {
    let url = config.ollama.as_deref()?;
    let settings =
        ProviderSettings { id: "ollama".to_owned(), source: Source::Found, ..ProviderSettings::new("Ollama", Kind::Ollama, url, None) };
    let named = config.providers.iter().any(|known| known.id == settings.id || known.base_url == settings.base_url);
    (!named).then_some(settings)
}

/// What the page's row says, and whether its key can't be opened.
pub(super) fn settings_of(config: &Config, typed: &Typed) -> Option<(ProviderSettings, bool)> {
    let key = if typed.sealed_key.is_empty() { None } else { Some(seal::open(config, &typed.id, &typed.sealed_key)) };
    let locked = matches!(key, Some(None));
    let settings = ProviderSettings {
        id: typed.id.clone(),
        key: key.flatten(),
        models: serde_json::from_str(&typed.models).unwrap_or_default(),
        context_tokens: u32::try_from(typed.context_tokens).ok().filter(|tokens| *tokens > 0),
        source: Source::Page,
        // A kind of a later version is none of ours.
        ..ProviderSettings::new(&typed.name, Kind::parse(&typed.kind)?, &typed.base_url, None)
    };
    Some((settings, locked))
}
