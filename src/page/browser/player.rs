//! The browser's player, with the visitor's own file in it.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, File, HtmlMediaElement, Url};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::{Event, Playing, Silence};
use crate::worker::protocol::Job;

/// The `<audio>` element, and the file that it holds.
pub struct Player {
    audio: HtmlMediaElement,
    held: Option<Held>,
    _listeners: [Listener; 6],
}

/// A file in the player; dropping it lets go of the file.
struct Held {
    job: Job,
    file: File,
    url: String,
}

impl Player {
    /// Finds the element and listens to it.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let audio: HtmlMediaElement = dom::by_id(document, "player")?;
        let says = |kind, event| Listener::new(&audio, kind, move |_| say(event));
        let at = |kind| {
            let clock = audio.clone();
            Listener::new(&audio, kind, move |_| {
                say(Playing::At(clock.current_time()));
            })
        };
        let failed = |_: web_sys::Event| sender::ask(Request::FellSilent);
        let listeners = [
            says("playing", Playing::Started)?,
            says("pause", Playing::Stopped)?,
            says("ended", Playing::Ended)?,
            at("timeupdate")?,
            at("seeked")?,
            Listener::new(&audio, "error", failed)?,
        ];
        Ok(Self {
            audio,
            held: None,
            _listeners: listeners,
        })
    }

    /// Plays a song's file from that second on.
    pub fn play(&mut self, job: Job, file: &File, at_s: f64) -> Result<(), JsValue> {
        if self.held.as_ref().map(|held| held.job) != Some(job) {
            let url = Url::create_object_url_with_blob(file)?;
            self.audio.set_src(&url);
            self.held = Some(Held {
                job,
                file: file.clone(),
                url,
            });
        }
        self.audio.set_current_time(at_s);
        let started = self.audio.play()?;
        spawn_local(async move {
            // What can't be played fires `error`; what is interrupted, or not allowed
            // without a gesture, only stays silent.
            let _ = JsFuture::from(started).await;
        });
        Ok(())
    }

    /// Takes a song's file as it is now, if that song is held, and goes on.
    pub fn renew(&mut self, job: Job, file: &File) -> Result<(), JsValue> {
        if self.held.as_ref().map(|held| held.job) != Some(job) {
            return Ok(());
        }
        let (at_s, paused) = (self.audio.current_time(), self.audio.paused());
        self.held = None;
        let url = Url::create_object_url_with_blob(file)?;
        self.audio.set_src(&url);
        self.audio.set_current_time(at_s);
        self.held = Some(Held {
            job,
            file: file.clone(),
            url,
        });
        if paused {
            return Ok(());
        }
        self.play(job, file, at_s)
    }

    /// Pauses.
    pub fn pause(&self) -> Result<(), JsValue> {
        self.audio.pause()
    }

    /// Lets go of the file that it holds, and returns it.
    pub fn let_go(&mut self) -> Option<File> {
        self.held.take().map(|held| held.file.clone())
    }

    /// Goes to that second, if that song is held.
    pub fn seek(&self, job: Option<Job>, at_s: f64) {
        if self.held.as_ref().map(|held| held.job) == job {
            self.audio.set_current_time(at_s);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Fails only for what is no URL.
        let _ = Url::revoke_object_url(&self.url);
    }
}

/// Why a file can't be played: it is not there any more, or the browser does not play it.
pub async fn why_silent(file: &File) -> Silence {
    let readable = async {
        let byte = file.slice_with_i32_and_i32(0, 1)?;
        JsFuture::from(byte.array_buffer()).await
    };
    match readable.await {
        Ok(_) => Silence::Unplayable,
        Err(_) => Silence::Unreadable,
    }
}

fn say(event: Playing) {
    sender::send(Event::Player(event));
}
