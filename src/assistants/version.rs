//! What an assistant is made of. A version is stored once and never changed.

use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 60;
/// The longest description, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 300;
/// The longest instructions, in characters.
pub const MAX_INSTRUCTIONS_CHARS: usize = 32_000;
/// The longest conversation starter, in characters.
pub const MAX_STARTER_CHARS: usize = 200;
/// The most conversation starters.
pub const MAX_STARTERS: usize = 6;
/// The most files of knowledge.
pub const MAX_FILES: usize = 20;

/// What everybody may see who may talk to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// Its name.
    pub name: String,
    /// In the place of a picture; empty: its initials.
    pub emoji: String,
    /// The id of its picture; empty: none.
    pub picture_id: String,
    /// One or two sentences.
    pub description: String,
    /// Questions to begin with.
    pub starters: Vec<String>,
}

/// What only its editors see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// What the model is told before every conversation.
    pub instructions: String,
    /// Questions to begin with: everybody sees them, but no list does.
    pub starters: Vec<String>,
    /// The model that it asks; empty: the first that there is.
    pub model_id: String,
    /// In hundredths; `None`: what the provider thinks fit.
    pub temperature: Option<u8>,
    /// Files of knowledge, by id.
    pub knowledge: Vec<String>,
}

/// All of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub number: i64,
    /// For everybody.
    pub face: Face,
    /// For its editors.
    pub body: Body,
    /// Unix microseconds.
    pub created_at: i64,
}

impl Version {
    /// The temperature as providers want it.
    pub fn temperature(&self) -> Option<f64> {
        self.body.temperature.map(degrees)
    }
}

/// A temperature of so many hundredths, as providers want it.
pub fn degrees(hundredths: u8) -> f64 {
    f64::from(hundredths) / 100.0
}

/// What stands in the place of a picture: the emoji, or else the name's first letters.
pub fn mark(name: &str, emoji: &str) -> String {
    if emoji.is_empty() { crate::conversations::sidebar::initials(name) } else { emoji.to_owned() }
}
