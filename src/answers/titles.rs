//! A conversation's title, made by the model after the first answer. Nobody waits for it, and nobody misses it: until
//! then, and if it fails, the title is the first words that were said.

use std::fmt::Write;
use std::time::Duration;

use futures_util::StreamExt;
use takeback_transcripts::{Part, Role};

use super::run::Task;
use crate::conversations::branch;
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::providers::provider::{Piece, Question, Turn};
use crate::search::index;
use crate::storage::sql;
use crate::write_tx;

/// Characters of the question and of the answer that the model reads for it.
const READ_CHARS: usize = 2_000;
/// The longest title, in characters.
const TITLE_CHARS: usize = 80;
/// Enough for a title, also for models that think before.
const MAX_TOKENS: u32 = 1_024;
/// After this nobody would notice a better title.
const PATIENCE: Duration = Duration::from_secs(30);

const INSTRUCTIONS: &str = "You name conversations. Reply with a title of two to six words for the conversation that you are given, \
    in its language, without quotation marks and without a full stop. Reply with the title alone.";

/// Gives the conversation a title, if it still has the one that the server began with.
pub(super) async fn give(task: &Task) -> Result<(), Error> {
    if task.chosen.model.is_demo || task.owner.is_guest() || !is_unnamed(task).await? {
        return Ok(());
    }
    let Some(title) = tokio::time::timeout(PATIENCE, ask(task)).await.ok().transpose()?.flatten() else { return Ok(()) };
    let id = &task.conversation_id;
    let named = write_tx!(task.app.db, "name a conversation", |tx| {
        // A person may have named it meanwhile, or deleted it.
        let query = "UPDATE conversations SET title = $1, title_key = $2, server_title = NULL WHERE id = $3 AND owner_id = $4 AND title = server_title";
        let done = sqlx::query(query).bind(&title).bind(title.to_lowercase()).bind(id).bind(&task.owner.id).execute(&mut *tx).await?;
        let named = sql::one_row(&done).is_ok();
        if named {
            index::enqueue(tx, id, task.app.now()).await?;
        }
        Ok(named)
    })?;
    if named {
        task.app.jobs.wake();
        task.channel.change(|state| state.title = Some(title.into()));
    }
    Ok(())
}

async fn is_unnamed(task: &Task) -> Result<bool, Error> {
    let query = "SELECT COUNT(*) FROM conversations WHERE id = $1 AND owner_id = $2 AND title = server_title";
    let unnamed: i64 = sqlx::query_scalar(query).bind(&task.conversation_id).bind(&task.owner.id).fetch_one(task.app.db.reader()).await?;
    Ok(unnamed == 1)
}

async fn ask(task: &Task) -> Result<Option<String>, Error> {
    let messages = branch::load(&mut *task.app.db.read().await?, &task.conversation_id, &task.live.message_id, 2).await?;
    let mut text = String::new();
    for message in messages.into_iter().filter(|message| !message.hidden) {
        let words: String =
            message.parts.iter().filter_map(|part| if let Part::Text { text } = part { Some(text.as_str()) } else { None }).collect();
        let who = if message.role == Role::User { "User" } else { "Assistant" };
        let _ = write!(text, "{who}: {}\n\n", shortened(&words, READ_CHARS));
    }
    let question = Question {
        model: task.chosen.model.name.clone(),
        instructions: INSTRUCTIONS.to_owned(),
        turns: vec![Turn { by_model: false, text, images: Vec::new() }],
        max_output_tokens: Some(MAX_TOKENS),
        ..Question::default()
    };
    let mut said = String::new();
    let mut answer = task.chosen.provider.answer(question);
    while let Some(Ok(piece)) = answer.next().await {
        if let Piece::Text(more) = piece {
            said.push_str(&more);
        }
        if said.len() > 4 * TITLE_CHARS {
            break;
        }
    }
    Ok(tidy(&said))
}

/// The first line that says something, without what models like to put around it.
fn tidy(said: &str) -> Option<String> {
    let line = said
        .lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || "\"'“”‘’«»*#`_.".contains(c)))
        .find(|line| !line.is_empty())?;
    let line = line.strip_prefix("Title:").unwrap_or(line);
    let clean: String = line.chars().filter(|c| !c.is_control()).collect();
    let title = shortened(clean.trim_matches(|c: char| c.is_whitespace() || "\"“”*".contains(c)), TITLE_CHARS);
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_words_alone() {
        for (said, title) in [
            ("Tea for two", "Tea for two"),
            ("\n\n\"Tea for two.\"\nAnother", "Tea for two"),
            ("**Title: Tea for two**", "Tea for two"),
            ("# “Tee für zwei”", "Tee für zwei"),
            ("Tea\u{0}\u{1b}[31m for two", "Tea[31m for two"),
        ] {
            assert_eq!(tidy(said).as_deref(), Some(title), "{said:?}");
        }
        assert_eq!(tidy(""), None);
        assert_eq!(tidy("\n\"\"\n"), None);
        assert_eq!(tidy(&"word ".repeat(100)).unwrap().chars().count(), TITLE_CHARS);
    }
}
