//! Who is asking. Handlers take [`CurrentUser`], [`MaybeUser`] or [`Admin`], and so say on their first line who may
//! come in.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{Entry, SET_COOKIE};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::accounts::sessions;
use crate::accounts::user::User;
use crate::app::App;
use crate::config::Config;
use crate::error::Error;
use crate::ids;

/// The signed-in person and the session they came with.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    /// The person.
    pub user: User,
    /// The session's id, to tell it from the person's others.
    pub session_id: String,
}

/// A signed-in administrator. Others are told that the page exists but isn't theirs: its address is in the manual.
#[derive(Clone, Debug)]
pub struct Admin(pub User);

impl FromRequestParts<App> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        match lookup(parts, app).await? {
            Some(current) => Ok(current),
            None if app.has_users().await? => Err(Error::SignInRequired),
            None => Err(Error::SetupRequired),
        }
    }
}

/// `Option<CurrentUser>`: pages that are open to all but differ for people who are signed in.
impl OptionalFromRequestParts<App> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Error> {
        lookup(parts, app).await
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let CurrentUser { user, .. } = <CurrentUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if user.is_admin() { Ok(Self(user)) } else { Err(Error::Forbidden("Only an administrator of this server can open this page.")) }
    }
}

async fn lookup(parts: &Parts, app: &App) -> Result<Option<CurrentUser>, Error> {
    let jar = CookieJar::from_headers(&parts.headers);
    let Some(sent) = jar.get(cookie_name(&app.config)) else { return Ok(None) };
    let Some((current, longer)) = sessions::find(app, &ids::hash_secret(sent.value())).await? else { return Ok(None) };
    if longer && let Some(renewal) = parts.extensions.get::<Renewal>() {
        // Set once for each request; a second look at the same session has nothing to add.
        let _ = renewal.0.set(sent.value().to_owned());
    }
    Ok(Some(current))
}

/// The secret of a session whose life was made longer by this request.
#[derive(Clone, Default)]
struct Renewal(Arc<OnceLock<String>>);

/// Sends the cookie again when its session lives longer: the browser counts from when it was sent. An answer that sets
/// a cookie itself (signing in, signing out) has the last word.
pub async fn renew(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let renewal = Renewal::default();
    request.extensions_mut().insert(renewal.clone());
    let mut response = next.run(request).await;
    if let Some(secret) = renewal.0.get()
        && let Entry::Vacant(place) = response.headers_mut().entry(SET_COOKIE)
        && let Ok(cookie) = HeaderValue::from_str(&cookie(&app.config, secret.clone()).to_string())
    {
        place.insert(cookie);
    }
    response
}

/// The session cookie's name. `__Host-` makes a browser refuse it from a sub-domain or without https, so it can only
/// be used where there is https.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-takeback" } else { "takeback" }
}

/// The cookie that carries a session's secret.
pub fn cookie(config: &Config, secret: String) -> Cookie<'static> {
    Cookie::build((cookie_name(config), secret))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .max_age(time::Duration::days(sessions::LIFETIME_DAYS))
        .build()
}

/// The cookie that ends it in the browser.
pub fn clear_cookie(config: &Config) -> Cookie<'static> {
    let mut cookie = cookie(config, String::new());
    cookie.make_removal();
    cookie
}
