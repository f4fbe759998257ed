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
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::error::Error;
use crate::links::link::PageKey;

/// Memory that remembered pages take at the most.
const CAPACITY_BYTES: u64 = 64 << 20;

/// A rendered page, ready to be sent in each encoding.
#[derive(Debug)]
pub struct Page {
    /// The key in quotes.
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
            etag: HeaderValue::from_str(&format!("\"{}\"", bs58::encode(key).into_string()))
                .map_err(|_| Error::Internal("an ETag with a strange character".to_owned()))?,
            gzip: gzip.finish()?.into(),
            brotli: brotli.into_inner().into(),
            identity: html.into(),
        })
    }
}

/// The memo.
pub struct Memo(Cache<PageKey, Arc<Page>, ByBytes>);

impl Default for Memo {
    fn default() -> Self {
        Self(Cache::with_weighter(2_000, CAPACITY_BYTES, ByBytes))
    }
}

impl Memo {
    /// The page under `key`, rendered by `render` if it isn't remembered; requests that ask at the same time wait for
    /// one rendering.
    pub async fn get(&self, key: PageKey, render: impl Future<Output = Result<Page, Error>>) -> Result<Arc<Page>, Error> {
        self.0.get_or_insert_async(&key, async { render.await.map(Arc::new) }).await
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<PageKey, Arc<Page>> for ByBytes {
    fn weight(&self, _: &PageKey, page: &Arc<Page>) -> u64 {
        (page.identity.len() + page.gzip.len() + page.brotli.len() + 200) as u64
    }
}
