//! A proxy that leads nowhere, and remembers who was to be called.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Chromium asks a proxy for every host but loopback: what arrives here would have left
/// the machine.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no port to be had.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(refuse(stream, Arc::clone(&list)));
            }
        });
        Ok(Self {
            address,
            requests,
            task,
        })
    }

    /// The flag that makes Chromium use it.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--proxy-server=http://{}", self.address)
    }

    /// The requests so far, as `CONNECT example.org:443 HTTP/1.1`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Writes down the request's first line, and answers that there is no way.
async fn refuse(stream: TcpStream, requests: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    if stream.read_line(&mut line).await.is_err() || line.is_empty() {
        return;
    }
    requests
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(line.trim_end().to_owned());
    let answer = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    // Whoever is gone needs no answer.
    let _ = stream.write_all(answer).await;
}
