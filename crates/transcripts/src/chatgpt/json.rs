//! The shapes of the export's JSON, as far as they are read.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value that is taken if it has the expected type, and `None` if it has another.
#[derive(Debug)]
pub(super) struct Loose<T>(pub(super) Option<T>);

impl<T> Default for Loose<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

/// One conversation.
#[derive(serde::Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are the format's")]
pub(super) struct Conversation<'a> {
    #[serde(default)]
    pub(super) id: Loose<String>,
    #[serde(default)]
    pub(super) conversation_id: Loose<String>,
    #[serde(default)]
    pub(super) title: Loose<String>,
    #[serde(default)]
    pub(super) create_time: Loose<f64>,
    #[serde(default)]
    pub(super) update_time: Loose<f64>,
    #[serde(default)]
    pub(super) current_node: Loose<String>,
    #[serde(default)]
    pub(super) default_model_slug: Loose<String>,
    #[serde(borrow)]
    pub(super) mapping: Option<Pairs<Node<'a>>>,
}

/// An object as pairs in the file's order, two of the same key included.
pub(super) struct Pairs<T>(pub(super) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Pairs<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

/// A node of the tree. Nodes without a message are structure only.
#[derive(serde::Deserialize)]
pub(super) struct Node<'a> {
    #[serde(default)]
    pub(super) parent: Loose<String>,
    #[serde(default)]
    pub(super) children: Loose<Vec<String>>,
    /// `None` also for `null`.
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
}

/// A message.
#[derive(serde::Deserialize)]
pub(super) struct RawMessage<'a> {
    #[serde(default)]
    pub(super) author: Option<Author>,
    #[serde(default)]
    pub(super) create_time: Loose<f64>,
    #[serde(default)]
    pub(super) recipient: Loose<String>,
    #[serde(default)]
    pub(super) metadata: Option<Metadata>,
    #[serde(borrow)]
    pub(super) content: Option<&'a RawValue>,
}

#[derive(serde::Deserialize, Default)]
pub(super) struct Author {
    #[serde(default)]
    pub(super) role: Loose<String>,
    #[serde(default)]
    pub(super) name: Loose<String>,
}

#[derive(serde::Deserialize, Default)]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) is_visually_hidden_from_conversation: Loose<bool>,
    #[serde(default)]
    pub(super) is_user_system_message: Loose<bool>,
    #[serde(default)]
    pub(super) model_slug: Loose<String>,
    #[serde(default)]
    pub(super) citations: Loose<Vec<Loose<Citation>>>,
    #[serde(default)]
    pub(super) content_references: Loose<Vec<Loose<Reference>>>,
    #[serde(default)]
    pub(super) attachments: Loose<Vec<Loose<Attachment>>>,
}

/// The older form of a citation; its places are counted in characters.
#[derive(serde::Deserialize)]
pub(super) struct Citation {
    pub(super) start_ix: usize,
    pub(super) end_ix: usize,
    #[serde(default)]
    pub(super) metadata: Loose<Web>,
}

/// The newer form of a citation; marks images, entities and things to leave out as well.
#[derive(serde::Deserialize)]
pub(super) struct Reference {
    pub(super) matched_text: String,
    #[serde(default)]
    pub(super) start_idx: Loose<usize>,
    #[serde(default)]
    pub(super) alt: Loose<String>,
    #[serde(default)]
    pub(super) items: Loose<Vec<Loose<Web>>>,
    #[serde(default)]
    pub(super) title: Loose<String>,
    #[serde(default)]
    pub(super) url: Loose<String>,
}

/// A web page that is cited.
#[derive(serde::Deserialize, Default)]
pub(super) struct Web {
    #[serde(default)]
    pub(super) title: Loose<String>,
    #[serde(default)]
    pub(super) url: Loose<String>,
}

/// An uploaded file.
#[derive(serde::Deserialize)]
pub(super) struct Attachment {
    #[serde(default)]
    pub(super) id: Loose<String>,
    #[serde(default)]
    pub(super) name: Loose<String>,
    #[serde(default, alias = "mimeType")]
    pub(super) mime_type: Loose<String>,
    #[serde(default)]
    pub(super) width: Loose<u32>,
    #[serde(default)]
    pub(super) height: Loose<u32>,
}

/// Only what kind of content it is.
#[derive(serde::Deserialize)]
pub(super) struct Kind {
    #[serde(default)]
    pub(super) content_type: Loose<String>,
}

/// All contents that are understood, in one: each kind uses some of the keys.
#[derive(serde::Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are the format's")]
pub(super) struct Content<'a> {
    #[serde(default)]
    pub(super) content_type: String,
    #[serde(borrow, default)]
    pub(super) parts: Option<Vec<&'a RawValue>>,
    pub(super) text: Option<String>,
    pub(super) language: Option<String>,
    pub(super) result: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) url: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) title: Option<String>,
    pub(super) name: Option<String>,
    pub(super) content: Option<String>,
    pub(super) thoughts: Option<Vec<Thought>>,
    pub(super) user_profile: Option<String>,
    pub(super) user_instructions: Option<String>,
    pub(super) model_set_context: Option<String>,
}

#[derive(serde::Deserialize)]
pub(super) struct Thought {
    #[serde(default)]
    pub(super) summary: Loose<String>,
    #[serde(default)]
    pub(super) content: Loose<String>,
}

/// A part of a `multimodal_text` that is an object.
#[derive(serde::Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are the format's")]
pub(super) struct Asset {
    #[serde(default)]
    pub(super) content_type: String,
    #[serde(default)]
    pub(super) asset_pointer: Loose<String>,
    #[serde(default)]
    pub(super) width: Loose<u32>,
    #[serde(default)]
    pub(super) height: Loose<u32>,
    #[serde(default)]
    pub(super) format: Loose<String>,
    #[serde(default)]
    pub(super) text: Loose<String>,
    #[serde(default)]
    pub(super) metadata: Loose<AssetMetadata>,
    #[serde(default)]
    pub(super) audio_asset_pointer: Loose<Box<Asset>>,
}

#[derive(serde::Deserialize)]
pub(super) struct AssetMetadata {
    #[serde(default)]
    pub(super) dalle: Loose<Dalle>,
}

#[derive(serde::Deserialize)]
pub(super) struct Dalle {
    #[serde(default)]
    pub(super) prompt: Loose<String>,
}

/// A canvas document, JSON inside a message's text.
#[derive(serde::Deserialize)]
pub(super) struct Canvas {
    pub(super) name: String,
    #[serde(default, rename = "type")]
    pub(super) kind: Loose<String>,
    pub(super) content: String,
}

/// Seconds since 1970 as microseconds; `None` for what cannot be the time of a chat (before 1970,
/// after 2200, no number).
pub(super) fn micros(seconds: &Loose<f64>) -> Option<i64> {
    const LATEST_SECONDS: f64 = 7_258_118_400.0;
    let seconds = seconds.0.filter(|seconds| *seconds > 0.0 && *seconds < LATEST_SECONDS)?;
    let nanos = Duration::try_from_secs_f64(seconds).ok()?.as_nanos();
    i64::try_from((nanos + 500) / 1000).ok()
}
