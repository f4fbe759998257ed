//! Which models there are, and who may use them.

use std::sync::Arc;
use std::time::Duration;

use super::demo::{self, Demo};
use super::known;
use super::provider::{Listed, Provider};
use super::registry::{Known, ProviderState};
use super::settings::{ProviderSettings, Source};
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;

/// A model that a person may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The provider's id, a slash, and the model's name there: what is stored and sent by forms.
    pub id: String,
    /// The name at its provider, shown to people.
    pub name: String,
    /// Whose model it is, shown to people.
    pub provider_name: String,
    /// Its window in tokens: as the provider says, or a careful guess.
    pub context_tokens: u32,
    /// Whether it takes pictures.
    pub takes_images: bool,
    /// It is the built-in one, no AI.
    pub is_demo: bool,
}

/// A model together with what answers for it.
#[derive(Clone)]
pub struct Chosen {
    /// The model.
    pub model: Model,
    /// What is asked.
    pub provider: Arc<dyn Provider>,
}

/// What is connected, for pages that say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// In the order in which they are offered.
    pub providers: Vec<ProviderSummary>,
}

/// One provider of a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSummary {
    /// Its name.
    pub name: String,
    /// How many models it has.
    pub models: usize,
    /// What is wrong with it, in our words; empty: nothing.
    pub problem: String,
    /// It was found running; nobody named it.
    pub found: bool,
}

impl ProviderSummary {
    /// One line about it.
    pub fn words(&self) -> String {
        let Self { name, models, problem, found } = self;
        let here = if *found { ", found running on this machine" } else { "" };
        match models {
            _ if !problem.is_empty() => problem.clone(),
            0 => format!("{name} is being asked which models it has."),
            1 => format!("{name}: 1 model{here}."),
            _ => format!("{name}: {models} models{here}."),
        }
    }
}

/// The models that `user` may use, in the order in which they are offered; the first is the default. Never empty:
/// without any provider it is the demo. Answered from memory.
pub async fn available(app: &App, user: &User) -> Result<Vec<Model>, Error> {
    let known = app.providers.asked(app).await?;
    let models: Vec<Model> = offered(&known, user).map(|(_, model)| model).collect();
    Ok(if models.is_empty() { vec![demo_model()] } else { models })
}

/// The model with this id, if `user` may use it.
///
/// # Errors
/// [`Error::Invalid`] with words for the person if it isn't there or isn't theirs to use.
pub async fn choose(app: &App, user: &User, id: &str) -> Result<Chosen, Error> {
    let known = app.providers.asked(app).await?;
    let mut none = true;
    for (source, model) in offered(&known, user) {
        none = false;
        if model.id == id {
            return Ok(Chosen { model, provider: source.remote.clone() });
        }
    }
    let demo = demo_model();
    if none && demo.id == id {
        return Ok(Chosen { model: demo, provider: Arc::new(Demo { pace: app.config.demo_pace }) });
    }
    Err(Error::invalid("model", "This model isn’t available any more. Choose another one."))
}

/// The first model that `user` may use.
///
/// # Errors
/// As [`choose`].
pub async fn first(app: &App, user: &User) -> Result<Chosen, Error> {
    let first = available(app, user).await?.into_iter().next();
    let first = first.ok_or_else(|| Error::invalid("model", "No model is connected. Ask whoever runs this server."))?;
    choose(app, user, &first.id).await
}

/// What is connected. Waits a moment, no more, for providers that were never asked.
pub async fn summary(app: &App) -> Result<Summary, Error> {
    let known = app.providers.asked_within(app, Duration::from_millis(500)).await?;
    let of = |source: &ProviderState| ProviderSummary {
        name: source.settings().name.clone(),
        models: source.list.models.len(),
        problem: problem(source),
        found: source.settings().source == Source::Found,
    };
    Ok(Summary { providers: known.sources.iter().map(of).collect() })
}

/// What is wrong with a provider; empty: nothing.
pub fn problem(source: &ProviderState) -> String {
    if source.locked {
        return "Its key was sealed with another secret than this server has now. Type it again.".to_owned();
    }
    source.list.problem.clone()
}

/// What is offered to `user`, the default model first.
fn offered<'a>(known: &'a Known, user: &'a User) -> impl Iterator<Item = (&'a ProviderState, Model)> {
    let mut all: Vec<(&ProviderState, Model)> = known
        .sources
        .iter()
        .filter(|source| !source.locked)
        .flat_map(|source| models(source).into_iter().map(move |model| (source, model)))
        .filter(|(_, model)| known.rules.get(&model.id).is_none_or(|rule| rule.allows(user)))
        .collect();
    let default = known.default_model.as_deref().and_then(|id| all.iter().position(|(_, model)| model.id == id));
    if let Some(at) = default {
        all[..=at].rotate_right(1);
    }
    all.into_iter()
}

/// All models of a provider, whoever may use them, in the order in which they are offered.
pub fn models(source: &ProviderState) -> Vec<Model> {
    let mut models: Vec<Model> = source.list.models.iter().map(|listed| model(source.settings(), listed)).collect();
    models.sort_by_cached_key(|model| known::place(&model.name));
    models
}

fn model(settings: &ProviderSettings, listed: &Listed) -> Model {
    let context_tokens = listed.context_tokens.unwrap_or_else(|| known::context_tokens(&listed.name));
    Model {
        id: format!("{}/{}", settings.id, listed.name),
        name: listed.name.clone(),
        provider_name: settings.name.clone(),
        context_tokens: settings.context_tokens.unwrap_or(context_tokens),
        takes_images: listed.takes_images.unwrap_or_else(|| known::takes_images(&listed.name)),
        is_demo: false,
    }
}

fn demo_model() -> Model {
    Model {
        id: format!("demo/{}", demo::MODEL),
        name: "Demo (not an AI)".to_owned(),
        provider_name: "built in".to_owned(),
        context_tokens: 8_192,
        takes_images: true,
        is_demo: true,
    }
}
