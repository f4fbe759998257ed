//! Images, sounds and the like inside a message.

use serde_json::value::RawValue;

use crate::Part;

use super::content::unknown;
use super::json::{Asset, Loose};

/// An object among the parts of a `multimodal_text`.
pub(super) fn part(raw: &RawValue) -> Part {
    let Ok(asset) = serde_json::from_str::<Asset>(raw.get()) else {
        return unknown("part".to_owned(), raw);
    };
    let pointer = asset.asset_pointer.0.as_deref().and_then(file_of);
    match (asset.content_type.as_str(), pointer) {
        ("image_asset_pointer", Some(file)) => Part::Image {
            file,
            alt: asset.metadata.0.and_then(|metadata| metadata.dalle.0?.prompt.0).filter(|alt| !alt.is_empty()),
            width: asset.width.0,
            height: asset.height.0,
        },
        ("audio_asset_pointer", Some(file)) => audio(file, &asset.format),
        ("audio_transcription", _) => match asset.text.0 {
            Some(text) => Part::Text { text },
            None => unknown(asset.content_type, raw),
        },
        ("real_time_user_audio_video_asset_pointer", _) => {
            let inner = asset.audio_asset_pointer.0.as_ref();
            let file = inner.and_then(|audio| file_of(audio.asset_pointer.0.as_deref()?));
            match (inner, file) {
                (Some(inner), Some(file)) => audio(file, &inner.format),
                _ => unknown(asset.content_type, raw),
            }
        }
        _ => unknown(asset.content_type, raw),
    }
}

fn audio(file: String, format: &Loose<String>) -> Part {
    let format = format.0.as_deref().filter(|format| format.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    Part::File {
        file: Some(file),
        name: format.map_or_else(|| "audio".to_owned(), |format| format!("audio.{format}")),
        media_type: format.map(|format| format!("audio/{format}")),
        text: None,
    }
}

/// `sediment://file_x` and `file-service://file-x` without the scheme.
fn file_of(pointer: &str) -> Option<String> {
    let file = pointer.split_once("://").map_or(pointer, |(_, file)| file);
    (!file.is_empty()).then(|| file.to_owned())
}
