//! Who judges: the judges, and the workers that run the network with this one.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use js_sys::{Promise, Reflect};
use ndarray::Array2;
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

use crate::analysis::{Analysis, Judges, Progress};
use crate::error::AnalysisError;
use crate::network::{BANDS, FRAMES, MoodNetwork};
use crate::worker::helpers::{Heard, Helpers};
use crate::worker::late_network::LateNetwork;
use crate::worker::protocol::Job;

/// Most further workers for one song: each has a network of its own.
const MOST_HELPERS: usize = 1;
/// Memory in GB, by what the browser tells, up to which there is none.
const LITTLE_GB: f64 = 2.0;
/// Time in milliseconds after which a worker without a song loads the network and tries it.
const IDLE_MS: i32 = 500;

/// The judges of one worker.
pub struct Court {
    /// Ready to judge.
    pub judges: Judges,
    network: Arc<LateNetwork>,
    helpers: RefCell<Helpers>,
    /// Whether there was a song.
    asked: Cell<bool>,
}

impl Court {
    /// Of these judges, and their network.
    pub fn new(judges: Judges, network: Arc<LateNetwork>) -> Self {
        Self {
            judges,
            network,
            helpers: RefCell::default(),
            asked: Cell::new(false),
        }
    }

    /// Loads the network once it is clear that no song waits.
    pub async fn idle(&self, scope: &DedicatedWorkerGlobalScope) {
        let idle = Promise::new(&mut |resolve, _| {
            // Without a clock the network is loaded when it is needed.
            let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, IDLE_MS);
        });
        // It is never rejected.
        let _ = JsFuture::from(idle).await;
        if !self.asked.get() {
            // What is wrong with it is said when it is needed. The first run is the slowest: the
            // browser translates what is run often once more.
            let _ = self.network.run(Array2::zeros((BANDS, FRAMES)).view());
        }
    }

    /// Opens for a song that is judged alone, or beside others that need the cores.
    pub fn open(&self, scope: &DedicatedWorkerGlobalScope, alone: bool) {
        self.asked.set(true);
        let count = if alone { most_helpers(scope) } else { 0 };
        let (card, file) = (self.network.card(), self.network.file());
        self.helpers.borrow_mut().change(count, card, file);
    }

    /// Takes what the helpers answered on that song, or else does the next step.
    ///
    /// # Errors
    /// As [`Analysis::step`].
    pub async fn advance(
        &self,
        song: Job,
        analysis: &mut Analysis<'_>,
    ) -> Result<Progress, AnalysisError> {
        self.helpers.borrow_mut().ask(song, analysis)?;
        if analysis.waits() {
            let inbox = self.helpers.borrow().inbox();
            inbox.wait().await;
        }
        let mut progress = None;
        let heard = self.helpers.borrow_mut().take(song);
        for heard in heard {
            let (number, answer) = match heard {
                Heard::Answer(number, answer) => (number, answer),
                Heard::Unanswered(question) => {
                    let answer = self.network.run(question.mel_db.view())?;
                    (question.number, answer)
                }
            };
            progress = Some(analysis.answer(number, &answer)?);
        }
        progress.map_or_else(|| analysis.step(), Ok)
    }

    /// How many helpers there are, and the bytes of their WebAssembly memories.
    pub fn helpers(&self) -> (usize, u64) {
        let helpers = self.helpers.borrow();
        (helpers.count(), helpers.bytes())
    }
}

/// Further workers that help on this machine.
fn most_helpers(scope: &DedicatedWorkerGlobalScope) -> usize {
    let navigator = scope.navigator();
    // Some browsers do not tell it.
    let memory = Reflect::get(&navigator, &"deviceMemory".into());
    let memory = memory.ok().and_then(|memory| memory.as_f64());
    if memory.is_some_and(|memory| memory <= LITTLE_GB) {
        return 0;
    }
    let cores = navigator.hardware_concurrency() as usize;
    cores.saturating_sub(1).min(MOST_HELPERS)
}
