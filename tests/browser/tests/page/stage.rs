//! What every test needs: the page served, and a fresh browser.

use std::path::PathBuf;

use anyhow::Result;
use browser_tests::browser::{Browser, Options};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::Server;
use tokio::sync::{Mutex, MutexGuard};

/// One browser at a time: several would only slow each other down.
static TURN: Mutex<()> = Mutex::const_new(());

/// Waits for the one browser at a time.
pub async fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().await
}

/// The page on an origin of its own, and a browser with an empty profile.
pub struct Stage {
    pub server: Server,
    pub browser: Browser,
    _turn: MutexGuard<'static, ()>,
}

impl Stage {
    pub async fn set() -> Result<Self> {
        Self::set_with(Options::default()).await
    }

    pub async fn set_with(options: Options) -> Result<Self> {
        Self::serving(paths::dist()?, options).await
    }

    /// With a page that lies in another folder.
    pub async fn serving(folder: PathBuf, options: Options) -> Result<Self> {
        let turn = turn().await;
        Ok(Self {
            server: Server::start(folder)?,
            browser: Browser::start(options).await?,
            _turn: turn,
        })
    }

    /// Opens the page.
    pub async fn page(&self) -> Result<Page<'_>> {
        Page::open(&self.browser, &self.server).await
    }
}
