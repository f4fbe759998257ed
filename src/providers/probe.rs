//! Asking every provider which models it has, without a running server: for `takeback doctor`.

use std::sync::Arc;
use std::time::Duration;

use super::address::Reach;
use super::provider::Provider;
use super::registry::{found_ollama, settings_of};
use super::remote::Remote;
use super::resolver::System;
use super::settings::{ProviderSettings, Source};
use super::store;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::storage::{Db, db};

/// How long all of it takes at most.
const PATIENCE: Duration = Duration::from_secs(8);

/// Each provider's name with how many models it has, or what is wrong with it in our words. An Ollama that nobody named
/// and that isn't there is left out.
pub async fn all(config: &Config) -> Vec<(String, Result<usize, String>)> {
    let mut settings = config.providers.clone();
    // What is wrong with the database is another check's matter.
    settings.extend(typed(config).await.unwrap_or_default());
    settings.extend(found_ollama(config));
    let asked = futures_util::future::join_all(settings.into_iter().map(|settings| ask(config, settings))).await;
    asked.into_iter().flatten().collect()
}

async fn ask(config: &Config, settings: ProviderSettings) -> Option<(String, Result<usize, String>)> {
    let (name, found) = (settings.name.clone(), settings.source == Source::Found);
    let reach = if settings.may_be_private(config.private_providers) { Reach::Private } else { Reach::Public };
    let remote = Remote::new(settings, reach, Arc::new(System), config.provider_patience);
    let answer = match tokio::time::timeout(PATIENCE, remote.models()).await {
        Ok(Ok(models)) => Ok(models.len()),
        Ok(Err(failure)) => Err(failure.words),
        Err(_) => Err(format!("{name} doesn’t answer.")),
    };
    (!found || answer.is_ok()).then_some((name, answer))
}

/// Those of the page.
async fn typed(config: &Config) -> Result<Vec<ProviderSettings>, Error> {
    // Looking must not make a database.
    if db::sqlite_path(&config.database).is_some_and(|file| !file.exists()) {
        return Ok(Vec::new());
    }
    let db = Db::connect(&config.database, 2, Clock::System.now_micros()).await?;
    let typed = match db.read().await {
        Ok(mut reader) => store::all(&mut reader).await,
        Err(error) => Err(error),
    };
    db.close().await;
    Ok(typed?.iter().filter_map(|typed| settings_of(config, typed)).filter(|(_, locked)| !locked).map(|(settings, _)| settings).collect())
}
