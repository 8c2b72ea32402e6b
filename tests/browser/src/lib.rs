//! Drives the built page in a browser, for the tests and the benchmark.
//!
//! [`server::Server`] serves the page and can break files or go away,
//! [`browser::Browser`] is one browser with a profile of its own (Chromium, or the
//! [`engine::Engine`] that is asked for), [`page::Page`] does on the page what a visitor
//! does ([`library`]: with many songs), [`songs`] are the files that it is given, and
//! [`proxy::Proxy`] writes down who else is called.

pub mod browser;
pub mod engine;
pub mod library;
pub mod page;
pub mod paths;
pub mod proxy;
pub mod server;
pub mod songs;
pub mod speaker;
pub mod waiting;
