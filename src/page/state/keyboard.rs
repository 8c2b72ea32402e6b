//! Keys that work anywhere on the page.

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
}
