//! What a model is sent: the end of the branch, as much as its window holds.
//!
//! Without the model's own counter tokens are estimated, on the careful side. A quarter of the window, and no more than
//! [`MAX_ANSWER_TOKENS`], is kept free for the answer. The newest messages go in first; where the window is full, the
//! model begins to read, and the page says so there.

use takeback_transcripts::{Part, Role};

use super::preferences;
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::voice::Voice;
use crate::conversations::branch::{self, Message};
use crate::error::Error;
use crate::providers::catalog::Model;
use crate::providers::provider::{Image, Question, Turn, Wishes};
use crate::storage::Tx;

/// Messages that are looked at in one step, from the end.
const STEP: usize = 40;
/// The most messages that a model is sent.
const MAX_MESSAGES: usize = 1_000;
/// Tokens kept free for the answer, at the most. It is no bound: how long an answer may be, its provider knows.
const MAX_ANSWER_TOKENS: u32 = 16_384;
/// What a picture counts: as much as the largest providers count for a large one.
const IMAGE_TOKENS: usize = 1_600;
/// Pictures of one question.
const MAX_IMAGES: usize = 20;

/// A question, and where the model begins to read.
#[derive(Clone, Debug)]
pub struct Context {
    /// What it is asked.
    pub question: Question,
    /// The first message that it is sent; `None`: the whole branch.
    pub read_from: Option<String>,
    /// Tokens of all that it reads, estimated.
    pub tokens: usize,
}

/// Tokens that a text takes, estimated: three and a half bytes of UTF-8 for each, which is a little more than the
/// tokenizers of today need for English and for code, and about right for other scripts.
pub fn tokens(text: &str) -> usize {
    text.len() * 2 / 7 + 1
}

/// Tokens that an answer wrote, estimated.
pub fn tokens_of(said: &[Part]) -> i64 {
    let words = said.iter().map(|part| match part {
        Part::Text { text } | Part::Reasoning { text } => tokens(text),
        _ => 0,
    });
    i64::try_from(words.sum::<usize>()).unwrap_or(i64::MAX)
}

/// Puts together what `model` is sent for an answer to the message `leaf_id`: what an assistant is told stands before what
/// the person wishes.
///
/// # Errors
/// [`Error::Invalid`] if the last message alone is longer than the window.
pub async fn build(
    app: &App,
    owner: &User,
    conversation_id: &str,
    leaf_id: &str,
    model: &Model,
    voice: Option<&Voice>,
) -> Result<Context, Error> {
    let mut tx = app.db.read().await?;
    let mut instructions = voice.map(|voice| voice.told.clone()).unwrap_or_default();
    say(&mut instructions, &preferences::of(&mut tx, &owner.id).await?.instructions);
    let window = usize::try_from(model.context_tokens).unwrap_or(usize::MAX);
    let for_answer = (model.context_tokens / 4).min(MAX_ANSWER_TOKENS);
    let mut room = window.saturating_sub(usize::try_from(for_answer).unwrap_or(0)).saturating_sub(tokens(&instructions));

    let mut turns: Vec<(String, Turn)> = Vec::new();
    let mut images = 0;
    let mut next = Some(leaf_id.to_owned());
    let mut full = false;
    while let Some(leaf) = next.take().filter(|_| !full && turns.len() < MAX_MESSAGES) {
        let messages = branch::load(&mut tx, conversation_id, &leaf, STEP).await?;
        next = messages.first().and_then(|first| first.parent_id.clone());
        for message in messages.into_iter().rev() {
            let id = message.id.clone();
            let Some(turn) = turn(&mut tx, conversation_id, message, model.takes_images, &mut images).await? else { continue };
            let cost = cost(&turn);
            if cost > room {
                full = true;
                break;
            }
            room -= cost;
            turns.push((id, turn));
        }
    }
    if turns.is_empty() {
        return Err(Error::invalid(
            "text",
            format!("This message is longer than {} can read. Shorten it, or choose a model with a larger window.", model.name),
        ));
    }
    // A model expects to be spoken to first.
    while turns.len() > 1 && turns.last().is_some_and(|(_, turn)| turn.by_model) {
        full = true;
        turns.pop();
    }
    turns.reverse();
    let read_from = (full || next.is_some()).then(|| turns.first().map(|(id, _)| id.clone())).flatten();
    let turns: Vec<Turn> = turns.into_iter().map(|(_, turn)| turn).collect();
    let said: usize = turns.iter().map(cost).sum();
    let tokens = tokens(&instructions) + said;
    let max_output_tokens = voice.and_then(Voice::longest_answer);
    let wishes = Wishes { temperature: voice.and_then(|voice| voice.temperature), ..Wishes::default() };
    Ok(Context { question: Question { model: model.name.clone(), instructions, turns, max_output_tokens, wishes }, read_from, tokens })
}

fn cost(turn: &Turn) -> usize {
    tokens(&turn.text) + turn.images.len() * IMAGE_TOKENS
}

/// A message as a model gets it, or `None` if there is nothing in it for a model.
async fn turn(
    tx: &mut Tx,
    conversation_id: &str,
    message: Message,
    takes_images: bool,
    images_so_far: &mut usize,
) -> Result<Option<Turn>, Error> {
    if message.hidden || matches!(message.role, Role::System | Role::Tool) {
        return Ok(None);
    }
    let mut turn = Turn { by_model: message.role == Role::Assistant, text: String::new(), images: Vec::new() };
    for part in message.parts {
        match part {
            Part::Text { text } | Part::Document { text, .. } => say(&mut turn.text, &text),
            Part::File { name, text: Some(text), .. } => say(&mut turn.text, &format!("Attached file {name:?}:\n\n{text}")),
            Part::File { name, .. } => say(&mut turn.text, &format!("[Attached file {name:?}, which can't be read here]")),
            Part::Image { file, .. } if takes_images && !turn.by_model && *images_so_far < MAX_IMAGES => {
                if let Some(image) = image(tx, conversation_id, &file).await? {
                    *images_so_far += 1;
                    turn.images.push(image);
                }
            }
            Part::Image { alt, .. } => say(&mut turn.text, &format!("[Picture{}]", alt.map(|alt| format!(": {alt}")).unwrap_or_default())),
            Part::Reasoning { .. } | Part::ToolCall { .. } | Part::ToolResult { .. } | Part::Unknown { .. } => {}
        }
    }
    Ok((!turn.text.trim().is_empty() || !turn.images.is_empty()).then_some(turn))
}

fn say(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

async fn image(tx: &mut Tx, conversation_id: &str, file_id: &str) -> Result<Option<Image>, Error> {
    let query = "SELECT media_type, bytes FROM files WHERE id = $1 AND conversation_id = $2";
    let found: Option<(String, Vec<u8>)> = sqlx::query_as(query).bind(file_id).bind(conversation_id).fetch_optional(tx).await?;
    Ok(found
        .filter(|(media_type, _)| media_type.starts_with("image/"))
        .map(|(media_type, bytes)| Image { media_type, bytes: bytes.into() }))
}
