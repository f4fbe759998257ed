//! Links, one file for each thing that is done with them.

mod api;
mod ask;
mod audit;
mod bare;
mod carry_on;
mod command;
mod expiry;
mod front;
mod gate;
mod gone;
mod ids;
mod list;
mod lock;
mod nodes;
mod pictures;
mod publish;
mod race;
mod remote;
mod revoke;
mod share_file;
mod view;
