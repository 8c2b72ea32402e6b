//! Measures the page in headless Chromium: `bench FILE…` judges each file several times and
//! prints the median of every stage in milliseconds, and the workers' memory; then how long a
//! newcomer waits, whose browser has nothing stored: on this machine, and with a phone's means.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use brotli::enc::BrotliEncoderParams;
use browser_tests::browser::{Browser, Options};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::Server;
use browser_tests::waiting;
use serde_json::json;
use undertone::worker::protocol::Timing;

/// Analyses of each file.
const RUNS: usize = 5;

/// Chooses the first sample song as soon as the page listens, and notes when that was, when the
/// verdict stands there, and when the report does, in milliseconds since the visitor came.
const NEWCOMER: &str = r##"
    const look = () => {
        const sample = document.querySelector("[data-sample]");
        if (sample && !window.listens) {
            window.listens = performance.now();
            sample.click();
        }
        window.judged ??= document.querySelector("#queue > li[data-kind]") && performance.now();
        window.explained ??= document.querySelector("#queue > li[data-state=done]") && performance.now();
        if (!window.explained) requestAnimationFrame(look);
    };
    look();
"##;

/// Bits a second of a phone's network, milliseconds until it answers, and how many times slower it
/// computes. The browser slows the page's own thread only, not its workers.
const PHONE: (f64, f64, f64) = (20e6, 40.0, 4.0);

/// A stage's name, and its milliseconds.
type Stage = (&'static str, fn(&Timing) -> f64);

/// The stages of a song, in their order.
const STAGES: [Stage; 8] = [
    ("decode", |timing| timing.decode_ms),
    ("intake", |timing| timing.intake_ms),
    ("spectrum", |timing| timing.spectrum_ms),
    ("network", |timing| timing.network_ms),
    ("features", |timing| timing.features_ms),
    ("reasons", |timing| timing.reasons_ms),
    ("verdict", |timing| timing.judged_ms),
    ("total", |timing| timing.total_ms),
];

#[tokio::main]
async fn main() -> ExitCode {
    let files: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    match run(&files).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(files: &[PathBuf]) -> Result<()> {
    ensure!(!files.is_empty(), "give audio files: bench FILE…");
    let server = Server::start(paths::dist()?)?;
    let browser = Browser::start(Options::default()).await?;
    let page = Page::open(&browser, &server).await?;
    // Storing the page would otherwise run beside the first analysis.
    page.wait_until_offline_ready().await?;
    for file in files {
        let file = file
            .canonicalize()
            .with_context(|| format!("{} is not there", file.display()))?;
        measure(&page, &file).await?;
    }
    drop(browser);
    welcome("a newcomer", &|| Server::start(paths::dist()?), &|_| Ok(())).await?;
    let compressed = tempfile::tempdir()?;
    compress(&paths::dist()?, compressed.path())?;
    let serve = || Server::start_brotli(compressed.path().to_owned());
    welcome("a newcomer with a phone", &serve, &slow_down).await
}

/// Compresses every file of a folder, those in its folders too, for [`Server::start_brotli`].
fn compress(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&place)?;
            compress(&entry.path(), &place)?;
        } else {
            let (mut from, mut to) = (File::open(entry.path())?, File::create(place)?);
            brotli::BrotliCompress(&mut from, &mut to, &BrotliEncoderParams::default())?;
        }
    }
    Ok(())
}

/// Gives a browser a phone's means, as far as it can.
fn slow_down(browser: &Browser) -> Result<()> {
    let (bits, latency, rate) = PHONE;
    let network = json!({
        "offline": false,
        "latency": latency,
        "downloadThroughput": bits / 8.0,
        "uploadThroughput": bits / 8.0,
    });
    browser.devtools("Network.enable", &json!({}))?;
    browser.devtools("Network.emulateNetworkConditions", &network)?;
    browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": rate }))?;
    Ok(())
}

/// Lets [`RUNS`] newcomers come to a page that is served and visited in that way.
async fn welcome(
    name: &str,
    serve: &dyn Fn() -> Result<Server>,
    prepare: &dyn Fn(&Browser) -> Result<()>,
) -> Result<()> {
    let mut waits = [const { Vec::new() }; 3];
    for _ in 0..RUNS {
        // A profile and an origin of its own: nothing is stored.
        let server = serve()?;
        let browser = Browser::start(Options::default()).await?;
        let source = json!({ "source": NEWCOMER });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", &source)?;
        prepare(&browser)?;
        browser.client.goto(&server.url()).await?;
        let times = waiting::until("the first report", async || {
            let times = "const { listens, judged, explained } = window; \
                return explained ? [listens, judged, explained] : null";
            let times = browser.run(times, &[]).await?;
            Ok(serde_json::from_value::<Option<[f64; 3]>>(times)?)
        });
        for (wait, time) in waits.iter_mut().zip(times.await?) {
            wait.push(time);
        }
    }
    println!("{name}, median of {RUNS}:");
    for (name, wait) in ["listens", "verdict", "report"].into_iter().zip(waits) {
        println!("  {name:<9} {:>10.1} ms", median(wait));
    }
    Ok(())
}

/// Judges the file [`RUNS`] times, each time from its bytes on.
async fn measure(page: &Page<'_>, file: &Path) -> Result<()> {
    let mut timings = Vec::with_capacity(RUNS);
    let mut bytes = String::new();
    for _ in 0..RUNS {
        let jobs = page.choose(&[file]).await?;
        let row = page.wait_for_end(jobs[0]).await?;
        ensure!(row.state == "done", "{}: {row:?}", file.display());
        let timing = row.timing.context("the page shows no timing")?;
        timings.push(serde_json::from_str::<Timing>(&timing)?);
        bytes = row.wasm_bytes.context("the page shows no memory size")?;
        // What is known would be answered without work.
        page.forget_all().await?;
    }
    println!("{}, median of {RUNS}:", file.display());
    for (name, milliseconds) in STAGES {
        let median = median(timings.iter().map(milliseconds).collect());
        println!("  {name:<9} {median:>10.1} ms");
    }
    let helpers = timings.iter().map(|timing| timing.helpers).max();
    println!("  {:<9} {:>10}", "helpers", helpers.unwrap_or_default());
    println!("  {:<9} {bytes:>10} bytes of WebAssembly", "memory");
    Ok(())
}

/// The middle value of an odd number of values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
