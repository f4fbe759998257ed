//! What the wire says and the library passes over: pictures in an answer, an error in a line of Ollama's, the word
//! for why an answer ended when the stream lacks its proper end.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use genai::chat::{ChatFrameSink, FrameCtx, RawFrameRef};
use serde_json::Value;

use super::provider::Image;

/// The largest picture that is taken, in bytes.
const MAX_IMAGE: usize = 20 << 20;

/// Sees every frame before the library reads it.
#[derive(Debug, Default)]
pub(super) struct Frames(Mutex<Seen>);

/// What was seen since it was taken last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) images: Vec<Image>,
    /// An error's own text: for telling what it is about, never for showing.
    pub(super) error: Option<String>,
    /// The provider's word for why the answer is over.
    pub(super) finish: Option<String>,
    /// The question itself was refused.
    pub(super) blocked: bool,
}

impl Frames {
    /// The pictures that came since the last call.
    pub(super) fn images(&self) -> Vec<Image> {
        std::mem::take(&mut self.lock().images)
    }

    /// The rest of what was seen.
    pub(super) fn rest(&self) -> Seen {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChatFrameSink for Frames {
    fn on_frame(&self, _: &FrameCtx, frame: RawFrameRef<'_>) {
        // Nearly every frame is a word of text, so none is parsed that can't matter.
        let data = frame.data;
        let picture = data.contains("\"images\"") || data.contains("\"inlineData\"");
        let finish = data.contains("\"finish_reason\":") && !data.contains("\"finish_reason\":null");
        let blocked = data.contains("\"blockReason\"");
        let error = data.starts_with("{\"error\":");
        if !(picture || finish || blocked || error) {
            return;
        }
        let Some(value) = frame.json() else { return };
        let mut seen = self.lock();
        if picture {
            seen.images.extend(pictures(&value));
        }
        if error {
            seen.error = value.get("error").map(ToString::to_string);
        }
        seen.blocked |= blocked && value.pointer("/promptFeedback/blockReason").is_some();
        if let Some(word) = value.pointer("/choices/0/finish_reason").and_then(Value::as_str) {
            seen.finish = Some(word.to_owned());
        }
    }
}

/// `delta.images` of `OpenRouter` and its like, `inlineData` of Gemini.
fn pictures(frame: &Value) -> Vec<Image> {
    let list = |at: &str| frame.pointer(at).and_then(Value::as_array).cloned().unwrap_or_default();
    let by_url = list("/choices/0/delta/images").into_iter().filter_map(|image| {
        let url = image.pointer("/image_url/url")?.as_str()?.strip_prefix("data:")?;
        let (head, data) = url.split_once(',')?;
        decode(head.strip_suffix(";base64")?, data)
    });
    let inline = list("/candidates/0/content/parts").into_iter().filter_map(|part| {
        let inline = part.get("inlineData")?;
        decode(inline.get("mimeType")?.as_str()?, inline.get("data")?.as_str()?)
    });
    by_url.chain(inline).collect()
}

fn decode(media_type: &str, data: &str) -> Option<Image> {
    let image = media_type.starts_with("image/") && data.len() / 4 * 3 <= MAX_IMAGE;
    let bytes = STANDARD.decode(data).ok().filter(|_| image)?;
    Some(Image { media_type: media_type.to_owned(), bytes: Bytes::from(bytes) })
}
