//! How the page begins.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::browser::keeper::{Keeper, Opened};
use super::browser::{choices, fetch, share};
use super::input::samples::Samples;
use super::requests;
use super::running::{self, with_page};
use super::sender::{self, Message, send};
use super::state::inventory::{self, Inventory};
use super::state::{Event, LibraryEvent, ListEvent, QueueEvent, State, StorageFault};
use crate::dom;
use crate::dom::listener::Timeout;

/// How long the browser's storage may take to open, in milliseconds.
const STORAGE_MS: i32 = 5_000;

/// Starts the page.
///
/// # Errors
/// What the browser threw, or the id of an element that `index.html` lacks.
pub fn start() -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    sender::connect(|message| match message {
        Message::Event(event) => drop(with_page(|page| page.apply(event))),
        Message::Request(request) => requests::carry_out(request),
    });
    let mut state = State::default();
    state.update(Event::LanguageChosen(choices::language()));
    state.update(Event::List(ListEvent::ColumnsChosen(choices::columns())));
    state.update(Event::List(ListEvent::EarChosen(choices::is_deaf())));
    running::begin(state)?;
    let dialog: HtmlElement = dom::by_id(&dom::document()?, "share")?;
    dom::set_hidden(&dialog, !share::can_share());
    spawn_local(open_storage());
    spawn_local(async {
        // Without a list there are no samples; the page does without.
        let samples = Samples::fetch().await.ok();
        with_page(|page| page.samples = samples);
    });
    spawn_local(async {
        // Without the list the page only can't tell its size.
        let list = fetch::bytes(inventory::LIST).await;
        let inventory = list.ok().and_then(|list| Inventory::read(&list.to_vec()));
        if let Some(inventory) = inventory {
            send(Event::Counted(inventory));
        }
    });
    Ok(())
}

/// Opens what the browser keeps for this page, and reads it.
async fn open_storage() {
    // It does not answer where another page holds it.
    let watch = Timeout::new(STORAGE_MS, || {
        send(Event::Library(LibraryEvent::Failed(StorageFault::Blocked)));
    });
    let opened = Keeper::open().await;
    drop(watch);
    let event = match opened {
        Ok(Opened {
            keeper,
            songs,
            lists,
            left,
        }) => {
            let resumable = keeper.has_folders();
            with_page(|page| page.keeper = keeper);
            send(Event::List(ListEvent::ListsRead(lists)));
            send(Event::Library(LibraryEvent::Read(songs)));
            Event::Queue(QueueEvent::Left(left, resumable))
        }
        Err(fault) => Event::Library(LibraryEvent::Failed(fault)),
    };
    send(event);
}
