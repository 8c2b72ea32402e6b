//! The sample songs that come with the page.

use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, File, HtmlElement, HtmlTemplateElement};

use crate::dom;
use crate::dom::listener::Listener;
use crate::page::browser::fetch;
use crate::page::request::{Haul, Request};
use crate::page::sender;
use crate::page::state::{Event, Notice};

/// Folder of the samples and their list, relative to the page.
const FOLDER: &str = "samples";

/// One line of `samples.json`; licence and source are for people who read it.
#[derive(Debug, Clone, Deserialize)]
struct Sample {
    title: String,
    artist: String,
    licence: String,
    file: String,
}

/// The buttons of the samples; dropping this disconnects them.
pub struct Samples {
    _listeners: Vec<Listener>,
}

impl Samples {
    /// Fetches the list and shows a button for each sample.
    pub async fn fetch() -> Result<Self, JsValue> {
        let list = fetch::bytes(&format!("{FOLDER}/samples.json"))
            .await?
            .to_vec();
        let samples: Vec<Sample> =
            serde_json::from_slice(&list).map_err(|error| error.to_string())?;
        let document = dom::document()?;
        let template: HtmlTemplateElement = dom::by_id(&document, "sample-button")?;
        let buttons: Element = dom::by_id(&document, "sample-list")?;
        let mut listeners = Vec::with_capacity(samples.len());
        for sample in samples {
            let item = dom::clone_template(&template)?;
            dom::set_text(&dom::find(&item, ".sample-title")?, &sample.title);
            dom::set_text(&dom::find(&item, ".sample-artist")?, &sample.artist);
            let button: HtmlElement = dom::find(&item, "button")?;
            button.set_attribute("data-sample", &sample.file)?;
            button.set_title(&format!("{}, {}", sample.artist, sample.licence));
            listeners.push(Listener::new(&button, "click", move |_| {
                spawn_local(add(sample.clone()));
            })?);
            buttons.append_child(&item)?;
        }
        dom::set_hidden(&dom::by_id(&document, "samples")?, listeners.is_empty());
        Ok(Self {
            _listeners: listeners,
        })
    }
}

/// Fetches a sample and puts it into the queue.
async fn add(sample: Sample) {
    match fetch_file(&sample).await {
        Ok(file) => sender::ask(Request::Add(Haul::alone(vec![(sample.title, file)]))),
        Err(error) => sender::send(Event::Notice(Notice::SampleLost {
            title: sample.title,
            detail: dom::message_of(&error),
        })),
    }
}

async fn fetch_file(sample: &Sample) -> Result<File, JsValue> {
    let bytes = fetch::bytes(&format!("{FOLDER}/{}", sample.file)).await?;
    File::new_with_buffer_source_sequence(&Array::of1(&bytes), &sample.file)
}
