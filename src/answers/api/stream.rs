//! An answer in a conversation as it arrives, as server-sent events. Its words are those that are written down four
//! times a second; the whole of it comes at the end, as it is stored.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use super::following::Following;
use crate::answers::say::Begun;
use crate::conversations::api::message::Message;
use crate::error::Error;
use crate::http::problem;

/// How often a quiet line says that it is still there.
const STILL_HERE: Duration = Duration::from_secs(20);
/// How often is looked for more.
const EVERY: Duration = Duration::from_millis(150);

/// More of an answer, in the event `message.delta`.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageDelta {
    /// The answer's id.
    #[schema(example = "msg_8sTuVwXyZ2aBcDeFg5kPqR")]
    id: String,
    /// Always `message.delta`.
    #[schema(example = "message.delta")]
    object: &'static str,
    /// What came.
    delta: Delta,
}

/// What came of an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MessageDeltaContent)]
struct Delta {
    /// To be put behind what came before: a part of the same type as the last one goes on with it.
    content: Vec<DeltaPart>,
}

/// A piece of what came.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MessageDeltaPart)]
struct DeltaPart {
    /// `text` or `reasoning`.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    kind: String,
    /// More words.
    text: String,
}

/// Hands the answer over as it arrives. Closing the line ends nothing but the line.
pub fn stream(following: Following, begun: Begun) -> Response {
    let writer =
        Writer { following: following.of(&begun), answer_id: begun.answer_id, ready: VecDeque::new(), at: At::Begin, told: HashMap::new() };
    let events = stream::unfold(writer, |mut writer| async move {
        let event = writer.next().await?;
        Some((Ok::<_, Infallible>(event), writer))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_HERE)).into_response()
}

struct Writer {
    following: Following,
    answer_id: String,
    ready: VecDeque<Event>,
    at: At,
    /// Bytes of each kind that were told.
    told: HashMap<String, usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    Answer,
    End,
}

impl Writer {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.at == At::End {
                return None;
            }
            if let Err(error) = self.step().await {
                self.at = At::End;
                self.ready.push_back(Event::default().data(problem::as_json(&error.problem()).to_string()));
            }
        }
    }

    async fn step(&mut self) -> Result<(), Error> {
        if self.at == At::Begin {
            for message in self.following.messages().await? {
                // Of the answer nothing is told twice: its words follow.
                let content = if message.id == self.answer_id { Vec::new() } else { message.content };
                self.tell("message.created", &Message { content, ..message })?;
            }
            self.at = At::Answer;
            return Ok(());
        }
        let goes_on = self.following.is_going_on().await?;
        if goes_on {
            // What comes meanwhile comes with it.
            tokio::time::sleep(EVERY).await;
        }
        for piece in self.following.more().await? {
            self.say(piece.kind, piece.words)?;
        }
        if !goes_on {
            self.at = At::End;
            let answer = self.following.messages().await?.pop().filter(|message| message.id == self.answer_id);
            let answer = answer.ok_or(Error::NotFound)?;
            self.say_rest(&answer)?;
            self.tell("message.done", &answer)?;
            self.ready.push_back(Event::default().data("[DONE]"));
        }
        Ok(())
    }

    fn say(&mut self, kind: String, text: String) -> Result<(), Error> {
        *self.told.entry(kind.clone()).or_default() += text.len();
        let delta = Delta { content: vec![DeltaPart { kind, text }] };
        self.tell("message.delta", &MessageDelta { id: self.answer_id.clone(), object: "message.delta", delta })
    }

    /// What was said last is not written down in pieces any more.
    fn say_rest(&mut self, answer: &Message) -> Result<(), Error> {
        for kind in ["reasoning", "text"] {
            let all: String = answer.content.iter().filter(|part| part.kind == kind).filter_map(|part| part.text.as_deref()).collect();
            let told = self.told.get(kind).copied().unwrap_or_default();
            if let Some(rest) = all.get(told..).filter(|rest| !rest.is_empty()) {
                self.say(kind.to_owned(), rest.to_owned())?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, name: &str, data: &impl Serialize) -> Result<(), Error> {
        self.ready.push_back(Event::default().event(name).data(serde_json::to_string(data)?));
        Ok(())
    }
}
