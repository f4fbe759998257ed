//! A browser as far as HTTP goes: cookies, the headers that browsers send, and redirects shown, not followed.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::cookie::Jar;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, redirect::Policy};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// One browser. Clones share its cookies.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    jar: Arc<Jar>,
    base: String,
}

impl Client {
    pub(crate) fn new(server: SocketAddr) -> Self {
        let jar = Arc::new(Jar::default());
        let headers = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        let headers = headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(takeback::providers::tls::trusting_nobody().unwrap())
            .cookie_provider(jar.clone())
            .redirect(Policy::none())
            .user_agent(FIREFOX)
            .default_headers(HeaderMap::from_iter(headers))
            // Compression is asked for by the tests that look at it.
            .no_gzip()
            .no_brotli()
            .build()
            .unwrap();
        Self { http, jar, base: format!("http://{server}") }
    }

    /// A request to be refined and sent with [`Reply::of`].
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    /// What a script asks for: the same page, as a fragment.
    pub(crate) async fn fragment(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path).header("x-fragment", "1").header("sec-fetch-dest", "empty")).await
    }

    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let request = self.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        Reply::of(request.body(pairs.join("&"))).await
    }

    /// A form with one file.
    pub(crate) async fn upload(&self, path: &str, field: &'static str, file_name: &str, bytes: Vec<u8>) -> Reply {
        let form = Form::new().part(field, Part::bytes(bytes).file_name(file_name.to_owned()));
        Reply::of(self.request(Method::POST, path).multipart(form)).await
    }

    /// Puts a cookie into the jar.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.jar.add_cookie_str(&format!("{name}={value}; Path=/"), &self.base.parse().unwrap());
    }
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The bytes as text.
    pub(crate) body: String,
}

impl Reply {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status, headers, bytes, body }
    }

    /// The same without the body, for one that has no end.
    pub(crate) async fn head_of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self { status: response.status().as_u16(), headers: response.headers().clone(), bytes: Vec::new(), body: String::new() }
    }

    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads; empty when it is none.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }
}

/// Percent-encodes everything but letters and digits.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
