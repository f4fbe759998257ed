//! `ChatGPT`'s data export: one conversation of `conversations.json` → [`Transcript`].
//!
//! The format has no published description; what is read here was found in real exports and in public
//! code that reads them. Unknown keys are ignored, unknown contents are kept raw.

mod assets;
mod citations;
mod content;
mod json;
mod tree;

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::reading::Unreadable;
use crate::repair::{readable, repaired};
use crate::{Message, SharedConversation, Source, Summary, Transcript};

use json::{Conversation, Loose};

/// How many shared links are listed.
const MAX_SHARED: usize = 100_000;

/// Reads one conversation. Adds to `replaced` what had to be repaired.
pub(crate) fn read(text: &str, replaced: &mut u64) -> Result<Transcript, Unreadable> {
    let again;
    let conversation = match serde_json::from_str::<Conversation<'_>>(text) {
        Ok(conversation) => conversation,
        Err(error) => {
            again = repaired(text, replaced);
            serde_json::from_str(&again).map_err(|_| Unreadable { title: None, reason: format!("Its JSON is damaged: {error}.") })?
        }
    };
    let title = conversation.title.0.filter(|title| !title.is_empty());
    let Some(mapping) = conversation.mapping else {
        let reason = "It has no messages (no \"mapping\").".to_owned();
        return Err(Unreadable { title, reason });
    };
    let mut nodes = mapping.0;
    make_unique(&mut nodes);
    let mut read: Vec<Option<Message>> = Vec::with_capacity(nodes.len());
    let mut links = Vec::with_capacity(nodes.len());
    for (id, node) in nodes {
        let message = node.message.and_then(|raw| content::message(&id, raw.get()));
        links.push(tree::Node {
            id,
            parent: node.parent.0,
            children: node.children.0.unwrap_or_default(),
            has_message: message.is_some(),
            created_at_micros: message.as_ref().and_then(|message| message.created_at_micros),
        });
        read.push(message);
    }
    let arranged = tree::arrange(&links);
    let mut messages = Vec::with_capacity(arranged.order.len());
    for (node, parent) in &arranged.order {
        if let Some(mut message) = read.get_mut(*node).and_then(Option::take) {
            message.parent = *parent;
            messages.push(message);
        }
    }
    if messages.is_empty() {
        return Err(Unreadable { title, reason: "It has no messages.".to_owned() });
    }
    let current = conversation.current_node.0.and_then(|id| arranged.position_of(&links, &id)).or_else(|| tree::newest_leaf(&messages));
    let ids = [conversation.conversation_id.0, conversation.id.0];
    let source_id = ids.into_iter().flatten().find(|id| !id.is_empty());
    Ok(Transcript {
        source: Source::ChatGpt,
        source_id: source_id.unwrap_or_else(|| crate::hash::name(&[text.as_bytes()])),
        prior_source_ids: Vec::new(),
        title,
        created_at_micros: json::micros(&conversation.create_time),
        updated_at_micros: json::micros(&conversation.update_time),
        model: conversation.default_model_slug.0.filter(|model| !model.is_empty()),
        messages,
        current,
        embedded: Vec::new(),
    })
}

/// Two nodes of one id are both kept; the later gets an id of its own.
fn make_unique(nodes: &mut [(String, json::Node<'_>)]) {
    let mut seen = HashSet::with_capacity(nodes.len());
    // Where to go on counting, so that very many of one id cost no more than others.
    let mut copies: HashMap<String, u64> = HashMap::new();
    for (id, _) in nodes {
        if seen.insert(id.clone()) {
            continue;
        }
        let copy = copies.entry(id.clone()).or_insert(1);
        let original = id.clone();
        while !seen.insert(id.clone()) {
            *copy += 1;
            *id = format!("{original}#{copy}");
        }
    }
}

#[derive(Deserialize)]
struct Shared {
    #[serde(default)]
    id: Loose<String>,
    #[serde(default)]
    conversation_id: Loose<String>,
    #[serde(default)]
    title: Loose<String>,
    #[serde(default)]
    is_anonymous: Loose<bool>,
}

/// Reads `shared_conversations.json` into the report.
pub(crate) fn read_shared(json: &[u8], summary: &mut Summary) {
    let text = readable(json, &mut summary.replaced_characters);
    match serde_json::from_str::<Vec<Loose<Shared>>>(&text) {
        Ok(all) => {
            let given = all.into_iter().filter_map(|shared| {
                let shared = shared.0?;
                Some(SharedConversation {
                    share_id: shared.id.0?,
                    conversation_id: shared.conversation_id.0,
                    title: shared.title.0,
                    is_anonymous: shared.is_anonymous.0,
                })
            });
            summary.shared.extend(given.take(MAX_SHARED));
        }
        Err(error) => summary.notes.push(format!("shared_conversations.json was not understood: {error}.")),
    }
}
