//! What only a browser shows, in real Chromium.

mod shared_page;
