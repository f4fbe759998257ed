//! Which models there are, and who may use them.

use std::sync::Arc;

use super::demo::{self, Demo};
use super::provider::Provider;
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

/// The models that `user` may use, in the order in which they are offered; the first is the default. Never empty:
/// without any provider it is the demo. Answered from memory.
pub async fn available(_app: &App, _user: &User) -> Result<Vec<Model>, Error> {
    Ok(vec![demo_model()])
}

/// The model with this id, if `user` may use it.
///
/// # Errors
/// [`Error::Invalid`] with words for the person if it isn't there or isn't theirs to use.
pub async fn choose(app: &App, user: &User, id: &str) -> Result<Chosen, Error> {
    let model = available(app, user).await?.into_iter().find(|model| model.id == id);
    let model = model.ok_or_else(|| Error::invalid("model", "This model isn’t available any more. Choose another one."))?;
    Ok(Chosen { model, provider: Arc::new(Demo) })
}

fn demo_model() -> Model {
    Model {
        id: format!("demo/{}", demo::MODEL),
        name: demo::MODEL.to_owned(),
        provider_name: "built in".to_owned(),
        context_tokens: 8_192,
        takes_images: true,
        is_demo: true,
    }
}
