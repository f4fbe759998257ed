//! The task that one answer is: asks the model, shows and keeps what arrives, and says how it ended.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures_util::stream::{BoxStream, Peekable};
use futures_util::{FutureExt, StreamExt, poll};
use takeback_transcripts::Part;
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use super::finish;
use super::live::{Channel, Live};
use super::running::Writing;
use super::store::{Ended, State};
use super::{context, store, titles};
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::voice::{self, Voice};
use crate::error::Error;
use crate::guests::purse;
use crate::providers::catalog::Chosen;
use crate::providers::provider::{EndReason, Failure, Image, Piece, Usage};
use crate::write_tx;

/// The longest answer, in bytes of what it and its reasoning say.
pub const MAX_BYTES: usize = 4 << 20;
/// What a part counts besides its words: many small ones take room too.
const PART_BYTES: usize = 128;
/// All pictures of an answer.
const MAX_IMAGE_BYTES: usize = 32 << 20;

/// A model that says nothing for so long lets the rendering catch up.
const PAUSE: Duration = Duration::from_millis(150);

/// What a step takes of one processor, from the provider's bytes to the window's, with a fifth more for everything else.
const STEP: Duration = Duration::from_micros(75);
/// Below it, each step is shown as it comes.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
/// What nobody takes for a halt.
const LONGEST_PAUSE: Duration = Duration::from_millis(150);

/// What a provider answers, as it comes.
pub type Pieces = BoxStream<'static, Result<Piece, Failure>>;

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
    /// The assistant that speaks, if it is one.
    pub voice: Option<Voice>,
    /// What is on the page of it.
    pub live: Arc<Live>,
    /// Where its windows look.
    pub channel: Arc<Channel>,
    /// Bytes that the model thought and nobody is shown.
    pub thought: Arc<AtomicUsize>,
}

impl Task {
    /// The task of an answer that is stored and empty.
    pub fn of(app: &App, owner: &User, conversation_id: &str, live: Live, chosen: Chosen, voice: Option<Voice>) -> Self {
        let channel = app.answers.channel(conversation_id);
        let live = Arc::new(live);
        Self {
            app: app.clone(),
            owner: owner.clone(),
            conversation_id: conversation_id.to_owned(),
            chosen,
            voice,
            live,
            channel,
            thought: Arc::default(),
        }
    }
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
    bytes: usize,
    image_bytes: usize,
}

/// Writes the answer, whatever happens. `place` is what the person has of it among their answers.
pub async fn run(task: Task, place: Arc<Writing>) {
    let mut said = Said::default();
    let ended = {
        let answer = AssertUnwindSafe(answer(&task, &mut said)).catch_unwind();
        // Whoever ends it waits for nothing that the answer waits for, neither its provider nor the database.
        tokio::select! {
            ended = answer => ended.unwrap_or_else(|_| failed("Something went wrong on the server while this answer was being written. Try again.")),
            () = task.live.stop.cancelled() => stopped(),
            () = task.app.shutdown.cancelled() => interrupted(),
        }
    };
    debug!(state = ended.state.as_str(), "an answer ended");
    // Also if it ended before it was asked for: its end may take a while to be stored.
    task.channel.tell();
    let name_it = matches!(ended.state, State::Done | State::Cut);
    Box::pin(finish::finish(&task, said, ended)).await;
    drop(place);
    if name_it {
        tokio::select! {
            named = Box::pin(titles::give(&task)) => if let Err(error) = named {
                debug!(%error, "a conversation got no better title");
            },
            () = task.app.shutdown.cancelled() => (),
        }
    }
}

async fn answer(task: &Task, said: &mut Said) -> Ended {
    // What happens once is in boxes of its own, here and below, so that a running answer doesn't carry the room for it.
    let mut asked = Box::pin(ask(task)).await.map(StreamExt::peekable);
    // The model gets the question before the windows do: it is the one that is waited for.
    if let Ok(stream) = &mut asked {
        let _ = poll!(Pin::new(stream).peek());
    }
    task.channel.tell();
    let mut stream = match asked {
        Ok(stream) => stream,
        Err(error) => return failed(&words(task, &error)),
    };
    let mut until = Instant::now();
    loop {
        // What comes until then is rendered at once, and so is everything that is there already: the busier the server,
        // the larger the steps. It is read as it comes, so that nothing waits behind what was not read.
        let mut step = Step::default();
        let mut next = Some(next_piece(task, &mut stream).await);
        while let Some(piece) = next {
            let mut over = step.take(piece, said);
            if over.is_none() && is_longer_than_allowed(task, said) {
                over = Some(ended(EndReason::Length, None));
            }
            if let Some(ended) = over {
                show(task, &step, said);
                return ended;
            }
            next = if step.is_large() { None } else { timeout_at(until, stream.next()).await.ok() };
        }
        show(task, &step, said);
        until = Instant::now() + pause(task.app.unwritten.talking());
        if step.is_large() {
            // A provider that floods us leaves others their turn.
            tokio::task::yield_now().await;
        }
    }
}

/// Whether a provider goes on beyond the longest answer that it was told. A token is hardly ever longer than this.
fn is_longer_than_allowed(task: &Task, said: &Said) -> bool {
    const TOKEN_BYTES: usize = 16;
    let most = task.voice.as_ref().and_then(Voice::longest_answer).and_then(|tokens| usize::try_from(tokens).ok());
    most.is_some_and(|tokens| said.bytes + task.thought.load(Ordering::Relaxed) > tokens.saturating_mul(TOKEN_BYTES) + PART_BYTES)
}

/// How long lies between two steps of an answer while so many are being written: until each has had its turn.
fn pause(talking: usize) -> Duration {
    static PROCESSORS: LazyLock<usize> = LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from));
    let turns = u32::try_from(talking / *PROCESSORS).unwrap_or(u32::MAX);
    let pause = STEP.saturating_mul(turns).min(LONGEST_PAUSE);
    if pause < SHORTEST_PAUSE { Duration::ZERO } else { pause }
}

/// While nothing comes, what was held back of the rendering is shown.
async fn next_piece(task: &Task, stream: &mut Peekable<Pieces>) -> Option<Result<Piece, Failure>> {
    while task.live.is_behind() {
        if let Ok(piece) = tokio::time::timeout(PAUSE, stream.next()).await {
            return piece;
        }
        task.live.catch_up();
        task.channel.tell();
    }
    stream.next().await
}

async fn ask(task: &Task) -> Result<Pieces, Error> {
    let (voice, model) = (task.voice.as_ref(), &task.chosen.model);
    let context = context::build(&task.app, &task.owner, &task.conversation_id, &task.live.parent_id, model, voice).await?;
    if let Some(message_id) = &context.read_from {
        write_tx!(task.app.db, "note where the model began to read", |tx| {
            store::set_read_from(tx, &task.live.message_id, message_id).await
        })?;
    }
    if let Some(came) = voice.and_then(|voice| voice.guest.as_ref()).and_then(|guest| guest.came.as_ref()) {
        let input = i64::try_from(context.tokens).unwrap_or(i64::MAX);
        purse::set_aside(&task.app, &came.link_id, &came.caps, &task.live.message_id, input).await?;
    }
    let answer = task.chosen.provider.answer(context.question);
    Ok(if voice.is_some_and(|voice| voice.hides) { voice::curtained(answer, Arc::clone(&task.thought)) } else { answer })
}

/// Why there is no answer, in words for who listens.
fn words(task: &Task, error: &Error) -> String {
    match error {
        Error::Busy(words) => words.clone(),
        Error::UsedUp(words) => (*words).to_owned(),
        _ if task.voice.as_ref().is_some_and(|voice| voice.hides) => voice::UNABLE.to_owned(),
        _ => error.problem().words,
    }
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
                let text = said.room_for(storable(text));
                match said.parts.last_mut() {
                    Some(Part::Text { text: before }) => before.push_str(&text),
                    _ => said.push(Part::Text { text: text.clone() }),
                }
                self.text.push_str(&text);
            }
            Some(Ok(Piece::Reasoning(text))) => {
                let text = said.room_for(storable(text));
                match said.parts.last_mut() {
                    Some(Part::Reasoning { text: before }) => before.push_str(&text),
                    _ => said.push(Part::Reasoning { text: text.clone() }),
                }
                self.reasoning.push_str(&text);
            }
            Some(Ok(Piece::Image(image))) => {
                said.image_bytes += image.bytes.len();
                if said.image_bytes <= MAX_IMAGE_BYTES {
                    said.images.push((said.parts.len(), image));
                    said.push(Part::Image { file: String::new(), alt: None, width: None, height: None });
                }
            }
            Some(Ok(Piece::ToolCall { name, arguments })) => {
                let (name, arguments) = (said.room_for(storable(name)), said.room_for(storable(arguments)));
                said.push(Part::ToolCall { name, arguments });
            }
            Some(Ok(Piece::End { reason, usage })) => return Some(ended(reason, usage)),
            Some(Err(failure)) => return Some(failed(&failure.words)),
            None => return Some(failed("The model’s answer broke off. Try again.")),
        }
        said.is_full().then(too_long)
    }

    fn is_large(&self) -> bool {
        self.reasoning.len() + self.text.len() > 16 << 10
    }
}

impl Said {
    fn push(&mut self, part: Part) {
        self.bytes += PART_BYTES;
        self.parts.push(part);
    }

    /// As much of `text` as the answer still has room for.
    fn room_for(&mut self, mut text: String) -> String {
        let room = MAX_BYTES.saturating_sub(self.bytes);
        if text.len() > room {
            text.truncate(text.floor_char_boundary(room));
            self.bytes = MAX_BYTES;
        } else {
            self.bytes += text.len();
        }
        text
    }

    fn is_full(&self) -> bool {
        self.bytes >= MAX_BYTES || self.image_bytes > MAX_IMAGE_BYTES
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
    without_usage(State::Stopped, "This answer was stopped.")
}

fn too_long() -> Ended {
    without_usage(State::Cut, "The answer reached the longest length that is kept here: 4 MB of text, 32 MB of pictures.")
}

/// Also for answers that a dead server left.
pub fn interrupted() -> Ended {
    without_usage(State::Interrupted, "The server stopped while this answer was being written.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_answers_wait_for_nobody_and_many_a_bounded_time() {
        assert!(pause(50) < SHORTEST_PAUSE);
        assert_eq!(pause(usize::MAX), LONGEST_PAUSE);
    }
}
