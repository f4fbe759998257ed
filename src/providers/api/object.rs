//! The object `model`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::providers::catalog;

/// A model that you may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Model {
    /// What is sent as `model`: the provider's id, a slash, and the model's name there.
    #[schema(example = "openai/gpt-5")]
    pub id: String,
    /// Always `model`.
    #[schema(example = "model")]
    pub object: &'static str,
    /// Always 0: providers don't say when.
    #[schema(example = 0)]
    pub created: i64,
    /// The provider, as it is called on this server.
    #[schema(example = "OpenAI")]
    pub owned_by: String,
    /// The model's name at its provider.
    #[schema(example = "gpt-5")]
    pub name: String,
    /// How much it reads, in tokens: as the provider says, or a careful guess.
    #[schema(example = 400_000)]
    pub context_length: u32,
    /// What it takes.
    pub architecture: Architecture,
}

/// What a model takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModelArchitecture)]
pub struct Architecture {
    /// `text`, and `image` if it takes pictures.
    #[schema(value_type = Vec<String>, example = json!(["text", "image"]))]
    pub input_modalities: Vec<&'static str>,
}

/// All models that you may use, the default first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ModelList {
    /// Always `list`.
    #[schema(example = "list")]
    pub object: &'static str,
    /// Never empty: where no model is connected it is the demo, which is no AI.
    pub data: Vec<Model>,
}

impl Model {
    /// A model of the catalog.
    pub fn of(model: catalog::Model) -> Self {
        let images = model.takes_images.then_some("image");
        Self {
            id: model.id,
            object: "model",
            created: 0,
            owned_by: model.provider_name,
            name: model.name,
            context_length: model.context_tokens,
            architecture: Architecture { input_modalities: ["text"].into_iter().chain(images).collect() },
        }
    }
}
