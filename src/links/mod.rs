//! Links: the core of Takeback.
//!
//! A link is a public address of a conversation's snapshot, or of an assistant ([`give_out`]). What holds, always:
//!
//! 1. A link to a conversation shows a snapshot, and a snapshot is a copy: [`snapshot`], cut by [`publish`].
//! 2. Every surface that shows what it leads to asks [`gate`] first, for every request, and the gate asks the database. Of a
//!    link with a [`lock`] it also asks for the proof that this visitor has opened it, which [`unlock`] gives.
//! 3. Only [`revoke`] ends a link, and the commit of its transaction is the revocation; or its time does ([`expiry`]), or its
//!    last view ([`unlock`]).
//! 4. Nobody but the owner can list, change or end a link: every query in [`store`] names the owner.
//! 5. An anonymous link leads to nobody: the page is made from [`link::OpenLink`], which then has no name in it, and its
//!    pictures are [`bare`].

pub mod api;
pub mod bare;
pub mod behind;
pub mod carry_on;
pub mod cli;
pub mod expire;
pub mod expiry;
pub mod front;
pub mod gate;
pub mod give_out;
pub mod link;
pub mod lists;
pub mod lock;
pub mod markdown;
pub mod open;
pub mod pages;
pub mod public;
pub mod publish;
pub mod report;
pub mod revoke;
pub mod snapshot;
pub mod store;
pub mod unlock;
pub mod views;
