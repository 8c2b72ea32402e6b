//! The browsers that can be driven, and what their drivers must be told.

use std::env;
use std::ffi::OsString;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::browser::Options;
use crate::paths;
use crate::speaker::Speaker;
use crate::waiting::{self, PATIENCE};

/// The environment variable that names the engine.
const VARIABLE: &str = "UNDERTONE_BROWSER";

/// No screen, no sandbox (containers have none), and nobody called at home: the last
/// three lead Chromium's own accounts, updates and extensions to a port where nobody
/// listens.
const CHROMIUM_FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,AutofillServerCommunication",
    "--gaia-url=http://127.0.0.1:1",
    "--component-updater=url-source=http://127.0.0.1:1/",
    "--apps-gallery-update-url=http://127.0.0.1:1/",
];

/// Where Debian puts the test browser of `WebKitGTK`, below the architecture's folder.
const MINI_BROWSER: &str = "webkit2gtk-4.1/MiniBrowser";

/// A browser's engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium by chromedriver.
    Chromium,
    /// Firefox by geckodriver.
    Firefox,
    /// The test browser of `WebKitGTK`; it needs a display.
    WebKit,
}

/// A running driver; dropping it kills the process.
#[derive(Debug)]
pub struct Driver {
    /// Where it listens.
    pub address: SocketAddr,
    _process: Child,
    _speaker: Option<Speaker>,
    _output: Lines<BufReader<ChildStdout>>,
}

impl Engine {
    /// The engine that `UNDERTONE_BROWSER` names; Chromium where it is not set.
    ///
    /// # Errors
    /// When it names none.
    pub fn chosen() -> Result<Self> {
        match env::var(VARIABLE).as_deref() {
            Err(_) | Ok("" | "chromium") => Ok(Self::Chromium),
            Ok("firefox") => Ok(Self::Firefox),
            Ok("webkit") => Ok(Self::WebKit),
            Ok(other) => bail!("{VARIABLE} is {other}; expected chromium, firefox or webkit"),
        }
    }

    /// Starts its driver on a free port.
    ///
    /// # Errors
    /// When the driver is not installed or does not start.
    pub async fn start_driver(self, profile: &Path, options: &Options) -> Result<Driver> {
        let (name, arguments, listens) = match self {
            Self::Chromium => ("chromedriver", vec!["--port=0".to_owned()], "on port "),
            Self::Firefox => {
                let arguments = ["--port", "0", "--log", "info"].map(str::to_owned);
                ("geckodriver", arguments.to_vec(), "Listening on 127.0.0.1:")
            }
            Self::WebKit => {
                let argument = format!("--port={}", free_port()?);
                ("WebKitWebDriver", vec![argument], "")
            }
        };
        let speaker = match self {
            Self::Firefox => Some(Speaker::start(profile).await?),
            Self::Chromium | Self::WebKit => None,
        };
        let program = paths::installed(&[name])?;
        let mut process = Command::new(program)
            .args(&arguments)
            .envs(self.environment(profile, options)?)
            .envs(speaker.iter().map(|it| ("PULSE_SERVER", it.address())))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        let output = process.stdout.take().context("the driver is mute")?;
        let mut output = BufReader::new(output).lines();
        let port = if listens.is_empty() {
            silent_port(&arguments[0]).await?
        } else {
            tokio::time::timeout(PATIENCE, port_of(&mut output, listens))
                .await
                .with_context(|| format!("{name} names no port"))??
        };
        Ok(Driver {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            _process: process,
            _speaker: speaker,
            _output: output,
        })
    }

    /// What the driver and its browser find in their environment: `WebKitGTK` speaks the
    /// language of its locale, which is made where it is not English.
    fn environment(
        self,
        profile: &Path,
        options: &Options,
    ) -> Result<Vec<(&'static str, OsString)>> {
        let first = languages(options).split(',').next().unwrap_or_default();
        if self != Self::WebKit || first.starts_with("en") {
            return Ok(Vec::new());
        }
        let name = format!("{}.UTF-8", first.replace('-', "_"));
        let made = std::process::Command::new(paths::installed(&["localedef"])?)
            .args(["-f", "UTF-8", "-i", &first.replace('-', "_")])
            .arg(profile.join(&name))
            .output()?;
        let said = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "no locale {name}: {said}");
        let path = profile.as_os_str().to_owned();
        Ok(vec![("LOCPATH", path), ("LC_CTYPE", name.into())])
    }

    /// What its driver is told of the browser.
    ///
    /// # Errors
    /// When the browser is not installed.
    pub fn capabilities(self, profile: &Path, options: Options) -> Result<Map<String, Value>> {
        let (name, value) = match self {
            Self::Chromium => ("goog:chromeOptions", chromium(profile, options)?),
            Self::Firefox => ("moz:firefoxOptions", firefox(&options)?),
            Self::WebKit => {
                let browser = json!({ "binary": mini_browser()?, "args": ["--automation"] });
                ("webkitgtk:browserOptions", browser)
            }
        };
        Ok(Map::from_iter([(name.to_owned(), value)]))
    }
}

fn languages(options: &Options) -> &str {
    options.languages.as_deref().unwrap_or("en-GB,en")
}

fn chromium(profile: &Path, options: Options) -> Result<Value> {
    let languages = languages(&options).to_owned();
    let mut args: Vec<_> = CHROMIUM_FLAGS.map(str::to_owned).to_vec();
    args.push(format!("--user-data-dir={}", profile.display()));
    args.extend(options.flags);
    let mut chrome = json!({
        "binary": paths::installed(&["chromium", "chromium-browser", "google-chrome"])?,
        "args": args,
        // Connect to no search engine before anybody searches.
        "prefs": { "net.network_prediction_options": 2, "intl.accept_languages": languages },
    });
    if let Some(width) = options.width {
        // A window can't be narrower than 500 pixels, an emulated device can.
        let screen = json!({ "width": width, "height": 700, "pixelRatio": 1.0 });
        chrome["mobileEmulation"] = json!({ "deviceMetrics": screen });
    }
    Ok(chrome)
}

/// geckodriver makes a profile of its own.
fn firefox(options: &Options) -> Result<Value> {
    let width = options.width.unwrap_or(1280);
    Ok(json!({
        "binary": paths::installed(&["firefox-esr", "firefox"])?,
        "args": ["-headless", format!("--width={width}"), "--height=900"],
        "prefs": {
            "intl.accept_languages": languages(options),
            "app.update.enabled": false,
            "datareporting.policy.dataSubmissionEnabled": false,
            "network.captive-portal-service.enabled": false,
            "network.connectivity-service.enabled": false,
        },
    }))
}

fn mini_browser() -> Result<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib")?.filter_map(Result::ok);
    let browser = folders
        .map(|folder| folder.path().join(MINI_BROWSER))
        .find(|browser| browser.is_file());
    browser.context("MiniBrowser is not installed: `make test-engines` installs it")
}

/// A port that nobody listens on right now.
fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// Waits until a driver that says nothing listens on the port of its argument.
async fn silent_port(argument: &str) -> Result<u16> {
    let port = argument.rsplit('=').next().unwrap_or_default().parse()?;
    waiting::until("the driver listens", async || {
        Ok(TcpStream::connect(("127.0.0.1", port)).ok().map(|_| port))
    })
    .await
}

/// The port behind those words.
async fn port_of(output: &mut Lines<BufReader<ChildStdout>>, words: &str) -> Result<u16> {
    while let Some(line) = output.next_line().await? {
        let port = line
            .rsplit_once(words)
            .map(|(_, port)| port.trim_end_matches('.'));
        if let Some(port) = port
            .and_then(|port| port.parse().ok())
            .filter(|port| *port > 0)
        {
            return Ok(port);
        }
    }
    bail!("the driver ended before it named its port")
}
