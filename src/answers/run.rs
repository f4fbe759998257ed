//! The task that one answer is: asks the model, shows and keeps what arrives, and says how it ended.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use takeback_transcripts::Part;
use tracing::{debug, warn};

use super::finish;
use super::live::{Channel, Live};
use super::store::{Ended, State};
use super::{context, store, titles, write_down};
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::providers::catalog::Chosen;
use crate::providers::provider::{EndReason, Failure, Image, Piece, Usage};
use crate::write_tx;

/// How often an answer that says nothing tells that it still lives.
const STILL_HERE: Duration = Duration::from_secs(20);

/// An answer that is about to be written.
pub struct Task {
    /// The server.
    pub app: App,
    /// Who asked.
    pub owner: User,
    /// Where.
    pub conversation_id: String,
    /// What is asked.
    pub chosen: Chosen,
    /// What is on the page of it.
    pub live: Arc<Live>,
    /// Where its windows look.
    pub channel: Arc<Channel>,
}

/// What arrived so far.
#[derive(Debug, Default)]
pub struct Said {
    /// In the order of arrival.
    pub parts: Vec<Part>,
    /// Pictures, each named by its place in `parts`.
    pub images: Vec<(usize, Image)>,
    /// Pieces that were left to be written down.
    pieces: i64,
}

/// Writes the answer, whatever happens.
pub async fn run(task: Task) {
    let mut said = Said::default();
    let ended = answer(&task, &mut said).await;
    debug!(state = ended.state.as_str(), "an answer ended");
    let name_it = matches!(ended.state, State::Done | State::Cut);
    finish::finish(&task, said, ended).await;
    if name_it && let Err(error) = titles::give(&task).await {
        debug!(%error, "a conversation got no better title");
    }
}

async fn answer(task: &Task, said: &mut Said) -> Ended {
    let asked = ask(task).await;
    let mut stream = match asked {
        Ok(stream) => stream,
        Err(error) => return failed(&error.problem().words),
    };
    let mut still_here = tokio::time::interval(STILL_HERE);
    still_here.reset();
    loop {
        let first = tokio::select! {
            piece = stream.next() => piece,
            () = task.live.stop.cancelled() => return stopped(),
            () = task.app.shutdown.cancelled() => return interrupted(),
            _ = still_here.tick() => {
                say_that_it_lives(task).await;
                continue;
            }
        };
        // Everything that is there already is rendered at once: the busier the server, the larger the steps.
        let mut step = Step::default();
        let mut next = Some(first);
        while let Some(piece) = next {
            match step.take(piece, said) {
                Some(ended) => {
                    show(task, &step, said);
                    return ended;
                }
                None => next = if step.is_large() { None } else { stream.next().now_or_never() },
            }
        }
        show(task, &step, said);
    }
}

async fn ask(task: &Task) -> Result<futures_util::stream::BoxStream<'static, Result<Piece, Failure>>, Error> {
    let context = context::build(&task.app, &task.owner, &task.conversation_id, &task.live.parent_id, &task.chosen.model).await?;
    if let Some(message_id) = &context.read_from {
        write_tx!(task.app.db, "note where the model began to read", |tx| {
            store::set_read_from(tx, &task.live.message_id, message_id).await
        })?;
    }
    Ok(task.chosen.provider.answer(context.question))
}

/// What arrived between two renderings.
#[derive(Debug, Default)]
struct Step {
    reasoning: String,
    text: String,
}

impl Step {
    /// Takes a piece; answers how the answer ended, if it did.
    fn take(&mut self, piece: Option<Result<Piece, Failure>>, said: &mut Said) -> Option<Ended> {
        match piece {
            Some(Ok(Piece::Text(text))) => {
                let text = storable(text);
                match said.parts.last_mut() {
                    Some(Part::Text { text: before }) => before.push_str(&text),
                    _ => said.parts.push(Part::Text { text: text.clone() }),
                }
                self.text.push_str(&text);
                None
            }
            Some(Ok(Piece::Reasoning(text))) => {
                let text = storable(text);
                match said.parts.last_mut() {
                    Some(Part::Reasoning { text: before }) => before.push_str(&text),
                    _ => said.parts.push(Part::Reasoning { text: text.clone() }),
                }
                self.reasoning.push_str(&text);
                None
            }
            Some(Ok(Piece::Image(image))) => {
                said.images.push((said.parts.len(), image));
                said.parts.push(Part::Image { file: String::new(), alt: None, width: None, height: None });
                None
            }
            Some(Ok(Piece::ToolCall { name, arguments })) => {
                said.parts.push(Part::ToolCall { name: storable(name), arguments: storable(arguments) });
                None
            }
            Some(Ok(Piece::End { reason, usage })) => Some(ended(reason, usage)),
            Some(Err(failure)) => Some(failed(&failure.words)),
            None => Some(failed("The model’s answer broke off. Try again.")),
        }
    }

    fn is_large(&self) -> bool {
        self.reasoning.len() + self.text.len() > 16 << 10
    }
}

/// PostgreSQL keeps U+0000 in no text.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

fn show(task: &Task, step: &Step, said: &mut Said) {
    task.live.add(&step.reasoning, &step.text);
    task.channel.tell();
    let (unwritten, id) = (&task.app.unwritten, &task.live.message_id);
    if !step.reasoning.is_empty() {
        unwritten.add(id, &mut said.pieces, "reasoning", &step.reasoning);
    }
    if !step.text.is_empty() {
        unwritten.add(id, &mut said.pieces, "text", &step.text);
    }
}

/// May fail: the next one tries again.
async fn say_that_it_lives(task: &Task) {
    let until = task.app.now() + write_down::LEASE_MICROS;
    let done = write_tx!(task.app.db, "an answer lives", |tx| { store::lease(tx, &task.live.message_id, until).await });
    if let Err(error) = done {
        warn!(%error, "it was not written down that an answer lives");
    }
}

fn ended(reason: EndReason, usage: Option<Usage>) -> Ended {
    let (state, problem) = match reason {
        EndReason::Complete => (State::Done, ""),
        EndReason::Length => (State::Cut, "The answer reached the longest length that is allowed here."),
        EndReason::Filtered => (State::Cut, "The provider withheld the rest of this answer."),
    };
    let Usage { input_tokens, output_tokens } = usage.unwrap_or_default();
    Ended { state, problem: problem.to_owned(), input_tokens, output_tokens }
}

fn without_usage(state: State, problem: &str) -> Ended {
    Ended { state, problem: problem.to_owned(), input_tokens: 0, output_tokens: 0 }
}

fn failed(words: &str) -> Ended {
    without_usage(State::Failed, words)
}

fn stopped() -> Ended {
    without_usage(State::Stopped, "You stopped this answer.")
}

/// Also for answers that a dead server left.
pub fn interrupted() -> Ended {
    without_usage(State::Interrupted, "The server stopped while this answer was being written.")
}
