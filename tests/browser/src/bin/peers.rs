//! Measures other programs beside the page, in the same headless Chromium and by turns:
//! `peers FILE` prints the median of each in milliseconds, and how many times as long it takes
//! as the stages of the page that do the same.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use browser_tests::browser::{Browser, Options};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::server::Server;
use browser_tests::waiting;
use serde_json::Value;
use undertone::worker::protocol::Timing;

/// How often page and peers take turns.
const TURNS: usize = 3;

/// How long all peers together may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// What `peers.js` loads of the packages.
const NEEDED: [&str; 6] = [
    "essentia.js/dist/essentia-wasm.es.js",
    "essentia.js/dist/essentia.js-core.es.js",
    "essentia.js/dist/essentia.js-model.es.js",
    "onnxruntime-web/dist/ort.wasm.min.mjs",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.mjs",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
];

/// The beginning of a peer's name, what the page does meanwhile, and how long that takes.
type Pair = (&'static str, &'static str, fn(&Timing) -> f64);

const PAIRS: [Pair; 5] = [
    ("Web Audio: decoding", "intake, with decoding", |timing| {
        timing.intake_ms
    }),
    (
        "essentia.js: EBU R 128",
        "intake, with decoding",
        |timing| timing.intake_ms,
    ),
    (
        "essentia.js: mel bands",
        "spectrum: mel bands, chroma, pitches",
        |timing| timing.spectrum_ms,
    ),
    (
        "essentia.js: key, tempo",
        "spectrum and features",
        |timing| timing.spectrum_ms + timing.features_ms,
    ),
    ("onnxruntime-web", "network and reasons", |timing| {
        timing.network_ms + timing.reasons_ms
    }),
];

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match env::args_os().nth(1).map(PathBuf::from) {
        Some(file) => run(&file).await,
        None => Err(anyhow::anyhow!("give an audio file: peers FILE")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(file: &Path) -> Result<()> {
    let file = file
        .canonicalize()
        .with_context(|| format!("{} is not there", file.display()))?;
    let folder = stage(&file)?;
    let (mut own, mut others) = (Vec::new(), BTreeMap::<String, Vec<f64>>::new());
    for _ in 0..TURNS {
        own.push(undertone(&file).await?);
        for (name, milliseconds) in peers(folder.path()).await? {
            others.entry(name).or_default().push(milliseconds);
        }
    }
    println!("{}, medians of {TURNS} turns, ms:", file.display());
    let others: BTreeMap<String, f64> = others
        .into_iter()
        .map(|(name, times)| (name, median(times)))
        .collect();
    for (name, milliseconds) in &others {
        println!("  {name:<40} {milliseconds:>9.0}");
    }
    let total = median(own.iter().map(|timing| timing.total_ms).collect());
    println!("  {:<40} {total:>9.0}", "Undertone: whole song");
    println!("pairs, how many times as long as the page:");
    for (peer, what, milliseconds) in PAIRS {
        let own = median(own.iter().map(milliseconds).collect());
        let (product, works) = peer.split_once(": ").unwrap_or((peer, ""));
        let is_meant = |name: &str| {
            let work = name.strip_prefix(product).unwrap_or_default();
            works.split(", ").any(|meant| work.contains(meant)) && name.starts_with(product)
        };
        let sum: f64 = others
            .iter()
            .filter(|(name, _)| is_meant(name))
            .map(|(_, time)| time)
            .sum();
        println!(
            "  {peer:<26} {sum:>7.0} | {what:<36} {own:>7.0} | {:.1}",
            sum / own
        );
    }
    println!("not measured: mood models of essentia.js, which are not on npm");
    Ok(())
}

/// A folder with the peers' page, what it needs of their packages, the song and the network.
fn stage(song: &Path) -> Result<tempfile::TempDir> {
    let packages = paths::peers()?;
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let folder = tempfile::tempdir()?;
    let place = |from: &Path, name: &str| -> Result<()> {
        let to = folder.path().join(name);
        fs::create_dir_all(to.parent().unwrap_or(folder.path()))?;
        fs::copy(from, to).with_context(|| format!("{} is not there", from.display()))?;
        Ok(())
    };
    for name in ["index.html", "peers.js"] {
        place(&sources.join(name), name)?;
    }
    for name in NEEDED {
        place(&packages.join(name), &format!("node_modules/{name}"))?;
    }
    place(song, "song")?;
    place(&paths::dist()?.join("models/mood.onnx"), "mood.onnx")?;
    Ok(folder)
}

/// Judges the song twice; the first time warms up.
async fn undertone(file: &Path) -> Result<Timing> {
    let server = Server::start(paths::dist()?)?;
    let browser = Browser::start(Options::default()).await?;
    let page = Page::open(&browser, &server).await?;
    page.wait_until_offline_ready().await?;
    let mut last = None;
    for _ in 0..2 {
        let jobs = page.choose(&[file]).await?;
        last = page.wait_for_end(jobs[0]).await?.timing;
        page.forget_all().await?;
    }
    Ok(serde_json::from_str(
        &last.context("the page shows no timing")?,
    )?)
}

/// Milliseconds of each peer.
async fn peers(folder: &Path) -> Result<BTreeMap<String, f64>> {
    let server = Server::start(folder.to_owned())?;
    let browser = Browser::start(Options::default()).await?;
    browser.client.goto(&server.url()).await?;
    let answer = waiting::until_within(PATIENCE, "the peers", async || {
        let state = "return [window.times ?? null, window.fault ?? null]";
        let state: (Value, Option<String>) =
            serde_json::from_value(browser.run(state, &[]).await?)?;
        if let Some(fault) = state.1 {
            bail!("{fault}");
        }
        Ok((!state.0.is_null()).then_some(state.0))
    });
    Ok(serde_json::from_value(answer.await?)?)
}

/// The middle value of an odd number of values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
