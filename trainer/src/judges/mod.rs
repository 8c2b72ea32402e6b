//! The judges of the page: trained, joined by a fitted rule, measured, exported and verified.

pub mod answers;
pub mod cross_validate;
pub mod export;
pub mod judged;
mod ratings;
pub mod train;
pub mod verify;
