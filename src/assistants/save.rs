//! Save makes a version; publishing it is what visitors and members notice.

use super::form::{Keep, Wish};
use super::store::{self, NewFile};
use super::version::{self, Body, Face, Version};
use super::visibility;
use crate::accounts;
use crate::accounts::user::User;
use crate::api::repeat::Once;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::http::form::line;
use crate::ids;
use crate::pages::view::Count;
use crate::providers::catalog;
use crate::storage::Tx;
use crate::write_tx;

/// Makes an assistant, once however often `once` is sent; answers its id. With `listed` members find it in the library.
///
/// # Errors
/// [`Error::Invalid`] for a wish that can't be granted; otherwise as [`Once::made`].
pub async fn create(app: &App, owner: &User, wish: &Wish, listed: bool, once: Option<&Once>, via: Via) -> Result<String, Error> {
    let checked = check(app, owner, wish).await?;
    let now = app.now();
    write_tx!(app.db, "make an assistant", |tx| {
        if let Some(once) = once {
            accounts::store::lock_share_epoch(tx, &owner.id).await?;
            if let Some(id) = once.made(tx, &owner.id, now).await? {
                return Ok(id);
            }
        }
        let id = ids::new("asst");
        store::insert(tx, &id, &owner.id, now).await?;
        write(tx, owner, &id, 1, wish, &checked, now).await?;
        if wish.publish {
            store::publish(tx, &id, 1).await?;
        }
        audit::record(tx, now, &owner.id, "assistant.created", &id, via).await?;
        if listed {
            visibility::apply(tx, owner, &id, listed, now, via).await?;
        }
        if let Some(once) = once {
            once.remember(tx, &owner.id, &id, now).await?;
        }
        Ok(id)
    })
}

/// What is to change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    /// What is to become the next version.
    pub wish: Option<&'a Wish>,
    /// The version that it was made of: if there is a newer one meanwhile, nothing is changed.
    pub behind: Option<i64>,
    /// From now on everybody gets the newest version.
    pub publish: bool,
    /// Whether members find it in the library.
    pub listed: Option<bool>,
}

/// Changes it: all of what is asked for, or nothing.
///
/// # Errors
/// [`Error::NotFound`] unless `editor` may change it; [`Error::Busy`] if somebody else changed it meanwhile; otherwise as
/// [`create`].
pub async fn change(app: &App, editor: &User, id: &str, change: Change<'_>, via: Via) -> Result<(), Error> {
    let checked = match change.wish {
        Some(wish) => Some((wish, check(app, editor, wish).await?)),
        None => None,
    };
    let now = app.now();
    write_tx!(app.db, "change an assistant", |tx| {
        let mut newest = store::lock_editable(tx, &editor.id, id).await?.newest;
        if change.behind.is_some_and(|behind| behind != newest) {
            return Err(Error::Busy("Somebody changed this assistant at the same moment. Try again.".to_owned()));
        }
        if let Some((wish, checked)) = &checked {
            newest += 1;
            write(tx, editor, id, newest, wish, checked, now).await?;
            audit::record(tx, now, &editor.id, "assistant.updated", id, via).await?;
        }
        if change.publish {
            store::publish(tx, id, newest).await?;
            audit::record(tx, now, &editor.id, "assistant.published", id, via).await?;
        }
        match change.listed {
            Some(listed) => visibility::apply(tx, editor, id, listed, now, via).await,
            None => Ok(()),
        }
    })
}

/// Saves an earlier version once more, as the newest. Everybody else gets it when it is published.
///
/// # Errors
/// [`Error::NotFound`] unless `editor` may change it and it has such a version.
pub async fn restore(app: &App, editor: &User, id: &str, number: i64, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "restore a version of an assistant", |tx| {
        let newest = store::lock_editable(tx, &editor.id, id).await?.newest;
        let old = store::version(tx, id, number).await?;
        store::insert_version(tx, id, &editor.id, &Version { number: newest + 1, created_at: now, ..old }).await?;
        audit::record(tx, now, &editor.id, "assistant.updated", id, via).await
    })
}

/// What of a wish is not a file.
struct Checked {
    face: Face,
    body: Body,
}

async fn check(app: &App, editor: &User, wish: &Wish) -> Result<Checked, Error> {
    if let Some(words) = &wish.refused {
        return Err(Error::invalid("knowledge", words));
    }
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
        let new = NewFile { name: "picture", media_type: picture.media_type, bytes: &picture.bytes, extent: None };
        store::insert_file(tx, &face.picture_id, id, "picture", &new, now).await?;
    } else {
        let of = match wish.keep_picture {
            Keep::Newest if number > 1 => Some(number - 1),
            Keep::Newest | Keep::Nothing => None,
            Keep::Of(number) => Some(number),
        };
        if let Some(of) = of {
            face.picture_id = store::version(tx, id, of).await?.face.picture_id;
        }
    }
    let known = store::knowledge(tx, id).await?;
    body.knowledge = wish.keep.iter().filter(|kept| known.iter().any(|file| file.id == **kept)).cloned().collect();
    for file in &wish.knowledge {
        let file_id = ids::new("file");
        let new = NewFile { name: &file.name, media_type: "text/plain", bytes: file.text.as_bytes(), extent: file.extent };
        store::insert_file(tx, &file_id, id, "knowledge", &new, now).await?;
        body.knowledge.push(file_id);
    }
    store::insert_version(tx, id, &editor.id, &Version { number, face, body, created_at: now }).await
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
