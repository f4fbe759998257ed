//! What an administrator does about providers and models.

use std::collections::HashSet;

use super::address::{self, Reach};
use super::catalog;
use super::known;
use super::provider::{Piece, Provider, Question, Turn};
use super::registry::{DEFAULT_MODEL, ProviderState};
use super::resolver::{Checked, Unresolved};
use super::rules::{Audience, Rule};
use super::settings::{Key, Kind, usual_form};
use super::store::{self, Typed};
use super::{refresh, seal};
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::http::form::line;
use crate::ids;
use crate::write_tx;
use futures_util::StreamExt;

/// The longest name and the longest address.
const MAX_NAME_CHARS: usize = 60;
const MAX_URL_CHARS: usize = 500;
/// The longest key.
const MAX_KEY: usize = 1_000;
/// The most models that are named by hand.
const MAX_NAMED: usize = 200;

/// A provider as it was typed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The name that people see.
    pub name: String,
    /// How it is spoken to.
    pub kind: String,
    /// Empty: the kind's usual one.
    pub base_url: String,
    /// Empty: the one that is kept stays.
    pub key: Option<Key>,
    /// The key that is kept goes.
    pub forget_key: bool,
    /// One on each line; empty: the provider's own list.
    pub models: String,
    /// Empty: not said.
    pub context_tokens: String,
}

/// Adds a provider (`id` is `None`) or changes one, and asks it for its list; answers its id. `by` is who does it.
///
/// # Errors
/// [`Error::Invalid`] with what to correct; [`Error::NotFound`] if there is no such provider on the page.
pub async fn save(app: &App, by: &str, id: Option<&str>, draft: &Draft) -> Result<String, Error> {
    let before = match id {
        Some(id) => Some(store::one(&mut *app.db.read().await?, id).await?),
        None => None,
    };
    let typed = check(app, before.as_ref(), draft).await?;
    let now = app.now();
    write_tx!(app.db, "a provider", |tx| {
        if before.is_some() {
            store::update(tx, &typed).await?;
        } else {
            store::insert(tx, &typed, now).await?;
        }
        let action = if before.is_some() { "provider.changed" } else { "provider.added" };
        audit::record(tx, now, by, action, &typed.id, Via::Web).await
    })?;
    app.providers.forget();
    // May fail: the page says what is wrong with it.
    if let Some(source) = find(app, &typed.id).await? {
        refresh::fetch(app, &source).await?;
    }
    Ok(typed.id)
}

async fn check(app: &App, before: Option<&Typed>, draft: &Draft) -> Result<Typed, Error> {
    let name = line("name", "The name", &draft.name, MAX_NAME_CHARS)?;
    let kind = Kind::parse(&draft.kind).ok_or_else(|| Error::invalid("kind", "Choose what kind of provider it is."))?;
    let base_url = base_url(app, kind, &draft.base_url).await?;
    let id = before.map_or_else(|| ids::new("prov"), |before| before.id.clone());
    let kept = before.map(|before| before.sealed_key.as_slice()).filter(|kept| !kept.is_empty() && !draft.forget_key);
    let sealed_key = match (&draft.key, kept) {
        (Some(key), _) if key.expose().len() > MAX_KEY || !key.expose().chars().all(|c| c.is_ascii_graphic()) => {
            return Err(Error::invalid("key", "That isn’t a key: a key has no spaces. Copy it once more."));
        }
        (Some(key), _) => seal::seal(&app.config, &id, key)?,
        // Else a key could be read by sending it to an address of one's own.
        (None, Some(_)) if before.is_some_and(|before| before.base_url != base_url || before.kind != kind.as_str()) => {
            return Err(Error::invalid("key", "Type the key again: the one that is kept belongs to the address from before."));
        }
        (None, Some(kept)) => kept.to_vec(),
        (None, None) if kind.needs_key() => return Err(Error::invalid("key", format!("{} wants a key.", kind.label()))),
        (None, None) => Vec::new(),
    };
    let models: Vec<String> = draft.models.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if models.len() > MAX_NAMED || models.iter().any(|name| name.len() > 200 || name.chars().any(char::is_control)) {
        return Err(Error::invalid("models", "Name at most 200 models, one on each line."));
    }
    let context_tokens = match draft.context_tokens.trim() {
        "" => 0,
        text => text
            .parse::<u32>()
            .ok()
            .filter(|tokens| (512..=100_000_000).contains(tokens))
            .ok_or_else(|| Error::invalid("context_tokens", "Give a number of tokens, such as 32768, or leave it empty."))?,
    };
    Ok(Typed {
        id,
        name,
        kind: kind.as_str().to_owned(),
        base_url,
        sealed_key,
        models: serde_json::to_string(&models)?,
        context_tokens: context_tokens.into(),
    })
}

/// The address, if this server may ask it.
async fn base_url(app: &App, kind: Kind, typed: &str) -> Result<String, Error> {
    let wrong = |words: String| Error::invalid("base_url", words);
    let given = if typed.trim().is_empty() { kind.usual_address().unwrap_or_default() } else { typed.trim() };
    if given.is_empty() {
        return Err(wrong("Give the server’s address, such as https://llm.example.org/v1.".to_owned()));
    }
    if given.chars().count() > MAX_URL_CHARS {
        return Err(wrong(format!("The address is longer than {MAX_URL_CHARS} characters.")));
    }
    let reach = if app.config.private_providers { Reach::Private } else { Reach::Public };
    let base_url = usual_form(kind, given);
    let url = address::check(&base_url, reach).map_err(|refused| wrong(refused.to_string()))?;
    let host = url.host_str().unwrap_or_default();
    // Every connection looks again; this look is so that a mistake shows at once.
    if host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_err() {
        let resolver = Checked { lookup: app.providers.lookup.clone(), reach };
        resolver.addresses(host).await.map_err(|unresolved| match unresolved {
            Unresolved::NotFound => wrong("There is no server of this name. Is it spelled right?".to_owned()),
            Unresolved::Refused(refused) => wrong(refused.to_string()),
        })?;
    }
    Ok(base_url)
}

/// Removes a provider; its models are offered to nobody from the commit on.
///
/// # Errors
/// [`Error::NotFound`] if it isn't one of the page's.
pub async fn remove(app: &App, by: &str, id: &str) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "remove a provider", |tx| {
        store::delete(tx, id).await?;
        audit::record(tx, now, by, "provider.removed", id, Via::Web).await
    })?;
    app.providers.forget();
    Ok(())
}

/// Asks a provider for its list and, if it has one to ask, a model for a word; answers what came of it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such provider; [`Error::Invalid`] with what is wrong with it.
pub async fn test(app: &App, id: &str) -> Result<String, Error> {
    let source = find(app, id).await?.ok_or(Error::NotFound)?;
    if source.locked {
        return Err(Error::invalid("provider", catalog::problem(&source)));
    }
    let list = refresh::fetch(app, &source).await?;
    if !list.problem.is_empty() {
        return Err(Error::invalid("provider", list.problem));
    }
    let name = &source.settings().name;
    let Some(model) = list.models.iter().map(|listed| listed.name.as_str()).min_by_key(|name| known::place(name)) else {
        return Err(Error::invalid("provider", format!("{name} answers, but has no model.")));
    };
    let turns = vec![Turn { by_model: false, text: "Say hello in one word.".to_owned(), images: Vec::new() }];
    let question = Question { model: model.to_owned(), turns, ..Question::default() };
    let mut answer = source.remote.answer(question);
    match answer.next().await {
        Some(Ok(Piece::End { .. })) | None => {
            Err(Error::invalid("provider", format!("{name} lists its models, but {model} says nothing.")))
        }
        Some(Ok(_)) => Ok(format!("{name} works: {model} answered.")),
        Some(Err(failure)) => {
            Err(Error::invalid("provider", format!("{name} lists its models, but {model} doesn’t answer. {}", failure.words)))
        }
    }
}

/// The provider with this id, whoever said that there is one.
///
/// # Errors
/// When the database can't be asked.
pub async fn find(app: &App, id: &str) -> Result<Option<ProviderState>, Error> {
    let known = app.providers.known(app).await?;
    Ok(known.sources.iter().find(|source| source.settings().id == id).cloned())
}

/// Shows those of `listed` that are in `shown` and hides the others. Names at the provider.
///
/// # Errors
/// [`Error::NotFound`] if there is no such provider.
pub async fn show(app: &App, by: &str, id: &str, listed: &[String], shown: &HashSet<String>) -> Result<(), Error> {
    let source = find(app, id).await?.ok_or(Error::NotFound)?;
    let known = app.providers.known(app).await?;
    let changed: Vec<(String, Rule)> = catalog::models(&source)
        .into_iter()
        .filter(|model| listed.contains(&model.name))
        .filter_map(|model| {
            let rule = known.rules.get(&model.id).cloned().unwrap_or_default();
            let wanted = shown.contains(&model.name);
            (rule.shown != wanted).then_some((model.id, Rule { shown: wanted, ..rule }))
        })
        .collect();
    let now = app.now();
    write_tx!(app.db, "which models are shown", |tx| {
        for (model_id, rule) in &changed {
            store::save_rule(tx, model_id, rule).await?;
        }
        audit::record(tx, now, by, "models.shown", id, Via::Web).await
    })?;
    app.providers.forget();
    Ok(())
}

/// Says who may use a model.
///
/// # Errors
/// [`Error::NotFound`] if there is no such model; [`Error::Invalid`] for a word that means nobody.
pub async fn allow(app: &App, by: &str, model_id: &str, audience: &str, people: HashSet<String>) -> Result<(), Error> {
    if !matches!(audience, "everyone" | "admins" | "people") {
        return Err(Error::invalid("audience", "Choose who may use it."));
    }
    if audience == "people" && people.is_empty() {
        return Err(Error::invalid("audience", "Choose at least one person, or hide the model."));
    }
    let provider = model_id.split('/').next().unwrap_or_default();
    let source = find(app, provider).await?.ok_or(Error::NotFound)?;
    if !catalog::models(&source).iter().any(|model| model.id == model_id) {
        return Err(Error::NotFound);
    }
    let known = app.providers.known(app).await?;
    let rule = Rule { audience: Audience::read(audience, people), ..known.rules.get(model_id).cloned().unwrap_or_default() };
    let now = app.now();
    write_tx!(app.db, "who may use a model", |tx| {
        store::save_rule(tx, model_id, &rule).await?;
        audit::record(tx, now, by, "model.allowed", provider, Via::Web).await
    })?;
    app.providers.forget();
    Ok(())
}

/// Makes a model the one that is offered first; empty: the server chooses.
///
/// # Errors
/// [`Error::Invalid`] if there is no such model.
pub async fn set_default(app: &App, by: &str, model_id: &str) -> Result<(), Error> {
    let known = app.providers.known(app).await?;
    let there = model_id.is_empty() || known.sources.iter().flat_map(catalog::models).any(|model| model.id == model_id);
    if !there {
        return Err(Error::invalid("model", "This model isn’t available any more. Choose another one."));
    }
    let now = app.now();
    write_tx!(app.db, "the default model", |tx| {
        accounts::store::set_setting(tx, DEFAULT_MODEL, model_id).await?;
        audit::record(tx, now, by, "model.default", "", Via::Web).await
    })?;
    app.providers.forget();
    Ok(())
}
