//! The built page in headless Chromium: what a visitor does, and what may go wrong.
//!
//! Run by `cargo test --release -p browser-tests`; needs `dist/` (`trunk build
//! --release`), the native `trainer`, Chromium and chromedriver. `make test` provides
//! them all.

mod accessibility;
mod axe;
mod backup;
mod bad_files;
mod covers;
mod exports;
mod features;
mod first_minute;
mod folders;
mod formats;
mod language;
mod library;
mod list;
mod live;
mod models;
mod module;
mod network;
mod no_music;
mod offline;
mod queue;
mod reasons;
mod song;
mod stage;
mod storage;
mod suspended;
mod tagging;
mod update;
mod verdict;
mod workers;
