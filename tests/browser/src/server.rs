//! A static server on loopback that can break files and go away.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// Name and contents of a page that shows the served one in a frame.
const FRAME: &str = "frame.html";
const FRAME_PAGE: &str =
    "<!DOCTYPE html><title>A frame</title><iframe src='./' height=700></iframe>";

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Status 404.
    Missing,
    /// Only the first half comes.
    Truncated,
    /// One byte in the middle differs.
    Changed,
}

/// A running server. Each has a port, and so an origin, of its own.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Its own, so that ending it also closes every connection.
    runtime: Option<Runtime>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    /// How the files in the folder are compressed, as browsers call it.
    encoding: Option<&'static str>,
    faults: Mutex<HashMap<String, Fault>>,
    asked: Mutex<HashMap<String, usize>>,
}

impl Server {
    /// Serves a folder on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no port or no thread to be had.
    pub fn start(folder: PathBuf) -> Result<Self> {
        Self::serve(folder, None)
    }

    /// Serves a folder whose files are all compressed by brotli under their own names.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_brotli(folder: PathBuf) -> Result<Self> {
        Self::serve(folder, Some("br"))
    }

    fn serve(folder: PathBuf, encoding: Option<&'static str>) -> Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            folder,
            encoding,
            faults: Mutex::default(),
            asked: Mutex::default(),
        });
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move { axum::serve(TcpListener::from_std(listener)?, app).await });
        Ok(Self {
            address,
            shared,
            runtime: Some(runtime),
        })
    }

    /// Address of the page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Address of a page that shows it in a frame.
    #[must_use]
    pub fn frame_url(&self) -> String {
        self.url() + FRAME
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves that file, as `models/mood.onnx`, with a fault from now on.
    pub fn break_file(&self, name: &str, fault: Fault) {
        locked(&self.shared.faults).insert(name.to_owned(), fault);
    }

    /// Serves every file as it is.
    pub fn heal(&self) {
        locked(&self.shared.faults).clear();
    }

    /// How often that file was asked for.
    #[must_use]
    pub fn asked(&self, name: &str) -> usize {
        let asked = locked(&self.shared.asked);
        asked.get(name).copied().unwrap_or_default()
    }

    /// Goes away; nothing listens on the port any more.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a mutex holds, whoever panicked with it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let name = match uri.path().trim_start_matches('/') {
        name if name.is_empty() || name.ends_with('/') => format!("{name}index.html"),
        name => name.to_owned(),
    };
    let name = name.as_str();
    *locked(&shared.asked).entry(name.to_owned()).or_default() += 1;
    let fault = locked(&shared.faults).get(name).copied();
    let bytes = match fault {
        Some(Fault::Missing) => None,
        _ if name == FRAME => Some(FRAME_PAGE.into()),
        _ => read(&shared.folder, name),
    };
    let Some(mut bytes) = bytes else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let middle = bytes.len() / 2;
    match fault {
        Some(Fault::Truncated) => bytes.truncate(middle),
        Some(Fault::Changed) => bytes[middle] ^= 1,
        _ => {}
    }
    let kind = [(header::CONTENT_TYPE, content_type(name))];
    let mut response = (kind, bytes).into_response();
    if let Some(encoding) = shared.encoding {
        let encoding = HeaderValue::from_static(encoding);
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, encoding);
    }
    response
}

/// The file's contents; `None` where there is none, or where the name leads elsewhere.
fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let name = Path::new(name);
    let plain = name
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| fs::read(folder.join(name)).ok()).flatten()
}

/// What any web server knows.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css",
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
