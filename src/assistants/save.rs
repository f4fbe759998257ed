//! Save makes a version; publishing it is what visitors and members notice.

use super::form::Wish;
use super::store::{self, NewFile};
use super::version::{self, Body, Face, Version};
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::http::form::line;
use crate::ids;
use crate::pages::view::Count;
use crate::providers::catalog;
use crate::storage::Tx;
use crate::write_tx;

/// Makes an assistant; answers its id.
///
/// # Errors
/// [`Error::Invalid`] for a wish that can't be granted.
pub async fn create(app: &App, owner: &User, wish: &Wish, via: Via) -> Result<String, Error> {
    let checked = check(app, owner, wish).await?;
    let now = app.now();
    write_tx!(app.db, "make an assistant", |tx| {
        let id = ids::new("asst");
        store::insert(tx, &id, &owner.id, now).await?;
        write(tx, owner, &id, 1, wish, &checked, now).await?;
        audit::record(tx, now, &owner.id, "assistant.created", &id, via).await?;
        Ok(id)
    })
}

/// Saves the next version; answers its number.
///
/// # Errors
/// [`Error::NotFound`] unless `editor` may change it; otherwise as [`create`].
pub async fn save(app: &App, editor: &User, id: &str, wish: &Wish, via: Via) -> Result<i64, Error> {
    let checked = check(app, editor, wish).await?;
    let now = app.now();
    write_tx!(app.db, "save an assistant", |tx| {
        let number = store::lock_editable(tx, &editor.id, id).await?.newest + 1;
        write(tx, editor, id, number, wish, &checked, now).await?;
        audit::record(tx, now, &editor.id, "assistant.updated", id, via).await?;
        Ok(number)
    })
}

/// Saves an earlier version once more, as the newest. Everybody else gets it when it is published.
///
/// # Errors
/// [`Error::NotFound`] unless `editor` may change it and it has such a version.
pub async fn restore(app: &App, editor: &User, id: &str, number: i64, via: Via) -> Result<i64, Error> {
    let now = app.now();
    write_tx!(app.db, "restore a version of an assistant", |tx| {
        let newest = store::lock_editable(tx, &editor.id, id).await?.newest;
        let old = store::version(tx, id, number).await?;
        let again = Version { number: newest + 1, created_at: now, ..old };
        store::insert_version(tx, id, &editor.id, &again).await?;
        audit::record(tx, now, &editor.id, "assistant.updated", id, via).await?;
        Ok(again.number)
    })
}

/// From now on everybody gets the newest version.
///
/// # Errors
/// [`Error::NotFound`] unless `editor` may change it.
pub async fn publish(app: &App, editor: &User, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "publish an assistant", |tx| {
        let newest = store::lock_editable(tx, &editor.id, id).await?.newest;
        store::publish(tx, id, newest).await?;
        audit::record(tx, now, &editor.id, "assistant.published", id, via).await
    })
}

/// What of a wish is not a file.
struct Checked {
    face: Face,
    body: Body,
}

async fn check(app: &App, editor: &User, wish: &Wish) -> Result<Checked, Error> {
    let name = line("name", "The name", &wish.name, version::MAX_NAME_CHARS)?;
    let emoji: String = wish.emoji.trim().chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    if emoji.chars().count() > 10 {
        return Err(Error::invalid("emoji", "One emoji is enough. Take the others out."));
    }
    let description = text("description", "The description", &wish.description, version::MAX_DESCRIPTION_CHARS)?;
    let instructions = text("instructions", "The instructions", &wish.instructions, version::MAX_INSTRUCTIONS_CHARS)?;
    let mut starters = Vec::new();
    for starter in wish.starters.iter().filter(|starter| !starter.trim().is_empty()) {
        starters.push(line("starter", "A conversation starter", starter, version::MAX_STARTER_CHARS)?);
    }
    if starters.len() > version::MAX_STARTERS {
        return Err(Error::invalid("starter", format!("There can be {} conversation starters. Take some out.", version::MAX_STARTERS)));
    }
    if wish.keep.len() + wish.knowledge.len() > version::MAX_FILES {
        return Err(Error::invalid("knowledge", format!("An assistant can have {} files. Take some out.", version::MAX_FILES)));
    }
    let temperature = temperature(&wish.temperature)?;
    if !wish.model_id.is_empty() {
        catalog::choose(app, editor, &wish.model_id).await?;
    }
    let face = Face { name, emoji, picture_id: String::new(), description, starters: starters.clone() };
    let body = Body { instructions, starters, model_id: wish.model_id.clone(), temperature, knowledge: Vec::new() };
    Ok(Checked { face, body })
}

fn text(field: &'static str, label: &str, text: &str, max_chars: usize) -> Result<String, Error> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > max_chars {
        return Err(Error::invalid(
            field,
            format!("{label} can have {} characters. Shorten them.", Count(i64::try_from(max_chars).unwrap_or(i64::MAX))),
        ));
    }
    Ok(text)
}

/// From 0 to 2 in hundredths; nothing leaves it to the provider.
fn temperature(text: &str) -> Result<Option<u8>, Error> {
    let text = text.trim().replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::invalid("temperature", "The temperature is a number from 0 to 2, such as 0.7. Leave it empty if in doubt.");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = format!("{part:0<2}");
    let (whole, part): (u8, u8) =
        (whole.parse().map_err(|_| wrong())?, part.get(..2).and_then(|part| part.parse().ok()).ok_or_else(wrong)?);
    let hundredths = whole.checked_mul(100).and_then(|whole| whole.checked_add(part)).filter(|all| *all <= 200);
    hundredths.map(Some).ok_or_else(wrong)
}

/// Stores the version and its new files. Files that it keeps have to be the assistant's own.
async fn write(tx: &mut Tx, editor: &User, id: &str, number: i64, wish: &Wish, checked: &Checked, now: i64) -> Result<(), Error> {
    let Checked { mut face, mut body } = Checked { face: checked.face.clone(), body: checked.body.clone() };
    if let Some(picture) = &wish.picture {
        face.picture_id = ids::new("file");
        let new = NewFile { name: "picture", media_type: picture.media_type, bytes: &picture.bytes };
        store::insert_file(tx, &face.picture_id, id, "picture", &new, now).await?;
    } else if wish.keep_picture && number > 1 {
        face.picture_id = store::version(tx, id, number - 1).await?.face.picture_id;
    }
    let known = store::knowledge(tx, id).await?;
    body.knowledge = wish.keep.iter().filter(|kept| known.iter().any(|file| file.id == **kept)).cloned().collect();
    for file in &wish.knowledge {
        let file_id = ids::new("file");
        let new = NewFile { name: &file.name, media_type: "text/plain", bytes: file.text.as_bytes() };
        store::insert_file(tx, &file_id, id, "knowledge", &new, now).await?;
        body.knowledge.push(file_id);
    }
    store::insert_version(tx, id, &editor.id, &Version { number, face, body, created_at: now }).await?;
    if wish.publish {
        store::publish(tx, id, number).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temperature_is_a_number_from_0_to_2_or_nothing() {
        let read = |text| temperature(text).map_err(|_| ());
        assert_eq!(
            [read(""), read("0"), read("0.7"), read("0,75"), read("1.005"), read("2")].map(Result::unwrap),
            [None, Some(0), Some(70), Some(75), Some(100), Some(200)]
        );
        for wrong in ["2.01", "3", "-1", "warm", "1.x", "NaN", "1e1", "256"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
