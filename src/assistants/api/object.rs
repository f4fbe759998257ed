//! The objects `assistant` and `assistant.version`.

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{File, Saved, Shown};
use crate::assistants::version::{Body, degrees};

/// An assistant that you may talk to. Those who may change it see its newest version, everybody else the published one,
/// and nothing of what only editors see.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Assistant {
    /// Its page is `/assistants/` and this; as `model` of a chat completion it answers.
    #[schema(example = "asst_5kPqR8sTuVwXyZ2aBcDeFg")]
    pub id: String,
    /// Always `assistant`.
    #[schema(example = "assistant")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// Unix seconds; the time of the newest version.
    #[schema(example = 1_768_478_460)]
    pub updated_at: i64,
    /// Its name.
    #[schema(example = "House style")]
    pub name: String,
    /// What it is for; may be empty.
    #[schema(example = "Rewrites a draft in our house style.")]
    pub description: String,
    /// What stands in the place of a picture; empty: its initials, or its picture.
    #[schema(example = "✍️")]
    pub emoji: String,
    /// Questions to begin with.
    pub starters: Vec<String>,
    /// `private`: its editors see it in the library. `listed`: every member of this server does.
    #[schema(example = "private")]
    pub visibility: String,
    /// What its owner is called.
    #[schema(example = "Ada")]
    pub owner_name: String,
    /// Whether it is yours: only its owner deletes it and says who sees it.
    pub owned: bool,
    /// Whether you may change it.
    pub editable: bool,
    /// The version that is shown here.
    #[schema(example = 3)]
    pub version: i64,
    /// The version that everybody but its editors gets; null: none yet.
    #[schema(required = true, example = 2)]
    pub published_version: Option<i64>,
    /// What only editors see; null for others.
    #[schema(required = true)]
    pub configuration: Option<Configuration>,
}

/// What only editors of an assistant see.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AssistantConfiguration)]
pub struct Configuration {
    /// What the model is told before every conversation.
    #[schema(example = "Write short sentences.")]
    pub instructions: String,
    /// The model that it asks, by its id here; null: the first that is available.
    #[schema(required = true, example = "openai/gpt-5")]
    pub model: Option<String>,
    /// From 0 to 2; null: what the provider thinks fit.
    #[schema(required = true, example = 0.3)]
    pub temperature: Option<f64>,
    /// The files that it knows.
    pub knowledge: Vec<KnowledgeFile>,
}

/// A file that an assistant knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssistantFile)]
pub struct KnowledgeFile {
    /// Its id, to keep it in the next version.
    #[schema(example = "file_8sTuVwXyZ2aBcDeFg5kPqR")]
    pub id: String,
    /// As its person calls it.
    #[schema(example = "style-guide.md")]
    pub name: String,
    /// The size of its text.
    #[schema(example = 4_096)]
    pub bytes: i64,
}

/// A version of an assistant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AssistantVersion {
    /// Its number, as a text: what `after` and `before` take.
    #[schema(example = "3")]
    pub id: String,
    /// Always `assistant.version`.
    #[schema(example = "assistant.version")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_460)]
    pub created_at: i64,
    /// Of which assistant.
    #[schema(example = "asst_5kPqR8sTuVwXyZ2aBcDeFg")]
    pub assistant_id: String,
    /// From 1.
    #[schema(example = 3)]
    pub number: i64,
    /// Whether everybody gets it.
    pub published: bool,
    /// What the person who saved it is called; null: their account is gone.
    #[schema(required = true, example = "Ada")]
    pub saved_by: Option<String>,
    /// Its name then.
    #[schema(example = "House style")]
    pub name: String,
    /// What it was for.
    pub description: String,
    /// What stood in the place of a picture.
    pub emoji: String,
    /// Questions to begin with.
    pub starters: Vec<String>,
    /// What it was told, and by whom it answered.
    pub configuration: Configuration,
}

impl Assistant {
    /// As it concerns who asked; `files` are its files of knowledge.
    pub fn of(shown: Shown, body: Body, files: &[File]) -> Self {
        Self {
            object: "assistant",
            created_at: shown.created_at.div_euclid(1_000_000),
            updated_at: shown.updated_at.div_euclid(1_000_000),
            name: shown.name,
            description: shown.description,
            emoji: shown.emoji,
            visibility: shown.visibility,
            owner_name: shown.owner_name,
            owned: shown.owned == 1,
            editable: shown.edits == 1,
            version: shown.number,
            published_version: Some(shown.published).filter(|number| *number > 0),
            starters: body.starters.clone(),
            configuration: (shown.edits == 1).then(|| Configuration::of(&shown.id, body, files)),
            id: shown.id,
        }
    }
}

impl AssistantVersion {
    /// As an editor sees it.
    pub fn of(assistant_id: &str, published: i64, saved: Saved, body: Body, files: &[File]) -> Self {
        Self {
            id: saved.number.to_string(),
            object: "assistant.version",
            created_at: saved.created_at.div_euclid(1_000_000),
            assistant_id: assistant_id.to_owned(),
            number: saved.number,
            published: saved.number == published,
            saved_by: saved.saved_by,
            name: saved.name,
            description: saved.description,
            emoji: saved.emoji,
            starters: body.starters.clone(),
            configuration: Configuration::of(assistant_id, body, files),
        }
    }
}

impl Configuration {
    fn of(assistant_id: &str, body: Body, files: &[File]) -> Self {
        let file = |id: &String| files.iter().find(|file| file.id == *id && file.assistant_id == assistant_id);
        let known = body.knowledge.iter().filter_map(file);
        let known = known.map(|file| KnowledgeFile { id: file.id.clone(), name: file.name.clone(), bytes: file.size }).collect();
        Self {
            temperature: body.temperature.map(degrees),
            instructions: body.instructions,
            model: Some(body.model_id).filter(|id| !id.is_empty()),
            knowledge: known,
        }
    }
}
