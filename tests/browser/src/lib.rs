//! Drives the built page in headless Chromium, for the tests and the benchmark.
//!
//! [`server::Server`] serves the page and can break files or go away,
//! [`browser::Browser`] is one Chromium with a profile of its own, [`page::Page`] does
//! on the page what a visitor does ([`library`]: with many songs), [`songs`] are the files that it is given, and
//! [`proxy::Proxy`] writes down who else is called.

pub mod browser;
pub mod library;
pub mod page;
pub mod paths;
pub mod proxy;
pub mod server;
pub mod songs;
pub mod waiting;
