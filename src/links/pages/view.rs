//! What visitors get: the page, its Markdown, its pictures. Each asks the gate first, for every request.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::conversations::view::{Input, Message, Part, Reader, messages};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::cache::CachePolicy;
use crate::http::encoding::{self, Encoding};
use crate::http::extract::Path;
use crate::http::headers;
use crate::ids;
use crate::links::link::OpenLink;
use crate::links::open::Visit;
use crate::links::snapshot::{self, Body};
use crate::links::{markdown, store, views};
use crate::pages::memo::{self, Page};
use crate::pages::view::{Count, date};

/// The shared page, and its preview in the share dialog (`token` is `None` there). Nothing in it comes from the
/// visitor's session: it is the same bytes for everybody.
#[derive(Template)]
#[template(path = "links/view.html")]
pub struct SharedPage {
    /// The last segment of the page's address.
    pub token: Option<String>,
    /// The link's own title.
    pub title: String,
    /// The owner's name, unless the link is anonymous.
    pub author: Option<String>,
    /// "2026-11-20"
    pub date_iso: String,
    /// "20 November 2026"
    pub date: String,
    /// Names of the models that answered, joined for reading; may be empty.
    pub models: String,
    /// Messages on the page.
    pub count: Count,
    /// The messages themselves.
    pub messages: Vec<Message>,
    /// Whether the page offers to continue it.
    pub allow_continue: bool,
}

/// `GET /share/{token}`
pub async fn show(
    State(app): State<App>,
    method: Method,
    visit: Visit,
    visitor: Option<CurrentUser>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    let counts = method == Method::GET && visitor.is_none_or(|visitor| visitor.user.id != link.owner_id);
    match page(&app, &link, &headers, counts).await {
        // Its owner has updated it since the gate was asked, or taken it back: the gate knows.
        Err(Error::Gone) => page(&app, &*visit.enter(&app, &token).await?, &headers, counts).await,
        answer => answer,
    }
}

/// The page of a link that the gate has just found open. `counts`: if a person opens it, that is a view.
///
/// # Errors
/// [`Error::Gone`] if its snapshot has gone since.
pub async fn page(app: &App, link: &OpenLink, headers: &HeaderMap, counts: bool) -> Result<Response, Error> {
    let etag = memo::etag(link.page_key)?;
    let answer = if headers.get_all(IF_NONE_MATCH).iter().any(|tags| contains_tag(tags, &etag)) {
        (StatusCode::NOT_MODIFIED, CachePolicy::Revalidate, face(etag)).into_response()
    } else {
        answer(&*app.memo.get(link.page_key, render(app, link)).await?, headers)
    };
    // A limited view was counted when the lock was opened.
    let counts = counts && link.lock.as_ref().is_none_or(|lock| lock.max_views.is_none());
    if counts && views::is_a_person(headers) {
        app.views.count(&link.id, app.now());
    }
    Ok(answer)
}

/// `GET /share/{token}/markdown`
pub async fn as_markdown(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    let _turn = app.memo.turn().await?;
    let body = snapshot::load(&mut *app.db.read().await?, &link.snapshot_id).await?;
    let written = tokio::task::spawn_blocking(move || markdown::write(&link, &body));
    let written = written.await.map_err(|_| Error::Internal("a page could not be written as Markdown".to_owned()))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/markdown; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FILE)),
        (headers::X_ROBOTS_TAG, headers::NOINDEX),
    ];
    Ok((headers, written).into_response())
}

/// `GET /share/{token}/files/{file}`
pub async fn file(State(app): State<App>, visit: Visit, Path((token, file)): Path<(String, String)>) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    let load = async {
        let found = store::snapshot_file(&mut *app.db.read().await?, &link.snapshot_id, &file).await?;
        let (media_type, bytes) = found.ok_or(Error::Gone)?;
        Ok((HeaderValue::from_str(&media_type).map_err(|_| Error::Gone)?, bytes.into()))
    };
    let (media_type, bytes) = app.memo.file(&link.snapshot_id, &file, load).await?;
    let headers = [
        (CONTENT_TYPE, media_type),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FILE)),
        (headers::X_ROBOTS_TAG, headers::NOINDEX),
    ];
    Ok((headers, bytes).into_response())
}

/// The page's HTML in all encodings. Asked for once for each snapshot and look; a long conversation takes a while.
async fn render(app: &App, link: &OpenLink) -> Result<Page, Error> {
    let mut tx = app.db.read().await?;
    let body = snapshot::load(&mut tx, &link.snapshot_id).await?;
    let files = store::snapshot_file_ids(&mut tx, &link.snapshot_id).await?;
    drop(tx);
    let link = link.clone();
    let rendered = tokio::task::spawn_blocking(move || {
        let token = ids::token_of(&link.id).to_owned();
        let file_url = |id: &str| files.contains(id).then(|| format!("/share/{token}/files/{id}"));
        let mut page = shared_page(body, &file_url, link.created_at);
        page.title.clone_from(&link.title);
        page.author.clone_from(&link.shared_by);
        page.allow_continue = link.allow_continue;
        page.token = Some(token);
        Page::new(link.page_key, page.render()?)
    });
    rendered.await.map_err(|_| Error::Internal("a page could not be rendered".to_owned()))?
}

/// What the page and its preview have in common. `file_url` answers where a picture is, or `None` if the export named
/// it but did not hold it.
pub fn shared_page(body: Body, file_url: &dyn Fn(&str) -> Option<String>, created_at: i64) -> SharedPage {
    let (date_iso, date) = date(created_at);
    SharedPage {
        token: None,
        title: String::new(),
        author: None,
        date_iso,
        date,
        models: body.models().join(", "),
        count: Count(i64::try_from(body.messages.len()).unwrap_or(i64::MAX)),
        messages: messages(body.messages.into_iter().map(Input::from).collect(), Reader::Visitor, file_url),
        allow_continue: true,
    }
}

/// The page in the encoding that the client takes.
fn answer(page: &Page, request: &HeaderMap) -> Response {
    let (encoding, bytes) = match encoding::best(request) {
        Encoding::Brotli => ("br", &page.brotli),
        Encoding::Gzip => ("gzip", &page.gzip),
        Encoding::Identity => ("identity", &page.identity),
    };
    let encoding = [(CONTENT_ENCODING, HeaderValue::from_static(encoding))];
    (CachePolicy::Revalidate, face(page.etag.clone()), encoding, bytes.clone()).into_response()
}

/// The headers of the page, and of the answer that it hasn't changed.
fn face(etag: HeaderValue) -> [(HeaderName, HeaderValue); 5] {
    [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::SHARED)),
        (headers::X_ROBOTS_TAG, headers::NOINDEX),
        (VARY, HeaderValue::from_static("accept-encoding")),
        (ETAG, etag),
    ]
}

/// `If-None-Match` holds one tag, several, weak or strong (RFC 9110, section 13.1.2).
fn contains_tag(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else { return false };
    tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag.trim_start_matches("W/"))
}
