//! The rows of the list: only those in sight are in the document, however long it is.

use std::collections::BTreeMap;
use std::ops::Range;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlTemplateElement, Node};

use super::cover;
use crate::dom;
use crate::dom::listener::Timeout;
use crate::mood::Mood;
use crate::page::library::{Column, Columns, Library, LibrarySong, Line};
use crate::page::request::Request;
use crate::page::sender;
use crate::page::state::Covers;
use crate::page::words;
use crate::report::ModelIds;
use crate::text::Language;

/// Rows above and below what is in sight, so that there is something where one scrolls.
const SPARE: usize = 8;
/// Most rows, on the highest of windows.
const MOST: usize = 200;
/// How long the rows stand still before their covers are looked for, in milliseconds.
const REST_MS: i32 = 120;

dom::elements! {
    /// The rows, and what stands in them.
    pub struct Rows(document) {
        HtmlElement:
            grid = "library-list", body = "library-rows", probe = "library-probe";
        HtmlTemplateElement: song = "library-row", heading = "library-heading-row";
    } and {
        drawn: BTreeMap<usize, Row> = BTreeMap::new(),
        columns: Columns = Columns::default(),
        language: Language = Language::default(),
        /// The line of the cursor, once it was brought into sight.
        cursor: Option<usize> = None,
        /// Songs whose covers are asked for once the rows stand still.
        wanted: Option<(Vec<String>, Timeout)> = None,
    }
}

/// One row.
struct Row {
    element: Element,
    /// The button that opens the song, or selects those below the heading.
    name: HtmlElement,
    cover: Option<HtmlElement>,
    cells: Vec<(Column, Element)>,
    shown: Option<Shown>,
}

/// What a row shows.
#[derive(PartialEq)]
enum Shown {
    Song {
        song: Box<LibrarySong>,
        outdated: bool,
        cover: Option<String>,
    },
    Heading(String),
}

/// What the rows are drawn of.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The songs.
    pub library: &'a Library,
    /// The models of today.
    pub models: &'a ModelIds,
    /// The songs' covers.
    pub covers: &'a Covers,
    /// The language of the texts.
    pub language: Language,
}

impl Rows {
    /// Shows those rows that are in sight, after the list has changed.
    pub fn render(&mut self, source: Source<'_>) -> Result<(), JsValue> {
        let library = source.library;
        if self.columns != *library.columns() || self.language != source.language {
            self.columns = library.columns().clone();
            self.language = source.language;
            self.clear();
        }
        let lines = library.lines();
        let height = self.height();
        let all = format!("{}px", lines.len() as f64 * height);
        dom::set_style(&self.body, "block-size", &all)?;
        let count = lines.len().to_string();
        dom::set_attribute(&self.grid, "aria-rowcount", &(lines.len() + 1).to_string())?;
        dom::set_attribute(&self.body, "data-count", &count)?;
        let covers = source.covers.has_any().then_some("true");
        dom::set_optional(&self.grid, "data-covers", covers)?;
        self.follow_cursor(library, height)?;
        self.draw(source, true)
    }

    /// Shows those rows that have come into sight.
    pub fn scrolled(&mut self, source: Source<'_>) -> Result<(), JsValue> {
        self.draw(source, false)
    }

    /// Shows the rows in sight: all of them, or those that are not there yet.
    fn draw(&mut self, source: Source<'_>, anew: bool) -> Result<(), JsValue> {
        let height = self.height();
        let lines = source.library.lines();
        let range = self.in_sight(height, lines.len())?;
        let is_song = |line: usize| matches!(lines.get(line), Some(Line::Song(_)));
        let stays =
            |line: usize, row: &Row| range.contains(&line) && row.is_song() == is_song(line);
        let (drawn, mut spare): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut self.drawn)
            .into_iter()
            .partition(|(line, row)| stays(*line, row));
        self.drawn = drawn;
        for index in range {
            if let Some(row) = self.drawn.get_mut(&index) {
                if anew {
                    row.show(source, index, height)?;
                }
                continue;
            }
            let mut fitting = spare
                .iter()
                .filter(|(_, row)| row.is_song() == is_song(index));
            let fitting = fitting.next().map(|(line, _)| *line);
            let mut row = match fitting.and_then(|line| spare.remove(&line)) {
                Some(row) => row,
                None => self.make(is_song(index))?,
            };
            row.show(source, index, height)?;
            // In the document rows stand from top to bottom, as they are read.
            let below = self.drawn.range(index..).next();
            let below = below.map(|(_, row)| row.element.unchecked_ref::<Node>());
            self.body.insert_before(&row.element, below)?;
            self.drawn.insert(index, row);
        }
        for row in spare.into_values() {
            row.element.remove();
        }
        self.want_covers(source)?;
        let cursor = self.cursor.filter(|line| self.drawn.contains_key(line));
        let active = cursor.map(row_id);
        dom::set_optional(&self.grid, "aria-activedescendant", active.as_deref())
    }

    /// Asks for the covers of the songs in sight that were not looked for yet, unless one scrolls
    /// on: what is found draws the page anew.
    fn want_covers(&mut self, source: Source<'_>) -> Result<(), JsValue> {
        let lines = self.drawn.keys();
        let lines = lines.filter_map(|line| source.library.lines().get(*line));
        let hashes = lines.filter_map(|line| match line {
            Line::Song(hash) if !source.covers.knows(hash) => Some(hash.to_string()),
            _ => None,
        });
        let hashes: Vec<_> = hashes.collect();
        let same = |wanted: &(Vec<String>, Timeout)| wanted.0 == hashes;
        if !self.wanted.as_ref().is_some_and(same) {
            self.wanted = None;
            if !hashes.is_empty() {
                let wanted = hashes.clone();
                let ask = move || sender::ask(Request::ReadCovers(wanted.clone()));
                self.wanted = Some((hashes, Timeout::new(REST_MS, ask)?));
            }
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.drawn.clear();
        self.body.set_text_content(None);
    }

    /// Height of a row in CSS pixels: the style sheet has it.
    fn height(&self) -> f64 {
        f64::from(self.probe.offset_height().max(1))
    }

    /// The lines that the window shows, and some above and below.
    fn in_sight(&self, height: f64, lines: usize) -> Result<Range<usize>, JsValue> {
        let window = dom::window()?.inner_height()?.as_f64().unwrap_or(0.0);
        let top = -dom::top_of(&self.body)?;
        let first = (top / height).max(0.0) as usize;
        let last = ((top + window) / height).max(0.0).ceil() as usize;
        let start = first.saturating_sub(SPARE).min(lines);
        let end = (last + SPARE).min(lines).min(start + MOST);
        Ok(start..end.max(start))
    }

    /// Scrolls to the cursor where it went out of sight.
    fn follow_cursor(&mut self, library: &Library, height: f64) -> Result<(), JsValue> {
        let cursor = library.selection().cursor();
        let line = cursor.and_then(|hash| {
            let mut lines = library.lines().iter();
            lines.position(|line| matches!(line, Line::Song(one) if one == hash))
        });
        if self.cursor == line {
            return Ok(());
        }
        self.cursor = line;
        let Some(line) = line else {
            return Ok(());
        };
        let window = dom::window()?;
        let high = window.inner_height()?.as_f64().unwrap_or(0.0);
        let top = dom::top_of(&self.body)? + line as f64 * height;
        // The heads cover the top of the window, what is said of the selection its bottom.
        let (above, below) = (2.0 * height, high - 3.0 * height);
        let by = if top < above {
            top - above
        } else if top > below {
            top - below
        } else {
            return Ok(());
        };
        window.scroll_by_with_x_and_y(0.0, by);
        Ok(())
    }

    fn make(&self, is_song: bool) -> Result<Row, JsValue> {
        if !is_song {
            let element = dom::clone_template(&self.heading)?;
            return Ok(Row {
                name: dom::find(&element, "button")?,
                element,
                cover: None,
                cells: Vec::new(),
                shown: Some(Shown::Heading(String::new())),
            });
        }
        let element = dom::clone_template(&self.song)?;
        let rest: Element = dom::find(&element, ".library-rest")?;
        let document = dom::document()?;
        let mut cells = Vec::new();
        for column in self.columns.iter().filter(|column| *column != Column::Name) {
            let cell = document.create_element("div")?;
            cell.set_attribute("role", "gridcell")?;
            cell.set_attribute("data-cell", column.name())?;
            rest.append_child(&cell)?;
            cells.push((column, cell));
        }
        Ok(Row {
            name: dom::find(&element, "button")?,
            cover: Some(dom::find(&element, ".cover")?),
            element,
            cells,
            shown: None,
        })
    }
}

/// The id of the row of a line.
fn row_id(line: usize) -> String {
    format!("library-line-{line}")
}

impl Row {
    const fn is_song(&self) -> bool {
        !matches!(self.shown, Some(Shown::Heading(_)))
    }

    /// Shows that line.
    fn show(&mut self, source: Source<'_>, index: usize, height: f64) -> Result<(), JsValue> {
        match source.library.lines().get(index) {
            Some(line) => {
                self.fill(source, line)?;
                self.place(source, index, line, height)
            }
            None => Ok(()),
        }
    }

    /// Writes a line into the row.
    fn fill(&mut self, source: Source<'_>, line: &Line) -> Result<(), JsValue> {
        let hash = match line {
            Line::Heading { shared, count } => {
                let text = words::list::heading(source.language, shared, *count);
                let now = Shown::Heading(text);
                if self.shown.as_ref() != Some(&now) {
                    if let Shown::Heading(text) = &now {
                        dom::set_text(&self.name, text);
                    }
                    self.shown = Some(now);
                }
                return Ok(());
            }
            Line::Song(hash) => hash,
        };
        let Some(song) = source.library.get(hash) else {
            return Ok(());
        };
        let outdated = song.kept.models != *source.models;
        let cover = source.covers.get(hash);
        if let Some(Shown::Song {
            song: shown,
            outdated: was,
            cover: before,
        }) = &self.shown
            && **shown == *song
            && *was == outdated
            && before.as_deref() == cover
        {
            return Ok(());
        }
        self.write(source.language, song, outdated)?;
        if let Some(element) = &self.cover {
            cover::set(element, cover)?;
        }
        self.shown = Some(Shown::Song {
            song: Box::new(song.clone()),
            outdated,
            cover: cover.map(str::to_owned),
        });
        Ok(())
    }

    fn write(&self, language: Language, song: &LibrarySong, outdated: bool) -> Result<(), JsValue> {
        let (element, kept) = (&self.element, &song.kept);
        dom::set_attribute(element, "data-hash", song.hash())?;
        dom::set_attribute(element, "data-name", &kept.origin.name)?;
        dom::set_optional(element, "data-mood", song.mood().map(Mood::name))?;
        dom::set_attribute(element, "data-unsure", &song.is_unsure().to_string())?;
        dom::set_attribute(element, "data-outdated", &outdated.to_string())?;
        self.name.set_title(&kept.origin.path);
        dom::set_text(&self.name, kept.title());
        for (column, cell) in &self.cells {
            dom::set_text(cell, &words::list::cell(language, song, *column, outdated));
        }
        Ok(())
    }

    /// Puts the row where its line is, and shows whether it is selected.
    fn place(
        &self,
        source: Source<'_>,
        index: usize,
        line: &Line,
        height: f64,
    ) -> Result<(), JsValue> {
        let element = &self.element;
        let top = format!("{}px", index as f64 * height);
        dom::set_style(element, "inset-block-start", &top)?;
        dom::set_attribute(element, "id", &row_id(index))?;
        // The heads are the first row.
        dom::set_attribute(element, "aria-rowindex", &(index + 2).to_string())?;
        let Line::Song(hash) = line else {
            return dom::set_attribute(element, "data-line", &index.to_string());
        };
        let selection = source.library.selection();
        let picked = if selection.has(hash) { "true" } else { "false" };
        dom::set_attribute(element, "aria-selected", picked)?;
        let cursor = (selection.cursor() == Some(hash)).then_some("true");
        dom::set_optional(element, "data-cursor", cursor)
    }
}
