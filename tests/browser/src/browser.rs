//! One headless Chromium with a profile of its own, driven through chromedriver.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::paths;
use crate::waiting::PATIENCE;

/// No screen, no sandbox (containers have none), and nobody called at home: the last
/// three lead Chromium's own accounts, updates and extensions to a port where nobody
/// listens.
const FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints",
    "--gaia-url=http://127.0.0.1:1",
    "--component-updater=url-source=http://127.0.0.1:1/",
    "--apps-gallery-update-url=http://127.0.0.1:1/",
];

/// How a browser differs from the usual one.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Further command-line flags.
    pub flags: Vec<String>,
    /// Width of the screen in CSS pixels, where it is a small device's.
    pub width: Option<u32>,
    /// What the visitor reads, as in `zh-CN,en`; English where it is not said.
    pub languages: Option<String>,
}

/// A running Chromium; dropping it closes the browser and ends its driver.
#[derive(Debug)]
pub struct Browser {
    /// The session.
    pub client: Client,
    session: String,
    driver: Driver,
    _profile: TempDir,
}

/// A running chromedriver; dropping it kills the process.
#[derive(Debug)]
struct Driver {
    address: SocketAddr,
    _process: Child,
    _output: Lines<BufReader<ChildStdout>>,
}

impl Browser {
    /// Starts Chromium with an empty profile.
    ///
    /// # Errors
    /// When chromedriver or Chromium is not installed or does not start.
    pub async fn start(options: Options) -> Result<Self> {
        let chromium = paths::installed(&["chromium", "chromium-browser", "google-chrome"])?;
        let driver = Driver::start().await?;
        let profile = tempfile::tempdir()?;
        let mut capabilities = Map::new();
        capabilities.insert(
            "goog:chromeOptions".to_owned(),
            chrome_options(&chromium, profile.path(), options),
        );
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://{}", driver.address))
            .await
            .context("Chromium does not start")?;
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

    /// Sends a command of the Chrome DevTools Protocol, for what WebDriver has no words.
    ///
    /// # Errors
    /// When Chromium refuses it.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Result<()> {
        let body = json!({ "cmd": command, "params": parameters }).to_string();
        let mut stream = self.ask("POST", "/goog/cdp/execute", &body)?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        ensure!(&answer == b"HTTP/1.1 200", "{command} was refused");
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
        // Answered as soon as Chromium is gone.
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)
    }
}

/// What chromedriver is told.
fn chrome_options(chromium: &Path, profile: &Path, options: Options) -> Value {
    let mut args: Vec<_> = FLAGS.map(str::to_owned).to_vec();
    args.push(format!("--user-data-dir={}", profile.display()));
    args.extend(options.flags);
    let mut chrome = json!({
        "binary": chromium,
        "args": args,
        // Connect to no search engine before anybody searches.
        "prefs": {
            "net.network_prediction_options": 2,
            "intl.accept_languages": options.languages.unwrap_or_else(|| "en-GB,en".to_owned()),
        },
    });
    if let Some(width) = options.width {
        // A window can't be narrower than 500 pixels, an emulated device can.
        let screen = json!({ "width": width, "height": 700, "pixelRatio": 1.0 });
        chrome["mobileEmulation"] = json!({ "deviceMetrics": screen });
    }
    chrome
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that is already gone needs no closing.
        let _ = self.close();
    }
}

impl Driver {
    /// Starts chromedriver on a port that it chooses itself.
    async fn start() -> Result<Self> {
        let program = paths::installed(&["chromedriver"])?;
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver does not start")?;
        let output = process.stdout.take().context("chromedriver is mute")?;
        let mut output = BufReader::new(output).lines();
        let port = tokio::time::timeout(PATIENCE, port_of(&mut output))
            .await
            .context("chromedriver names no port")??;
        Ok(Self {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            _process: process,
            _output: output,
        })
    }
}

/// The port in `ChromeDriver was started successfully on port 12345.`
async fn port_of(output: &mut Lines<BufReader<ChildStdout>>) -> Result<u16> {
    while let Some(line) = output.next_line().await? {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    bail!("chromedriver ended before it named its port")
}
