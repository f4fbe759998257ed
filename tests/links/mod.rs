//! Links, one file for each thing that is done with them.

mod carry_on;
mod gate;
mod gone;
mod list;
mod publish;
mod revoke;
mod view;
