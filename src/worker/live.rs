//! What is heard live: the last seconds of it in memory, judged again and again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Float32Array;
use wasm_bindgen_futures::spawn_local;
use web_sys::DedicatedWorkerGlobalScope;

use crate::analysis::{Analysis, Judgement};
use crate::audio::{Ring, Signal};
use crate::error::AnalysisError;
use crate::worker::court::Court;
use crate::worker::outbox::{now, post};
use crate::worker::pause::Pause;
use crate::worker::protocol::{FromWorker, LIVE_LEAST_SECONDS, LIVE_SECONDS};

/// Least time between the beginnings of two judgements, in milliseconds.
const LEAST_MS: f64 = 2_000.0;

/// The ring of samples, and whether it is being judged. It goes with the worker, which the
/// page ends when it stops listening.
pub struct Live {
    scope: DedicatedWorkerGlobalScope,
    court: Rc<Court>,
    ring: RefCell<Option<Ring>>,
    judging: Cell<bool>,
    /// When the last judgement began, on the worker's clock.
    begun_ms: Cell<f64>,
}

impl Live {
    /// Has heard nothing.
    pub const fn new(scope: DedicatedWorkerGlobalScope, court: Rc<Court>) -> Self {
        Self {
            scope,
            court,
            ring: RefCell::new(None),
            judging: Cell::new(false),
            begun_ms: Cell::new(f64::NEG_INFINITY),
        }
    }

    /// Takes the next block in, and begins to judge if it is time.
    pub fn hear(self: &Rc<Self>, sample_rate: u32, channels: &[Float32Array]) {
        let started = now(&self.scope);
        match self.keep(sample_rate, channels) {
            Ok(seconds) => {
                let is_time = started - self.begun_ms.get() >= LEAST_MS;
                if seconds >= f64::from(LIVE_LEAST_SECONDS) && is_time && !self.judging.get() {
                    self.judging.set(true);
                    self.begun_ms.set(started);
                    spawn_local(Rc::clone(self).answer());
                }
            }
            Err(error) => self.say(Err(error), started),
        }
    }

    /// Puts a block into the ring, and tells how many seconds are there. Where the sound is of
    /// another kind now, the ring begins anew.
    fn keep(&self, sample_rate: u32, channels: &[Float32Array]) -> Result<f64, AnalysisError> {
        let mut kept = self.ring.borrow_mut();
        let fits = |ring: &Ring| ring.is_for(sample_rate, channels.len());
        let mut ring = match kept.take().filter(fits) {
            Some(ring) => ring,
            None => Ring::new(sample_rate, channels.len(), LIVE_SECONDS)?,
        };
        let block: Vec<_> = channels.iter().map(Float32Array::to_vec).collect();
        ring.push(&block)?;
        Ok(kept.insert(ring).seconds())
    }

    async fn answer(self: Rc<Self>) {
        let started = now(&self.scope);
        let signal = self.ring.borrow_mut().as_mut().map(Ring::signal);
        let signal = signal.unwrap_or(Err(AnalysisError::Empty));
        let judgement = match signal {
            Ok(signal) => self.judge(signal).await,
            Err(error) => Err(error),
        };
        self.judging.set(false);
        self.say(judgement, started);
    }

    /// Judges, while further blocks come in.
    async fn judge(&self, signal: Signal) -> Result<Judgement, AnalysisError> {
        let pause = Pause::new().map_err(|error| {
            let detail = crate::dom::message_of(&error);
            AnalysisError::internal("yielding", &detail)
        })?;
        let mut analysis = Analysis::new(signal, &self.court.judges);
        loop {
            pause.breathe().await?;
            if let Some(judgement) = analysis.judgement() {
                return Ok(judgement);
            }
            analysis.step()?;
        }
    }

    fn say(&self, judgement: Result<Judgement, AnalysisError>, started: f64) {
        let took_ms = now(&self.scope) - started;
        let said = FromWorker::Live { judgement, took_ms };
        post(&self.scope, &said, &[]);
    }
}
