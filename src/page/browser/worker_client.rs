//! The page's end of a worker: start, send, listen, watch, end.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Promise, Uint8Array, WebAssembly};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, File, MessageEvent, Response, Worker, WorkerOptions, WorkerType};

use crate::dom;
use crate::dom::listener::{Interval, Listener, Timeout};
use crate::page::browser::decode::{Decoded, Sound};
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{Event, WorkerId};
use crate::worker::protocol::{FromWorker, Job, ToWorker};
use crate::worker::watch::{TICK_MS, Watch};

/// The worker's loader and its WebAssembly, relative to the page.
const LOADER: &str = "judge.js";
const WASM: &str = "worker_bg.wasm";
/// How long a cancelled worker may take to answer, in milliseconds.
const CANCEL_MS: i32 = 1_000;

/// A running worker; dropping it ends the worker.
pub struct WorkerClient {
    id: WorkerId,
    worker: Worker,
    watch: Rc<Watch>,
    /// Whether there is no other worker.
    pub alone: bool,
    cancel: Option<Timeout>,
    _clock: Interval,
    _listeners: [Listener; 3],
}

impl WorkerClient {
    /// Starts the worker of that number from the compiled module.
    pub fn start(id: WorkerId, module: &JsValue) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(LOADER, &options)?;
        let watch = Rc::new(Watch::default());
        let listeners = [
            Listener::new(&worker, "message", on_message(id, &watch))?,
            Listener::new(&worker, "error", on_error(id))?,
            Listener::new(&worker, "messageerror", on_error(id))?,
        ];
        worker.post_message(module)?;
        watch.heard(true);
        Ok(Self {
            id,
            worker,
            _clock: clock(id, &watch)?,
            watch,
            alone: true,
            cancel: None,
            _listeners: listeners,
        })
    }

    /// Sends a song. The samples move to the worker; nothing is copied. The worker reads the
    /// tags of its file, where there is one.
    pub fn analyse(
        &mut self,
        job: Job,
        song: &Decoded,
        file: Option<&File>,
    ) -> Result<(), JsValue> {
        let (buffers, alone) = (Array::new(), self.alone);
        let message = match &song.sound {
            Sound::Samples {
                channels,
                sample_rate,
            } => {
                let sample_rate = *sample_rate;
                let message = envelope(&ToWorker::Analyse {
                    job,
                    sample_rate,
                    alone,
                })?;
                for channel in channels.iter() {
                    buffers.push(&channel.unchecked_ref::<Float32Array>().buffer());
                    message.push(&channel);
                }
                if let Some(file) = file {
                    message.push(file);
                }
                message
            }
            Sound::File(file) => {
                let seconds = song.seconds;
                let message = envelope(&ToWorker::Read {
                    job,
                    seconds,
                    alone,
                })?;
                message.push(file);
                message
            }
        };
        self.cancel = None;
        self.worker.post_message_with_transfer(&message, &buffers)?;
        self.watch.heard(true);
        Ok(())
    }

    /// Sends a block of what is heard live. The samples move to the worker; nothing is copied.
    pub fn hear(&mut self, sample_rate: u32, channels: &Array) -> Result<(), JsValue> {
        let message = envelope(&ToWorker::Live { sample_rate })?.concat(channels);
        let buffers = Array::new();
        for channel in channels.iter() {
            buffers.push(&channel.unchecked_ref::<Float32Array>().buffer());
        }
        self.worker.post_message_with_transfer(&message, &buffers)
    }

    /// Asks to stop a song, and reports if that takes too long.
    pub fn cancel(&mut self, job: Job) -> Result<(), JsValue> {
        let message = envelope(&ToWorker::Cancel { job })?;
        self.worker.post_message(&message)?;
        let id = self.id;
        let overdue = move || sender::send(Event::CancelOverdue(id));
        self.cancel = Some(Timeout::new(CANCEL_MS, overdue)?);
        Ok(())
    }
}

impl Drop for WorkerClient {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Fetches and compiles the worker's WebAssembly, once for all workers.
pub async fn compile() -> Result<JsValue, JsValue> {
    let answer = JsFuture::from(dom::window()?.fetch_with_str(WASM)).await;
    let response: Response = answer
        .map_err(|error| js_sys::Error::new(&format!("{WASM}: {}", dom::message_of(&error))))?
        .unchecked_into();
    if !response.ok() {
        let text = format!("{WASM}: status {}", response.status());
        return Err(js_sys::Error::new(&text).into());
    }
    let kind = response.headers().get("Content-Type")?;
    if kind.as_deref() == Some("application/wasm") {
        let response = Promise::resolve(&JsValue::from(response));
        return JsFuture::from(WebAssembly::compile_streaming(&response)).await;
    }
    // A server that does not know the type: the browser refuses to compile while loading.
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    JsFuture::from(WebAssembly::compile(&bytes)).await
}

/// A message without transferables.
fn envelope(message: &ToWorker) -> Result<Array, JsValue> {
    let text = serde_json::to_string(message).map_err(|error| error.to_string())?;
    Ok(Array::of1(&text.into()))
}

/// Reports a worker that has been silent for too long.
fn clock(id: WorkerId, watch: &Rc<Watch>) -> Result<Interval, JsValue> {
    let watch = Rc::clone(watch);
    Interval::new(TICK_MS, move || {
        if watch.tick() {
            let text = format!("no answer for {} s", Watch::seconds());
            sender::send(Event::Lost(id, text));
        }
    })
}

/// Reads a message, passes it on and notes that the worker was heard.
fn on_message(id: WorkerId, watch: &Rc<Watch>) -> impl FnMut(web_sys::Event) + use<> {
    let watch = Rc::clone(watch);
    move |event| {
        let event = match read(&event) {
            Ok((message, pixels, cover)) => {
                if let (FromWorker::Done { job, .. }, Some(cover)) = (&message, cover) {
                    sender::ask(Request::KeepCover(*job, cover));
                }
                watch.heard(matches!(
                    message,
                    FromWorker::Progress { .. }
                        | FromWorker::Segment { .. }
                        | FromWorker::Judged { .. }
                ));
                Event::Said(id, message, pixels)
            }
            Err(error) => Event::Lost(id, dom::message_of(&error)),
        };
        sender::send(event);
    }
}

/// The message, and the pixels and the cover that may follow it.
fn read(event: &web_sys::Event) -> Result<(FromWorker, Vec<u8>, Option<Uint8Array>), JsValue> {
    let parts: Array = event.unchecked_ref::<MessageEvent>().data().dyn_into()?;
    let text = parts.get(0).as_string().unwrap_or_default();
    let message = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let pixels = parts.get(1).dyn_into::<Uint8Array>();
    Ok((
        message,
        pixels.map_or_else(|_| Vec::new(), |pixels| pixels.to_vec()),
        parts.get(2).dyn_into().ok(),
    ))
}

/// A trap, or a script that can't be loaded.
fn on_error(id: WorkerId) -> impl FnMut(web_sys::Event) {
    move |event| {
        event.prevent_default();
        let said = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
        let text = said.filter(|text| !text.is_empty());
        let text = text.unwrap_or_else(|| format!("{LOADER} can't be loaded"));
        sender::send(Event::Lost(id, text));
    }
}
