//! Asking providers for their lists, in the background: at the start, when somebody looks at what there is and it is
//! old, and when an administrator says so. While nobody looks, nothing happens.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::MutexGuard;

use super::provider::Provider;
use super::registry::{ProviderState, Registry, Tried, found_ollama};
use super::settings::{Kind, Source};
use super::store::{self, List};
use crate::app::App;
use crate::error::Error;
use crate::write_tx;

/// How long a list counts: models come and go on one's own machine, seldom elsewhere.
const OLD: Duration = Duration::from_secs(6 * 3_600);
const OLD_AT_HOME: Duration = Duration::from_secs(60);
/// When a provider that did not answer is asked again.
const AGAIN: Duration = Duration::from_secs(60);
/// When an Ollama that was not there is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(15);
/// How long the look at an Ollama's usual address takes at most.
const LOOK: Duration = Duration::from_secs(2);
/// Lists that are fetched at the same time.
const AT_ONCE: usize = 8;

/// Whether the provider's list is to be fetched.
pub(super) fn is_due(registry: &Registry, source: &ProviderState) -> bool {
    let settings = source.settings();
    if source.locked || settings.source == Source::Found {
        return false;
    }
    let old = if settings.kind == Kind::Ollama { OLD_AT_HOME } else { OLD };
    let tried = registry.tried.lock().unwrap_or_else(PoisonError::into_inner);
    match tried.get(&settings.id).filter(|tried| tried.settings == *settings) {
        Some(tried) => tried.at.elapsed() > if tried.worked { old } else { AGAIN },
        // Not since the start, or not at this address with this key.
        None => true,
    }
}

/// Whether the Ollama that nobody named is to be looked for.
pub(super) fn is_ollama_due(registry: &Registry, app: &App) -> bool {
    let Some(settings) = found_ollama(&app.config) else { return false };
    let tried = registry.tried.lock().unwrap_or_else(PoisonError::into_inner);
    tried.get(&settings.id).is_none_or(|tried| tried.at.elapsed() > if tried.worked { OLD_AT_HOME } else { LOOK_AGAIN })
}

/// Whether it was never looked for.
pub(super) fn is_ollama_unknown(registry: &Registry, app: &App) -> bool {
    let tried = registry.tried.lock().unwrap_or_else(PoisonError::into_inner);
    found_ollama(&app.config).is_some_and(|settings| !tried.contains_key(&settings.id))
}

/// Asks whenever it is woken, until the server stops.
pub async fn run(app: App) {
    loop {
        let round = async {
            let turn = app.providers.asking.lock().await;
            if let Err(error) = refresh(&app, &turn).await {
                tracing::warn!(%error, "lists of models were not written down; trying again later");
            }
        };
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = round => (),
        }
        app.providers.rounds.send_modify(|rounds| *rounds += 1);
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = app.providers.wake.notified() => (),
        }
    }
}

/// Asks everybody, whenever they were asked last.
///
/// # Errors
/// When what they said can't be written down.
pub async fn everything(app: &App) -> Result<(), Error> {
    let turn = app.providers.asking.lock().await;
    app.providers.tried.lock().unwrap_or_else(PoisonError::into_inner).clear();
    app.providers.forget();
    refresh(app, &turn).await
}

/// Asks those whose list is due. One after the other holds the turn, so that an older answer never comes behind a newer.
async fn refresh(app: &App, _turn: &MutexGuard<'_, ()>) -> Result<(), Error> {
    let registry = &app.providers;
    let known = registry.known(app).await?;
    let due: Vec<ProviderState> = known.sources.iter().filter(|source| is_due(registry, source)).cloned().collect();
    let look = async {
        if is_ollama_due(registry, app) {
            look_for_ollama(app).await;
        }
    };
    let fetch = stream::iter(due).map(|source| async move { fetch(app, &source).await }).buffer_unordered(AT_ONCE);
    let ((), fetched) = tokio::join!(look, fetch.collect::<Vec<Result<List, Error>>>());
    fetched.into_iter().collect::<Result<Vec<_>, _>>().map(|_| ())
}

/// Asks one provider and writes down what it said. What it had before stays, if it did not answer.
///
/// # Errors
/// When it can't be written down.
pub async fn fetch(app: &App, source: &ProviderState) -> Result<List, Error> {
    let settings = source.settings();
    let asked = source.remote.models().await;
    let worked = asked.is_ok();
    let list = match asked {
        Ok(models) => List { models, problem: String::new(), fetched_at: app.now() },
        Err(failure) => List { models: source.list.models.clone(), problem: failure.words, fetched_at: app.now() },
    };
    note(&app.providers, source, worked);
    if settings.source == Source::Found {
        app.providers.set_found(worked.then(|| list.clone()));
    } else {
        write_tx!(app.db, "a list of models", |tx| { store::save_list(tx, &settings.id, &list).await })?;
        app.providers.forget();
    }
    Ok(list)
}

fn note(registry: &Registry, source: &ProviderState, worked: bool) {
    let settings = source.settings().clone();
    let tried = Tried { at: Instant::now(), worked, settings };
    registry.tried.lock().unwrap_or_else(PoisonError::into_inner).insert(tried.settings.id.clone(), tried);
}

/// Looks whether an Ollama runs at its usual address.
async fn look_for_ollama(app: &App) {
    let registry = &app.providers;
    let Some(settings) = found_ollama(&app.config) else { return };
    let source = ProviderState { remote: registry.make(&app.config, settings).into(), list: List::default(), locked: false };
    let asked = tokio::time::timeout(LOOK, source.remote.models()).await;
    let models = asked.ok().and_then(Result::ok);
    note(registry, &source, models.is_some());
    registry.set_found(models.map(|models| List { models, problem: String::new(), fetched_at: app.now() }));
}
