//! A program with an API key.

use std::net::SocketAddr;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use takeback::accounts::user::User;
use takeback::api_keys::create::{Wish, create};
use takeback::api_keys::scope::Scopes;
use takeback::audit::Via;

use super::app::TestApp;
use super::client::Reply;

/// One program. It sends what a program sends: no cookie, nothing of a browser's.
#[derive(Clone)]
pub(crate) struct Caller {
    http: reqwest::Client,
    base: String,
    pub(crate) key: String,
}

impl TestApp {
    /// A key of this person's with these scopes; all of them if none is named.
    pub(crate) async fn key_of(&self, user: &User, scopes: &[&str]) -> String {
        let scopes = if scopes.is_empty() { Scopes::all() } else { Scopes::named(scopes.iter().copied()).unwrap() };
        create(&self.app, &user.id, &Wish { name: "Test".to_owned(), scopes, days: None }, Via::Cli).await.unwrap().1
    }

    /// A key of this name, for looking at.
    pub(crate) async fn named_key(&self, user: &User, name: &str) {
        let wish = Wish { name: name.to_owned(), scopes: Scopes::all(), days: Some(30) };
        create(&self.app, &user.id, &wish, Via::Cli).await.unwrap();
    }

    /// A program with this key; empty: without one.
    pub(crate) fn program(&self, key: &str) -> Caller {
        Caller::new(self.address, key)
    }

    /// A program of this person's that may do everything.
    pub(crate) async fn program_of(&self, user: &User) -> Caller {
        let key = self.key_of(user, &[]).await;
        self.program(&key)
    }
}

impl Caller {
    /// A program with this key; empty: without one.
    pub(crate) fn new(server: SocketAddr, key: &str) -> Self {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(takeback::providers::tls::trusting_nobody().unwrap())
            .no_gzip()
            .no_brotli()
            .build()
            .unwrap();
        Self { http, base: format!("http://{server}"), key: key.to_owned() }
    }

    /// A request to be refined and sent with [`Reply::of`].
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        if self.key.is_empty() { request } else { request.bearer_auth(&self.key) }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::DELETE, path)).await
    }
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// An error of the API: status, type and parameter; all four fields are there.
    pub(crate) fn refusal(&self) -> (u16, String, Option<String>) {
        let json = self.json();
        let fields = json["error"].as_object().unwrap();
        assert_eq!(json.as_object().unwrap().len(), 1, "{json}");
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["message", "type", "param", "code"], "{json}");
        assert!(fields["message"].as_str().unwrap().ends_with('.'), "{json}");
        assert!(fields["code"].is_null() || fields["code"].is_string());
        assert_eq!(self.header("content-type"), "application/json");
        (self.status, fields["type"].as_str().unwrap().to_owned(), fields["param"].as_str().map(str::to_owned))
    }
}
