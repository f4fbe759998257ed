//! The pages of accounts, each file named after what its person does there.

pub mod account;
pub mod data;
pub mod delete;
pub mod invite;
pub mod people;
pub mod reset;
pub mod set_up;
pub mod sign_in;
pub mod sign_up;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use crate::app::App;
use crate::error::Error;
use crate::http::auth;
use crate::pages::view::html;

/// What is wrong with a form, by field; `form` is about the whole of it.
#[derive(Clone, Debug, Default)]
struct Problems {
    form: Option<String>,
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    current: Option<String>,
    confirm: Option<String>,
}

impl Problems {
    /// What the person can correct. Everything else is a page of its own.
    fn of(error: Error) -> Result<Self, Error> {
        let Error::Invalid { field, words } = error else { return Err(error) };
        let mut problems = Self::default();
        let place = match field {
            "name" => &mut problems.name,
            "email" => &mut problems.email,
            "password" => &mut problems.password,
            "current" => &mut problems.current,
            "confirm" => &mut problems.confirm,
            _ => &mut problems.form,
        };
        *place = Some(words);
        Ok(problems)
    }
}

/// Lets a person in: the session's cookie, and on to where they wanted to go.
fn enter(app: &App, secret: String, to: &str) -> Response {
    let cookie = auth::cookie(&app.config, secret).to_string();
    (AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to(to)).into_response()
}

/// And out again.
fn leave(app: &App, to: &str) -> Response {
    let cookie = auth::clear_cookie(&app.config).to_string();
    (AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to(to)).into_response()
}

/// The form once more, with what is to be corrected.
fn again(page: &impl Template) -> Result<Response, Error> {
    Ok((StatusCode::BAD_REQUEST, html(page)?).into_response())
}
