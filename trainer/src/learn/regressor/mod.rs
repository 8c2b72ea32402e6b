//! Fits [`undertone::regressor`] on scores of tracks, and gives labelled songs estimates
//! that did not see them.
//!
//! Songs of validation groups are held out; all others are split into folds by group.
//! Kernel and penalty are chosen over these folds, the card's figures are measured on
//! them, and their fits stay in the work folder: a labelled song whose group was fitted is
//! estimated by the fit that left it out.

mod card;
mod estimates;
mod fit;
mod kernel_ridge;
mod rivals;
mod search;
mod songs;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod train;

pub use card::{can_stay, empty_card, empty_model, features_card};
pub use estimates::write_table;
pub use store::load;
pub use train::{Options, train};
