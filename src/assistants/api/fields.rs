//! What an assistant is to be, as a program says it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::body::{given, object};
use crate::assistants::form::{self, Keep, Wish};
use crate::assistants::version::{Version, degrees};
use crate::error::Error;

/// The largest body: knowledge comes as text.
pub const MAX_BYTES: usize = 24 << 20;

/// What an assistant is made of. What is left out stays as it is, or is empty in a new one.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssistantFields)]
pub struct Fields {
    /// Its name. A new one needs it.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 60, example = "House style")]
    pub name: Option<String>,
    /// What it is for, in a sentence. Everybody who may talk to it sees this.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 300)]
    pub description: Option<String>,
    /// What stands in the place of a picture. Pictures themselves are chosen on its page.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 10, example = "✍️")]
    pub emoji: Option<String>,
    /// What the model is told before every conversation. Nobody but editors is shown it, but a model can be talked into
    /// repeating what it was told: put no secrets here.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 32_000, example = "Write short sentences.")]
    pub instructions: Option<String>,
    /// Questions to begin with.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 6)]
    pub starters: Option<Vec<String>>,
    /// The model that it asks, by its id here; null: the first that is available.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, example = "openai/gpt-5")]
    pub model: Given<String>,
    /// From 0 to 2; null: what the provider thinks fit.
    #[serde(default)]
    #[schema(value_type = Option<f64>, required = false, minimum = 0, maximum = 2, example = 0.3)]
    pub temperature: Given<f64>,
    /// All files that it is to know: new ones with `name` and `text`, those that stay with their `id`. Knowledge is text
    /// here; PDFs are chosen on its page, which keeps the text of them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<Knowledge>>, nullable = false, max_items = 20)]
    pub knowledge: Option<Vec<Value>>,
    /// Only to change one: begin from this earlier version, its picture and files included, instead of the newest.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, minimum = 1)]
    pub restore_version: Option<i64>,
    /// Everybody who may talk to it gets this version at once. Without it the version is a draft.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub publish: Option<bool>,
    /// `private`: its editors see it in the library. `listed`: every member of this server does; for that it has to be
    /// published. Only its owner can say it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Visibility>, nullable = false)]
    pub visibility: Option<String>,
}

/// A file that an assistant is to know: `id` alone, or `name` and `text`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssistantKnowledge)]
pub struct Knowledge {
    /// Of a file that it knows already.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "file_8sTuVwXyZ2aBcDeFg5kPqR")]
    id: Option<String>,
    /// Of a new file.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "style-guide.md")]
    name: Option<String>,
    /// What stands in it, up to 1 MB.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    text: Option<String>,
}

/// Who sees it in the library.
#[derive(ToSchema)]
#[schema(as = AssistantVisibility, rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the value is read as text, so that what is wrong with it can be said")]
enum Visibility {
    /// Its editors.
    Private,
    /// Every member of this server.
    Listed,
}

/// A field that says something else when it is null than when it is left out.
#[derive(Debug, Default)]
pub enum Given<T> {
    /// Left out.
    #[default]
    Nothing,
    /// Null.
    Null,
    /// A value.
    This(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(field)?.map_or(Self::Null, Self::This))
    }
}

impl<T> Given<T> {
    /// What is to stand there, where `before` stood.
    fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Nothing => before,
            Self::Null => None,
            Self::This(value) => Some(value),
        }
    }
}

impl Fields {
    /// Whether they make a version.
    pub fn make_a_version(&self) -> bool {
        let texts = [&self.name, &self.description, &self.emoji, &self.instructions];
        texts.into_iter().any(Option::is_some)
            || self.starters.is_some()
            || !matches!((&self.model, &self.temperature), (Given::Nothing, Given::Nothing))
            || self.knowledge.is_some()
            || self.restore_version.is_some()
    }

    /// Whether members are to find it in the library; `None`: that stays.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a word that says neither.
    pub fn listed(&self) -> Result<Option<bool>, Error> {
        match self.visibility.as_deref() {
            None => Ok(None),
            Some("private") => Ok(Some(false)),
            Some("listed") => Ok(Some(true)),
            Some(_) => Err(Error::bad_param("visibility", "This must be \"private\" or \"listed\".")),
        }
    }

    /// The version that they make of `before`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] with the place of what can't be taken.
    pub fn wish(self, before: Version) -> Result<Wish, Error> {
        let temperature = self.temperature.or(before.body.temperature.map(degrees));
        let (keep, knowledge) = match self.knowledge {
            Some(files) => knowledge(files, &before)?,
            None => (before.body.knowledge, Vec::new()),
        };
        Ok(Wish {
            name: self.name.unwrap_or(before.face.name),
            description: self.description.unwrap_or(before.face.description),
            emoji: self.emoji.unwrap_or(before.face.emoji),
            instructions: self.instructions.unwrap_or(before.body.instructions),
            starters: self.starters.unwrap_or(before.body.starters),
            model_id: self.model.or(Some(before.body.model_id)).unwrap_or_default(),
            temperature: temperature.map(|degrees| degrees.to_string()).unwrap_or_default(),
            picture: None,
            keep_picture: if before.number > 0 { Keep::Of(before.number) } else { Keep::Nothing },
            keep,
            knowledge,
            refused: None,
            publish: self.publish.unwrap_or(false),
        })
    }
}

/// The files that stay, and the new ones.
fn knowledge(files: Vec<Value>, before: &Version) -> Result<(Vec<String>, Vec<form::Knowledge>), Error> {
    let (mut keep, mut new) = (Vec::new(), Vec::new());
    for (at, file) in files.into_iter().enumerate() {
        let place = format!("knowledge[{at}]");
        match object(Some(&place), file)? {
            Knowledge { id: Some(id), name: None, text: None } if before.body.knowledge.contains(&id) => keep.push(id),
            Knowledge { id: Some(_), name: None, text: None } => {
                return Err(Error::bad_param(format!("{place}.id"), "It knows no such file."));
            }
            Knowledge { id: None, name: Some(name), text: Some(text) } => {
                let file = form::Knowledge::new(&name, text.as_bytes());
                new.push(file.map_err(|error| match error {
                    Error::Invalid { words, .. } => Error::bad_param(format!("{place}.text"), words),
                    other => other,
                })?);
            }
            Knowledge { .. } => return Err(Error::bad_param(place, "A file has an id, or a name and a text.")),
        }
    }
    Ok((keep, new))
}

/// What the form calls otherwise.
pub fn named(error: Error) -> Error {
    match error {
        Error::Invalid { field: "starter", words } => Error::bad_param("starters", words),
        other => other,
    }
}

/// No id and no text has it, and PostgreSQL can't store it.
///
/// # Errors
/// [`Error::BadRequest`] for a text with U+0000.
pub fn refuse_nul(fields: &Fields) -> Result<(), Error> {
    let texts =
        [("name", &fields.name), ("description", &fields.description), ("emoji", &fields.emoji), ("instructions", &fields.instructions)];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
    let starters = fields.starters.iter().flatten().map(|starter| ("starters", starter.as_str()));
    let model = if let Given::This(model) = &fields.model { Some(("model", model.as_str())) } else { None };
    match texts.chain(starters).chain(model).find(|(_, text)| text.contains('\0')) {
        Some((name, _)) => Err(Error::bad_param(name, "This holds a character that can't be stored (U+0000). Take it out.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::body::read;

    fn before() -> Version {
        let mut version = Version { number: 3, ..Version::default() };
        version.face.name = "Tea".to_owned();
        version.body.temperature = Some(30);
        version.body.model_id = "a/b".to_owned();
        version.body.knowledge = vec!["file_1".to_owned(), "file_2".to_owned()];
        version
    }

    fn wish(body: &Value) -> Result<Wish, Error> {
        read::<Fields>(body.to_string().as_bytes())?.wish(before())
    }

    #[test]
    fn what_is_left_out_stays_and_null_is_not_left_out() {
        let same = wish(&json!({"description": "Knows tea."})).unwrap();
        assert_eq!((same.name.as_str(), same.model_id.as_str(), same.temperature.as_str()), ("Tea", "a/b", "0.3"));
        assert_eq!(same.keep, ["file_1", "file_2"]);
        let reset = wish(&json!({"model": null, "temperature": null, "knowledge": [{"id": "file_2"}]})).unwrap();
        assert_eq!((reset.model_id.as_str(), reset.temperature.as_str()), ("", ""));
        assert_eq!(reset.keep, ["file_2"]);
    }

    #[test]
    fn a_file_is_one_it_knows_or_a_new_one() {
        for (file, wrong) in [
            (json!({"id": "file_3"}), "knowledge[0].id"),
            (json!({"id": "file_1", "name": "a"}), "knowledge[0]"),
            (json!({"name": "a"}), "knowledge[0]"),
            (json!({"name": "a", "text": ""}), "knowledge[0].text"),
            (json!({"name": "a", "text": "a\0"}), "knowledge[0].text"),
            (json!("file_1"), "knowledge[0]"),
        ] {
            let Err(Error::BadRequest { param, .. }) = wish(&json!({"knowledge": [file]})) else { panic!("{wrong}") };
            assert_eq!(param.as_deref(), Some(wrong));
        }
    }
}
