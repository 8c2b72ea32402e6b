//! What the browser does for the page: it decodes, keeps, plays, saves, shares, and runs the
//! workers.

pub mod backup;
pub mod choices;
pub mod covers;
pub mod decode;
pub mod download;
pub mod export;
pub mod fetch;
pub mod folders;
pub mod hash;
pub mod keeper;
pub mod lent;
pub mod live;
pub mod pages;
pub mod persistence;
pub mod player;
pub mod received;
pub mod service_worker;
pub mod share;
pub mod store;
pub mod tag_desk;
pub mod tagger_client;
pub mod worker_client;
pub mod workers;
