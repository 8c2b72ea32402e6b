//! The judges of the page: trained, joined by a fitted rule, measured, exported and verified.

pub mod export;
pub mod judged;
pub mod left_out;
pub mod train;
pub mod verify;
pub mod witnesses;
