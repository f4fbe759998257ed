//! One error for the whole server, with two faces: public words for people and programs outside, and the cause for
//! the log. `http/problem.rs` draws the face.

use std::borrow::Cow;

use axum::http::StatusCode;

use crate::providers::provider::{Failure, FailureKind};

/// Everything that can go wrong on the way to an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It isn't there, or it is none of the caller's business: the two look the same.
    #[error("not found")]
    NotFound,
    /// A share address that opens nothing, for whatever reason.
    #[error("gone")]
    Gone,
    /// A share address that this visitor has to open first, with its password or by a click.
    #[error("locked")]
    Locked {
        /// The link that they asked for.
        link_id: String,
        /// Whether it has a password.
        asks_password: bool,
    },
    /// Nobody is signed in.
    #[error("sign-in required")]
    SignInRequired,
    /// The server has no account yet: the first visitor makes it.
    #[error("set-up required")]
    SetupRequired,
    /// The caller may know that it exists, but may not do this. The words say what would be needed.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// A program came without a key, or with one that isn't valid here. The words say what to do.
    #[error("not authenticated: {0}")]
    KeyRequired(&'static str),
    /// There is such an address, but nothing there answers to this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// A request of a program that can't be read or accepted.
    #[error("bad request, {param:?}")]
    BadRequest {
        /// The parameter or the place in the body, such as `messages[3].role`.
        param: Option<String>,
        /// What is wrong and what to do, in a whole sentence.
        words: String,
    },
    /// It can be read, but contradicts what was said before.
    #[error("unprocessable {param}")]
    Unprocessable {
        /// The parameter at fault.
        param: &'static str,
        /// A short name for programs.
        code: &'static str,
        /// What is wrong and what to do, in a whole sentence.
        words: &'static str,
    },
    /// A form or body that can't be accepted: which field, and what to do about it.
    #[error("invalid {field}: {words}")]
    Invalid {
        /// The field's name in the form or body.
        field: &'static str,
        /// What is wrong and what to do, in a whole sentence.
        words: String,
    },
    /// More than the server takes.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Too many attempts.
    #[error("rate limited for {retry_after_secs} s")]
    RateLimited {
        /// When to try again, in seconds.
        retry_after_secs: u64,
    },
    /// As much as one person may have at once is under way. The words say what to wait for.
    #[error("busy: {0}")]
    Busy(String),
    /// What may be taken was taken. The words say until when.
    #[error("used up: {0}")]
    UsedUp(&'static str),
    /// There is no such model, or none that this person may use.
    #[error("no such model")]
    NoModel,
    /// A model was asked, and its provider did not answer as it should.
    #[error("no answer: {0}")]
    NoAnswer(Failure),
    /// The server is being stopped, and what it was doing with it.
    #[error("the server stops")]
    Stopping,
    /// A form from another site.
    #[error("cross-site request")]
    CrossSite,
    /// The database can't be asked, so nothing is known and nothing is shown.
    #[error("the database can't be asked")]
    Unavailable,
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A file or socket.
    #[error("input or output: {0}")]
    Io(#[from] std::io::Error),
    /// Stored JSON that can't be read.
    #[error("stored JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A template.
    #[error("template: {0}")]
    Template(#[from] askama::Error),
    /// Configuration or set-up that an administrator has to change; the words are for them.
    #[error("{0}")]
    Setup(String),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

/// The outside face of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// The API's error type.
    pub kind: &'static str,
    /// A short name for programs.
    pub code: Option<&'static str>,
    /// The field that is at fault.
    pub field: Option<Cow<'static, str>>,
    /// What happened, as a page's title.
    pub title: &'static str,
    /// What happened and what to do, in public words.
    pub words: String,
    /// Seconds until the next attempt may succeed.
    pub retry_after_secs: Option<u64>,
}

impl Error {
    /// A field that can't be accepted.
    pub fn invalid(field: &'static str, words: impl Into<String>) -> Self {
        Self::Invalid { field, words: words.into() }
    }

    /// A parameter of a program's request that can't be accepted.
    pub fn bad_param(param: impl Into<String>, words: impl Into<String>) -> Self {
        Self::BadRequest { param: Some(param.into()), words: words.into() }
    }

    /// On a share surface: what isn't there any more is gone, what went wrong stays what it is.
    #[must_use]
    pub fn or_gone(self) -> Self {
        if matches!(self, Self::NotFound) { Self::Gone } else { self }
    }

    /// The table: error → status, type, code, words. Internal text never gets out.
    pub fn problem(&self) -> Problem {
        use StatusCode as S;
        match self {
            Self::NotFound => row(
                S::NOT_FOUND,
                "not_found_error",
                None,
                "This page isn't here",
                "The address may be mistyped, or what it showed was deleted.",
            ),
            Self::Gone => {
                row(S::NOT_FOUND, "not_found_error", None, "This page isn't here", "The link may have been deleted, or it never existed.")
            }
            Self::Locked { .. } => row(
                S::FORBIDDEN,
                "permission_error",
                Some("locked"),
                "This page is locked",
                "Whoever shared it wants you to open it first. Open its address in a browser.",
            ),
            Self::SignInRequired => row(
                S::UNAUTHORIZED,
                "authentication_error",
                Some("sign_in_required"),
                "Sign in first",
                "You are signed out. Sign in and try again.",
            ),
            Self::SetupRequired => row(
                S::UNAUTHORIZED,
                "authentication_error",
                Some("setup_required"),
                "Nobody has an account yet",
                "Open the start page and make the first account.",
            ),
            Self::KeyRequired(words) => {
                row(S::UNAUTHORIZED, "authentication_error", Some("invalid_api_key"), "An API key is needed", words)
            }
            Self::MethodNotAllowed => row(
                S::METHOD_NOT_ALLOWED,
                "invalid_request_error",
                Some("method_not_allowed"),
                "That can't be done here",
                "Nothing at this address answers to this method.",
            ),
            Self::BadRequest { param, words } => Problem {
                field: param.clone().map(Cow::Owned),
                ..row(S::BAD_REQUEST, "invalid_request_error", None, "That can't be accepted", words)
            },
            Self::Unprocessable { param, code, words } => Problem {
                field: Some(Cow::Borrowed(param)),
                ..row(S::UNPROCESSABLE_ENTITY, "unprocessable", Some(code), "That can't be accepted", words)
            },
            Self::Forbidden(words) => row(S::FORBIDDEN, "permission_error", None, "That isn't allowed", words),
            Self::Invalid { field, words } => Problem {
                field: Some(Cow::Borrowed(field)),
                ..row(S::BAD_REQUEST, "invalid_request_error", None, "That can't be accepted", words)
            },
            Self::TooLarge(words) => row(S::PAYLOAD_TOO_LARGE, "request_too_large", None, "That is too large", words),
            Self::RateLimited { retry_after_secs } => Problem {
                retry_after_secs: Some(*retry_after_secs),
                ..row(
                    S::TOO_MANY_REQUESTS,
                    "rate_limit_error",
                    None,
                    "Too many attempts",
                    &format!("Try again in {}.", wait_words(*retry_after_secs)),
                )
            },
            Self::Busy(_) | Self::UsedUp(_) | Self::NoModel | Self::NoAnswer(_) | Self::Stopping => self.problem_of_a_question(),
            Self::CrossSite => row(
                S::FORBIDDEN,
                "permission_error",
                Some("cross_site"),
                "That came from another site",
                "Nothing was changed. If you sent it yourself, open the page on this server and try again there.",
            ),
            Self::Database(error) if crate::storage::dialect::is_full(error) => full(),
            Self::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => full(),
            Self::Unavailable | Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed) => row(
                S::SERVICE_UNAVAILABLE,
                "api_error",
                Some("database_unavailable"),
                "The server can't reach its database",
                "Nothing was changed. Try again in a minute; if it stays like this, tell the person who runs the server.",
            ),
            Self::Database(_) | Self::Io(_) | Self::Json(_) | Self::Template(_) | Self::Setup(_) | Self::Internal(_) => row(
                S::INTERNAL_SERVER_ERROR,
                "api_error",
                None,
                "Something went wrong on the server",
                "Nothing of it is your fault. Try again; if it stays like this, tell the person who runs the server the request id below.",
            ),
        }
    }

    /// The rows of those who asked a model.
    fn problem_of_a_question(&self) -> Problem {
        use StatusCode as S;
        match self {
            Self::Busy(words) => Problem {
                // Nobody knows when what is under way will be done; it is asked for again and again until then.
                retry_after_secs: Some(5),
                ..row(S::TOO_MANY_REQUESTS, "rate_limit_error", Some("too_many_at_once"), "One thing after the other", words)
            },
            Self::UsedUp(words) => row(S::TOO_MANY_REQUESTS, "rate_limit_error", Some("cap_reached"), "That was all for now", words),
            Self::NoModel => Problem {
                field: Some(Cow::Borrowed("model")),
                ..row(S::NOT_FOUND, "not_found_error", Some("model_not_found"), "This model isn't here", NO_MODEL)
            },
            Self::NoAnswer(failure) => no_answer(failure),
            Self::Stopping => row(
                S::SERVICE_UNAVAILABLE,
                "api_error",
                Some("server_stopping"),
                "The server is being restarted",
                "The server is being stopped or restarted. Try again in a minute.",
            ),
            _ => row(
                S::INTERNAL_SERVER_ERROR,
                "api_error",
                None,
                "Something went wrong on the server",
                "Nothing of it is your fault. Try again.",
            ),
        }
    }
}

fn row(status: StatusCode, kind: &'static str, code: Option<&'static str>, title: &'static str, words: &str) -> Problem {
    Problem { status, kind, code, field: None, title, words: words.to_owned(), retry_after_secs: None }
}

const NO_MODEL: &str = "There is no such model here, or it isn't yours to use. GET /v1/models lists those that are.";

fn no_answer(failure: &Failure) -> Problem {
    use StatusCode as S;
    let (status, kind, code, field) = match failure.kind {
        FailureKind::TooMany => (S::TOO_MANY_REQUESTS, "rate_limit_error", "provider_busy", None),
        FailureKind::TooLong => (S::BAD_REQUEST, "invalid_request_error", "context_length_exceeded", Some("messages")),
        FailureKind::Question => (S::BAD_REQUEST, "invalid_request_error", "question_refused", None),
        FailureKind::NoModel => (S::NOT_FOUND, "not_found_error", "model_not_found", Some("model")),
        FailureKind::Provider => (S::BAD_GATEWAY, "api_error", "provider_failed", None),
    };
    Problem {
        status,
        kind,
        code: Some(code),
        field: field.map(Cow::Borrowed),
        title: "The model didn't answer",
        words: failure.words.clone(),
        retry_after_secs: failure.retry_after_secs,
    }
}

fn full() -> Problem {
    Problem {
        status: StatusCode::INSUFFICIENT_STORAGE,
        kind: "api_error",
        code: Some("storage_full"),
        field: None,
        title: "The server's disk is full",
        words: "Nothing was saved. Tell the person who runs the server that it needs room, then try again.".to_owned(),
        retry_after_secs: None,
    }
}

fn wait_words(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}
