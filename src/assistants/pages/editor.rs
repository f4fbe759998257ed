//! What the editor shows: the form as it stands, which files the model can read, and what is published.

use askama::Template;
use axum::http::HeaderMap;

use super::Portrait;
use crate::accounts::user::User;
use crate::answers::composer::ModelChoice;
use crate::app::App;
use crate::assistants::form::Wish;
use crate::assistants::knowledge;
use crate::assistants::store::{self, Assistant, FileRow};
use crate::assistants::version::{MAX_STARTERS, Version};
use crate::conversations::sidebar::{self, AppFrame};
use crate::error::Error;
use crate::links::pages::assistant::{self, Section};
use crate::links::pages::base_url;
use crate::pages::view::{Count, Notice};
use crate::providers::catalog;

/// The page of the editor.
#[derive(Template)]
#[template(path = "assistants/edit.html")]
pub struct EditorPage {
    frame: AppFrame,
    notice: Option<Notice>,
    problem: Option<String>,
    /// `None`: it is about to be made.
    here: Option<Here>,
    fields: Fields,
    models: Vec<ModelChoice>,
    /// What was chosen before and isn't there any more.
    missing_model: Option<String>,
    files: Vec<Known>,
    /// Some of the files are not read.
    crowded: bool,
    /// Whose window is meant.
    model_name: String,
    /// Its links, for its owner.
    sharing: Option<Section>,
}

impl EditorPage {
    /// With its links, if it is `user`'s own.
    pub async fn with_links(mut self, app: &App, user: &User, headers: &HeaderMap) -> Result<Self, Error> {
        if let Some(here) = self.here.as_ref().filter(|here| here.owned) {
            self.sharing = Some(assistant::section(app, user, &here.id, &base_url(app, headers), None).await?);
        }
        Ok(self)
    }
}

/// What the form holds.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    name: String,
    emoji: String,
    description: String,
    instructions: String,
    starters: Vec<String>,
    model_id: String,
    temperature: String,
    keep: Vec<String>,
}

/// An assistant that is there.
struct Here {
    id: String,
    portrait: Portrait,
    newest: i64,
    published: i64,
    owned: bool,
    listed: bool,
}

/// A file that it knows.
struct Known {
    id: String,
    name: String,
    /// How much it says.
    extent: String,
    kept: bool,
    fits: bool,
}

impl Fields {
    /// Of a version.
    pub fn of(version: Version) -> Self {
        let temperature = version.temperature().map(|warmth| warmth.to_string()).unwrap_or_default();
        let Version { face, body, .. } = version;
        Self {
            name: face.name,
            emoji: face.emoji,
            description: face.description,
            instructions: body.instructions,
            starters: body.starters,
            model_id: body.model_id,
            temperature,
            keep: body.knowledge,
        }
    }

    /// As it was sent, when it has to be corrected. Files have to be chosen again.
    pub fn sent(wish: Wish) -> Self {
        Self {
            name: wish.name,
            emoji: wish.emoji,
            description: wish.description,
            instructions: wish.instructions,
            starters: wish.starters,
            model_id: wish.model_id,
            temperature: wish.temperature,
            keep: wish.keep,
        }
    }
}

/// The editor of an assistant, or with `None` of one that is about to be made.
pub async fn page(
    app: &App,
    user: &User,
    assistant: Option<&Assistant>,
    mut fields: Fields,
    notice: Option<Notice>,
    problem: Option<String>,
) -> Result<EditorPage, Error> {
    let all = catalog::available(app, user).await?;
    let chosen = all.iter().find(|model| model.id == fields.model_id);
    let read_by = chosen.or(all.first());
    let (model_name, window) = read_by.map_or((String::new(), 0), |model| (model.name.clone(), model.context_tokens));
    let missing_model = (chosen.is_none() && !fields.model_id.is_empty()).then(|| fields.model_id.clone());
    let (here, files) = match assistant {
        Some(assistant) => {
            let mut tx = app.db.read().await?;
            let newest = store::version(&mut tx, &assistant.id, assistant.newest).await?;
            let files = knowledge::of(&mut tx, &assistant.id, &newest).await?;
            (Some(here(user, assistant, &newest)), files)
        }
        None => (None, Vec::new()),
    };
    let fits = knowledge::fitting(&files, &fields.instructions, window);
    let files: Vec<Known> = files.into_iter().zip(fits).map(|(file, fits)| known(file, fits, &fields)).collect();
    fields.starters.retain(|starter| !starter.trim().is_empty());
    fields.starters.resize((fields.starters.len() + 1).clamp(4, MAX_STARTERS).max(fields.starters.len()), String::new());
    let models = all.iter().map(|model| ModelChoice {
        chosen: model.id == fields.model_id,
        id: model.id.clone(),
        name: model.name.clone(),
        provider: model.provider_name.clone(),
        is_demo: model.is_demo,
        takes_images: model.takes_images,
    });
    Ok(EditorPage {
        frame: sidebar::frame(app, user, None).await?,
        notice,
        problem,
        here,
        models: models.collect(),
        missing_model,
        crowded: files.iter().any(|file| !file.fits),
        files,
        model_name,
        sharing: None,
        fields,
    })
}

fn here(user: &User, assistant: &Assistant, newest: &Version) -> Here {
    let face = &newest.face;
    Here {
        portrait: Portrait::of(&assistant.id, &face.name, &face.emoji, &face.picture_id),
        id: assistant.id.clone(),
        newest: assistant.newest,
        published: assistant.published,
        owned: assistant.owner_id == user.id,
        listed: assistant.visibility == "listed",
    }
}

fn known(file: FileRow, fits: bool, fields: &Fields) -> Known {
    Known { kept: fields.keep.contains(&file.id), extent: extent(&file), id: file.id, name: file.name, fits }
}

/// How much a file says: what was understood of a PDF, and the size of a text.
fn extent(file: &FileRow) -> String {
    let (Some(pages), Some(words)) = (file.pages, file.words) else {
        return if file.size < 10_000 { format!("{} bytes", Count(file.size)) } else { format!("{} kB", Count(file.size / 1_000)) };
    };
    let some = |number, one, many| format!("{} {}", Count(number), if number == 1 { one } else { many });
    let blank = file.blank_pages.filter(|blank| *blank > 0);
    let blank = blank.map(|blank| format!("; no text found on {}", some(blank, "page", "pages"))).unwrap_or_default();
    format!("{}, {}{blank}", some(pages, "page", "pages"), some(words, "word", "words"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_is_told_what_was_understood_of_a_file() {
        let file = |size, pages, blank_pages, words| FileRow { id: String::new(), name: String::new(), size, pages, blank_pages, words };
        assert_eq!(extent(&file(4_096, None, None, None)), "4,096 bytes");
        assert_eq!(extent(&file(70_000, None, None, None)), "70 kB");
        assert_eq!(extent(&file(20_000, Some(12), Some(0), Some(3_400))), "12 pages, 3,400 words");
        assert_eq!(extent(&file(5, Some(1), Some(0), Some(1))), "1 page, 1 word");
        assert_eq!(extent(&file(20_000, Some(12), Some(2), Some(3_400))), "12 pages, 3,400 words; no text found on 2 pages");
    }
}
