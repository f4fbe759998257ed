//! The frame of `/v1`: what every operation of the API shares, whatever feature answers it. The operations themselves
//! are in their features (`links/api`).
//!
//! The style is OpenAI's, so that its clients work here with a changed base URL: the envelopes of lists ([`list`]), of
//! deletions ([`deleted`]) and of errors (`http::problem`), keys as bearers ([`caller`]), the headers of limits
//! ([`pace`]). What holds, always:
//!
//! 1. A cookie is nothing here: [`caller::Caller`] knows keys alone, and no answer sets a cookie.
//! 2. Every error has all four fields, `message`, `type`, `param` and `code`, and names the parameter that is at fault
//!    ([`body`]); one that can't be read is never guessed at.
//! 3. A request that is sent twice makes one thing ([`repeat`]).
//! 4. The document ([`document`]) is derived from the handlers; a test compares its operations with the routes.

pub mod body;
pub mod caller;
pub mod deleted;
pub mod document;
pub mod list;
pub mod pace;
pub mod repeat;
pub mod show;
