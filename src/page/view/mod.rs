//! The page as a function of its state.

mod about;
mod along;
mod backup;
mod bars;
mod chart;
mod cover;
mod diverging;
mod dock;
mod evidence;
mod features;
mod library;
mod live;
mod map;
mod pixels;
mod plane;
mod player;
mod queue;
mod queue_bar;
mod reasons;
mod result;
mod rows;
mod said;
mod similar;
pub mod smart;
mod spectrogram;
mod static_texts;
mod tagging;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::dom;
use crate::dom::turn::Turn;
use crate::page::state::{Judge, Offline, Shown, State};
use crate::page::view::about::AboutView;
use crate::page::view::along::AlongView;
use crate::page::view::backup::BackupView;
use crate::page::view::dock::Dock;
use crate::page::view::library::LibraryView;
use crate::page::view::live::LiveView;
use crate::page::view::queue::QueueView;
use crate::page::view::queue_bar::QueueBar;
use crate::page::view::result::ResultView;
use crate::page::view::said::SaidView;
use crate::page::view::similar::SimilarView;
use crate::page::view::smart::SmartView;
use crate::page::view::static_texts::StaticTexts;
use crate::page::view::tagging::TagView;
use crate::page::words;
use crate::text::{Language, page as page_texts, song as say};

/// The page's elements, and what stands in them.
pub struct View {
    alert: HtmlElement,
    alert_text: Element,
    retry: HtmlElement,
    status: Element,
    offline: Element,
    update: HtmlElement,
    workbench: HtmlElement,
    download_all: HtmlElement,
    queue: QueueView,
    result: ResultView,
    along: AlongView,
    about: AboutView,
    backup: BackupView,
    bar: QueueBar,
    library: LibraryView,
    live: LiveView,
    smart: SmartView,
    tags: TagView,
    dock: Dock,
    said: SaidView,
    similar: SimilarView,
    statics: StaticTexts,
    download: HtmlElement,
    language: Option<Language>,
}

impl View {
    /// Finds the elements of `index.html`.
    pub fn new() -> Result<Self, JsValue> {
        let document = dom::document()?;
        Ok(Self {
            alert: dom::by_id(&document, "alert")?,
            alert_text: dom::by_id(&document, "alert-text")?,
            retry: dom::by_id(&document, "retry")?,
            status: dom::by_id(&document, "status")?,
            offline: dom::by_id(&document, "offline-status")?,
            update: dom::by_id(&document, "update")?,
            workbench: dom::by_id(&document, "workbench")?,
            download_all: dom::by_id(&document, "download-all")?,
            queue: QueueView::new(&document)?,
            result: ResultView::new(&document)?,
            along: AlongView::new(&document)?,
            about: AboutView::new(&document)?,
            backup: BackupView::new(&document)?,
            bar: QueueBar::new(&document)?,
            library: LibraryView::new(&document)?,
            live: LiveView::new(&document)?,
            smart: SmartView::new(&document)?,
            tags: TagView::new(&document)?,
            dock: Dock::new(&document)?,
            said: SaidView::new(&document)?,
            similar: SimilarView::new(&document)?,
            download: dom::by_id(&document, "download-size")?,
            statics: StaticTexts::new(document)?,
            language: None,
        })
    }

    /// Makes the next [`View::render`] draw the canvases again.
    pub fn invalidate(&mut self) {
        self.along.invalidate();
        self.library.invalidate();
    }

    /// Shows the state, and says whether something of it is left for the next time.
    pub fn render(&mut self, state: &State) -> Result<bool, JsValue> {
        if self.language != Some(state.language) {
            self.statics.render(state.language)?;
            self.language = Some(state.language);
        }
        self.render_alert(state);
        self.render_offline(state)?;
        let inventory = state.inventory.as_ref();
        let download = inventory.map(|inventory| words::download(state.language, inventory));
        dom::set_hidden(&self.download, download.is_none());
        dom::set_text(&self.download, download.as_deref().unwrap_or_default());
        let news = state.announcement.as_ref();
        let news = news.map(|news| words::announcement(state.language, news));
        dom::set_text(&self.status, news.as_deref().unwrap_or_default());
        let songs = state.shown == Shown::Songs && !state.songs.is_empty();
        dom::set_hidden(&self.workbench, !songs);
        self.bar.render(state)?;
        self.backup.render(state);
        self.live.render(state)?;
        self.smart.render(state)?;
        self.tags.render(state)?;
        self.dock.render(state)?;
        let ended = state.songs.iter().filter(|song| song.has_ended());
        dom::set_hidden(&self.download_all, ended.count() < 2);
        let mut turn = Turn::begin();
        let mut is_left = self.library.render(state, &mut turn)?;
        is_left |= self.queue.render(state, &mut turn)?;
        // What is hidden has no size to be drawn at.
        if songs {
            is_left |= self.render_selected(state, &mut turn)?;
        }
        if let Judge::Ready(cards) = &state.judge {
            self.about.render(state.language, cards)?;
        }
        Ok(is_left)
    }

    /// The window was scrolled.
    pub fn scrolled(&mut self, state: &State) -> Result<(), JsValue> {
        self.library.scrolled(state)
    }

    /// Shows the selected song, and says whether something of it is left.
    fn render_selected(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        self.said.render(state)?;
        self.similar.render(state)?;
        let mut is_left = self.result.render(state, turn)?;
        is_left |= self.along.render(state, turn)?;
        // Whoever reads the JSON finds everything else drawn.
        Ok(is_left || self.result.render_json(state, turn)?)
    }

    fn render_alert(&self, state: &State) {
        let broken = match &state.judge {
            Judge::Broken(error) => Some(words::judge_broken(state.language, error)),
            _ => None,
        };
        dom::set_hidden(&self.retry, broken.is_none());
        let notice = || Some(words::notice(state.language, state.notice.as_ref()?));
        let text = broken.or_else(notice);
        dom::set_text(&self.alert_text, text.as_deref().unwrap_or_default());
        dom::set_hidden(&self.alert, text.is_none());
    }

    fn render_offline(&self, state: &State) -> Result<(), JsValue> {
        let ready = state.offline != Offline::No;
        let text = if ready {
            say::OFFLINE_READY.of(state.language)
        } else {
            ""
        };
        dom::set_text(&self.offline, text);
        dom::set_attribute(
            &self.offline,
            "data-ready",
            if ready { "true" } else { "false" },
        )?;
        dom::set_hidden(&self.update, state.offline != Offline::Update);
        let update = if state.renewing {
            page_texts::UPDATE_WAITS
        } else {
            page_texts::UPDATE
        };
        dom::set_text(&self.update, update.of(state.language));
        let pressed = if state.renewing { "true" } else { "false" };
        dom::set_attribute(&self.update, "aria-pressed", pressed)
    }
}
