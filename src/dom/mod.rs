//! The document, listeners, timers and portions of work: small helpers over the browser, for
//! page and worker.
//!
//! Writers write only what differs, so that screen readers hear, and the browser lays out,
//! only what changed.

#[cfg(feature = "decode")]
pub mod blob_source;
#[cfg(feature = "inference")]
pub mod digest;
pub mod listener;
pub mod turn;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, DocumentFragment, Element, HtmlElement, HtmlTemplateElement, Window};

/// A struct of elements of the page by type and id, `and` of what else stands in it, beside its
/// first value, which may be made of the document that `new` gets.
macro_rules! elements {
    ($(#[$meta:meta])* $vis:vis struct $name:ident($document:ident) {
        $($element:ty: $($found:ident = $id:expr),+;)*
    } $(and {
        $($(#[$of:meta])* $field:ident: $type:ty = $value:expr,)*
    })?) => {
        $(#[$meta])*
        $vis struct $name {
            $($($found: $element,)+)*
            $($($(#[$of])* $field: $type,)*)?
        }

        impl $name {
            /// Finds the elements.
            pub fn new($document: &web_sys::Document) -> Result<Self, JsValue> {
                Ok(Self {
                    $($($found: $crate::dom::Ids::find($id, $document)?,)+)*
                    $($($field: $value,)*)?
                })
            }
        }
    };
}
pub(crate) use elements;

/// An id, or several of elements of one type.
pub trait Ids<T> {
    /// What has them, of that type.
    fn find(self, document: &Document) -> Result<T, JsValue>;
}

impl<T: JsCast> Ids<T> for &str {
    fn find(self, document: &Document) -> Result<T, JsValue> {
        by_id(document, self)
    }
}

impl<T: JsCast, const N: usize> Ids<[T; N]> for [&str; N] {
    fn find(self, document: &Document) -> Result<[T; N], JsValue> {
        let found: Vec<T> = self
            .iter()
            .map(|id| by_id(document, id))
            .collect::<Result<_, _>>()?;
        let lost = |_| JsValue::from_str("elements are missing");
        found.try_into().map_err(lost)
    }
}

/// The window.
pub fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or_else(|| JsValue::from_str("there is no window"))
}

/// The page.
pub fn document() -> Result<Document, JsValue> {
    window()?
        .document()
        .ok_or_else(|| JsValue::from_str("there is no document"))
}

/// The element with that id, of that type.
pub fn by_id<T: JsCast>(document: &Document, id: &str) -> Result<T, JsValue> {
    let element = document
        .get_element_by_id(id)
        .ok_or_else(|| JsValue::from_str(&format!("index.html has no element #{id}")))?;
    element
        .dyn_into()
        .map_err(|_| JsValue::from_str(&format!("#{id} is of another type")))
}

/// The first element below `parent` that fits the selector, of that type.
pub fn find<T: JsCast>(parent: &Element, selector: &str) -> Result<T, JsValue> {
    parent
        .query_selector(selector)?
        .and_then(|element| element.dyn_into().ok())
        .ok_or_else(|| JsValue::from_str(&format!("index.html has no {selector} here")))
}

/// A new copy of a template's first element.
pub fn clone_template(template: &HtmlTemplateElement) -> Result<Element, JsValue> {
    let copy: DocumentFragment = template
        .content()
        .clone_node_with_deep(true)?
        .unchecked_into();
    copy.first_element_child()
        .ok_or_else(|| JsValue::from_str("a template is empty"))
}

/// Sets the text.
pub fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets an attribute.
pub fn set_attribute(element: &Element, name: &str, value: &str) -> Result<(), JsValue> {
    if element.get_attribute(name).as_deref() == Some(value) {
        return Ok(());
    }
    element.set_attribute(name, value)
}

/// Sets an attribute, or removes it.
pub fn set_optional(element: &Element, name: &str, value: Option<&str>) -> Result<(), JsValue> {
    match value {
        Some(value) => set_attribute(element, name, value),
        None => element.remove_attribute(name),
    }
}

/// Sets a CSS property. The page's content policy allows this, but no `style` attributes.
pub fn set_style(element: &Element, property: &str, value: &str) -> Result<(), JsValue> {
    let element: &HtmlElement = element
        .dyn_ref()
        .ok_or_else(|| JsValue::from_str("only HTML elements are styled"))?;
    element.style().set_property(property, value)
}

/// Shows or hides.
pub fn set_hidden(element: &HtmlElement, hidden: bool) {
    if element.hidden() != hidden {
        element.set_hidden(hidden);
    }
}

/// Adds a choice to a list of choices.
pub fn append_option(list: &Element, value: &str, text: &str) -> Result<(), JsValue> {
    let option = document()?.create_element("option")?;
    option.set_attribute("value", value)?;
    option.set_text_content(Some(text));
    list.append_child(&option).map(drop)
}

/// Where an element begins, in CSS pixels below the top of the window.
pub fn top_of(element: &HtmlElement) -> Result<f64, JsValue> {
    let mut top = f64::from(element.offset_top());
    let mut above = element.offset_parent();
    while let Some(parent) = above.and_then(|parent| parent.dyn_into::<HtmlElement>().ok()) {
        top += f64::from(parent.offset_top() + parent.client_top());
        above = parent.offset_parent();
    }
    Ok(top - window()?.scroll_y()?)
}

/// Replaces all children by list items with these texts.
pub fn set_items<'a>(
    list: &Element,
    items: impl IntoIterator<Item = &'a str>,
) -> Result<(), JsValue> {
    let document = document()?;
    list.set_text_content(None);
    for item in items {
        let row = document.create_element("li")?;
        row.set_text_content(Some(item));
        list.append_child(&row)?;
    }
    Ok(())
}

/// Appends headings of columns to a row.
pub fn append_heads(row: &Element, heads: &[&str]) -> Result<(), JsValue> {
    let document = document()?;
    for head in heads {
        let cell = document.create_element("th")?;
        cell.set_attribute("scope", "col")?;
        cell.set_text_content(Some(head));
        row.append_child(&cell)?;
    }
    Ok(())
}

/// Appends a table row: a heading cell, then plain ones.
pub fn append_row(body: &Element, heading: &str, cells: &[String]) -> Result<(), JsValue> {
    let document = document()?;
    let row = document.create_element("tr")?;
    let head = document.create_element("th")?;
    head.set_attribute("scope", "row")?;
    head.set_text_content(Some(heading));
    row.append_child(&head)?;
    for cell in cells {
        let data = document.create_element("td")?;
        data.set_text_content(Some(cell));
        row.append_child(&data)?;
    }
    body.append_child(&row)?;
    Ok(())
}

/// What a thrown value says.
pub fn message_of(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| {
            let message = js_sys::Reflect::get(error, &"message".into()).ok()?;
            message.as_string()
        })
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "unknown error".to_owned())
}

/// Whether a thrown value tells that somebody stopped it, which is no failure.
pub fn is_abort(error: &JsValue) -> bool {
    error
        .dyn_ref::<web_sys::DomException>()
        .is_some_and(|error| error.name() == "AbortError")
}

/// Milliseconds on the page's own clock; 0 where there is none.
pub fn now() -> f64 {
    window()
        .ok()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}
