//! What the visitor does, as events and requests.

pub mod exports;
pub mod intake;
pub mod library;
pub mod list;
pub mod live;
pub mod map;
pub mod samples;
pub mod shortcuts;
pub mod smart;
pub mod tagging;
