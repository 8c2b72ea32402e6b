//! Live sound: asks for it, and hands it to the page block by block. Nothing records: blocks
//! go on to the worker, and are nowhere else.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioContext, AudioWorkletNode, AudioWorkletNodeOptions, ChannelCountMode, DomException,
    MediaDevices, MediaStream, MediaStreamAudioSourceNode, MediaStreamTrack, MessageEvent,
    MessagePort,
};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{Event, LiveEvent, LiveFault, LiveSource};

/// The script of the worklet, relative to the page, and the processor that it registers.
const SCRIPT: &str = "live.js";
const PROCESSOR: &str = "blocks";
/// Channels of a block, whatever comes: a mono source is on both.
const CHANNELS: u32 = 2;
/// The sound as it is: what makes speech clear bends music.
const MICROPHONE: &str = r#"{ "audio": {
    "echoCancellation": false, "noiseSuppression": false, "autoGainControl": false } }"#;
/// Browsers share a tab's sound only beside its picture, and go on playing it.
const TAB: &str = r#"{ "video": true, "audio": {
    "echoCancellation": false, "noiseSuppression": false, "autoGainControl": false,
    "suppressLocalAudioPlayback": false } }"#;

/// Sound that is heard; dropping this lets go of it.
pub struct LiveSound {
    _stream: Stream,
    context: AudioContext,
    _source: MediaStreamAudioSourceNode,
    _node: AudioWorkletNode,
    _listeners: [Listener; 3],
}

impl Drop for LiveSound {
    fn drop(&mut self) {
        if let Ok(closed) = self.context.close() {
            // Closing a context that is closed fails, and that is all.
            spawn_local(async {
                let _ = JsFuture::from(closed).await;
            });
        }
    }
}

/// What the browser lends; dropping it gives it back, and the browser's sign goes out.
struct Stream(MediaStream);

impl Stream {
    /// The tracks of sound.
    fn sound(&self) -> Vec<MediaStreamTrack> {
        let tracks = self.0.get_audio_tracks();
        tracks.iter().map(JsCast::unchecked_into).collect()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        for track in self.0.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// Asks for that sound, and listens to it.
pub async fn open(source: LiveSource, attempt: u32) -> Result<LiveSound, LiveFault> {
    let stream = ask(source).await?;
    let tracks = stream.sound();
    let Some(track) = tracks.first() else {
        return Err(LiveFault::NoSound);
    };
    let ended = move |_| fail(attempt, LiveFault::Lost(source));
    let other = |error: JsValue| LiveFault::Other(dom::message_of(&error));
    let lost = Listener::new(track, "ended", ended).map_err(other)?;
    connect(stream, lost).await.map_err(other)
}

/// That attempt has failed.
pub fn fail(attempt: u32, fault: LiveFault) {
    sender::send(Event::Live(LiveEvent::Failed(attempt, fault)));
}

/// Whether the browser has an interface for the sound of tabs.
pub fn can_share_tabs() -> bool {
    devices().is_ok_and(|devices| has(&devices, LiveSource::Tab))
}

async fn ask(source: LiveSource) -> Result<Stream, LiveFault> {
    let devices = devices()?;
    if !has(&devices, source) {
        return Err(LiveFault::Unsupported(source));
    }
    let asked = match source {
        LiveSource::Microphone => JSON::parse(MICROPHONE)
            .and_then(|wanted| devices.get_user_media_with_constraints(wanted.unchecked_ref())),
        LiveSource::Tab => JSON::parse(TAB)
            .and_then(|wanted| devices.get_display_media_with_constraints(wanted.unchecked_ref())),
    };
    let refused = |error: JsValue| refusal(source, &error);
    let stream = JsFuture::from(asked.map_err(refused)?).await;
    Ok(Stream(stream.map_err(refused)?.unchecked_into()))
}

fn devices() -> Result<MediaDevices, LiveFault> {
    let other = |error: JsValue| LiveFault::Other(dom::message_of(&error));
    let window = dom::window().map_err(other)?;
    let devices = Reflect::get(&window.navigator(), &"mediaDevices".into()).map_err(other)?;
    if devices.is_undefined() {
        return Err(if window.is_secure_context() {
            LiveFault::Unsupported(LiveSource::Microphone)
        } else {
            LiveFault::Insecure
        });
    }
    Ok(devices.unchecked_into())
}

fn has(devices: &MediaDevices, source: LiveSource) -> bool {
    let name = match source {
        LiveSource::Microphone => "getUserMedia",
        LiveSource::Tab => "getDisplayMedia",
    };
    Reflect::get(devices, &name.into()).is_ok_and(|method| method.is_function())
}

/// What the browser's refusal means (Media Capture and Streams, `getUserMedia`).
fn refusal(source: LiveSource, error: &JsValue) -> LiveFault {
    let name = error.dyn_ref().map(DomException::name);
    match name.as_deref() {
        Some("NotAllowedError" | "SecurityError") => LiveFault::Denied(source),
        Some("NotFoundError" | "OverconstrainedError") if source == LiveSource::Microphone => {
            LiveFault::NoMicrophone
        }
        Some("NotReadableError" | "AbortError") if source == LiveSource::Microphone => {
            LiveFault::Busy
        }
        _ => LiveFault::Other(dom::message_of(error)),
    }
}

/// Leads the stream to the worklet, and the worklet's blocks to the page.
async fn connect(stream: Stream, lost: Listener) -> Result<LiveSound, JsValue> {
    let context = AudioContext::new()?;
    let worklet = context.audio_worklet()?;
    JsFuture::from(worklet.add_module(SCRIPT)?).await?;
    let options = AudioWorkletNodeOptions::new();
    // Nothing can be heard of it: it has no way out.
    options.set_number_of_outputs(0);
    options.set_channel_count(CHANNELS);
    options.set_channel_count_mode(ChannelCountMode::Explicit);
    let node = AudioWorkletNode::new_with_options(&context, PROCESSOR, &options)?;
    let source = context.create_media_stream_source(&stream.0)?;
    source.connect_with_audio_node(&node)?;
    let port = node.port()?;
    let blocks = listen(&port, context.sample_rate() as u32)?;
    port.start();
    resume(&context);
    let again = context.clone();
    let document = dom::document()?;
    let shown = Listener::new(&document, "visibilitychange", move |_| resume(&again))?;
    // What shares a tab's sound shows it, too; nobody looks.
    for track in stream.0.get_video_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
    Ok(LiveSound {
        _stream: stream,
        context,
        _source: source,
        _node: node,
        _listeners: [lost, blocks, shown],
    })
}

fn listen(port: &MessagePort, sample_rate: u32) -> Result<Listener, JsValue> {
    Listener::new(port, "message", move |event| {
        let block = event.unchecked_ref::<MessageEvent>().data();
        let channels: Array = block.unchecked_into();
        sender::ask(Request::Hear {
            sample_rate,
            channels,
        });
    })
}

/// Lets a context run that the browser has put aside, as where the page was hidden.
fn resume(context: &AudioContext) {
    if let Ok(resumed) = context.resume() {
        spawn_local(async {
            // One that is closed does not run again.
            let _ = JsFuture::from(resumed).await;
        });
    }
}
