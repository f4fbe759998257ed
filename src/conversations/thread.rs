//! What a conversation's page shows: the end of the current branch, or the stretch before a message.

use std::collections::HashSet;
use std::ops::Range;

use sqlx::Any;
use sqlx::pool::PoolConnection;
use takeback_transcripts::{Part, Source};

use super::around::{self, Elsewhere};
use super::branch::{self, Node};
use super::conversation::Conversation;
use super::siblings::{self, Place};
use super::store;
use super::view::{Input, Message, Reader, messages};
use crate::accounts::user::User;
use crate::answers;
use crate::answers::show::{Problem, Running};
use crate::app::{App, blocking};
use crate::error::Error;
use crate::links;
use crate::pages::view::{Time, date};

/// Messages that one page shows.
pub(super) const SHOWN: usize = 100;
/// Messages that one page looks at, hidden ones included.
pub(super) const LOOKED_AT: usize = 1_000;

/// A part of a conversation, ready for its page.
#[derive(Debug)]
pub struct Thread {
    /// The conversation.
    pub conversation: Conversation,
    /// It has a live link.
    pub shared: bool,
    /// The line below its title.
    pub summary: String,
    /// Why this is not the end of the current branch, if it isn't.
    pub elsewhere: Option<Elsewhere>,
    /// The address of the messages before these.
    pub earlier: Option<String>,
    /// In reading order.
    pub turns: Vec<Turn>,
    /// The model that was asked last.
    pub model_id: Option<String>,
}

/// A message in its owner's conversation.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What it says.
    pub message: Message,
    /// When.
    pub time: Option<Time>,
    /// The versions of it.
    pub branch: Option<Branch>,
    /// It is being written right now.
    pub running: Option<Running>,
    /// Where another version of what the user said can be written and sent.
    pub edit: Option<String>,
    /// Where another version of the answer is asked for.
    pub again: Option<String>,
    /// Why it failed or ends early.
    pub problem: Option<Problem>,
    /// What it cost, for a tooltip.
    pub usage: Option<String>,
    /// The model began to read here: what stands above was too long for it.
    pub read_from_here: bool,
    /// The page was opened to show this one.
    pub found: bool,
}

/// ‹ 2/3 ›
#[derive(Clone, Debug)]
pub struct Branch {
    /// Where the choice is sent.
    pub action: String,
    /// From 1.
    pub position: i64,
    /// How many.
    pub total: i64,
    /// The message to choose for the version before.
    pub previous: Option<String>,
    /// The message to choose for the version after.
    pub next: Option<String>,
}

/// Reads the end of the current branch, or with `before` what comes before that message.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the conversation and it has the message.
pub async fn read(app: &App, owner: &User, id: &str, before: Option<&str>) -> Result<Thread, Error> {
    draw(app, owner, id, before.map_or(Stretch::End, Stretch::Before)).await
}

/// Reads the stretch that shows a message, on whichever branch it is. Nothing is switched.
///
/// # Errors
/// As [`read`].
pub async fn read_at(app: &App, owner: &User, id: &str, message_id: &str) -> Result<Thread, Error> {
    draw(app, owner, id, Stretch::At(message_id)).await
}

/// Which part of a conversation.
#[derive(Clone, Copy, Debug)]
enum Stretch<'a> {
    /// The end of the current branch.
    End,
    /// What comes before this message.
    Before(&'a str),
    /// What is around this message.
    At(&'a str),
}

async fn draw(app: &App, owner: &User, id: &str, stretch: Stretch<'_>) -> Result<Thread, Error> {
    let mut tx = app.db.read().await?;
    let conversation = store::owned(&mut tx, &owner.id, id).await?;
    let source = store::source(&mut tx, &owner.id, id).await?;
    let current = conversation.current_message_id.clone();
    let leaf = match stretch {
        Stretch::End => current,
        Stretch::Before(message_id) => branch::parent(&mut tx, id, message_id).await?,
        Stretch::At(_) => None,
    };
    let (mut nodes, elsewhere) = match (stretch, leaf) {
        (Stretch::At(message_id), _) => around::nodes(&mut tx, id, conversation.current_message_id.as_deref(), message_id).await?,
        (_, Some(leaf)) => (branch::nodes(&mut tx, id, &leaf, LOOKED_AT + 1).await?, None),
        (_, None) => (Vec::new(), None),
    };
    let start = start(&nodes);
    let earlier = (start > 0).then(|| nodes.get(start)).flatten().map(|first| format!("/c/{id}?before={}", first.id));
    nodes.drain(..start);
    let shared = !links::store::of_target(&mut tx, &owner.id, id).await?.is_empty();
    let found = if let Stretch::At(message_id) = stretch { Some(message_id) } else { None };
    let (turns, model_id) = turns(app, tx, id, nodes, found).await?;
    let summary = summary(&conversation, source.as_deref(), &turns);
    Ok(Thread { conversation, shared, summary, elsewhere, earlier, turns, model_id })
}

/// The turns from the one that shows message `from` to the end of the current branch, and the message before them; none
/// if that isn't on its last page.
///
/// # Errors
/// As [`read`].
pub async fn read_from(app: &App, owner: &User, id: &str, from: &str) -> Result<(Vec<Turn>, Option<String>), Error> {
    let mut tx = app.db.read().await?;
    let Some(leaf) = store::owned(&mut tx, &owner.id, id).await?.current_message_id else { return Ok((Vec::new(), None)) };
    // Mostly it is one of the last, and the whole branch need not be read.
    for looked_at in [4, LOOKED_AT] {
        let mut nodes = branch::nodes(&mut tx, id, &leaf, looked_at).await?;
        if let Some(at) = nodes.iter().position(|node| node.id == from) {
            nodes.drain(..at);
            let before = nodes.first().and_then(|first| first.parent_id.clone());
            return Ok((turns(app, tx, id, nodes, None).await?.0, before));
        }
    }
    Ok((Vec::new(), None))
}

/// The turn of one message, on whatever branch; none if the conversation doesn't have it.
///
/// # Errors
/// As [`read`].
pub async fn read_one(app: &App, owner: &User, id: &str, message_id: &str) -> Result<Vec<Turn>, Error> {
    let mut tx = app.db.read().await?;
    store::owned(&mut tx, &owner.id, id).await?;
    match branch::nodes(&mut tx, id, message_id, 1).await {
        Ok(nodes) => Ok(turns(app, tx, id, nodes, None).await?.0),
        Err(Error::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A stretch of a branch as it is shown, and the model that was asked last in it. `found` is a message that was looked
/// for.
async fn turns(
    app: &App,
    mut tx: PoolConnection<Any>,
    id: &str,
    nodes: Vec<Node>,
    found: Option<&str>,
) -> Result<(Vec<Turn>, Option<String>), Error> {
    let beside: Vec<(&str, Option<&str>)> = nodes.iter().map(|node| (node.id.as_str(), node.parent_id.as_deref())).collect();
    let places = siblings::places(&mut tx, id, &beside).await?;
    let assistants: Vec<&str> = nodes.iter().filter(|node| node.role == "assistant").map(|node| node.id.as_str()).collect();
    // Before the words: an answer that ends between the two questions is shown as one that is still being written, and
    // its window hears of the end. The other way round it would stand there ended and empty.
    let answers = answers::store::of(&mut tx, &assistants).await?;
    let said = branch::with_bodies(&mut tx, nodes.iter().filter(|node| node.hidden == 0).cloned().collect()).await?;
    let has_files = said.iter().flat_map(|message| &message.parts).any(|part| matches!(part, Part::Image { .. } | Part::File { .. }));
    let files = if has_files { store::file_ids(&mut tx, id).await? } else { HashSet::new() };
    drop(tx);

    let mut said = said.into_iter();
    let input = |message: branch::Message| Input { even_empty: answers.contains_key(&message.id), ..Input::from(message) };
    let inputs = nodes.iter().filter_map(|node| if node.hidden == 0 { said.next().map(input) } else { Some(hidden(node)) }).collect();
    let drawn = blocking(move || Ok(messages(inputs, Reader::Owner, &|file| files.contains(file).then(|| format!("/files/{file}")))));
    let mut turns: Vec<Turn> = drawn.await?.into_iter().map(|message| turn(message, &nodes, &places, id, app.now())).collect();
    for turn in &mut turns {
        turn.found =
            nodes.get(turn.message.covers.clone()).is_some_and(|covered| covered.iter().any(|node| Some(node.id.as_str()) == found));
        answers::show::complete(turn, app, id, &answers);
    }
    let model_id = nodes.iter().rev().find_map(|node| answers.get(&node.id)).map(|answer| answer.model_id.clone());
    Ok((turns, model_id))
}

/// Where the page begins: at the last [`SHOWN`] messages that show, and the hidden ones right before them.
fn start(nodes: &[Node]) -> usize {
    let mut shown = 0;
    let mut start = nodes.len();
    for (at, node) in nodes.iter().enumerate().rev() {
        if node.hidden == 0 {
            if shown == SHOWN {
                break;
            }
            shown += 1;
        }
        start = at;
    }
    // The one more that was read says only that there are earlier ones.
    if nodes.len() > LOOKED_AT { start.max(1) } else { start }
}

/// It is not shown, but a branch may begin at it.
fn hidden(node: &Node) -> Input {
    Input {
        id: Some(node.id.clone()),
        role: branch::role(&node.role),
        model: None,
        hidden: true,
        parts: Vec::new(),
        incomplete: false,
        even_empty: false,
    }
}

fn turn(message: Message, nodes: &[Node], places: &[Place], conversation_id: &str, now: i64) -> Turn {
    let covers: Range<usize> = message.covers.clone();
    let covered = nodes.get(covers).unwrap_or_default();
    let place = covered.iter().find_map(|node| places.iter().find(|place| place.id == node.id));
    let branch = place.map(|place| Branch {
        action: format!("/c/{conversation_id}/branch"),
        position: place.place,
        total: place.total,
        previous: place.previous.clone(),
        next: place.next.clone(),
    });
    let time = covered.last().filter(|node| node.created_at > 0).map(|node| Time::at(node.created_at, now));
    Turn { message, time, branch, running: None, edit: None, again: None, problem: None, usage: None, read_from_here: false, found: false }
}

/// The model, the day of the last message, and where it came from.
fn summary(conversation: &Conversation, source: Option<&str>, turns: &[Turn]) -> String {
    let said = turns.iter().rev().map(|turn| &turn.message);
    let model = said.filter(|message| message.kind == "assistant" && message.who != "Assistant").map(|m| m.who.clone()).next();
    let day = date(conversation.updated_at).1;
    let source = match source {
        None => None,
        Some("sample") => Some("the sample".to_owned()),
        Some("link") => Some("continued from a shared link".to_owned()),
        Some(name) => serde_json::from_value::<Source>(name.into()).ok().map(|source| format!("from {}", source.name())),
    };
    [model, Some(day), source].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(hidden: impl IntoIterator<Item = bool>) -> Vec<Node> {
        let node = |(at, hidden): (usize, bool)| Node {
            id: format!("msg_{at}"),
            parent_id: None,
            role: "user".to_owned(),
            model: None,
            hidden: i64::from(hidden),
            created_at: 0,
        };
        hidden.into_iter().enumerate().map(node).collect()
    }

    #[test]
    fn a_page_shows_the_end_and_takes_the_hidden_ones_before_it_along() {
        assert_eq!(start(&nodes([false; 100])), 0);
        assert_eq!(start(&nodes([false; 101])), 1);
        let with_hidden = [vec![false; 3], vec![true; 5], vec![false; 100]].concat();
        assert_eq!(start(&nodes(with_hidden)), 3);
        assert_eq!(start(&nodes([vec![true; 5], vec![false; 100]].concat())), 0);
        assert_eq!(start(&nodes(vec![true; LOOKED_AT + 1])), 1);
        assert_eq!(start(&[]), 0);
    }
}
