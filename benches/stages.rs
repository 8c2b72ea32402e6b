//! Time of each stage for a 30-second and a 4-minute song:
//! `cargo bench -p undertone`. The song is a committed excerpt, repeated.

use bundled::{FILES, NETWORK, NETWORK_CARD};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ndarray_npy::ReadNpyExt;
use undertone::analysis::analyse;
use undertone::card;
use undertone::network::{Listening, OnnxNetwork};
use undertone::spectrum::log_mel;
use undertone::{Analysis, AnalysisError, Judges, Measurement, Pcm, Report, Signal, Stage};

#[path = "../tests/numeric/bundled.rs"]
mod bundled;

const SONG: &[u8] = include_bytes!("../tests/data/song_signal.npy");

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Stereo at 44.1 kHz; the excerpt is played faster, which costs the same.
fn song(seconds: usize) -> Outcome<Pcm> {
    let excerpt = ndarray::Array1::<i16>::read_npy(std::io::Cursor::new(SONG))?;
    let samples = excerpt.iter().map(|&s| f32::from(s) / 32_768.0).cycle();
    let channel: Vec<f32> = samples.take(seconds * 44_100).collect();
    Ok(Pcm::new(vec![channel.clone(), channel], 44_100)?)
}

/// An analysis that has a verdict but no reasons yet.
fn decided<'a>(signal: &Signal, judges: &'a Judges) -> Result<Analysis<'a>, AnalysisError> {
    let mut analysis = Analysis::new(signal.clone(), judges);
    loop {
        let progress = analysis.step()?;
        if progress.stage == Stage::Network && progress.done == progress.total {
            return Ok(analysis);
        }
    }
}

/// Its report.
fn reasoned(mut analysis: Analysis) -> Result<Report, AnalysisError> {
    while !analysis.is_done() {
        analysis.step()?;
    }
    analysis.finish()
}

fn stages(criterion: &mut Criterion) -> Outcome<()> {
    let judges = Judges::from_files(FILES)?;
    let network = OnnxNetwork::load(card::parse("mood.json", NETWORK_CARD)?, NETWORK)?;
    for seconds in [30, 240] {
        let pcm = song(seconds)?;
        let signal = Signal::from_pcm(&pcm)?;
        let mut group = criterion.benchmark_group(format!("{seconds} s"));
        group.sample_size(10);
        group.bench_function("intake", |b| b.iter(|| Signal::from_pcm(&pcm)));
        group.bench_function("log-mel", |b| b.iter(|| log_mel(&signal.samples)));
        group.bench_function("spectrum and features", |b| {
            b.iter_batched(|| signal.clone(), Measurement::of, BatchSize::LargeInput);
        });
        group.bench_function("network", |b| {
            b.iter(|| Listening::of(&network, &signal.samples, &signal.silence));
        });
        group.bench_function("reasons", |b| {
            b.iter_batched(
                || decided(&signal, &judges),
                |analysis| analysis.and_then(reasoned),
                BatchSize::PerIteration,
            );
        });
        group.bench_function("all after intake", |b| {
            b.iter_batched(
                || signal.clone(),
                |signal| analyse(signal, &judges, |_| true),
                BatchSize::LargeInput,
            );
        });
        group.finish();
    }
    Ok(())
}

fn run(criterion: &mut Criterion) {
    if let Err(error) = stages(criterion) {
        eprintln!("{error}");
    }
}

criterion_group!(benches, run);
criterion_main!(benches);
