//! What a page shows of an answer besides its words.

use std::collections::HashMap;

use super::store::Answer;
use crate::app::App;
use crate::conversations::thread::Turn;
use crate::pages::view::Count;

/// An answer that is being written.
#[derive(Clone, Debug)]
pub struct Running {
    /// What the page has of it: `msg_x.R.T`, with the numbers of finished blocks of reasoning and text.
    pub have: String,
    /// What the model thinks before it answers.
    pub reasoning: Live,
    /// The answer.
    pub text: Live,
}

/// A rendering that grows.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Its finished blocks. Safe HTML.
    pub finished: String,
    /// What stands behind them now. Safe HTML.
    pub tail: String,
}

/// Why an answer failed, or ends early.
#[derive(Clone, Debug)]
pub struct Problem {
    /// In words for the person.
    pub words: String,
    /// Where another try is sent.
    pub retry: Option<String>,
}

/// Adds to a turn what is known of its answer, and what can be done with it.
pub fn complete(turn: &mut Turn, app: &App, conversation_id: &str, answers: &HashMap<String, Answer>) {
    let id = turn.message.anchor.clone();
    let address = |verb: &str| Some(format!("/c/{conversation_id}/messages/{id}/{verb}"));
    match turn.message.kind {
        "user" => turn.edit = address("edit"),
        "assistant" => turn.again = address("again"),
        _ => {}
    }
    turn.read_from_here = answers.values().any(|answer| answer.read_from == id);
    let Some(answer) = answers.get(&id) else { return };
    if answer.is_running() {
        turn.running = Some(app.answers.shown(conversation_id, &id));
        turn.again = None;
    }
    if !answer.problem.is_empty() {
        turn.problem = Some(Problem { words: answer.problem.clone(), retry: turn.again.clone() });
    }
    if answer.input_tokens + answer.output_tokens > 0 {
        turn.usage = Some(format!("{} tokens read, {} written", Count(answer.input_tokens), Count(answer.output_tokens)));
    }
}
