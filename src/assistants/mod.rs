//! Assistants: a name, instructions and knowledge that a model is given before a conversation.
//!
//! What holds:
//!
//! 1. Its instructions, its knowledge and its model are for its editors. Everybody else gets [`version::Face`].
//! 2. Editors see the newest version; everybody else gets the one that was published last. A version never changes.
//! 3. A conversation with it belongs to who has it, and to nobody else: [`voice`] says who speaks in it.
//! 4. Only its owner deletes it, lists it, or gives out a link to it.

pub mod api;
pub mod delete;
pub mod duplicate;
pub mod editors;
pub mod form;
pub mod knowledge;
pub mod pages;
pub mod save;
pub mod store;
pub mod version;
pub mod visibility;
pub mod voice;
