//! Files made for a test, and what reading them gives.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use takeback_transcripts::{Error, Export, Item, Limits, Message, Part, Skipped, Summary, Transcript, open_with};
use tempfile::NamedTempFile;

/// All that one reading gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) transcripts: Vec<Transcript>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) summary: Summary,
    pub(crate) progress: Vec<u64>,
}

impl Outcome {
    pub(crate) fn titles(&self) -> Vec<&str> {
        self.transcripts.iter().map(|one| one.title.as_deref().unwrap_or("-")).collect()
    }
}

pub(crate) fn read_all(export: &mut Export) -> Outcome {
    let (mut transcripts, mut skipped, mut progress) = (Vec::new(), Vec::new(), Vec::new());
    let summary = export.read(
        &mut |item| {
            match item {
                Item::Conversation(transcript) => transcripts.push(*transcript),
                Item::Skipped(one) => skipped.push(one),
            }
            ControlFlow::Continue(())
        },
        &mut |bytes| progress.push(bytes),
    );
    assert_eq!(summary.conversations, transcripts.len() as u64);
    assert_eq!(summary.conversations_skipped + summary.messages_skipped, skipped.len() as u64);
    for transcript in &transcripts {
        assert_sound(transcript);
    }
    Outcome { transcripts, skipped, summary, progress }
}

/// What holds for every transcript.
fn assert_sound(transcript: &Transcript) {
    assert!(!transcript.source_id.is_empty());
    assert!(transcript.current.is_none_or(|current| current < transcript.messages.len()));
    let mut ids = std::collections::HashSet::new();
    for (index, message) in transcript.messages.iter().enumerate() {
        assert!(message.parent.is_none_or(|parent| parent < index), "a parent comes before its child");
        assert!(ids.insert(&message.source_id), "{} is there twice", message.source_id);
        assert!(!message.parts.is_empty() || message.hidden, "nothing to show is not shown");
        assert!(!format!("{message:?}").contains("\\0"), "no U+0000");
    }
}

pub(crate) fn file_of(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

pub(crate) fn try_read(bytes: &[u8], limits: &Limits) -> Result<Outcome, Error> {
    let file = file_of(bytes);
    open_with(file.path(), limits).map(|mut export| read_all(&mut export))
}

pub(crate) fn read(bytes: &[u8]) -> Outcome {
    try_read(bytes, &Limits::default()).unwrap()
}

pub(crate) fn read_json(value: &Value) -> Outcome {
    read(value.to_string().as_bytes())
}

/// The message why a file is refused.
pub(crate) fn refusal(bytes: &[u8]) -> String {
    try_read(bytes, &Limits::default()).unwrap_err().to_string()
}

/// A `ChatGPT` conversation of these nodes.
pub(crate) fn conversation(title: &str, mapping: Value) -> Value {
    json!({"id": format!("id of {title}"), "title": title, "mapping": mapping})
}

/// A `ChatGPT` node with a text message.
pub(crate) fn node(id: &str, parent: Option<&str>, role: &str, text: &str) -> Value {
    node_of(id, parent, role, json!({"content_type": "text", "parts": [text]}), json!({}))
}

pub(crate) fn node_of(id: &str, parent: Option<&str>, role: &str, content: Value, metadata: Value) -> Value {
    json!({"id": id, "parent": parent, "children": [], "message": {
        "id": id, "author": {"role": role}, "content": content, "metadata": metadata, "recipient": "all",
    }})
}

/// A whole conversation of one question.
pub(crate) fn small(title: &str) -> Value {
    conversation(title, json!({"q": node("q", None, "user", &format!("question of {title}"))}))
}

/// The only message of a conversation that is this node.
pub(crate) fn only_message(node: Value) -> Message {
    let read = read_json(&json!([conversation("one", json!({"n": node}))]));
    assert_eq!(read.transcripts[0].messages.len(), 1);
    read.transcripts[0].messages[0].clone()
}

pub(crate) fn text(text: &str) -> Part {
    Part::Text { text: text.to_owned() }
}

/// The message's first part if that is a text, else its debug form.
pub(crate) fn said(message: &Message) -> String {
    match message.parts.first() {
        Some(Part::Text { text }) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// A file of the test data beside the project. `None` (said aloud) where there is none, except in CI.
#[expect(clippy::disallowed_methods, reason = "a test asks whether it runs in CI")]
pub(crate) fn corpus(file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", path.display());
    println!("skipped: {} is missing", path.display());
    None
}
