//! The worker: loads the models, then judges one song after another.
//!
//! The analysis is a task that yields to the event loop between windows, so that a
//! cancel is seen.

use std::cell::{Cell, RefCell};
use std::panic::PanicHookInfo;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use crate::analysis::{Analysis, Judgement};
use crate::audio::{Intake, Signal};
use crate::decode::SignalReader;
use crate::decode::tags::{self, Head};
use crate::dom::blob_source::BlobSource;
use crate::dom::listener::Listener;
use crate::error::AnalysisError;
use crate::report::{Moment, Report};
use crate::spectrum::Thumbnail;
use crate::worker::court::Court;
use crate::worker::helper;
use crate::worker::live::Live;
use crate::worker::memory::memory_bytes;
use crate::worker::models::{self, Models};
use crate::worker::outbox::{now, post};
use crate::worker::pause::Pause;
use crate::worker::protocol::{
    FromWorker, Job, MAX_READ_MINUTES, PictureSize, Step, Timing, ToWorker,
};

/// Samples of each channel that are taken in at once: 2 s at 44.1 kHz.
const CHUNK: u32 = 88_200;
/// Width of the spectrogram picture: more than most screens show.
const PICTURE_COLUMNS: usize = 1200;

/// Share of the work that the intake takes, as measured in Chromium on 4 minutes of stereo.
const INTAKE_SHARE: f32 = 0.3;

thread_local! {
    /// The listener to the page; it lives until the page ends the worker.
    static INBOX: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// A song on its way through the worker.
struct Task {
    job: Job,
    alone: bool,
    scope: DedicatedWorkerGlobalScope,
    cancelled: Rc<Cell<Option<Job>>>,
    pause: Pause,
    timing: Timing,
    head: Head,
}

/// Where a song's samples come from.
enum Source {
    /// The browser decoded them.
    Samples {
        channels: Vec<Float32Array>,
        sample_rate: u32,
        file: Option<Blob>,
    },
    /// This file, of about so many seconds.
    File { file: Blob, seconds: f64 },
}

/// What the page asks for.
enum Asked {
    /// That song, and whether it is judged alone.
    Judge(Job, Source, bool),
    /// To stop that one.
    Cancel(Job),
    /// The next of what is heard live, at that rate.
    Live(u32, Vec<Float32Array>),
}

/// A judged song, as it goes to the page.
struct Verdict {
    report: Report,
    picture: Thumbnail,
    wasm_bytes: u64,
}

/// Starts the worker: loads the models, then says [`FromWorker::Ready`].
///
/// # Errors
/// What the browser threw.
pub fn start() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    if scope.name() == helper::NAME {
        return helper::start(&scope);
    }
    std::panic::set_hook(Box::new(report_panic));
    spawn_local(async move {
        match models::load(&scope).await {
            Ok(models) => open(&scope, models).await,
            Err(error) => post(&scope, &FromWorker::Refused { error }, &[]),
        }
    });
    Ok(())
}

/// Listens to the page, and says so.
async fn open(scope: &DedicatedWorkerGlobalScope, models: Models) {
    let Models {
        judges,
        network,
        cards,
    } = models;
    let court = Rc::new(Court::new(judges, network));
    let message = match listen(scope, Rc::clone(&court)) {
        Ok(inbox) => {
            INBOX.set(Some(inbox));
            let cards = Box::new(cards);
            FromWorker::Ready { cards }
        }
        Err(error) => {
            let error = AnalysisError::internal("the worker", &text_of(&error));
            failed(None, error)
        }
    };
    post(scope, &message, &[]);
    court.idle(scope).await;
}

/// Listens to the page.
fn listen(scope: &DedicatedWorkerGlobalScope, court: Rc<Court>) -> Result<Listener, JsValue> {
    let cancelled = Rc::new(Cell::new(None));
    let live = Rc::new(Live::new(scope.clone(), Rc::clone(&court)));
    let global = scope.clone();
    Listener::new(scope, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        match read(&data) {
            Ok(Asked::Cancel(job)) => cancelled.set(Some(job)),
            Ok(Asked::Live(sample_rate, channels)) => live.hear(sample_rate, &channels),
            Ok(Asked::Judge(job, source, alone)) => {
                let task = Pause::new().map(|pause| Task {
                    job,
                    alone,
                    scope: global.clone(),
                    cancelled: Rc::clone(&cancelled),
                    pause,
                    timing: Timing::default(),
                    head: Head::default(),
                });
                match task {
                    Ok(task) => spawn_local(task.run(source, Rc::clone(&court))),
                    Err(error) => {
                        let error = AnalysisError::internal("the worker", &text_of(&error));
                        post(&global, &failed(Some(job), error), &[]);
                    }
                }
            }
            Err(error) => {
                let error = AnalysisError::internal("the worker's inbox", &text_of(&error));
                post(&global, &failed(None, error), &[]);
            }
        }
    })
}

/// What a message asks for.
fn read(data: &JsValue) -> Result<Asked, JsValue> {
    let parts: Array = data.clone().dyn_into()?;
    let text = parts.get(0).as_string().unwrap_or_default();
    let message = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Ok(match message {
        ToWorker::Cancel { job } => Asked::Cancel(job),
        ToWorker::Live { sample_rate } => {
            Asked::Live(sample_rate, arrays(&parts.slice(1, parts.length()))?)
        }
        ToWorker::Read {
            job,
            seconds,
            alone,
        } => {
            let file = parts.get(1).dyn_into()?;
            Asked::Judge(job, Source::File { file, seconds }, alone)
        }
        ToWorker::Analyse {
            job,
            sample_rate,
            alone,
        } => {
            let last = parts.get(parts.length().saturating_sub(1));
            let file: Option<Blob> = last.dyn_into().ok();
            let count = parts.length() - u32::from(file.is_some());
            let source = Source::Samples {
                channels: arrays(&parts.slice(1, count))?,
                sample_rate,
                file,
            };
            Asked::Judge(job, source, alone)
        }
    })
}

/// One array a channel.
fn arrays(parts: &Array) -> Result<Vec<Float32Array>, JsValue> {
    parts.iter().map(JsCast::dyn_into).collect()
}

impl Task {
    /// Judges the song and answers the page, whatever comes.
    async fn run(mut self, source: Source, court: Rc<Court>) {
        let is_file = matches!(source, Source::File { .. });
        court.open(&self.scope, self.alone);
        match self.judge(source, &court).await {
            Ok(verdict) => self.answer(verdict),
            Err(AnalysisError::Undecodable { .. } | AnalysisError::NoAudio) if is_file => {
                post(&self.scope, &FromWorker::Unread { job: self.job }, &[]);
            }
            Err(error) => post(&self.scope, &failed(Some(self.job), error), &[]),
        }
    }

    async fn judge(&mut self, source: Source, court: &Court) -> Result<Verdict, AnalysisError> {
        let signal = match source {
            Source::Samples {
                channels,
                sample_rate,
                file,
            } => {
                // A file that is gone meanwhile has no tags, and its samples are here.
                let file = file.and_then(|file| BlobSource::new(file).ok());
                self.head = file.map_or_else(Head::default, |file| tags::read(Box::new(file)));
                self.take_in(channels, sample_rate).await?
            }
            Source::File { file, seconds } => self.decode(&file, seconds).await?,
        };
        let mut analysis = Analysis::new(signal, &court.judges);
        let (mut sent, mut judged) = (0, false);
        while !analysis.is_done() {
            let started = now(&self.scope);
            let progress = court.advance(self.job, &mut analysis).await?;
            let step = Step::from(progress.stage);
            self.timing.add(step, now(&self.scope) - started);
            let fraction = INTAKE_SHARE + (1.0 - INTAKE_SHARE) * progress.fraction;
            self.report_progress(step, fraction);
            match analysis.judgement() {
                Some(judgement) if !judged => {
                    judged = true;
                    self.timing.judged_ms = self.timing.total_ms;
                    // What is no music has no reasons to be waited for.
                    if !analysis.is_done() {
                        self.report_judgement(judgement, analysis.timeline());
                    }
                }
                Some(_) => {}
                None => {
                    self.report_moments(&analysis.timeline()[sent..]);
                    sent = analysis.timeline().len();
                }
            }
            self.breathe().await?;
        }
        let picture = analysis.thumbnail(PICTURE_COLUMNS);
        let started = now(&self.scope);
        let report = analysis.finish()?;
        self.timing.add(Step::Reasons, now(&self.scope) - started);
        let (helpers, bytes) = court.helpers();
        self.timing.helpers = helpers;
        Ok(Verdict {
            report,
            picture,
            wasm_bytes: memory_bytes() + bytes,
        })
    }

    /// Copies the samples chunk by chunk, so that a long song fits into wasm memory.
    async fn take_in(
        &mut self,
        channels: Vec<Float32Array>,
        sample_rate: u32,
    ) -> Result<Signal, AnalysisError> {
        let length = channels.iter().map(Float32Array::length).max().unwrap_or(0);
        let mut intake = Intake::new(sample_rate, channels.len())?;
        let mut buffers = vec![Vec::new(); channels.len()];
        for start in (0..length).step_by(CHUNK as usize) {
            let started = now(&self.scope);
            for (channel, buffer) in channels.iter().zip(&mut buffers) {
                let chunk = channel.subarray(start, (start + CHUNK).min(length));
                buffer.resize(chunk.length() as usize, 0.0);
                chunk.copy_to(buffer);
            }
            let chunk: Vec<&[f32]> = buffers.iter().map(Vec::as_slice).collect();
            intake.push(&chunk)?;
            self.timing.add(Step::Intake, now(&self.scope) - started);
            let fraction = INTAKE_SHARE * start as f32 / length as f32;
            self.report_progress(Step::Intake, fraction);
            self.breathe().await?;
        }
        drop(channels);
        let started = now(&self.scope);
        let signal = intake.finish();
        self.timing.add(Step::Intake, now(&self.scope) - started);
        signal
    }

    /// Decodes a file and takes it in packet by packet.
    async fn decode(&mut self, file: &Blob, seconds: f64) -> Result<Signal, AnalysisError> {
        let unreadable = |error: std::io::Error| AnalysisError::Undecodable {
            detail: error.to_string(),
        };
        let source = BlobSource::new(file.clone()).map_err(unreadable)?;
        let mut reader = SignalReader::open(Box::new(source), None)?;
        self.head = reader.head();
        let seconds = reader.listed_seconds().unwrap_or(seconds);
        loop {
            let started = now(&self.scope);
            let is_more = reader.read(CHUNK as usize)?;
            self.timing.add(Step::Intake, now(&self.scope) - started);
            if !is_more {
                break;
            }
            let heard_s = reader.heard_seconds();
            if heard_s > 60.0 * MAX_READ_MINUTES {
                return Err(AnalysisError::TooLong {
                    minutes: heard_s / 60.0,
                    maximum: MAX_READ_MINUTES,
                });
            }
            let done = (heard_s / seconds).min(1.0);
            self.report_progress(Step::Intake, INTAKE_SHARE * done as f32);
            self.breathe().await?;
        }
        let started = now(&self.scope);
        let signal = reader.finish();
        self.timing.add(Step::Intake, now(&self.scope) - started);
        signal
    }

    /// Lets the event loop run, then looks whether the page wants to stop.
    async fn breathe(&self) -> Result<(), AnalysisError> {
        self.pause.breathe().await?;
        if self.cancelled.get() == Some(self.job) {
            return Err(AnalysisError::Cancelled);
        }
        Ok(())
    }

    fn report_progress(&self, stage: Step, fraction: f32) {
        let job = self.job;
        let message = FromWorker::Progress {
            job,
            stage,
            fraction,
        };
        post(&self.scope, &message, &[]);
    }

    fn report_moments(&self, moments: &[Moment]) {
        if !moments.is_empty() {
            let (job, moments) = (self.job, moments.to_vec());
            post(&self.scope, &FromWorker::Segment { job, moments }, &[]);
        }
    }

    fn report_judgement(&self, judgement: Judgement, moments: &[Moment]) {
        let message = FromWorker::Judged {
            job: self.job,
            judgement,
            moments: moments.to_vec(),
        };
        post(&self.scope, &message, &[]);
    }

    fn answer(&self, verdict: Verdict) {
        let Verdict {
            report,
            picture,
            wasm_bytes,
        } = verdict;
        let message = FromWorker::Done {
            job: self.job,
            report: Box::new(report),
            tags: self.head.tags.clone(),
            picture: PictureSize {
                columns: picture.columns,
                rows: picture.rows,
            },
            timing: self.timing,
            wasm_bytes,
        };
        let mut parts = vec![Uint8Array::from(picture.pixels.as_slice())];
        parts.extend(self.head.cover.as_deref().map(Uint8Array::from));
        post(&self.scope, &message, &parts);
    }
}

const fn failed(job: Option<Job>, error: AnalysisError) -> FromWorker {
    FromWorker::Failed { job, error }
}

/// Tells the page of a bug before the trap ends the worker.
fn report_panic(info: &PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        let error = AnalysisError::internal("the analysis", &info);
        post(&scope, &failed(None, error), &[]);
    }
}

fn text_of(error: &JsValue) -> String {
    crate::dom::message_of(error)
}
