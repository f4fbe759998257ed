//! Embedded assets under `/assets/{hash}/{name}`: the address changes with the content, so a browser may keep them
//! for ever. The style sheets are put together here, in the order below; there is no build step.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::http::cache::CachePolicy;
use crate::http::extract::Path;

#[derive(RustEmbed)]
#[folder = "web/"]
struct Files;

/// What every page of the application loads.
const APP_CSS: &[&str] = &[
    "tokens",
    "base",
    "button",
    "message",
    "prose",
    "code",
    "field",
    "menu",
    "notice",
    "dialog",
    "shell",
    "sidebar",
    "search",
    "chat",
    "composer",
    "share-dialog",
    "table",
    "settings",
    "auth",
    "empty",
    "import",
    "api",
    "assistants",
    "motion",
    "print",
];
/// What a shared page and the 404 need of it; they are opened by people who may never come again.
const SHARE_CSS: &[&str] = &["tokens", "base", "button", "message", "prose", "code", "shared", "print"];

struct Asset {
    url: String,
    content_type: &'static str,
    bytes: Bytes,
}

static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let read = |name: &str| Files::get(name).map(|file| file.data.into_owned()).unwrap_or_default();
    let bundle = |parts: &[&str]| parts.iter().flat_map(|part| read(&format!("css/{part}.css"))).collect::<Vec<u8>>();
    let single = Files::iter().filter(|name| !name.ends_with(".css")).map(|name| (name.to_string(), read(&name)));
    let bundles = [("app.css".to_owned(), bundle(APP_CSS)), ("share.css".to_owned(), bundle(SHARE_CSS))];
    // Scripts import each other by relative address, so they share one hash, which changes with any of them.
    let scripts = hash(Files::iter().filter(|name| name.starts_with("js/")).flat_map(|name| read(&name)));
    single
        .chain(bundles)
        .map(|(name, bytes)| {
            let hash = if name.starts_with("js/") { scripts.clone() } else { hash(bytes.iter().copied()) };
            let asset = Asset { url: format!("/assets/{hash}/{name}"), content_type: content_type(&name), bytes: bytes.into() };
            (name, asset)
        })
        .collect()
});

/// What a shared page is made of besides.
const SHARED_PAGE: [&str; 4] = [
    include_str!("../../templates/links/view.html"),
    include_str!("../../templates/messages/_message.html"),
    include_str!("../../templates/messages/_parts.html"),
    include_str!("../../templates/ui.html"),
];

/// Changes when any asset, the shared page's templates or the program's version does.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut urls: Vec<&str> = ASSETS.values().map(|asset| asset.url.as_str()).collect();
    urls.sort_unstable();
    hash(urls.concat().bytes().chain(SHARED_PAGE.concat().bytes()).chain(env!("CARGO_PKG_VERSION").bytes()))
});

/// The address of an embedded file, such as `icons.svg` or `js/app.js`, or of the bundles `app.css` and `share.css`.
pub fn asset(name: &str) -> &'static str {
    debug_assert!(ASSETS.contains_key(name), "no asset {name}");
    ASSETS.get(name).map_or("", |asset| &asset.url)
}

/// Names the look: rendered pages hold addresses of assets, so they are remembered together with it.
pub fn version() -> &'static str {
    &VERSION
}

/// `GET /assets/{hash}/{*name}`
pub async fn serve(Path((_hash, name)): Path<(String, String)>) -> Result<Response, Error> {
    let asset = ASSETS.get(&name).ok_or(Error::NotFound)?;
    let headers: [(HeaderName, &str); 1] = [(CONTENT_TYPE, asset.content_type)];
    Ok((CachePolicy::Immutable, headers, asset.bytes.clone()).into_response())
}

fn hash(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes: Vec<u8> = bytes.into_iter().collect();
    bs58::encode(&Sha256::digest(bytes)[..8]).into_string()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
