//! Further workers that run the network for this one, so that a song has more than one core.
//!
//! A run of the network depends on nothing but its spectrogram, so that the answers are the
//! same whoever gives them. Only messages pass: no memory is shared, and no header is needed
//! of the server.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Float32Array, Function, Promise};
use ndarray::Array2;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::analysis::Analysis;
use crate::card::NetworkCard;
use crate::dom;
use crate::dom::listener::Listener;
use crate::error::AnalysisError;
use crate::network::{OUTPUTS, Question, WINDOW_STEPS};
use crate::worker::helper;

/// The loader of a worker, beside this one's.
const LOADER: &str = "judge.js";
/// Questions that a helper has at once: the one that it works at, and the next, so that it
/// never waits for this worker to come to the end of a run of its own.
const MOST_ASKED: usize = 2;

/// The helpers of one worker; dropping this ends them.
#[derive(Default)]
pub struct Helpers {
    staff: Vec<Helper>,
    inbox: Rc<Inbox>,
    /// Number that the next helper gets; those of former ones are never used again.
    next: usize,
}

struct Helper {
    id: usize,
    worker: Worker,
    /// Whether it listens.
    ready: Rc<Cell<bool>>,
    /// What it was asked and has not answered, the earliest first, and for which song.
    asked: VecDeque<(u32, Question)>,
    bytes: u64,
    _listeners: [Listener; 3],
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What the helpers said, and who waits for it.
#[derive(Default)]
pub struct Inbox {
    said: RefCell<VecDeque<(usize, Said)>>,
    wake: RefCell<Option<Function>>,
}

enum Said {
    Answer(Array2<f32>, u64),
    /// It is gone.
    Lost,
}

/// A run of the network that a helper was asked for.
pub enum Heard {
    /// It answered the question of that number.
    Answer(usize, Array2<f32>),
    /// It is gone without an answer.
    Unanswered(Question),
}

impl Inbox {
    /// Waits until something was said.
    pub async fn wait(&self) {
        if !self.said.borrow().is_empty() {
            return;
        }
        let said = Promise::new(&mut |resolve, _| {
            self.wake.replace(Some(resolve));
        });
        // It is never rejected.
        let _ = JsFuture::from(said).await;
    }

    fn put(&self, id: usize, said: Said) {
        self.said.borrow_mut().push_back((id, said));
        if let Some(wake) = self.wake.take() {
            // It resolves a promise, which never throws.
            let _ = wake.call0(&JsValue::NULL);
        }
    }
}

impl Helpers {
    /// Makes them so many. One that can't be started is done without.
    pub fn change(&mut self, count: usize, card: &NetworkCard, file: &ArrayBuffer) {
        self.staff.truncate(count);
        while self.staff.len() < count {
            match Helper::start(self.next, card, file, &self.inbox) {
                Ok(helper) => self.staff.push(helper),
                Err(error) => {
                    web_sys::console::warn_1(&error);
                    return;
                }
            }
            self.next += 1;
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.staff.len()
    }

    /// Bytes of their WebAssembly memories, as far as they told.
    pub fn bytes(&self) -> u64 {
        self.staff.iter().map(|helper| helper.bytes).sum()
    }

    /// Gives the helpers what an analysis wants to know. A next question in advance only
    /// where this worker has one left for itself.
    pub fn ask(&mut self, song: u32, analysis: &mut Analysis) -> Result<(), AnalysisError> {
        for asked in 0..MOST_ASKED {
            for helper in &mut self.staff {
                let left = analysis.questions();
                if !helper.ready.get() || helper.asked.len() != asked || left <= asked {
                    continue;
                }
                if let Some(question) = analysis.question()? {
                    helper.ask(song, question)?;
                }
            }
        }
        Ok(())
    }

    /// What was heard of that song since it was last asked.
    pub fn take(&mut self, song: u32) -> Vec<Heard> {
        let mut heard = Vec::new();
        while let Some((id, said)) = self.inbox.said.borrow_mut().pop_front() {
            let Some(at) = self.staff.iter().position(|helper| helper.id == id) else {
                continue;
            };
            match said {
                Said::Answer(answer, bytes) => {
                    self.staff[at].bytes = bytes;
                    if let Some((asked, question)) = self.staff[at].asked.pop_front()
                        && asked == song
                    {
                        heard.push(Heard::Answer(question.number, answer));
                    }
                }
                Said::Lost => {
                    let mut lost = self.staff.remove(at);
                    let own = lost.asked.drain(..).filter(|(asked, _)| *asked == song);
                    heard.extend(own.map(|(_, question)| Heard::Unanswered(question)));
                }
            }
        }
        heard
    }

    /// Where they are heard.
    pub fn inbox(&self) -> Rc<Inbox> {
        Rc::clone(&self.inbox)
    }
}

impl Helper {
    fn start(
        id: usize,
        card: &NetworkCard,
        file: &ArrayBuffer,
        inbox: &Rc<Inbox>,
    ) -> Result<Self, JsValue> {
        let card = serde_json::to_string(card).map_err(|error| error.to_string())?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(helper::NAME);
        let worker = Worker::new_with_options(LOADER, &options)?;
        let ready = Rc::new(Cell::new(false));
        let network = Array::of2(&card.into(), file);
        let listen = |kind: &'static str| {
            let (inbox, ready) = (Rc::clone(inbox), Rc::clone(&ready));
            let (worker, network) = (worker.clone(), network.clone());
            Listener::new(&worker.clone(), kind, move |event| {
                event.prevent_default();
                let message = event.dyn_ref::<MessageEvent>();
                if kind == "message" && !ready.replace(true) {
                    // It listens from now on.
                    if worker.post_message(&network).is_ok() {
                        return;
                    }
                }
                inbox.put(id, message.and_then(read).unwrap_or(Said::Lost));
            })
        };
        let listeners = [
            listen("message")?,
            listen("error")?,
            listen("messageerror")?,
        ];
        worker.post_message(&wasm_bindgen::module())?;
        Ok(Self {
            id,
            worker,
            ready,
            asked: VecDeque::new(),
            bytes: 0,
            _listeners: listeners,
        })
    }

    fn ask(&mut self, song: u32, question: Question) -> Result<(), AnalysisError> {
        let values: Vec<f32> = question.mel_db.iter().copied().collect();
        let values = Float32Array::from(values.as_slice());
        let buffers = Array::of1(&values.buffer());
        let asked = self
            .worker
            .post_message_with_transfer(&Array::of1(&values), &buffers);
        asked.map_err(|error| {
            AnalysisError::internal("asking a helper", &dom::message_of(&error))
        })?;
        self.asked.push_back((song, question));
        Ok(())
    }
}

/// The answer in a message; none in one that is none.
fn read(event: &MessageEvent) -> Option<Said> {
    let parts: Array = event.data().dyn_into().ok()?;
    let values = parts.get(0).dyn_into::<Float32Array>().ok()?.to_vec();
    let answer = Array2::from_shape_vec((WINDOW_STEPS, OUTPUTS), values).ok()?;
    Some(Said::Answer(answer, parts.get(1).as_f64()? as u64))
}
