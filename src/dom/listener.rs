//! Event listeners and timers that end when they are dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, Window};

/// A listener that is removed when this is dropped.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `react` on every `kind` event of `target`.
    pub fn new(
        target: &EventTarget,
        kind: &'static str,
        react: impl FnMut(Event) + 'static,
    ) -> Result<Self, JsValue> {
        let closure = Closure::<dyn FnMut(Event)>::new(react);
        target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref())?;
        Ok(Self {
            target: target.clone(),
            kind,
            closure,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A target that has no such listener does nothing; there is no other error.
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.kind, callback);
    }
}

/// A timer that fires once, or never if it is dropped before.
pub struct Timeout {
    window: Window,
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `react` after that many milliseconds.
    pub fn new(milliseconds: i32, react: impl FnMut() + 'static) -> Result<Self, JsValue> {
        let window = crate::dom::window()?;
        let closure = Closure::<dyn FnMut()>::new(react);
        let callback = closure.as_ref().unchecked_ref();
        let id =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, milliseconds)?;
        Ok(Self {
            window,
            id,
            _closure: closure,
        })
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        self.window.clear_timeout_with_handle(self.id);
    }
}

/// A clock that ticks until it is dropped.
pub struct Interval {
    window: Window,
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Interval {
    /// Calls `react` every so many milliseconds.
    pub fn new(milliseconds: i32, react: impl FnMut() + 'static) -> Result<Self, JsValue> {
        let window = crate::dom::window()?;
        let closure = Closure::<dyn FnMut()>::new(react);
        let callback = closure.as_ref().unchecked_ref();
        let id = window
            .set_interval_with_callback_and_timeout_and_arguments_0(callback, milliseconds)?;
        Ok(Self {
            window,
            id,
            _closure: closure,
        })
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        self.window.clear_interval_with_handle(self.id);
    }
}
