//! Rendered shared pages, by what they show.
//!
//! The memo never says whether a link is open; the gate does, and hands out the key. What is in here under a key that
//! the gate no longer gives can't be reached, and is pushed out by newer pages.

use std::io::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use flate2::Compression;
use flate2::write::GzEncoder;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::links::link::PageKey;

/// Memory that remembered pages take at the most.
const CAPACITY_BYTES: u64 = 128 << 20;
/// Pages that are rendered at the same time.
const AT_ONCE: usize = 2;

/// A rendered page, ready to be sent in each encoding.
#[derive(Debug)]
pub struct Page {
    /// The key in quotes, weak: it is the same in every encoding.
    pub etag: HeaderValue,
    /// The page itself.
    pub identity: Bytes,
    /// For clients that take gzip.
    pub gzip: Bytes,
    /// For clients that take Brotli.
    pub brotli: Bytes,
}

impl Page {
    /// Compresses `html`; takes some milliseconds for a long page, so call it where blocking is allowed.
    pub fn new(key: PageKey, html: String) -> Result<Self, Error> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
        gzip.write_all(html.as_bytes())?;
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 14, 6, 20);
        brotli.write_all(html.as_bytes())?;
        brotli.flush()?;
        Ok(Self {
            etag: HeaderValue::from_str(&format!("W/\"{}\"", bs58::encode(key).into_string()))
                .map_err(|_| Error::Internal("an ETag with a strange character".to_owned()))?,
            gzip: gzip.finish()?.into(),
            brotli: brotli.into_inner().into(),
            identity: html.into(),
        })
    }
}

/// The memo.
pub struct Memo {
    pages: Cache<PageKey, Arc<Page>, ByBytes>,
    /// Pages rendered at the same time: each takes a core for a while.
    rendering: Semaphore,
}

impl Default for Memo {
    fn default() -> Self {
        // Two shards: the longest page there can be has to fit into one.
        let options = OptionsBuilder::new().shards(2).estimated_items_capacity(2_000).weight_capacity(CAPACITY_BYTES).build();
        let pages = match options {
            Ok(options) => Cache::with_options(options, ByBytes, DefaultHashBuilder::default(), DefaultLifecycle::default()),
            Err(_) => Cache::with_weighter(2_000, CAPACITY_BYTES, ByBytes),
        };
        Self { pages, rendering: Semaphore::new(AT_ONCE) }
    }
}

impl Memo {
    /// The page under `key`, rendered by `render` if it isn't remembered; requests that ask at the same time wait for
    /// one rendering.
    pub async fn get(&self, key: PageKey, render: impl Future<Output = Result<Page, Error>>) -> Result<Arc<Page>, Error> {
        let rendered = async {
            let _permit = self.rendering.acquire().await.map_err(|_| Error::Unavailable)?;
            render.await.map(Arc::new)
        };
        self.pages.get_or_insert_async(&key, rendered).await
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<PageKey, Arc<Page>> for ByBytes {
    fn weight(&self, _: &PageKey, page: &Arc<Page>) -> u64 {
        (page.identity.len() + page.gzip.len() + page.brotli.len() + 200) as u64
    }
}
