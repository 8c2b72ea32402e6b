//! What a file is, as far as can be told before it is heard.

pub mod names;
pub mod sniff;
