//! Queries on answers. Whoever calls these has loaded the conversation through its owner, unless a line says otherwise.

use std::collections::{HashMap, HashSet};

use sqlx::{AssertSqlSafe, FromRow};

use crate::conversations::view::INCOMPLETE;
use crate::error::Error;
use crate::guests::purse;
use crate::storage::{Tx, sql};

/// How an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is being written.
    Running,
    /// It is whole.
    Done,
    /// Its person stopped it.
    Stopped,
    /// The provider failed, before the first word or after it.
    Failed,
    /// The model's longest answer, or its provider, cut it.
    Cut,
    /// The server ended while it was being written.
    Interrupted,
}

impl State {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Cut => "cut",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What is known of an answer besides its words.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Answer {
    /// Its message.
    pub message_id: String,
    /// A [`State`], as text.
    pub state: String,
    /// The model that was asked.
    pub model_id: String,
    /// What went wrong, in words for the person; empty: nothing.
    pub problem: String,
    /// The first message that the model was sent; empty: the whole branch.
    pub read_from: String,
    /// 0: unknown.
    pub input_tokens: i64,
    /// 0: unknown.
    pub output_tokens: i64,
}

impl Answer {
    /// Whether its model was done.
    pub fn is_whole(&self) -> bool {
        self.state == State::Done.as_str()
    }

    /// Whether it is being written.
    pub fn is_running(&self) -> bool {
        self.state == State::Running.as_str()
    }
}

/// Begins an answer.
pub async fn insert(
    tx: &mut Tx,
    conversation_id: &str,
    message_id: &str,
    model_id: &str,
    now: i64,
    leased_until: i64,
) -> Result<(), Error> {
    let query = "INSERT INTO answers (message_id, conversation_id, state, model_id, problem, read_from, input_tokens, output_tokens, \
                 started_at, finished_at, leased_until) VALUES ($1, $2, $3, $4, '', '', 0, 0, $5, 0, $6)";
    sqlx::query(query)
        .bind(message_id)
        .bind(conversation_id)
        .bind(State::Running.as_str())
        .bind(model_id)
        .bind(now)
        .bind(leased_until)
        .execute(tx)
        .await?;
    Ok(())
}

/// Marks a copied answer whose original ended early.
pub async fn insert_incomplete(tx: &mut Tx, conversation_id: &str, message_id: &str, now: i64) -> Result<(), Error> {
    insert(tx, conversation_id, message_id, "", now, now).await?;
    let problem = INCOMPLETE.to_owned();
    end(tx, message_id, &Ended { state: State::Cut, problem, input_tokens: 0, output_tokens: 0 }, 0, now).await?;
    Ok(())
}

/// The conversation's answer that is being written.
pub async fn running(tx: &mut Tx, conversation_id: &str) -> Result<Option<String>, Error> {
    let query = "SELECT message_id FROM answers WHERE conversation_id = $1 AND state = $2 LIMIT 1";
    Ok(sqlx::query_scalar(query).bind(conversation_id).bind(State::Running.as_str()).fetch_optional(tx).await?)
}

/// One answer of a conversation is written at a time, and its branch stays where it is meanwhile. Whoever calls this
/// holds the conversation's row, so that none begins after it was asked.
///
/// # Errors
/// [`Error::Invalid`] while one is being written.
pub async fn refuse_while_running(tx: &mut Tx, conversation_id: &str) -> Result<(), Error> {
    match running(tx, conversation_id).await? {
        Some(_) if !cfg!(feature = "sabotage-second-answer") => {
            Err(Error::invalid("text", "An answer is still being written here. Stop it first, or wait for its end."))
        }
        _ => Ok(()),
    }
}

/// What is known of these messages' answers.
pub async fn of(tx: &mut Tx, message_ids: &[&str]) -> Result<HashMap<String, Answer>, Error> {
    let mut found = HashMap::new();
    for chunk in message_ids.chunks(500) {
        let query = format!(
            "SELECT message_id, state, model_id, problem, read_from, input_tokens, output_tokens FROM answers WHERE message_id IN ({})",
            sql::placeholders(1, chunk.len())
        );
        let mut statement = sqlx::query_as::<_, Answer>(AssertSqlSafe(query)).persistent(false);
        for id in chunk {
            statement = statement.bind((*id).to_owned());
        }
        found.extend(statement.fetch_all(&mut *tx).await?.into_iter().map(|answer| (answer.message_id.clone(), answer)));
    }
    Ok(found)
}

/// The model that was asked last in a conversation.
pub async fn last_model(tx: &mut Tx, conversation_id: &str) -> Result<Option<String>, Error> {
    let query =
        "SELECT model_id FROM answers WHERE conversation_id = $1 AND model_id <> '' ORDER BY started_at DESC, message_id DESC LIMIT 1";
    Ok(sqlx::query_scalar(query).bind(conversation_id).fetch_optional(tx).await?)
}

/// How an answer ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Not [`State::Running`].
    pub state: State,
    /// In words for the person; empty: nothing went wrong.
    pub problem: String,
    /// 0: unknown.
    pub input_tokens: i64,
    /// 0: unknown.
    pub output_tokens: i64,
}

/// Ends a running answer; answers whether its words are to be stored. They are not if it isn't running any more, since
/// it was believed dead and taken up, or if its conversation is gone. `said_tokens` is what it said, estimated: what it
/// cost if its provider doesn't say that.
pub async fn end(tx: &mut Tx, message_id: &str, ended: &Ended, said_tokens: i64, now: i64) -> Result<bool, Error> {
    purse::settle(tx, message_id, ended.input_tokens + ended.output_tokens, said_tokens).await?;
    let query = "UPDATE answers SET state = $1, problem = $2, input_tokens = $3, output_tokens = $4, finished_at = $5 \
                 WHERE message_id = $6 AND state = $7 RETURNING COALESCE(ending, 0)";
    let asked: Option<i64> = sqlx::query_scalar(query)
        .bind(ended.state.as_str())
        .bind(&ended.problem)
        .bind(ended.input_tokens)
        .bind(ended.output_tokens)
        .bind(now)
        .bind(message_id)
        .bind(State::Running.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM answer_pieces WHERE message_id = $1").bind(message_id).execute(tx).await?;
    Ok(asked.is_some_and(|asked| asked != Ending::Forget.number()))
}

/// Why a running answer is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its person wants no more of it: what it says is kept.
    Keep,
    /// Its conversation is gone: from the commit on nothing of it is written.
    Forget,
}

impl Ending {
    fn number(self) -> i64 {
        match self {
            Self::Keep => 1,
            Self::Forget => 2,
        }
    }
}

/// Asks a conversation's running answer to end, wherever it is written.
pub async fn ask_to_end(tx: &mut Tx, conversation_id: &str, ending: Ending) -> Result<(), Error> {
    let query = "UPDATE answers SET ending = $1 WHERE conversation_id = $2 AND state = $3";
    sqlx::query(query).bind(ending.number()).bind(conversation_id).bind(State::Running.as_str()).execute(tx).await?;
    Ok(())
}

/// The same for all conversations with an assistant.
pub async fn ask_to_end_of_assistant(tx: &mut Tx, assistant_id: &str, ending: Ending) -> Result<(), Error> {
    let query = "UPDATE answers SET ending = $1 WHERE state = $2 \
                 AND conversation_id IN (SELECT conversation_id FROM conversation_assistants WHERE assistant_id = $3)";
    sqlx::query(query).bind(ending.number()).bind(State::Running.as_str()).bind(assistant_id).execute(tx).await?;
    Ok(())
}

/// The same for all that a link began.
pub async fn ask_to_end_of_link(tx: &mut Tx, link_id: &str, ending: Ending) -> Result<(), Error> {
    let query = "UPDATE answers SET ending = $1 WHERE state = $2 \
                 AND conversation_id IN (SELECT conversation_id FROM conversation_assistants WHERE link_id = $3)";
    sqlx::query(query).bind(ending.number()).bind(State::Running.as_str()).bind(link_id).execute(tx).await?;
    Ok(())
}

/// The same for all that links of a person's began. There are few running answers, and may be many links.
pub async fn ask_to_end_of_links_of(tx: &mut Tx, owner_id: &str, ending: Ending) -> Result<(), Error> {
    let query = "UPDATE answers SET ending = $1 WHERE state = $2 AND EXISTS (SELECT 1 FROM conversation_assistants s \
                 JOIN links l ON l.id = s.link_id WHERE s.conversation_id = answers.conversation_id AND l.owner_id = $3)";
    sqlx::query(query).bind(ending.number()).bind(State::Running.as_str()).bind(owner_id).execute(tx).await?;
    Ok(())
}

/// The same for all of a person's.
pub async fn ask_all_to_end(tx: &mut Tx, owner_id: &str, ending: Ending) -> Result<(), Error> {
    let query = "UPDATE answers SET ending = $1 WHERE state = $2 AND conversation_id IN (SELECT id FROM conversations WHERE owner_id = $3)";
    sqlx::query(query).bind(ending.number()).bind(State::Running.as_str()).bind(owner_id).execute(tx).await?;
    Ok(())
}

/// Running answers that nobody asked to end, whoever writes them.
pub async fn going_on(tx: &mut Tx) -> Result<HashSet<String>, Error> {
    let query = "SELECT message_id FROM answers WHERE state = 'running' AND ending IS NULL";
    Ok(sqlx::query_scalar(query).fetch_all(tx).await?.into_iter().collect())
}

/// Running answers whose lease ended before `now`, each with its conversation.
pub async fn without_lease(tx: &mut Tx, now: i64) -> Result<Vec<(String, String)>, Error> {
    let query = "SELECT message_id, conversation_id FROM answers WHERE state = $1 AND leased_until < $2 ORDER BY message_id";
    Ok(sqlx::query_as(query).bind(State::Running.as_str()).bind(now).fetch_all(tx).await?)
}

/// Notes where the model began to read.
pub async fn set_read_from(tx: &mut Tx, answer_id: &str, message_id: &str) -> Result<(), Error> {
    sqlx::query("UPDATE answers SET read_from = $1 WHERE message_id = $2").bind(message_id).bind(answer_id).execute(tx).await?;
    Ok(())
}

/// A piece of a running answer.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Piece {
    /// Its answer.
    pub message_id: String,
    /// From 0, without gaps.
    pub number: i64,
    /// `text` or `reasoning`.
    pub kind: String,
    /// What was said.
    pub words: String,
}

/// Rows that one statement takes.
const CHUNK: usize = 200;

/// Adds pieces to those of the answers that are still running. Whoever calls this has renewed their leases in the same
/// transaction, which holds their rows: on PostgreSQL none of them ends meanwhile.
pub async fn insert_pieces(tx: &mut Tx, pieces: &[&Piece]) -> Result<(), Error> {
    for chunk in pieces.chunks(CHUNK) {
        let rows: Vec<String> = (0..chunk.len())
            .map(|at| at * 4)
            .map(|at| format!("(${}, CAST(${} AS BIGINT), ${}, ${})", at + 1, at + 2, at + 3, at + 4))
            .collect();
        let query = format!(
            "INSERT INTO answer_pieces (message_id, number, kind, words) \
             WITH said (message_id, number, kind, words) AS (VALUES {}) \
             SELECT s.message_id, s.number, s.kind, s.words FROM said s JOIN answers a ON a.message_id = s.message_id \
             WHERE a.state = 'running' AND COALESCE(a.ending, 0) <> {}",
            rows.join(", "),
            Ending::Forget.number()
        );
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(false);
        for piece in chunk {
            statement = statement.bind(&piece.message_id).bind(piece.number).bind(&piece.kind).bind(&piece.words);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Running answers live until this moment without a word from their server.
pub async fn lease(tx: &mut Tx, message_ids: &[&str], leased_until: i64) -> Result<(), Error> {
    for chunk in message_ids.chunks(CHUNK) {
        let query = format!(
            "UPDATE answers SET leased_until = $1 WHERE state = 'running' AND message_id IN ({})",
            sql::placeholders(2, chunk.len())
        );
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(false).bind(leased_until);
        for id in chunk {
            statement = statement.bind(*id);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// What was written down of an answer from piece `from` on, in order.
pub async fn pieces(tx: &mut Tx, message_id: &str, from: i64) -> Result<Vec<Piece>, Error> {
    let query = "SELECT message_id, number, kind, words FROM answer_pieces WHERE message_id = $1 AND number >= $2 ORDER BY number";
    Ok(sqlx::query_as(query).bind(message_id).bind(from).fetch_all(tx).await?)
}
