//! The library: a table of all songs, their map, totals and controls.

use std::collections::HashMap;

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlTemplateElement};

use super::dom;
use super::library::{Column, LibrarySong};
use super::library_map::LibraryMap;
use super::state::{Judge, Shown, State};
use super::words::{self, library as library_words};
use crate::report::ModelIds;

/// The library's elements, and what stands in them.
pub struct LibraryView {
    section: HtmlElement,
    totals: Element,
    outdated: HtmlElement,
    shown: Element,
    heads: Vec<(Column, Element)>,
    body: Element,
    template: HtmlTemplateElement,
    exports: HtmlElement,
    map: LibraryMap,
    rows: HashMap<String, Row>,
    drawn: Option<Drawn>,
}

/// What is drawn: the library's revision and the models of today.
type Drawn = (u64, Option<ModelIds>);

/// One song's row, and what it shows.
struct Row {
    element: Element,
    song: LibrarySong,
    outdated: bool,
}

impl LibraryView {
    /// Finds the elements.
    pub fn new(document: &Document) -> Result<Self, JsValue> {
        let section: HtmlElement = dom::by_id(document, "library")?;
        let heads = Column::ALL.into_iter().map(|column| {
            let head = dom::find(&section, &format!("th[data-column={}]", column.name()))?;
            Ok((column, head))
        });
        Ok(Self {
            totals: dom::by_id(document, "library-totals")?,
            outdated: dom::by_id(document, "library-outdated")?,
            shown: dom::by_id(document, "library-shown")?,
            heads: heads.collect::<Result<_, JsValue>>()?,
            body: dom::by_id(document, "library-rows")?,
            template: dom::by_id(document, "library-row")?,
            exports: dom::by_id(document, "export")?,
            map: LibraryMap::new(document)?,
            section,
            rows: HashMap::new(),
            drawn: None,
        })
    }

    /// Shows the library, if it is what the visitor looks at.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let visible = state.shown == Shown::Library;
        dom::set_hidden(&self.section, !visible);
        if !visible {
            return Ok(());
        }
        let models = match &state.judge {
            Judge::Ready(cards) => Some(cards.ids()),
            _ => None,
        };
        let now = (state.library.revision(), models);
        if self.drawn.as_ref() == Some(&now) {
            return Ok(());
        }
        self.render_songs(state, now.1.as_ref())?;
        self.drawn = Some(now);
        Ok(())
    }

    fn render_songs(&mut self, state: &State, models: Option<&ModelIds>) -> Result<(), JsValue> {
        let library = &state.library;
        let songs = library.shown();
        dom::set_text(&self.totals, &library_words::totals(library.totals()));
        let outdated = models.map_or(0, |models| library.outdated(models));
        dom::set_hidden(&self.outdated, outdated == 0);
        dom::set_text(&self.outdated, &library_words::outdated(outdated));
        let counts = library_words::shown(songs.len(), library.len());
        dom::set_text(&self.shown, &counts);
        dom::set_hidden(&self.exports, library.is_empty());
        for (column, head) in &self.heads {
            let sort = library.sort();
            let order = match (sort.column == *column, sort.descending) {
                (false, _) => "none",
                (true, false) => "ascending",
                (true, true) => "descending",
            };
            dom::set_attribute(head, "aria-sort", order)?;
        }
        self.render_rows(&songs, models)?;
        self.map.render(&songs)
    }

    /// Makes new rows, renews those that changed, and puts all in order.
    fn render_rows(
        &mut self,
        songs: &[&LibrarySong],
        models: Option<&ModelIds>,
    ) -> Result<(), JsValue> {
        let order = Array::new();
        for song in songs {
            let outdated = models.is_some_and(|models| song.kept.models != *models);
            let row = match self.rows.remove(song.hash()) {
                Some(row) if row.song == **song && row.outdated == outdated => row,
                Some(row) => Row::new(row.element, song, outdated)?,
                None => Row::new(dom::clone_template(&self.template)?, song, outdated)?,
            };
            order.push(&row.element);
            self.rows.insert(song.hash().to_owned(), row);
        }
        let kept: std::collections::HashSet<_> = songs.iter().map(|song| song.hash()).collect();
        self.rows.retain(|hash, _| kept.contains(hash.as_str()));
        let focused = dom::document()?.active_element();
        self.body.replace_children_with_node(&order);
        // A row that moves loses the focus.
        if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok())
            && self.body.contains(Some(&focused))
        {
            focused.focus()?;
        }
        Ok(())
    }
}

impl Row {
    /// Writes a song into a row.
    fn new(element: Element, song: &LibrarySong, outdated: bool) -> Result<Self, JsValue> {
        let kept = &song.kept;
        element.set_attribute("data-hash", song.hash())?;
        element.set_attribute("data-name", &kept.origin.name)?;
        element.set_attribute("data-mood", song.mood().name())?;
        element.set_attribute("data-unsure", &song.is_unsure().to_string())?;
        element.set_attribute("data-outdated", &outdated.to_string())?;
        let name: HtmlElement = dom::find(&element, ".library-name")?;
        name.set_title(&kept.origin.path);
        dom::set_text(&name, &kept.origin.name);
        let forget: Element = dom::find(&element, "[data-action=forget]")?;
        forget.set_attribute("aria-label", &library_words::forget(&kept.origin.name))?;
        let date = library_words::date(kept.judged_ms);
        let judged = if outdated {
            library_words::older(&date)
        } else {
            date
        };
        let tempo = kept.features.tempo;
        let texts = [
            ("mood", library_words::row_mood(song)),
            ("certainty", words::percent(kept.certainty())),
            ("arousal", words::signed(kept.affect.arousal)),
            ("valence", words::signed(kept.affect.valence)),
            (
                "tempo",
                tempo.map_or_else(|| "–".to_owned(), |bpm| format!("{bpm:.0}")),
            ),
            ("duration", words::clock(kept.duration_s)),
            ("judged", judged),
        ];
        for (column, text) in texts {
            let cell: Element = dom::find(&element, &format!("[data-cell={column}]"))?;
            dom::set_text(&cell, &text);
        }
        Ok(Self {
            element,
            song: song.clone(),
            outdated,
        })
    }
}
