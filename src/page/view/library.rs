//! The library: its list or map, totals, heads and tools.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::map::MapView;
use super::rows::{Rows, Source};
use crate::dom;
use crate::dom::turn::Turn;
use crate::page::library::{Column, Columns, Library};
use crate::page::state::{Judge, Shown, State};
use crate::page::words;
use crate::page::words::library as library_words;
use crate::report::ModelIds;
use crate::text::{Language, Text, library as say_library, list as say};

dom::elements! {
    /// The library's elements, and what stands in them.
    pub struct LibraryView(document) {
        HtmlElement:
            section = "library", outdated = "library-outdated", ear = "ear",
            heads = "library-heads", list = "library-list", figure = "library-figure",
            export = "export";
        Element:
            totals = "library-totals", shown = "library-shown", ear_text = "ear-text",
            ear_toggle = "ear-toggle", choices = "column-choices",
            export_title = "export-title", as_list = "as-list", as_map = "as-map";
        HtmlSelectElement: sort = "library-sort";
    } and {
        map: MapView = MapView::new(document)?,
        rows: Rows = Rows::new(document)?,
        drawn: Option<Drawn> = None,
        /// Columns and language that the heads were made for.
        headed: Option<(Columns, Language)> = None,
        /// Where the window was scrolled to when the visitor went away.
        left_at: f64 = 0.0,
    }
}

/// What is drawn: the library's and the covers' revisions, the models of today, the language,
/// and whether as a map.
type Drawn = ([u64; 2], ModelIds, Language, bool);

impl LibraryView {
    /// Forgets what is drawn, so that it is drawn again.
    pub fn invalidate(&mut self) {
        self.drawn = None;
    }

    /// Shows the library, if it is what the visitor looks at, and says whether something of it
    /// is left.
    pub fn render(&mut self, state: &State, turn: &mut Turn) -> Result<bool, JsValue> {
        let visible = state.shown == Shown::Library;
        let window = dom::window()?;
        let was_visible = !self.section.hidden();
        if was_visible && !visible {
            self.left_at = window.scroll_y()?;
        }
        dom::set_hidden(&self.section, !visible);
        if !visible {
            if was_visible {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
            return Ok(false);
        }
        // The same, unless somebody exchanged a file; what comes late would move the list.
        let models = match &state.judge {
            Judge::Ready(cards) => cards.ids(),
            _ => ModelIds::bundled(),
        };
        let now = (
            [state.library.revision(), state.covers.revision()],
            models,
            state.language,
            state.as_map,
        );
        if self.drawn.as_ref() != Some(&now) {
            let turned = self.drawn.as_ref().is_some_and(|drawn| drawn.3 != now.3);
            self.render_list(state, &now.1)?;
            if turned {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
            self.drawn = Some(now);
        }
        if !was_visible {
            window.scroll_to_with_x_and_y(0.0, self.left_at);
            self.scrolled(state)?;
        }
        if state.as_map {
            return self.map.render(state, turn);
        }
        Ok(false)
    }

    /// The window was scrolled.
    pub fn scrolled(&mut self, state: &State) -> Result<(), JsValue> {
        if state.shown != Shown::Library || state.as_map {
            return Ok(());
        }
        let Some((_, models, ..)) = &self.drawn else {
            return Ok(());
        };
        self.rows.scrolled(Source {
            library: &state.library,
            models,
            covers: &state.covers,
            language: state.language,
        })
    }

    fn render_list(&mut self, state: &State, models: &ModelIds) -> Result<(), JsValue> {
        let (library, language) = (&state.library, state.language);
        dom::set_text(
            &self.totals,
            &library_words::totals(language, library.totals()),
        );
        let outdated = library.outdated(models);
        dom::set_hidden(&self.outdated, outdated == 0);
        dom::set_text(&self.outdated, &library_words::outdated(language, outdated));
        let counts = library_words::shown(language, library.shown().count(), library.len());
        dom::set_text(&self.shown, &counts);
        self.render_ear(library, language);
        dom::set_hidden(&self.export, library.is_empty());
        let title = if library.selection().is_empty() {
            say_library::EXPORT
        } else {
            say::EXPORT_SELECTED
        };
        dom::set_text(&self.export_title, title.of(language));
        self.render_heads(library, language)?;
        let pressed = |pressed| if pressed { "true" } else { "false" };
        dom::set_attribute(&self.as_list, "aria-pressed", pressed(!state.as_map))?;
        dom::set_attribute(&self.as_map, "aria-pressed", pressed(state.as_map))?;
        dom::set_hidden(&self.list, state.as_map);
        dom::set_hidden(&self.figure, !state.as_map);
        if state.as_map {
            self.map.invalidate();
            return Ok(());
        }
        self.rows.render(Source {
            library,
            models,
            covers: &state.covers,
            language,
        })
    }

    /// What was learnt from the visitor, and how to do without.
    fn render_ear(&self, library: &Library, language: Language) {
        let ear = library.ear();
        dom::set_hidden(&self.ear, ear.is_none() && !library.is_deaf());
        let note = ear.map(|ear| library_words::ear(language, ear, library.moved()));
        dom::set_text(&self.ear_text, note.as_deref().unwrap_or_default());
        let other = if library.is_deaf() {
            say::EAR_ON
        } else {
            say::EAR_OFF
        };
        dom::set_text(&self.ear_toggle, other.of(language));
    }

    fn render_heads(&mut self, library: &Library, language: Language) -> Result<(), JsValue> {
        let now = (library.columns().clone(), language);
        if self
            .headed
            .as_ref()
            .is_none_or(|headed| headed.1 != language)
        {
            self.make_choices(language)?;
        }
        if self.headed.as_ref() != Some(&now) {
            self.make_heads(&now.0, language)?;
            self.headed = Some(now);
        }
        let sort = library.sort();
        for column in library.columns().iter() {
            let head: Element = dom::find(&self.heads, &selector(column))?;
            let order = match (sort.column == column, sort.descending) {
                (false, _) => "none",
                (true, false) => "ascending",
                (true, true) => "descending",
            };
            dom::set_attribute(&head, "aria-sort", order)?;
        }
        self.sort.set_value(sort.column.name());
        Ok(())
    }

    /// Makes a head for each chosen column.
    fn make_heads(&self, columns: &Columns, language: Language) -> Result<(), JsValue> {
        let document = dom::document()?;
        let widths: Vec<_> = columns.iter().map(width).collect();
        let widths = format!("2rem {}", widths.join(" "));
        dom::set_style(&self.list, "--columns", &widths)?;
        // The first tells which rows are selected, and stays.
        while self.heads.child_element_count() > 1 {
            if let Some(last) = self.heads.last_element_child() {
                last.remove();
            }
        }
        for column in columns.iter() {
            let head = document.create_element("div")?;
            head.set_attribute("role", "columnheader")?;
            head.set_attribute("data-column", column.name())?;
            let button = document.create_element("button")?;
            button.set_attribute("type", "button")?;
            button.set_text_content(Some(words::list::column(column).of(language)));
            head.append_child(&button)?;
            self.heads.append_child(&head)?;
        }
        for column in Column::ALL
            .into_iter()
            .filter(|column| *column != Column::Name)
        {
            let selector = format!("[data-choice={}]", column.name());
            let choice: HtmlInputElement = dom::find(&self.choices, &selector)?;
            choice.set_checked(columns.has(column));
        }
        Ok(())
    }

    /// Makes a choice of each column.
    fn make_choices(&self, language: Language) -> Result<(), JsValue> {
        let document = dom::document()?;
        self.choices.set_text_content(None);
        self.sort.set_text_content(None);
        for column in Column::ALL {
            let title: Text = words::list::column(column);
            if column != Column::Name {
                let label = document.create_element("label")?;
                let choice: HtmlInputElement = document.create_element("input")?.unchecked_into();
                choice.set_type("checkbox");
                choice.set_attribute("data-choice", column.name())?;
                label.append_child(&choice)?;
                label.append_with_str_1(&format!(" {}", title.of(language)))?;
                self.choices.append_child(&label)?;
            }
            dom::append_option(&self.sort, column.name(), title.of(language))?;
        }
        Ok(())
    }
}

fn selector(column: Column) -> String {
    format!("[data-column={}]", column.name())
}

/// Width of a column, as a grid's track.
const fn width(column: Column) -> &'static str {
    match column {
        Column::Name => "minmax(0, 3fr)",
        Column::Artist | Column::Album | Column::Folder => "minmax(0, 2fr)",
        Column::Mood => "minmax(0, 1.8fr)",
        Column::Key | Column::Judged => "minmax(0, 6.5rem)",
        Column::Certainty | Column::Arousal | Column::Valence => "minmax(0, 5rem)",
        Column::Tempo | Column::Duration | Column::Energy | Column::Year => "minmax(0, 4.2rem)",
    }
}
