//! Who is asking, and may they? Handlers take [`Caller`] with the scope that they ask for.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::pace;
use crate::accounts::user::User;
use crate::api_keys::recognise::recognise;
use crate::api_keys::scope::Scope;
use crate::app::App;
use crate::error::Error;
use crate::http::client::ClientAddress;

/// A program with a key of `user` that has the scope `S`.
#[derive(Clone, Debug)]
pub struct Caller<S> {
    /// In whose name it acts.
    pub user: User,
    /// The key's id: what goes on for a while ends with it.
    pub key_id: String,
    scope: PhantomData<S>,
}

/// A scope as a type, so that a handler says on its first line what it asks for and can't forget to ask.
pub trait Needs {
    /// The scope.
    const SCOPE: Scope;
    /// Another one that is asked for as well.
    const ALSO: Option<Scope> = None;
}

/// `shared_links:read`
#[derive(Clone, Copy, Debug)]
pub struct SharedLinksRead;

impl Needs for SharedLinksRead {
    const SCOPE: Scope = Scope::SharedLinksRead;
}

/// `shared_links:write`
#[derive(Clone, Copy, Debug)]
pub struct SharedLinksWrite;

impl Needs for SharedLinksWrite {
    const SCOPE: Scope = Scope::SharedLinksWrite;
}

/// `audit:read`
#[derive(Clone, Copy, Debug)]
pub struct AuditRead;

impl Needs for AuditRead {
    const SCOPE: Scope = Scope::AuditRead;
}

/// `conversations:read`
#[derive(Clone, Copy, Debug)]
pub struct ConversationsRead;

impl Needs for ConversationsRead {
    const SCOPE: Scope = Scope::ConversationsRead;
}

/// `conversations:write`
#[derive(Clone, Copy, Debug)]
pub struct ConversationsWrite;

impl Needs for ConversationsWrite {
    const SCOPE: Scope = Scope::ConversationsWrite;
}

/// `assistants:read`
#[derive(Clone, Copy, Debug)]
pub struct AssistantsRead;

impl Needs for AssistantsRead {
    const SCOPE: Scope = Scope::AssistantsRead;
}

/// `assistants:write`
#[derive(Clone, Copy, Debug)]
pub struct AssistantsWrite;

impl Needs for AssistantsWrite {
    const SCOPE: Scope = Scope::AssistantsWrite;
}

/// `chat`
#[derive(Clone, Copy, Debug)]
pub struct Chat;

impl Needs for Chat {
    const SCOPE: Scope = Scope::Chat;
}

/// `webhooks:read`
#[derive(Clone, Copy, Debug)]
pub struct WebhooksRead;

impl Needs for WebhooksRead {
    const SCOPE: Scope = Scope::WebhooksRead;
}

/// `webhooks:write`
#[derive(Clone, Copy, Debug)]
pub struct WebhooksWrite;

impl Needs for WebhooksWrite {
    const SCOPE: Scope = Scope::WebhooksWrite;
}

/// `conversations:write` and `chat`
#[derive(Clone, Copy, Debug)]
pub struct ConversationsWriteAndChat;

impl Needs for ConversationsWriteAndChat {
    const SCOPE: Scope = Scope::ConversationsWrite;
    const ALSO: Option<Scope> = Some(Scope::Chat);
}

impl<S: Needs> FromRequestParts<App> for Caller<S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let from = ClientAddress::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let Some(key) = bearer(&parts.headers) else {
            return Err(Error::KeyRequired("No API key came along. Send one as the header \"Authorization: Bearer tb-…\"."));
        };
        let Some((key, user)) = recognise(app, key).await? else {
            // Counted after the answer is known, so it never keeps out who has a real key.
            app.limits.miss(from.key())?;
            return Err(Error::KeyRequired("This API key is not valid here. It may be mistyped, expired or revoked."));
        };
        pace::count(parts, app, &key.id, &user.id)?;
        if let Some(missing) = [Some(S::SCOPE), S::ALSO].into_iter().flatten().find(|scope| !key.scopes.has(*scope)) {
            return Err(Error::Forbidden(missing.missing()));
        }
        Ok(Self { user, key_id: key.id, scope: PhantomData })
    }
}

/// What stands behind `Bearer`, if the header is there exactly once.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else { return None };
    let (kind, key) = one.to_str().ok()?.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_bearer_is_named_once() {
        let with = |lines: &[&'static str]| {
            let lines = lines.iter().map(|line| (AUTHORIZATION, HeaderValue::from_static(line)));
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(name, value);
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(with(&["Bearer tb-x"]).as_deref(), Some("tb-x"));
        assert_eq!(with(&["bearer  tb-x "]).as_deref(), Some("tb-x"));
        for none in [&[][..], &["tb-x"], &["Basic dGI6eA=="], &["Bearer tb-x", "Bearer tb-y"]] {
            assert_eq!(with(none), None, "{none:?}");
        }
    }
}
