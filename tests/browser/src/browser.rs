//! One browser with a profile of its own, driven through its driver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::engine::{Driver, Engine};
use crate::waiting::PATIENCE;

/// How a browser differs from the usual one.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Further command-line flags of Chromium.
    pub flags: Vec<String>,
    /// Width of the screen in CSS pixels, where it is a small device's.
    pub width: Option<u32>,
    /// What the visitor reads, as in `zh-CN,en`; English where it is not said.
    pub languages: Option<String>,
}

/// A running browser; dropping it closes the browser and ends its driver.
#[derive(Debug)]
pub struct Browser {
    /// The session.
    pub client: Client,
    session: String,
    driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts the chosen engine ([`Engine::chosen`]) with an empty profile.
    ///
    /// # Errors
    /// When the browser or its driver is not installed or does not start.
    pub async fn start(options: Options) -> Result<Self> {
        let engine = Engine::chosen()?;
        let profile = tempfile::tempdir()?;
        let driver = engine.start_driver(profile.path(), &options).await?;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(engine.capabilities(profile.path(), options)?);
        let address = format!("http://{}", driver.address);
        // A driver waits for ever for a browser that ends as it starts.
        let client = tokio::time::timeout(PATIENCE, builder.connect(&address))
            .await
            .with_context(|| format!("{engine:?} does not answer"))?
            .with_context(|| format!("{engine:?} does not start"))?;
        let session = client.session_id().await?.context("no session")?;
        Ok(Self {
            client,
            session,
            driver,
            _profile: profile,
        })
    }

    /// Runs the body of a function in the page and returns its value.
    ///
    /// # Errors
    /// What the script threw.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        Ok(self.client.execute(script, arguments.to_vec()).await?)
    }

    /// Sends a command of the Chrome `DevTools` Protocol, for what `WebDriver` has no words,
    /// and returns its result; only Chromium takes it.
    ///
    /// # Errors
    /// When Chromium refuses it.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": parameters }).to_string();
        let mut answer = BufReader::new(self.ask("POST", "/goog/cdp/execute", &body)?);
        let mut head = String::new();
        // The driver keeps the connection open: its answer ends where it says.
        while !head.ends_with("\r\n\r\n") {
            ensure!(answer.read_line(&mut head)? > 0, "{command}: no answer");
        }
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let (_, length) = length.context("an answer without a length")?;
        let mut body = vec![0; length.trim().parse()?];
        answer.read_exact(&mut body)?;
        let said = String::from_utf8_lossy(&body);
        ensure!(head.starts_with("HTTP/1.1 200"), "{command}: {said}");
        Ok(serde_json::from_str::<Value>(&said)?["value"].take())
    }

    /// Lets every page that is opened from now on believe that the machine has so many cores.
    ///
    /// # Errors
    /// When Chromium refuses it.
    pub fn pretend_cores(&self, cores: usize) -> Result<()> {
        let cores = json!({ "hardwareConcurrency": cores });
        self.devtools("Emulation.setHardwareConcurrencyOverride", &cores)?;
        Ok(())
    }

    /// Sends a request about the session, and leaves the answer to the caller.
    fn ask(&self, method: &str, command: &str, body: &str) -> std::io::Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&self.driver.address, PATIENCE)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "{method} /session/{}{command} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.session,
            self.driver.address,
            body.len()
        )?;
        Ok(stream)
    }

    /// Ends the session, without waiting for a runtime: drops can't.
    fn close(&self) -> std::io::Result<()> {
        let mut stream = self.ask("DELETE", "", "")?;
        // Answered as soon as the browser is gone.
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that is already gone needs no closing.
        let _ = self.close();
    }
}
