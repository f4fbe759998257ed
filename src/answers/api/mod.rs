//! What programs say in conversations: the same as on the pages, by the same functions. The answer is a task of the
//! server's, so a program that hangs up, or whose key ends, loses nothing but the line.

pub mod following;
pub mod send;
pub mod stream;
