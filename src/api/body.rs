//! Reading what a program sends: JSON bodies and query strings, strictly. What is wrong is named by its place.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::answers::attachments;
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::http::extract::holds_nul;

/// The most that a body can have, for every operation that says nothing else.
pub const MAX_BYTES: usize = 1 << 20;

/// The most that one can have with pictures in it: as much as a message on the pages.
pub const MAX_BYTES_WITH_PICTURES: usize = attachments::MAX_FORM_BYTES;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(100);

/// A JSON body, and its hash.
#[derive(Clone, Debug)]
pub struct Body<T> {
    /// What it says.
    pub fields: T,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind != "application/json" && !(kind.starts_with("application/") && kind.ends_with("+json")) {
            let words = "The body must be JSON, with the header \"Content-Type: application/json\".";
            return Err(Error::BadRequest { param: None, words: words.to_owned() });
        }
        let received = tokio::time::timeout(PATIENCE, Bytes::from_request(request, state)).await;
        let too_slow = || Error::BadRequest { param: None, words: "The body took too long to arrive. Send it again.".to_owned() };
        // A body that breaks off is told so to nobody: its sender is gone.
        let bytes =
            received.map_err(|_| too_slow())?.map_err(|_| Error::TooLarge("The body is larger than this operation takes.".to_owned()))?;
        Ok(Self { fields: read(&bytes)?, hash: Sha256::digest(&bytes).to_vec() })
    }
}

/// The fields behind the question mark, all of them as text.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let fields = query(parts, state).await?;
        object(None, Value::Object(fields)).map(Self)
    }
}

/// What stands behind the question mark: each name once, and its text.
///
/// # Errors
/// [`Error::BadRequest`] if it can't be read, or for the name that is given twice.
pub async fn query<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Map<String, Value>, Error> {
    let unreadable =
        || Error::BadRequest { param: None, words: "What stands behind the question mark of the address can't be read.".to_owned() };
    if holds_nul(parts.uri.query().unwrap_or_default().as_bytes()) {
        return Err(unreadable());
    }
    let pairs = axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
    let mut fields = Map::new();
    for (name, value) in pairs.map_err(|_| unreadable())?.0 {
        if fields.contains_key(&name) {
            return Err(Error::bad_param(name, "This parameter is given twice. Give it once."));
        }
        fields.insert(name, Value::String(value));
    }
    Ok(fields)
}

/// No parameter at all: one that is given is mistyped, or meant for another operation.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Reads JSON.
///
/// # Errors
/// [`Error::BadRequest`], with the place that is wrong as `param`.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let not_json = |error: &serde_json::Error| {
        let words = format!("The body is not JSON that can be read: {error}.");
        Error::BadRequest { param: None, words: shortened(&words, 300) }
    };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let fields = serde_path_to_error::deserialize(&mut json).map_err(|error| match error.inner().classify() {
        serde_json::error::Category::Data => misfit(None, &error, &[]),
        _ => not_json(error.inner()),
    })?;
    json.end().map_err(|error| not_json(&error))?;
    // Of a list serde would take the items as fields in their order.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::BadRequest { param: None, words: "The body must be a JSON object.".to_owned() });
    }
    Ok(fields)
}

/// Reads an object that stands at `place` of a body.
///
/// # Errors
/// As [`read`].
pub fn object<T: DeserializeOwned>(place: Option<&str>, value: Value) -> Result<T, Error> {
    if !value.is_object() {
        return Err(Error::BadRequest { param: place.map(str::to_owned), words: "This must be an object.".to_owned() });
    }
    serde_path_to_error::deserialize(value).map_err(|error| misfit(place, &error, &[]))
}

/// Reads what is left of an object after fields of these names were taken out.
///
/// # Errors
/// As [`read`].
pub fn rest<T: DeserializeOwned>(taken: &[&str], fields: Map<String, Value>) -> Result<T, Error> {
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| misfit(None, &error, taken))
}

/// JSON that says something else than it should. There are fields of the names `also` besides.
fn misfit(outer: Option<&str>, error: &serde_path_to_error::Error<serde_json::Error>, also: &[&str]) -> Error {
    let inner = error.inner().to_string();
    // Where it stands in the bytes helps nobody when it has a name.
    let reason = inner.split(" at line ").next().unwrap_or_default();
    let inner_place = Some(error.path().to_string()).filter(|place| place != ".");
    let place = [outer.map(str::to_owned), inner_place].into_iter().flatten().collect::<Vec<_>>().join(".");
    let named = |what: &str| reason.strip_prefix(what).and_then(|rest| rest.split('`').next());
    if let Some(missing) = named("missing field `") {
        let place = if place.is_empty() { missing.to_owned() } else { format!("{place}.{missing}") };
        return Error::bad_param(place, format!("The field {missing} is missing."));
    }
    if let Some(unknown) = named("unknown field `") {
        let known =
            reason.split_once("expected ").map_or("", |(_, known)| known).replace("` or `", ", ").replace('`', "").replace("one of ", "");
        let place = if place.is_empty() { unknown.to_owned() } else { place };
        let known = also.iter().copied().chain(Some(known.as_str()).filter(|known| !known.is_empty())).collect::<Vec<_>>().join(", ");
        let there_are = if known.is_empty() { String::new() } else { format!(" There are: {known}.") };
        let words = format!("There is no field {}.{there_are}", shortened(unknown, 60));
        return Error::bad_param(shortened(&place, 200), words);
    }
    // It is found out before its value is read, so the path doesn't have it yet.
    let place = match named("duplicate field `") {
        Some(twice) if place.is_empty() => twice.to_owned(),
        Some(twice) => format!("{place}.{twice}"),
        None => place,
    };
    let words = format!("This can't be used: {}.", shortened(&reason.replace('`', ""), 300));
    Error::BadRequest { param: (!place.is_empty()).then(|| shortened(&place, 200)), words }
}

/// Reads a field that may be left out, but not null: null would look as if it took something away.
///
/// For `#[serde(default, deserialize_with = "given")]`.
///
/// # Errors
/// What the field's own type makes of null, and of everything else that it can't be.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// A whole number in a query string.
///
/// # Errors
/// [`Error::BadRequest`] for `param` if it is none, or not between the two.
pub fn number(param: &'static str, text: &str, least: i64, most: i64) -> Result<i64, Error> {
    let number = text.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Error::bad_param(param, format!("This must be a whole number from {least} to {most}.")))
}

/// One of several words in a query string.
///
/// # Errors
/// [`Error::BadRequest`] for `param` if it is none of them.
pub fn one_of(param: &'static str, text: &str, words: &[&'static str]) -> Result<&'static str, Error> {
    let found = words.iter().find(|word| **word == text).copied();
    found.ok_or_else(|| Error::bad_param(param, format!("This must be one of: {}.", words.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "inner")]
        _inner: Inner,
        #[serde(rename = "list")]
        _list: Option<Vec<i64>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "kind")]
        _kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Tea,
        Coffee,
    }

    fn refusal(json: &str) -> (Option<String>, String) {
        match read::<Outer>(json.as_bytes()).unwrap_err() {
            Error::BadRequest { param, words } => (param, words),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        for (json, param, words) in [
            ("{}", "inner", "The field inner is missing."),
            (r#"{"inner": {}}"#, "inner.kind", "The field kind is missing."),
            (r#"{"inner": {"kind": "tea"}, "more": 1}"#, "more", "There is no field more. There are: inner, list."),
            (r#"{"inner": {"kind": "tea", "more": 1}}"#, "inner.more", "There is no field more. There are: kind."),
            (r#"{"inner": {"kind": "milk"}}"#, "inner.kind", "This can't be used: unknown variant milk, expected tea or coffee."),
            (r#"{"inner": 5}"#, "inner", "This can't be used: invalid type: integer 5, expected struct Inner."),
            (r#"{"inner": {"kind": "tea"}, "list": [1, "2"]}"#, "list[1]", "This can't be used: invalid type: string \"2\", expected i64."),
            (r#"{"inner": {"kind": "tea"}, "inner": 1}"#, "inner", "This can't be used: duplicate field inner."),
        ] {
            assert_eq!(refusal(json), (Some(param.to_owned()), words.to_owned()), "{json}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_where_it_stops() {
        for (json, words) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{\"inner\"", "EOF while parsing an object at line 1 column 8"),
            ("{\"inner\": {\"kind\": \"tea\"}} x", "trailing characters at line 1 column 28"),
        ] {
            assert_eq!(refusal(json), (None, format!("The body is not JSON that can be read: {words}.")), "{json}");
        }
        let (param, words) = refusal(&("{\"list\": ".to_owned() + &"[".repeat(100_000)));
        assert!(words.len() < 400, "{param:?} {words}");
        let long = refusal(&format!(r#"{{"inner": "{}"}}"#, "x".repeat(1 << 20)));
        assert!(long.1.len() < 1_000, "{}", long.1.len());
    }
}
