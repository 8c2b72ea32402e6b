//! The library: a table of all songs, their map, totals and controls.

use std::collections::HashMap;

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlTemplateElement};

use crate::dom;
use crate::mood::Mood;
use crate::page::library::{Column, LibrarySong};
use crate::page::state::{Judge, Shown, State};
use crate::page::view::map::LibraryMap;
use crate::page::words::{self, library as library_words};
use crate::report::ModelIds;
use crate::text::{Language, library as say};

/// Stands where there is no value.
const NONE: &str = "–";

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

/// What is drawn: the library's revision, the models of today, and the language.
type Drawn = (u64, Option<ModelIds>, Language);

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
        let now = (state.library.revision(), models, state.language);
        if self.drawn.as_ref().is_none_or(|drawn| drawn.2 != now.2) {
            self.rows.clear();
        }
        if self.drawn.as_ref() == Some(&now) {
            return Ok(());
        }
        self.render_songs(state, now.1.as_ref())?;
        self.drawn = Some(now);
        Ok(())
    }

    fn render_songs(&mut self, state: &State, models: Option<&ModelIds>) -> Result<(), JsValue> {
        let (library, language) = (&state.library, state.language);
        let songs = library.shown();
        dom::set_text(
            &self.totals,
            &library_words::totals(language, library.totals()),
        );
        let outdated = models.map_or(0, |models| library.outdated(models));
        dom::set_hidden(&self.outdated, outdated == 0);
        dom::set_text(&self.outdated, &library_words::outdated(language, outdated));
        let counts = library_words::shown(language, songs.len(), library.len());
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
        self.render_rows(language, &songs, models)?;
        self.map.render(language, &songs)
    }

    /// Makes new rows, renews those that changed, and puts all in order.
    fn render_rows(
        &mut self,
        language: Language,
        songs: &[&LibrarySong],
        models: Option<&ModelIds>,
    ) -> Result<(), JsValue> {
        let order = Array::new();
        for song in songs {
            let outdated = models.is_some_and(|models| song.kept.models != *models);
            let row = match self.rows.remove(song.hash()) {
                Some(row) if row.song == **song && row.outdated == outdated => row,
                Some(row) => Row::new(row.element, language, song, outdated)?,
                None => Row::new(
                    dom::clone_template(&self.template)?,
                    language,
                    song,
                    outdated,
                )?,
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
    fn new(
        element: Element,
        language: Language,
        song: &LibrarySong,
        outdated: bool,
    ) -> Result<Self, JsValue> {
        let kept = &song.kept;
        element.set_attribute("data-hash", song.hash())?;
        element.set_attribute("data-name", &kept.origin.name)?;
        dom::set_optional(&element, "data-mood", song.mood().map(Mood::name))?;
        element.set_attribute("data-unsure", &song.is_unsure().to_string())?;
        element.set_attribute("data-outdated", &outdated.to_string())?;
        let name: HtmlElement = dom::find(&element, ".library-name")?;
        name.set_title(&kept.origin.path);
        let file: HtmlElement = dom::find(&element, ".library-file")?;
        dom::set_hidden(&file, kept.tags.title.is_empty());
        dom::set_text(&file, &kept.origin.name);
        dom::set_text(&name, kept.title());
        let forget: Element = dom::find(&element, "[data-action=forget]")?;
        forget.set_attribute(
            "aria-label",
            &library_words::named(language, say::FORGET_SONG, kept.title()),
        )?;
        let day = library_words::judged(language, kept.judged_ms, outdated);
        let judged = |text: &dyn Fn() -> String| {
            if kept.kind.is_music() {
                text()
            } else {
                NONE.to_owned()
            }
        };
        let tempo = kept.features.tempo;
        let texts = [
            ("artist", library_words::artist(&kept.tags)),
            ("mood", library_words::row_mood(language, song)),
            (
                "certainty",
                judged(&|| words::percent(language, kept.certainty())),
            ),
            ("arousal", judged(&|| words::signed(kept.affect.arousal))),
            ("valence", judged(&|| words::signed(kept.affect.valence))),
            (
                "tempo",
                tempo.map_or_else(|| NONE.to_owned(), |bpm| format!("{bpm:.0}")),
            ),
            ("duration", words::clock(kept.duration_s)),
            ("judged", day),
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
