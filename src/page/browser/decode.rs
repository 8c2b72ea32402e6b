//! Who decodes a file: the worker what its decoder knows, the browser the rest; and what one
//! of them can't read, the other may.

use js_sys::{Array, ArrayBuffer, Float32Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, File, HtmlVideoElement, OfflineAudioContext, Url};

use crate::audio;
use crate::dom;
use crate::dom::listener::{Interval, Listener, Timeout};
use crate::error::AnalysisError;
use crate::page::files::sniff::{FileKind, SNIFF_BYTES};
use crate::page::state::Decoders;
use crate::text::Language;
use crate::text::trouble::details;

/// Sample rate that everything is decoded to, in Hz.
const DECODE_RATE: f32 = 44_100.0;
/// Longest song that a browser decodes, in minutes: stereo of that length takes 1.9 GB.
const MAX_MINUTES: f64 = 90.0;
/// How long to wait for a media element to learn a file's duration, in milliseconds.
const METADATA_MS: i32 = 5_000;
/// The decoder of `WebKitGTK` sometimes never answers. How long it may take, in ticks and not in
/// time, since a suspended page comes back to a single one; for how many bytes it gets one
/// more: an hour of MP3 gets nearly four minutes.
const TICK_MS: i32 = 10_000;
const LEAST_TICKS: u32 = 9;
const BYTES_A_TICK: u32 = 4_000_000;

/// A song for the worker.
pub struct Decoded {
    /// What is sent.
    pub sound: Sound,
    /// Duration; about that where the worker decodes.
    pub seconds: f64,
}

/// The sound of a song, or where it is.
pub enum Sound {
    /// Decoded by the browser, which brings everything to one rate.
    Samples {
        /// One `Float32Array` per channel, full scale ±1.
        channels: Array,
        /// In Hz.
        sample_rate: u32,
    },
    /// For the worker to decode.
    File(File),
}

/// What a media element learns from a file's head.
#[derive(Default)]
struct Metadata {
    minutes: Option<f64>,
    has_picture: bool,
}

/// Reads and decodes a file, or leaves that to the worker, so that page and trainer hear the
/// same samples. What can be known beforehand (emptiness, wrong type, length) is checked
/// before the memory is spent.
pub async fn decode(file: &File, decoders: Decoders) -> Result<Decoded, AnalysisError> {
    if file.size() == 0.0 {
        return Err(AnalysisError::Empty);
    }
    let kind = sniff(file).await?;
    if let FileKind::Other(what) = kind {
        return Err(undecodable(what.of(Language::English)));
    }
    if decoders == Decoders::All && kind.can_be_read() {
        return Ok(Decoded {
            sound: Sound::File(file.clone()),
            seconds: file.size() / kind.bytes_a_second(),
        });
    }
    let metadata = metadata(file).await.unwrap_or_default();
    let minutes = metadata.minutes.unwrap_or_default();
    if audio::is_credible(60.0 * minutes, file.size()) {
        check_length(minutes, MAX_MINUTES)?;
    }

    let bytes = read(file.array_buffer()).await?;
    let ticks = LEAST_TICKS + bytes.byte_length() / BYTES_A_TICK;
    let buffer = match decode_bytes(&bytes, ticks).await {
        Ok(Some(buffer)) => buffer,
        Ok(None) => return Err(undecodable(&silence(ticks))),
        Err(_) if metadata.has_picture => return Err(AnalysisError::NoAudio),
        Err(_) => return Err(undecodable(&refusal(kind))),
    };
    if buffer.length() == 0 || buffer.number_of_channels() == 0 {
        return Err(AnalysisError::Empty);
    }
    check_length(buffer.duration() / 60.0, MAX_MINUTES)?;
    Ok(Decoded {
        sound: Sound::Samples {
            channels: channels(&buffer).map_err(|error| undecodable(&dom::message_of(&error)))?,
            sample_rate: buffer.sample_rate() as u32,
        },
        seconds: buffer.duration(),
    })
}

/// Why a browser refuses a file of that kind, as far as can be told.
fn refusal(kind: FileKind) -> String {
    match kind {
        FileKind::Media(name) => details::REFUSED.fill(Language::English, &[("format", name)]),
        _ => details::UNKNOWN_FORMAT.of(Language::English).to_owned(),
    }
}

/// That the decoder has not answered for so many ticks.
fn silence(ticks: u32) -> String {
    let seconds = (ticks * TICK_MS.unsigned_abs() / 1_000).to_string();
    details::NO_ANSWER.fill(Language::English, &[("seconds", &seconds)])
}

fn undecodable(detail: &str) -> AnalysisError {
    AnalysisError::Undecodable {
        detail: detail.to_owned(),
    }
}

const fn check_length(minutes: f64, maximum: f64) -> Result<(), AnalysisError> {
    if minutes > maximum {
        return Err(AnalysisError::TooLong { minutes, maximum });
    }
    Ok(())
}

/// The kind of the file by its first bytes.
async fn sniff(file: &File) -> Result<FileKind, AnalysisError> {
    let head = file
        .slice_with_i32_and_i32(0, i32::from(SNIFF_BYTES))
        .map_err(|error| undecodable(&dom::message_of(&error)))?;
    let bytes = read(head.array_buffer()).await?;
    Ok(FileKind::of(&Uint8Array::new(&bytes).to_vec()))
}

/// Waits for bytes from disk; the file may be gone or be a folder.
pub async fn read(promise: Promise) -> Result<ArrayBuffer, AnalysisError> {
    let bytes = JsFuture::from(promise).await.map_err(|error| {
        let detail = dom::message_of(&error);
        undecodable(&details::NOT_READ.fill(Language::English, &[("detail", &detail)]))
    })?;
    Ok(bytes.unchecked_into())
}

/// The decoded sound; none where the decoder is silent for so many ticks.
async fn decode_bytes(bytes: &ArrayBuffer, ticks: u32) -> Result<Option<AudioBuffer>, JsValue> {
    let context = OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(
        2,
        1,
        DECODE_RATE,
    )?;
    let decoded = context.decode_audio_data(bytes)?;
    let mut clock = None;
    let late = Promise::new(&mut |resolve, _| {
        let mut left = ticks;
        clock = Some(Interval::new(TICK_MS, move || {
            left = left.saturating_sub(1);
            if left == 0 {
                drop(resolve.call0(&JsValue::NULL));
            }
        }));
    });
    let first = JsFuture::from(Promise::race(&Array::of2(&decoded, &late))).await;
    drop(clock);
    Ok(first?.dyn_into().ok())
}

/// The channels as they lie in the buffer; web-sys would copy them into wasm memory.
fn channels(buffer: &AudioBuffer) -> Result<Array, JsValue> {
    let get: Function = Reflect::get(buffer, &"getChannelData".into())?.dyn_into()?;
    (0..buffer.number_of_channels())
        .map(|index| get.call1(buffer, &index.into())?.dyn_into::<Float32Array>())
        .collect()
}

/// Lets a media element read the file's head. A file that it can't read may still be
/// decodable, so that is no error here.
async fn metadata(file: &File) -> Result<Metadata, JsValue> {
    let video: HtmlVideoElement = dom::document()?.create_element("video")?.dyn_into()?;
    let url = Url::create_object_url_with_blob(file)?;
    let loaded = first_of(&video, &["loadedmetadata", "error"], METADATA_MS, || {
        video.set_preload("metadata");
        video.set_src(&url);
    })
    .await;
    let answer = Metadata {
        minutes: Some(video.duration() / 60.0).filter(|minutes| minutes.is_finite()),
        has_picture: video.video_width() > 0,
    };
    video.remove_attribute("src")?;
    video.load();
    Url::revoke_object_url(&url)?;
    loaded.map(|()| answer)
}

/// Begins something and waits for one of its events, or for the time to pass.
async fn first_of(
    target: &HtmlVideoElement,
    kinds: &[&'static str],
    milliseconds: i32,
    begin: impl FnOnce(),
) -> Result<(), JsValue> {
    let mut listeners = Vec::new();
    let mut timeout = None;
    let mut failure = None;
    let happened = js_sys::Promise::new(&mut |resolve, _| {
        for kind in kinds {
            let resolve = resolve.clone();
            let listener =
                Listener::new(target, kind, move |_| drop(resolve.call0(&JsValue::NULL)));
            listener.map_or_else(
                |error| failure = Some(error),
                |listener| listeners.push(listener),
            );
        }
        let late = Timeout::new(milliseconds, move || drop(resolve.call0(&JsValue::NULL)));
        late.map_or_else(|error| failure = Some(error), |late| timeout = Some(late));
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    begin();
    JsFuture::from(happened).await.map(drop)
}
