//! `/v1/chat/completions`: a program asks a model, in OpenAI's form, and nothing of it is kept.
//!
//! - [`complete`]: the operation; [`request`]: what can be asked for, and what becomes of each field
//! - [`messages`], [`content`]: what was said so far; [`target`]: who is asked
//! - [`running`]: the answer while it arrives; [`whole`], [`chunks`]: the two ways of handing it over
//!
//! What holds, always:
//!
//! 1. Nothing that is asked or answered is stored or logged.
//! 2. A field that would change the answer and can't be honoured is refused by its name, never passed over.
//! 3. An answer ends at its provider when its program hangs up, its key is revoked, or its person may not come in any
//!    more ([`running::Completion`]).

pub mod chunks;
pub mod complete;
pub mod content;
pub mod messages;
pub mod request;
pub mod running;
pub mod target;
pub mod whole;
