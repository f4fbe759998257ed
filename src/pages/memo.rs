//! Rendered shared pages, by what they show.
//!
//! The memo never says whether a link is open; the gate does, and hands out the key. What is in here under a key that
//! the gate no longer gives can't be reached, and is pushed out by newer pages.

use std::hash::Hash;
use std::io::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use flate2::Compression;
use flate2::write::GzEncoder;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use tokio::sync::{Semaphore, SemaphorePermit};

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
        Ok(Self { etag: etag(key)?, gzip: gzip.finish()?.into(), brotli: brotli.into_inner().into(), identity: html.into() })
    }
}

/// The tag of the page under `key`, weak: it is the same in every encoding. Known before the page is rendered.
///
/// # Errors
/// Never for a real key.
pub fn etag(key: PageKey) -> Result<HeaderValue, Error> {
    let tag = format!("W/\"{}\"", bs58::encode(key).into_string());
    HeaderValue::from_str(&tag).map_err(|_| Error::Internal("an ETag with a strange character".to_owned()))
}

/// The memo.
pub struct Memo {
    pages: Cache<PageKey, Arc<Page>, ByBytes>,
    /// Pictures of shared pages: many readers of one hold it once.
    files: Cache<(String, String), (HeaderValue, Bytes), ByBytes>,
    /// Pages rendered at the same time: each takes a core for a while.
    rendering: Semaphore,
}

impl Default for Memo {
    fn default() -> Self {
        Self { pages: cache(), files: cache(), rendering: Semaphore::new(AT_ONCE) }
    }
}

/// A cache in two shards: the longest page there can be has to fit into one.
fn cache<K: Hash + Eq + Clone, V: Clone>() -> Cache<K, V, ByBytes>
where
    ByBytes: Weighter<K, V>,
{
    let options = OptionsBuilder::new().shards(2).estimated_items_capacity(1_000).weight_capacity(CAPACITY_BYTES).build();
    match options {
        Ok(options) => Cache::with_options(options, ByBytes, DefaultHashBuilder::default(), DefaultLifecycle::default()),
        Err(_) => Cache::with_weighter(1_000, CAPACITY_BYTES, ByBytes),
    }
}

impl Memo {
    /// The page under `key`, rendered by `render` if it isn't remembered; requests that ask at the same time wait for
    /// one rendering.
    pub async fn get(&self, key: PageKey, render: impl Future<Output = Result<Page, Error>>) -> Result<Arc<Page>, Error> {
        let rendered = async {
            let _turn = self.turn().await?;
            render.await.map(Arc::new)
        };
        self.pages.get_or_insert_async(&key, rendered).await
    }

    /// The media type and bytes of a snapshot's picture, loaded by `load` if they aren't remembered.
    pub async fn file(
        &self,
        snapshot_id: &str,
        file_id: &str,
        load: impl Future<Output = Result<(HeaderValue, Bytes), Error>>,
    ) -> Result<(HeaderValue, Bytes), Error> {
        self.files.get_or_insert_async(&(snapshot_id.to_owned(), file_id.to_owned()), load).await
    }

    /// A turn to render what is not remembered.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server stops.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.rendering.acquire().await.map_err(|_| Error::Unavailable)
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<(String, String), (HeaderValue, Bytes)> for ByBytes {
    fn weight(&self, _: &(String, String), file: &(HeaderValue, Bytes)) -> u64 {
        file.1.len() as u64 + 200
    }
}

impl Weighter<PageKey, Arc<Page>> for ByBytes {
    fn weight(&self, _: &PageKey, page: &Arc<Page>) -> u64 {
        (page.identity.len() + page.gzip.len() + page.brotli.len() + 200) as u64
    }
}
