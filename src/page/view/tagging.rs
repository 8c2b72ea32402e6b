//! The dialog in which tags are written into files: first what would change, then what came
//! of it.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlButtonElement, HtmlDialogElement, HtmlElement, HtmlInputElement};

use crate::dom;
use crate::page::state::{State, TagStep, Tagging};
use crate::page::words::tagging as words;
use crate::text::{Language, page as say_page, tagging as say};

dom::elements! {
    /// The dialog's elements, and what stands in them.
    pub struct TagView(document) {
        HtmlDialogElement: dialog = "tags";
        Element: status = "tags-status", rows = "tags-rows", obstacles = "tags-obstacles", close = "tags-close";
        HtmlInputElement: overwrite = "tags-overwrite";
        HtmlButtonElement: write = "tags-write";
        HtmlElement:
            changes = "tags-changes", more = "tags-more", copy_note = "tags-copy-note",
            program = "tags-program", lend = "tags-lend", choice = "tags-choice";
    } and {
        /// What is drawn.
        drawn: Option<Drawn> = None,
    }
}

/// What the dialog depends on: run, step, songs looked at and ended, overwriting, changes
/// shown, language.
type Drawn = (u32, TagStep, usize, usize, bool, usize, Language);

impl TagView {
    /// Shows the dialog while it is wanted.
    pub fn render(&mut self, state: &State) -> Result<(), JsValue> {
        let Some(tagging) = &state.tagging else {
            if self.drawn.take().is_some() {
                self.dialog.close();
            }
            return Ok(());
        };
        if !self.dialog.open() {
            self.dialog.show_modal()?;
        }
        let now = (
            tagging.run,
            tagging.step,
            tagging.looked_at(),
            tagging.ended(),
            tagging.overwrite,
            tagging.shown,
            state.language,
        );
        if self.drawn == Some(now) {
            return Ok(());
        }
        self.drawn = Some(now);
        let language = state.language;
        let text = words::status(language, tagging, &state.library);
        dom::set_text(&self.status, &text);
        self.overwrite.set_checked(tagging.overwrite);
        let is_preview = tagging.step == TagStep::Preview;
        dom::set_hidden(&self.choice, !tagging.is_open());
        let mut can = false;
        if is_preview {
            can = tagging.count(&state.library).written > 0;
            self.render_changes(state, tagging)?;
        }
        let is_empty = self.rows.child_element_count() == 0;
        dom::set_hidden(&self.changes, !is_preview || is_empty);
        let lines = match tagging.step {
            TagStep::Looking => Vec::new(),
            _ => words::obstacles(language, tagging),
        };
        dom::set_items(&self.obstacles, lines.iter().map(String::as_str))?;
        self.render_ways(tagging, is_preview, can, language);
        Ok(())
    }

    /// How it can be written, and what else there is to do.
    fn render_ways(&self, tagging: &Tagging, is_preview: bool, can: bool, language: Language) {
        let lacks = is_preview && tagging.lacks_folder();
        dom::set_hidden(&self.lend, !lacks);
        dom::set_hidden(&self.copy_note, !(is_preview && tagging.is_copy()));
        dom::set_hidden(&self.program, !lacks || tagging.songs.len() == 1);
        dom::set_hidden(&self.write, !is_preview);
        self.write.set_disabled(!can);
        let write = if tagging.is_copy() {
            say::TAGS_COPY
        } else {
            say::TAGS_WRITE
        };
        dom::set_text(&self.write, write.of(language));
        let close = if tagging.step == TagStep::Writing {
            say::TAGS_STOP
        } else {
            say_page::CLOSE
        };
        dom::set_text(&self.close, close.of(language));
    }

    fn render_changes(&self, state: &State, tagging: &Tagging) -> Result<(), JsValue> {
        self.rows.set_text_content(None);
        let mut all = 0;
        for song in tagging.songs.iter().filter(|song| song.outcome.is_none()) {
            for change in tagging.changes(song, &state.library) {
                if all < tagging.shown {
                    let cells = words::change(state.language, &change);
                    dom::append_row(&self.rows, &song.path, &cells)?;
                }
                all += 1;
            }
        }
        let more = words::more(state.language, all, tagging.shown);
        dom::set_hidden(&self.more, more.is_none());
        if let Some(more) = more {
            dom::set_text(&self.more, &more);
        }
        Ok(())
    }
}
