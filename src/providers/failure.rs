//! Why there is no answer, in words of ours. What a provider writes about it is read here, to tell what it is about,
//! and goes nowhere: it may hold a key, an address, or anything else.

use std::error::Error as StdError;
use std::io;

use genai::webc::StreamTimeout;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::address::Refused;
use super::provider::{Failure, FailureKind};
use super::resolver::Unresolved;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The key is wrong, or there is none.
    Key,
    /// The key is right, but may not do this.
    Forbidden,
    /// No such model, or no such address at the server.
    NoModel,
    /// Too many questions, for this many seconds if that was said.
    TooMany(Option<u64>),
    /// The account at the provider is empty.
    NoCredit,
    /// The conversation is longer than the model reads.
    TooLong,
    /// The model takes no pictures.
    NoImages,
    /// It can't be asked for JSON like this.
    NoFormat,
    /// The provider won't answer this.
    Declined,
    /// It refused the question for a reason that it alone knows.
    Refused,
    /// Nobody listens there.
    NoConnection,
    /// No such name.
    NoName,
    /// The address is one that is not asked.
    Address(Refused),
    /// No TLS with this server.
    Tls,
    /// This machine trusts nobody.
    NoCertificates,
    /// Nothing came for too long.
    Stalled,
    /// The connection ended in mid-answer.
    BrokeOff,
    /// The provider has a fault, or too much to do.
    Down,
    /// It led elsewhere.
    Redirect,
    /// What came was no answer of this kind of provider.
    Nonsense,
    /// The answer was empty.
    Empty,
}

/// The failure for the person who waits. `provider` is its name here.
pub(super) fn of(cause: Cause, provider: &str) -> Failure {
    let retry_after_secs = if let Cause::TooMany(seconds) = cause { seconds } else { None };
    tracing::debug!(?cause, "a provider did not answer");
    Failure { words: words(cause, provider), retry_after_secs, kind: kind(cause) }
}

fn kind(cause: Cause) -> FailureKind {
    match cause {
        Cause::TooMany(_) => FailureKind::TooMany,
        Cause::TooLong => FailureKind::TooLong,
        Cause::NoImages | Cause::NoFormat | Cause::Declined | Cause::Refused => FailureKind::Question,
        Cause::NoModel => FailureKind::NoModel,
        _ => FailureKind::Provider,
    }
}

fn words(cause: Cause, who: &str) -> String {
    match cause {
        Cause::Key => format!("{who} didn’t accept this server’s key. An administrator has to replace it."),
        Cause::Forbidden => format!("{who} doesn’t allow this server’s key to use this model. Choose another model."),
        Cause::NoModel => format!("{who} doesn’t have this model. Choose another one."),
        Cause::TooMany(Some(seconds)) => format!("{who} is asked too often at the moment. Try again in {}.", wait(seconds)),
        Cause::TooMany(None) => format!("{who} is asked too often at the moment. Try again in a minute."),
        Cause::NoCredit => format!("This server’s account at {who} has no credit left. Choose another model, or tell an administrator."),
        Cause::TooLong => {
            "The conversation is longer than this model can read. Begin a new one, or choose a model with a larger window.".to_owned()
        }
        Cause::NoImages => "This model takes no pictures. Choose another one, or ask without them.".to_owned(),
        Cause::NoFormat => format!("{who} can’t be asked for JSON in this way. Ask for it in words, or choose another model."),
        Cause::Declined => format!("{who} declined to answer this. Put it in other words, or choose another model."),
        Cause::Refused => format!("{who} didn’t accept the question. Try another model."),
        Cause::NoConnection => format!("{who} can’t be reached: nobody answers there. Try again when it runs."),
        Cause::NoName => {
            format!("{who} can’t be reached: its address isn’t found. Try again in a minute; an administrator may have to correct it.")
        }
        Cause::Address(_) => {
            format!("{who} isn’t asked: its address is one that this server may not connect to. An administrator has to change it.")
        }
        Cause::Tls => {
            format!("There is no secure connection with {who}: its certificate isn’t trusted here. An administrator has to look at it.")
        }
        Cause::NoCertificates => {
            "This server trusts no certificate at all, so it can’t make secure connections. Install ca-certificates on it.".to_owned()
        }
        Cause::Stalled => format!("Nothing came from {who} for too long, so the connection was ended. Try again."),
        Cause::BrokeOff => format!("The connection with {who} broke off before the answer was finished. Try again."),
        Cause::Down => format!("{who} has a fault or too much to do at the moment. Try again in a minute, or choose another model."),
        Cause::Redirect => {
            format!("{who} has moved: its address leads elsewhere, and this server doesn’t follow. An administrator has to correct it.")
        }
        Cause::Nonsense => format!("What {who} sent isn’t an answer of this kind of provider. An administrator has to check its address."),
        Cause::Empty => format!("{who} sent an empty answer. Try again, or choose another model."),
    }
}

fn wait(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        91..=5_400 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

/// What the library's error is about.
pub(super) fn cause(error: &genai::Error) -> Cause {
    match error {
        genai::Error::HttpError { status, body, headers, .. } => answered(status.as_u16(), headers, body),
        genai::Error::WebModelCall { webc_error, .. } | genai::Error::WebAdapterCall { webc_error, .. } => match webc_error {
            genai::webc::Error::ResponseFailedStatus { status, body, headers } => answered(status.as_u16(), headers, body),
            genai::webc::Error::Reqwest(error) => transport(error),
            _ => Cause::Nonsense,
        },
        genai::Error::WebStream { error, .. } => match error.downcast_ref::<genai::Error>() {
            Some(inner) => cause(inner),
            None => transport(error.as_ref()),
        },
        genai::Error::ChatResponse { body, .. } => told(None, &body.to_string()),
        _ => Cause::Nonsense,
    }
}

/// What an answer with a status that is no success is about.
pub(super) fn answered(status: u16, headers: &HeaderMap, body: &str) -> Cause {
    match told(Some(status), body) {
        Cause::TooMany(None) => Cause::TooMany(retry_after(headers, body)),
        cause => cause,
    }
}

/// What an error's text is about, with the status if there is one.
pub(super) fn told(status: Option<u16>, body: &str) -> Cause {
    let text = body.to_lowercase();
    let says = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let too_long = [
        "context_length_exceeded",
        "maximum context length",
        "context window",
        "context size",
        "prompt is too long",
        "input token count",
        "input is too long",
        "too many tokens",
        "exceed_context",
    ];
    match status {
        _ if says(&["insufficient_quota", "credit balance", "billing_hard_limit", "insufficient credits"]) => Cause::NoCredit,
        Some(402) => Cause::NoCredit,
        Some(401) => Cause::Key,
        _ if says(&["invalid_api_key", "api_key_invalid", "api key not valid", "authentication_error", "incorrect api key"]) => Cause::Key,
        Some(403) => Cause::Forbidden,
        Some(400 | 413 | 422 | 500) | None if says(&too_long) => Cause::TooLong,
        Some(413) => Cause::TooLong,
        Some(404) => Cause::NoModel,
        _ if says(&["model_not_found", "model not found", "is not a valid model"]) => Cause::NoModel,
        Some(429) => Cause::TooMany(None),
        None if says(&["rate_limit", "rate limit", "resource_exhausted", "too many requests"]) => Cause::TooMany(None),
        Some(400 | 422 | 500 | 501) | None if says(&["image", "vision", "multimodal", "mmproj"]) && says(&["support", "not accept"]) => {
            Cause::NoImages
        }
        Some(300..=399) => Cause::Redirect,
        Some(400..=499) if says(&["content_policy", "content_filter", "safety"]) => Cause::Declined,
        Some(408 | 409 | 425) => Cause::Down,
        Some(400..=499) => Cause::Refused,
        _ => Cause::Down,
    }
}

/// What a connection that failed is about.
pub(super) fn transport(error: &(dyn StdError + 'static)) -> Cause {
    let mut next = Some(error);
    let mut found = None;
    while let Some(error) = next {
        found = found_in(error).or(found);
        if found.is_some() && !matches!(found, Some(Cause::BrokeOff | Cause::NoConnection)) {
            break;
        }
        next = error.source();
    }
    found.unwrap_or(Cause::BrokeOff)
}

fn found_in(error: &(dyn StdError + 'static)) -> Option<Cause> {
    if error.is::<StreamTimeout>() {
        return Some(Cause::Stalled);
    }
    if error.is::<std::string::FromUtf8Error>() || error.is::<std::str::Utf8Error>() {
        return Some(Cause::Nonsense);
    }
    if let Some(unresolved) = error.downcast_ref::<Unresolved>() {
        return Some(match unresolved {
            Unresolved::NotFound => Cause::NoName,
            Unresolved::Refused(refused) => Cause::Address(*refused),
        });
    }
    if error.is::<rustls::Error>() {
        return Some(Cause::Tls);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        if let Some(found) = error.get_ref().and_then(|inner| found_in(inner)) {
            return Some(found);
        }
        return matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable
        )
        .then_some(Cause::NoConnection);
    }
    let error = error.downcast_ref::<reqwest::Error>()?;
    match () {
        () if error.is_connect() => Some(Cause::NoConnection),
        () if error.is_timeout() => Some(Cause::Stalled),
        () => Some(Cause::BrokeOff),
    }
}

/// Seconds until it may be asked again, from the header or, with Gemini, from the body.
fn retry_after(headers: &HeaderMap, body: &str) -> Option<u64> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(milliseconds) = header("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
        return seconds(milliseconds / 1_000.0);
    }
    if let Some(said) = header("retry-after").and_then(|text| text.parse::<f64>().ok()) {
        return seconds(said);
    }
    let body: Value = serde_json::from_str(body).ok()?;
    let details = body.pointer("/error/details").or_else(|| body.pointer("/0/error/details"))?.as_array()?;
    let delay = details.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    seconds(delay.strip_suffix('s')?.parse().ok()?)
}

/// Rounded up; a day at most.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 86,400")]
fn seconds(said: f64) -> Option<u64> {
    (said.is_finite() && said >= 0.0).then(|| said.min(86_400.0).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_providers_write_is_told_apart() {
        for (status, body, cause) in [
            (401, r#"{"error":{"message":"Incorrect API key provided: sk-x","code":"invalid_api_key"}}"#, Cause::Key),
            (400, r#"{"error":{"code":400,"message":"API key not valid.","details":[{"reason":"API_KEY_INVALID"}]}}"#, Cause::Key),
            (404, r#"{"error":{"code":"model_not_found"}}"#, Cause::NoModel),
            (429, r#"{"error":{"code":"insufficient_quota"}}"#, Cause::NoCredit),
            (400, r#"{"error":{"message":"Your credit balance is too low"}}"#, Cause::NoCredit),
            (400, r#"{"error":{"code":"context_length_exceeded"}}"#, Cause::TooLong),
            (400, r#"{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#, Cause::TooLong),
            (500, r#"{"error":"the request exceeds the available context size"}"#, Cause::TooLong),
            (400, r#"{"error":{"message":"image input is not supported"}}"#, Cause::NoImages),
            (403, "", Cause::Forbidden),
            (302, "", Cause::Redirect),
            (400, "?", Cause::Refused),
            (529, r#"{"error":{"type":"overloaded_error"}}"#, Cause::Down),
        ] {
            assert_eq!(told(Some(status), body), cause, "{status} {body}");
        }
        assert_eq!(told(None, r#"{"type":"error","error":{"type":"rate_limit_error"}}"#), Cause::TooMany(None));
    }

    #[test]
    fn when_to_come_back_is_read_wherever_it_stands() {
        let mut headers = HeaderMap::new();
        let delay = r#"{"error":{"details":[{"@type":"RetryInfo","retryDelay":"12.4s"}]}}"#;
        assert_eq!(answered(429, &headers, delay), Cause::TooMany(Some(13)));
        headers.insert("retry-after", "7".parse().unwrap());
        assert_eq!(answered(429, &headers, "{}"), Cause::TooMany(Some(7)));
        headers.insert("retry-after-ms", "1500".parse().unwrap());
        assert_eq!(answered(429, &headers, "{}"), Cause::TooMany(Some(2)));
        assert_eq!(seconds(f64::NAN), None);
        assert_eq!(seconds(1e99), Some(86_400));
        assert_eq!((wait(90), wait(91), wait(7_000)), ("90 seconds".to_owned(), "2 minutes".to_owned(), "2 hours".to_owned()));
    }
}
