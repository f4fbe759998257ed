//! Clients of the API that are made here.

mod python;
