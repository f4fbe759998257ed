//! What stands in a message's `content`: a text, or a list of parts.

use axum::body::Bytes;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::Value;
use takeback_transcripts::image_type;

use crate::answers::attachments;
use crate::api::body::object;
use crate::error::Error;

/// Standard base64; whether it is padded doesn't matter.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// What was said in one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Its texts, an empty line between one and the next.
    pub text: String,
    /// Its pictures.
    pub pictures: Vec<Picture>,
}

/// A picture that came with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Where it stands in the body.
    pub place: String,
    /// What its bytes say it is: one of PNG, JPEG, GIF and WebP.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
    refusal: Option<String>,
    image_url: Option<ImageUrl>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageUrl {
    url: String,
    #[serde(rename = "detail")]
    _detail: Option<String>,
}

/// Reads the content at `place` of a body.
///
/// # Errors
/// [`Error::BadRequest`] with the place of what can't be taken as `param`.
pub fn read(content: Value, place: &str) -> Result<Content, Error> {
    match content {
        Value::String(text) => Ok(Content { text, pictures: Vec::new() }),
        Value::Array(parts) => {
            let mut content = Content::default();
            for (at, part) in parts.into_iter().enumerate() {
                content.add(part, &format!("{place}[{at}]"))?;
            }
            Ok(content)
        }
        _ => Err(Error::bad_param(place, "This must be a text, or a list of content parts.")),
    }
}

impl Content {
    /// Adds a text behind the others.
    pub fn say(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
    }

    fn add(&mut self, part: Value, place: &str) -> Result<(), Error> {
        // Known first: of a part that isn't taken at all it doesn't matter which fields it has.
        if let Some(kind) = part.get("type").and_then(Value::as_str)
            && !matches!(kind, "text" | "refusal" | "image_url")
        {
            return Err(Error::bad_param(format!("{place}.type"), "Only parts of the types text and image_url are taken here."));
        }
        let Part { kind, text, refusal, image_url } = object(Some(place), part)?;
        match (kind.as_str(), text, refusal, image_url) {
            ("text", Some(text), None, None) | ("refusal", None, Some(text), None) => self.say(&text),
            ("image_url", None, None, Some(ImageUrl { url, .. })) => self.pictures.push(picture(&url, format!("{place}.image_url.url"))?),
            _ => {
                return Err(Error::bad_param(
                    format!("{place}.{kind}"),
                    format!("A part of the type {kind} has the field {kind}, and no other."),
                ));
            }
        }
        Ok(())
    }
}

/// A picture in a `data:` address (RFC 2397). Nothing is ever fetched.
fn picture(url: &str, place: String) -> Result<Picture, Error> {
    let refused = |words: &str| Err(Error::bad_param(place.clone(), words));
    let Some((head, data)) = url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).and_then(|_| url[5..].split_once(','))
    else {
        return refused("This server fetches nothing from other addresses. Send the picture itself, as a data: address in base64.");
    };
    if !head.to_ascii_lowercase().ends_with(";base64") {
        return refused("A picture must be written in base64, such as data:image/png;base64,iVBORw0.");
    }
    if data.len() / 4 * 3 > attachments::MAX_BYTES + 2 {
        return refused("This picture is larger than 10 MB. Make it smaller.");
    }
    let Ok(bytes) = BASE64.decode(data) else {
        return refused("This can't be read as base64.");
    };
    match image_type(&bytes) {
        Some(media_type) => Ok(Picture { place, media_type, bytes: bytes.into() }),
        None => refused("This is no picture that models take. PNG, JPEG, GIF and WebP are."),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PIXEL: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs";

    fn refusal(content: Value) -> String {
        match read(content, "here").unwrap_err() {
            Error::BadRequest { param, .. } => param.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn texts_and_pictures_are_read_and_a_picture_is_what_its_bytes_say() {
        assert_eq!(read(json!("One"), "here").unwrap().text, "One");
        let parts = json!([
            {"type": "text", "text": "One"},
            {"type": "image_url", "image_url": {"url": PIXEL.replace("gif", "png"), "detail": "high"}},
            {"type": "text", "text": "Two", "image_url": null},
        ]);
        let content = read(parts, "here").unwrap();
        assert_eq!(content.text, "One\n\nTwo");
        assert_eq!(content.pictures[0].media_type, "image/gif");
        assert_eq!(content.pictures[0].place, "here[1].image_url.url");
    }

    #[test]
    fn what_can_t_be_taken_is_named_by_its_place() {
        let image = |url: &str| json!([{"type": "image_url", "image_url": {"url": url}}]);
        for (content, param) in [
            (json!(null), "here"),
            (json!(5), "here"),
            (json!({}), "here"),
            (json!([5]), "here[0]"),
            (json!([{}]), "here[0].type"),
            (json!([{"type": 5}]), "here[0].type"),
            (json!([{"type": "input_audio", "input_audio": {}}]), "here[0].type"),
            (json!([{"type": "text"}]), "here[0].text"),
            (json!([{"type": "text", "text": null}]), "here[0].text"),
            (json!([{"type": "text", "text": 5}]), "here[0].text"),
            (json!([{"type": "text", "text": "x", "more": 1}]), "here[0].more"),
            (json!([{"type": "image_url", "image_url": PIXEL}]), "here[0].image_url"),
            (json!([{"type": "image_url", "image_url": {}}]), "here[0].image_url.url"),
            (json!([{"type": "image_url", "image_url": {"url": PIXEL, "more": 1}}]), "here[0].image_url.more"),
            (json!([{"type": "image_url", "image_url": {"url": PIXEL}, "text": "x"}]), "here[0].image_url"),
            (image(""), "here[0].image_url.url"),
            (image("https://example.org/x.png"), "here[0].image_url.url"),
            (image("file:///etc/passwd"), "here[0].image_url.url"),
            (image("date:ünd"), "here[0].image_url.url"),
            (image("data:image/gif,GIF89a"), "here[0].image_url.url"),
            (image("data:image/gif;base64,%%%"), "here[0].image_url.url"),
            (image("data:image/svg+xml;base64,PHN2Zz4="), "here[0].image_url.url"),
            (image(&format!("data:image/gif;base64,{}", "A".repeat(15 << 20))), "here[0].image_url.url"),
        ] {
            assert_eq!(refusal(content.clone()), param, "{}", content.to_string().chars().take(100).collect::<String>());
        }
    }
}
