//! What keys ask for: those that work anywhere on the page, and those of the list.

use crate::page::library::{Pick, Step};

/// Seconds that an arrow key goes on or back.
const STEP_S: f64 = 5.0;

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// Nothing that takes keys.
    Page,
    /// A button, link or the like, that the space bar presses.
    Control,
    /// Something that one types or moves in.
    Field,
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shortcut {
    /// Play or pause.
    Toggle,
    /// Go on by so many seconds, or back.
    Move(f64),
    /// Show the list of keys.
    Help,
    /// Stop what is being done to the selected song.
    Cancel,
}

/// The shortcut of a key, named as in UI Events' `KeyboardEvent.key`. A key that is
/// pressed together with Ctrl, Alt or Meta belongs to the browser.
#[must_use]
pub fn shortcut(key: &str, focus: Focus, modified: bool) -> Option<Shortcut> {
    match (key, focus) {
        _ if modified => None,
        ("Escape", _) => Some(Shortcut::Cancel),
        (_, Focus::Field) => None,
        (" ", Focus::Page) => Some(Shortcut::Toggle),
        ("ArrowLeft", _) => Some(Shortcut::Move(-STEP_S)),
        ("ArrowRight", _) => Some(Shortcut::Move(STEP_S)),
        ("?" | "？", _) => Some(Shortcut::Help),
        _ => None,
    }
}

/// What a key asks of the list of songs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKey {
    /// Move the cursor, and select.
    Go(Step, Pick),
    /// Select all.
    All,
    /// Select none.
    None,
    /// Open the song that the cursor is on.
    Open,
    /// Forget what is selected.
    Forget,
}

/// What a key, named as above, asks of the list where it has the focus: as in a file manager.
/// `page` tells how many songs fit into the window.
#[must_use]
pub fn list_key(
    key: &str,
    with_control: bool,
    with_shift: bool,
    page: impl FnOnce() -> i32,
) -> Option<ListKey> {
    let step = match key {
        "ArrowUp" => Step::By(-1),
        "ArrowDown" => Step::By(1),
        "PageUp" => Step::By(-page()),
        "PageDown" => Step::By(page()),
        "Home" => Step::First,
        "End" => Step::Last,
        " " => return Some(ListKey::Go(Step::Here, Pick::Toggle)),
        "a" | "A" if with_control => return Some(ListKey::All),
        "Enter" => return Some(ListKey::Open),
        "Delete" => return Some(ListKey::Forget),
        "Escape" => return Some(ListKey::None),
        _ => return None,
    };
    let pick = match (with_shift, with_control) {
        (true, _) => Pick::Range,
        (false, true) => Pick::Cursor,
        (false, false) => Pick::Only,
    };
    Some(ListKey::Go(step, pick))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_belong_to_what_has_the_focus() {
        assert_eq!(shortcut(" ", Focus::Page, false), Some(Shortcut::Toggle));
        assert_eq!(shortcut(" ", Focus::Control, false), None);
        let back = Some(Shortcut::Move(-STEP_S));
        assert_eq!(shortcut("ArrowLeft", Focus::Control, false), back);
        for key in [" ", "?", "ArrowRight"] {
            assert_eq!(shortcut(key, Focus::Field, false), None, "{key}");
            assert_eq!(shortcut(key, Focus::Page, true), None, "{key}");
        }
        let cancel = Some(Shortcut::Cancel);
        assert_eq!(shortcut("Escape", Focus::Field, false), cancel);
    }

    #[test]
    fn the_list_takes_keys_as_a_file_manager_does() {
        let pressed = |key, control, shift| list_key(key, control, shift, || 20);
        let go = |step, pick| Some(ListKey::Go(step, pick));
        assert_eq!(
            pressed("ArrowDown", false, false),
            go(Step::By(1), Pick::Only)
        );
        assert_eq!(
            pressed("PageUp", false, true),
            go(Step::By(-20), Pick::Range)
        );
        assert_eq!(pressed("End", true, false), go(Step::Last, Pick::Cursor));
        assert_eq!(pressed(" ", true, false), go(Step::Here, Pick::Toggle));
        assert_eq!(pressed("a", true, false), Some(ListKey::All));
        assert_eq!(pressed("a", false, false), None);
        assert_eq!(pressed("Enter", false, false), Some(ListKey::Open));
        assert_eq!(pressed("Delete", false, false), Some(ListKey::Forget));
        // They seek in the song that plays.
        assert_eq!(pressed("ArrowLeft", false, false), None);
    }
}
