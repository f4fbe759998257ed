//! A server somewhere else, asked over its API: what the command line does with `--server`.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::error::Error;
use crate::ids;
use crate::providers::tls;

/// How long a connection may take to be made, and a whole answer.
const CONNECT: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_mins(5);
/// How long a file may take to arrive.
const UPLOAD: Duration = Duration::from_hours(24);
/// Bytes of a file that are read at once.
const UPLOAD_CHUNK: usize = 64 << 10;
/// The largest answer that is read.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// The longest sentence of a server that is shown.
const MAX_WORDS: usize = 500;
/// Times that a request is sent which may be repeated.
const ATTEMPTS: u32 = 3;
/// The longest wait that a server may ask for before a repeat.
const LONGEST_WAIT: u64 = 30;
/// Objects on a page.
const PAGE: &str = "100";

/// Which server, and as whom.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct There {
    /// Work on this server over its API, as the key's person, and not on the database here
    #[arg(long, global = true, help_heading = "Another server", env = "TAKEBACK_SERVER", value_name = "URL")]
    server: Option<String>,
    /// An API key of that server. Better in the variable: others on this machine can read arguments
    #[arg(long, global = true, help_heading = "Another server", env = "TAKEBACK_API_KEY", value_name = "KEY", hide_env_values = true)]
    key: Option<Secret>,
}

/// What must never be shown.
#[derive(Clone)]
struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.trim().to_owned())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// A server, ready to be asked.
#[derive(Clone, Debug)]
pub struct Remote {
    http: reqwest::Client,
    base: Url,
    authorization: HeaderValue,
}

impl There {
    /// Whether a server is named at all.
    pub fn is_named(&self) -> bool {
        self.server.is_some()
    }

    /// The server that is named; `None` if none is. Says so when the key would travel unencrypted.
    ///
    /// # Errors
    /// [`Error::Setup`] for an address or a key that can't be right.
    pub fn open(&self) -> Result<Option<Remote>, Error> {
        let Some(server) = &self.server else { return Ok(None) };
        let base = base(server)?;
        let words = "Say as whom: put an API key of that server into the variable TAKEBACK_API_KEY.";
        let key = self.key.as_ref().filter(|key| !key.0.is_empty()).ok_or_else(|| Error::Setup(words.to_owned()))?;
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", key.0))
            .map_err(|_| Error::Setup("The API key has characters that no key has. Copy it again.".to_owned()))?;
        authorization.set_sensitive(true);
        if base.scheme() == "http" && !is_local(&base) {
            eprintln!("takeback: warning: {base} is not encrypted, so the key can be read on its way. Use https.");
        }
        tls::install();
        let builder = reqwest::Client::builder()
            // The key is for this server alone.
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(concat!("takeback/", env!("CARGO_PKG_VERSION")));
        let http = match tls::trusting_nobody().filter(|_| base.scheme() == "http") {
            Some(nobody) => builder.tls_backend_preconfigured(nobody).build(),
            None => builder.build(),
        };
        let http = http.map_err(|error| Error::Setup(format!("This machine has no certificates to trust: {}.", cause(&error))))?;
        Ok(Some(Remote { http, base, authorization }))
    }
}

/// Scheme, host and port. People copy the base URL of the API as well as the address of the pages.
fn base(text: &str) -> Result<Url, Error> {
    let wrong = || Error::Setup("The server must look like https://chat.example.org, without a path.".to_owned());
    let mut url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let plain = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() && url.password().is_none();
    if !plain || url.query().is_some() || url.fragment().is_some() || !matches!(url.path().trim_end_matches('/'), "" | "/v1") {
        return Err(wrong());
    }
    url.set_path("/");
    Ok(url)
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

impl Remote {
    /// Its address, for people.
    pub fn name(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Reads one object or page.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what isn't there; otherwise [`Error::Setup`] with words for the person at the terminal.
    pub async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Error> {
        self.ask(Method::GET, path, query, None, None).await.map_err(Failure::into_error)
    }

    /// Reads all pages of a list, up to `most` objects.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn list(&self, path: &str, query: &[(&str, String)], most: usize) -> Result<Vec<Value>, Error> {
        let mut all: Vec<Value> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.page(path, query, after.as_deref()).await?;
            let has_more = page["has_more"] == true;
            let last = page["last_id"].as_str().map(str::to_owned);
            all.extend(page["data"].as_array().cloned().unwrap_or_default());
            if all.len() >= most || !has_more || last.is_none() || last == after {
                all.truncate(most);
                return Ok(all);
            }
            after = last;
        }
    }

    /// Reads one page of a list, behind the object `after`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn page(&self, path: &str, query: &[(&str, String)], after: Option<&str>) -> Result<Value, Error> {
        let mut query = query.to_vec();
        query.push(("limit", PAGE.to_owned()));
        query.extend(after.map(|id| ("after", id.to_owned())));
        self.get(path, &query).await
    }

    /// Changes an object.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn change(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.ask(Method::POST, path, &[], Some(body), None).await.map_err(Failure::into_error)
    }

    /// Makes an object. What fails on the way is tried again; that makes no second one.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn make(&self, path: &str, body: &Value) -> Result<Value, Error> {
        let once = ids::new("once");
        for attempt in 1.. {
            match self.ask(Method::POST, path, &[], Some(body), Some(&once)).await {
                Err(Failure { error, again_after: Some(wait), .. }) if attempt < ATTEMPTS && wait.as_secs() <= LONGEST_WAIT => {
                    eprintln!("takeback: {error} Trying again.");
                    tokio::time::sleep(wait).await;
                }
                done => return done.map_err(Failure::into_error),
            }
        }
        Err(Error::Internal("no attempt is the last".to_owned()))
    }

    /// Sends a file as a form, however long that takes; its words are those of whoever typed its name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file that the server doesn't take; otherwise as [`Self::get`].
    pub async fn upload(&self, path: &str, name: &str, file: impl AsyncRead + Send + 'static, bytes: u64) -> Result<Value, Error> {
        let body = reqwest::Body::wrap_stream(ReaderStream::with_capacity(file, UPLOAD_CHUNK));
        let form = Form::new().part("file", Part::stream_with_length(body, bytes).file_name(name.to_owned()));
        let mut url = self.base.clone();
        url.set_path(path);
        let request = self.http.post(url).header("authorization", self.authorization.clone()).multipart(form).timeout(UPLOAD);
        match self.answer(request).await {
            Err(Failure { error: Error::Setup(words), refused: true, .. }) => Err(Error::invalid("file", words)),
            done => done.map_err(Failure::into_error),
        }
    }

    /// Deletes.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn delete(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Error> {
        self.ask(Method::DELETE, path, query, None, None).await.map_err(Failure::into_error)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<&Value>,
        once: Option<&str>,
    ) -> Result<Value, Failure> {
        let mut url = self.base.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.http.request(method, url).header("authorization", self.authorization.clone());
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(once) = once {
            request = request.header("idempotency-key", once);
        }
        self.answer(request).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Value, Failure> {
        let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_redirection() {
            let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| self.base.join(to).ok());
            let to = to.map_or_else(|| "another address".to_owned(), |to| to.origin().ascii_serialization());
            return Err(said(format!("{} sends on to {to}. If that is your server, name it with --server.", self.name())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_ANSWER_BYTES {
                return Err(self.not_takeback(status));
            }
        }
        let is_json =
            headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.starts_with("application/json"));
        let answer = serde_json::from_slice::<Value>(&bytes).ok().filter(|_| is_json);
        match answer {
            Some(answer) if status.is_success() && answer["object"].is_string() => Ok(answer),
            Some(answer) if answer["error"]["message"].is_string() => Err(refusal(status, &answer["error"], headers.get(RETRY_AFTER))),
            _ => Err(self.not_takeback(status)),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let error = Error::Setup(format!("{} can’t be reached: {}.", self.name(), cause(error)));
        Failure { error, again_after: Some(Duration::from_secs(1)), refused: false }
    }

    fn not_takeback(&self, status: StatusCode) -> Failure {
        let error = Error::Setup(format!(
            "{} answered {} with something that isn’t Takeback’s API. Is the address right?",
            self.name(),
            status.as_u16()
        ));
        let again_after = matches!(status.as_u16(), 502..=504).then_some(Duration::from_secs(2));
        Failure { error, again_after, refused: false }
    }
}

/// Why a request failed.
struct Failure {
    error: Error,
    /// The same request may succeed after this.
    again_after: Option<Duration>,
    /// What was sent is what is wrong.
    refused: bool,
}

impl Failure {
    fn into_error(self) -> Error {
        self.error
    }
}

fn said(words: String) -> Failure {
    Failure { error: Error::Setup(words), again_after: None, refused: false }
}

/// What the server says about it, in its own words.
fn refusal(status: StatusCode, error: &Value, retry_after: Option<&HeaderValue>) -> Failure {
    let words = plain(error["message"].as_str().unwrap_or_default(), MAX_WORDS);
    let wait = retry_after.and_then(|wait| wait.to_str().ok()?.parse().ok()).map(Duration::from_secs);
    match status.as_u16() {
        404 => Failure { error: Error::NotFound, again_after: None, refused: false },
        401 => said(format!("{words} The key comes from TAKEBACK_API_KEY, or from --key.")),
        429 => Failure { error: Error::Setup(words), again_after: wait, refused: false },
        500.. => Failure { error: Error::Setup(words), again_after: Some(wait.unwrap_or(Duration::from_secs(1))), refused: false },
        413 => Failure { refused: true, ..said(words) },
        // The only thing in a form; its name says nothing at a terminal.
        _ if error["param"] == "file" => Failure { refused: true, ..said(words) },
        _ => match error["param"].as_str().filter(|param| !words.contains(*param)) {
            Some(param) => said(format!("{words} ({})", plain(param, 100))),
            None => said(words),
        },
    }
}

/// Text from elsewhere, for a terminal: nothing in it moves the cursor or changes a colour.
pub fn plain(text: &str, max_chars: usize) -> String {
    // Marks that turn the direction of writing around would let a title look like another.
    let is_hidden =
        |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let clean: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c)).collect();
    let clean = clean.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match clean.char_indices().nth(max_chars) {
        Some((end, _)) => format!("{}…", clean[..end].trim_end()),
        None => clean,
    }
}

/// The innermost reason, which is the one that says something.
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    plain(inner.to_string().trim_end_matches('.'), MAX_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_address_alone() {
        for good in
            ["https://chat.example.org", "https://chat.example.org/", " https://chat.example.org/v1/ ", "https://chat.example.org/v1"]
        {
            assert_eq!(base(good).unwrap().as_str(), "https://chat.example.org/");
        }
        for bad in ["chat.example.org", "ftp://x", "https://a:b@x", "https://x/chat", "https://x?y", "https://x#y", "", "https://"] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_this_machine_is_reached_without_a_wire() {
        let local = |text: &str| is_local(&base(text).unwrap());
        assert!(local("http://localhost:8080") && local("http://127.0.0.1") && local("http://[::1]:80") && local("http://127.1.2.3"));
        assert!(!local("http://chat.example.org") && !local("http://10.0.0.1") && !local("http://localhost.example.org"));
    }

    #[test]
    fn nothing_from_elsewhere_moves_the_cursor() {
        assert_eq!(plain("a\u{1b}[2Jb\r\nc\u{202e}d  e", 100), "a[2Jb cd e");
        assert_eq!(plain("abcdef", 3), "abc…");
    }

    #[test]
    fn a_key_is_in_no_debug_text() {
        let there = There { server: Some("https://x".to_owned()), key: Some(Secret("tb-zanzibarquokka".to_owned())) };
        assert!(!format!("{there:?} {:?}", there.open().unwrap()).contains("zanzibarquokka"));
    }
}
