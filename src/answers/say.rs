//! Saying something to a model: a new chat, the next message, another version of one, another answer.

use std::sync::Arc;

use takeback_transcripts::{Part, Role};

use super::attachments::{self, Attachment, Content};
use super::live::Live;
use super::run::{self, Task};
use super::running::{self, Writing};
use super::{preferences, store, write_down};
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::voice::{self, Voice};
use crate::conversations::append::append;
use crate::conversations::create::NewMessage;
use crate::conversations::{self, branch, view};
use crate::error::Error;
use crate::ids;
use crate::providers::catalog::{self, Chosen};
use crate::storage::Tx;
use crate::write_ahead;

/// The longest message, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// The longest title that the server makes by itself, in characters.
const TITLE_CHARS: usize = 60;

/// What a person sends.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Markdown.
    pub text: String,
    /// The model to ask.
    pub model_id: String,
    /// What came with it.
    pub files: Vec<Attachment>,
}

/// An answer that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Where.
    pub conversation_id: String,
    /// The first new message of the branch.
    pub from: String,
    /// The answer.
    pub answer_id: String,
}

/// Where the answer goes.
enum To {
    /// A conversation that is made for it.
    NewChat,
    /// The end of this conversation's current branch.
    End(String),
    /// In this conversation, in the place of this message of the user.
    Instead(String, String),
}

/// Begins a conversation.
///
/// # Errors
/// [`Error::Invalid`] for a message that can't be sent, or a model that isn't there; [`Error::RateLimited`] and
/// [`Error::Busy`] for somebody who asks too much.
pub async fn begin(app: &App, user: &User, message: Message) -> Result<Begun, Error> {
    uncut(app, say_to(app.clone(), user.clone(), To::NewChat, None, message)).await
}

/// Begins a conversation with an assistant.
///
/// # Errors
/// As [`begin`].
pub async fn begin_with(app: &App, user: &User, voice: Voice, message: Message) -> Result<Begun, Error> {
    uncut(app, say_to(app.clone(), user.clone(), To::NewChat, Some(voice), message)).await
}

/// Sends the next message.
///
/// # Errors
/// As [`begin`]; [`Error::NotFound`] unless `user` owns the conversation; [`Error::Invalid`] while another answer of it is
/// being written.
pub async fn say(app: &App, user: &User, conversation_id: &str, message: Message) -> Result<Begun, Error> {
    uncut(app, say_to(app.clone(), user.clone(), To::End(conversation_id.to_owned()), None, message)).await
}

/// Sends the next message of a guest, whom this assistant answers.
///
/// # Errors
/// As [`say`].
pub async fn say_with(app: &App, guest: &User, conversation_id: &str, voice: Voice, message: Message) -> Result<Begun, Error> {
    uncut(app, say_to(app.clone(), guest.clone(), To::End(conversation_id.to_owned()), Some(voice), message)).await
}

/// Sends another version of what the user said; what followed the old one stays a branch of its own. Attachments stay.
///
/// # Errors
/// As [`say`]; [`Error::NotFound`] if the conversation has no such message of the user's.
pub async fn edit(app: &App, user: &User, conversation_id: &str, message_id: &str, message: Message) -> Result<Begun, Error> {
    let to = To::Instead(conversation_id.to_owned(), message_id.to_owned());
    uncut(app, say_to(app.clone(), user.clone(), to, None, message)).await
}

/// Asks for another answer in the place of `answer_id`. An empty `model_id` asks the same model again.
///
/// # Errors
/// As [`say`]; [`Error::NotFound`] if the conversation has no such answer.
pub async fn again(app: &App, user: &User, conversation_id: &str, answer_id: &str, model_id: &str) -> Result<Begun, Error> {
    let [conversation_id, answer_id, model_id] = [conversation_id, answer_id, model_id].map(str::to_owned);
    uncut(app, answer_again(app.clone(), user.clone(), conversation_id, answer_id, model_id)).await
}

/// From the first row to the answer's task nothing cuts it, nor does a browser that hangs up: else an answer would be
/// stored that nobody writes.
async fn uncut(app: &App, work: impl Future<Output = Result<Begun, Error>> + Send + 'static) -> Result<Begun, Error> {
    let ended = app.tasks.spawn(work).await;
    ended.map_err(|_| Error::Internal("the beginning of an answer panicked".to_owned()))?
}

async fn answer_again(app: App, user: User, conversation_id: String, answer_id: String, model_id: String) -> Result<Begun, Error> {
    let mut tx = app.db.read().await?;
    conversations::store::owned(&mut tx, &user.id, &conversation_id).await?;
    question_of(&mut tx, &conversation_id, &answer_id).await?;
    let asked = store::of(&mut tx, &[&answer_id]).await?.remove(&answer_id);
    drop(tx);
    let model_id = if model_id.is_empty() { asked.map_or_else(String::new, |answer| answer.model_id) } else { model_id };
    let voice = voice::next(&app, &user, &conversation_id).await?;
    let chosen = speaker(&app, &user, voice.as_ref(), &model_id).await?;
    app.limits.message(&user.id)?;
    let place = running::take_place(&app, &user.id)?;
    let now = app.now();
    let (question_id, answer_id) = write_ahead!(app.db, "ask for another answer", |tx| {
        conversations::store::lock_owned(tx, &user.id, &conversation_id).await?;
        store::refuse_while_running(tx, &conversation_id).await?;
        if let Some(voice) = &voice {
            voice.admit(tx, &user, now).await?;
            voice.remember(tx, &conversation_id).await?;
        }
        let question_id = question_of(tx, &conversation_id, &answer_id).await?;
        let empty = empty_answer(&chosen, voice.as_ref());
        let [answer_id] = append(tx, &conversation_id, Some(&question_id), &[empty], now).await?;
        begin_answer(tx, &user, &conversation_id, &answer_id, &chosen, voice.as_ref(), now).await?;
        Ok((question_id, answer_id))
    })?;
    let task = Task::of(&app, &user, &conversation_id, Live::new(&answer_id, &question_id), chosen, voice);
    start(task, place).await?;
    Ok(Begun { conversation_id, from: answer_id.clone(), answer_id })
}

/// `voice` answers; without one that of the conversation, or the model that is chosen.
async fn say_to(app: App, user: User, to: To, voice: Option<Voice>, message: Message) -> Result<Begun, Error> {
    let text = clean(&message.text)?;
    let files = &message.files;
    let voice = match &to {
        To::End(id) | To::Instead(id, _) if voice.is_none() => voice::next(&app, &user, id).await?,
        _ => voice,
    };
    if let Some(voice) = &voice {
        voice.takes(&text, files)?;
    }
    let chosen = speaker(&app, &user, voice.as_ref(), &message.model_id).await?;
    if !chosen.model.takes_images && files.iter().any(|file| matches!(file.content, Content::Picture { .. })) {
        return Err(Error::invalid(
            "files",
            format!("{} doesn’t take pictures. Take them out, or choose another model.", chosen.model.name),
        ));
    }
    app.limits.message(&user.id)?;
    let place = running::take_place(&app, &user.id)?;
    let now = app.now();
    let (conversation_id, question_id, answer_id) = write_ahead!(app.db, "say something to a model", |tx| {
        let mut parts = Vec::new();
        // First: what may not be spent is not stored either.
        if let Some(voice) = &voice {
            voice.admit(tx, &user, now).await?;
        }
        let (conversation_id, parent) = match &to {
            To::NewChat => (new_chat(tx, &user, title(&text, files), now).await?, None),
            To::End(id) => {
                let conversation = conversations::store::lock_owned(tx, &user.id, id).await?;
                (conversation.id, conversation.current_message_id)
            }
            To::Instead(id, message_id) => {
                let conversation = conversations::store::lock_owned(tx, &user.id, id).await?;
                let old = branch::load(tx, id, message_id, 1).await?.pop().filter(|m| m.role == Role::User && !m.hidden);
                let old = old.ok_or(Error::NotFound)?;
                parts.extend(old.parts.into_iter().filter(|part| !matches!(part, Part::Text { .. })));
                (conversation.id, old.parent_id)
            }
        };
        store::refuse_while_running(tx, &conversation_id).await?;
        parts.extend(attachments::store(tx, &conversation_id, files, now).await?);
        if !text.is_empty() {
            parts.push(Part::Text { text: text.clone() });
        }
        if parts.is_empty() {
            return Err(Error::invalid("text", "There is nothing to send yet. Write a message first."));
        }
        let said = NewMessage { role: Role::User, model: None, parts, incomplete: false };
        let messages = [said, empty_answer(&chosen, voice.as_ref())];
        let [question_id, answer_id] = append(tx, &conversation_id, parent.as_deref(), &messages, now).await?;
        if let Some(voice) = &voice {
            voice.remember(tx, &conversation_id).await?;
        }
        begin_answer(tx, &user, &conversation_id, &answer_id, &chosen, voice.as_ref(), now).await?;
        Ok((conversation_id, question_id, answer_id))
    })?;
    // The index hears of both messages when the answer ends, however it ends. Now the model is asked.
    let task = Task::of(&app, &user, &conversation_id, Live::new(&answer_id, &question_id), chosen, voice);
    start(task, place).await?;
    Ok(Begun { conversation_id, from: question_id, answer_id })
}

fn clean(text: &str) -> Result<String, Error> {
    let text = text.replace("\r\n", "\n");
    // Spaces at the beginning may be code.
    let text = if text.trim().is_empty() { "" } else { text.trim_end() };
    if text.len() > MAX_TEXT_BYTES {
        return Err(Error::TooLarge("A message can have 1 MB of text. Attach the rest as a file, or send it in parts.".to_owned()));
    }
    Ok(text.to_owned())
}

/// The assistant's model; without one that with this id, and an empty id is the default.
async fn speaker(app: &App, user: &User, voice: Option<&Voice>, model_id: &str) -> Result<Chosen, Error> {
    match voice {
        Some(voice) => Ok(voice.chosen.clone()),
        None if model_id.is_empty() => catalog::first(app, user).await,
        None => catalog::choose(app, user, model_id).await,
    }
}

/// The first words, or the first file's name, until the model gives a better title.
fn title(text: &str, files: &[Attachment]) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = if words.is_empty() { files.first().map_or_else(|| "New chat".to_owned(), |file| file.name.clone()) } else { words };
    view::shortened(&words, TITLE_CHARS)
}

async fn new_chat(tx: &mut Tx, user: &User, title: String, now: i64) -> Result<String, Error> {
    let id = ids::new("conv");
    let query = "INSERT INTO conversations (id, owner_id, title, title_key, server_title, created_at, updated_at) VALUES ($1, $2, $3, $4, $3, $5, $5)";
    sqlx::query(query).bind(&id).bind(&user.id).bind(&title).bind(title.to_lowercase()).bind(now).execute(tx).await?;
    Ok(id)
}

/// The message that an answer of a model answers.
async fn question_of(tx: &mut Tx, conversation_id: &str, answer_id: &str) -> Result<String, Error> {
    let answer = branch::nodes(tx, conversation_id, answer_id, 1).await?.pop().filter(|node| node.role == "assistant");
    answer.and_then(|node| node.parent_id).ok_or(Error::NotFound)
}

/// An assistant speaks under its own name; which model it asks is its editors' business.
fn empty_answer(chosen: &Chosen, voice: Option<&Voice>) -> NewMessage {
    let name = voice.map_or(&chosen.model.name, |voice| &voice.name);
    NewMessage { role: Role::Assistant, model: Some(name.clone()), parts: Vec::new(), incomplete: false }
}

async fn begin_answer(
    tx: &mut Tx,
    user: &User,
    conversation_id: &str,
    answer_id: &str,
    chosen: &Chosen,
    voice: Option<&Voice>,
    now: i64,
) -> Result<(), Error> {
    store::insert(tx, conversation_id, answer_id, &chosen.model.id, now, now + write_down::LEASE_MICROS).await?;
    if voice.is_none() {
        preferences::set_model(tx, &user.id, &chosen.model.id).await?;
    }
    Ok(())
}

/// From here on it runs by itself. The model is asked while the disk takes in the question; whoever sent it is told when
/// no power cut can take it away.
async fn start(task: Task, place: Arc<Writing>) -> Result<(), Error> {
    place.begin(&task.live);
    task.channel.begin(&task.live);
    task.app.watch.look_soon();
    let (app, live) = (task.app.clone(), task.live.clone());
    app.tasks.spawn(run::run(task, place));
    app.db.synced().await.inspect_err(|_| live.stop.cancel())
}
