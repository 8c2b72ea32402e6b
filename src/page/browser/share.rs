//! Giving a result to others: as a picture, as text, or through the system's own dialog.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url,
};

use crate::dom;
use crate::page::words::picture;

/// An SVG as a file.
pub fn svg_blob(svg: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    Blob::new_with_str_sequence_and_options(&Array::of1(&svg.into()), &options)
}

/// The same picture as a PNG, drawn by the browser.
pub async fn png_blob(svg: &Blob) -> Result<Blob, JsValue> {
    let url = Url::create_object_url_with_blob(svg)?;
    let canvas = draw(&url).await;
    Url::revoke_object_url(&url)?;
    let canvas = canvas?;
    let mut failure = None;
    let png = Promise::new(&mut |resolve, _| {
        failure = canvas.to_blob_with_type(&resolve, "image/png").err();
    });
    match failure {
        Some(error) => Err(error),
        None => JsFuture::from(png).await?.dyn_into(),
    }
}

async fn draw(url: &str) -> Result<HtmlCanvasElement, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let [width, height] = picture::SIZE;
    let canvas: HtmlCanvasElement = dom::document()?.create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")?
        .ok_or_else(|| JsValue::from_str("this browser has no 2D canvas"))?
        .unchecked_into();
    context.draw_image_with_html_image_element(&image, 0.0, 0.0)?;
    Ok(canvas)
}

/// Puts text on the clipboard.
pub async fn copy(text: &str) -> Result<(), JsValue> {
    let clipboard = dom::window()?.navigator().clipboard();
    if clipboard.is_undefined() {
        return Err("this page has no clipboard".into());
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop)
}

/// Whether the system has a dialog to share with.
pub fn can_share() -> bool {
    sharing().is_some()
}

/// Hands text to the system's dialog; a dialog that is closed is no failure.
pub async fn share(title: &str, text: &str) -> Result<(), JsValue> {
    let Some(share) = sharing() else {
        return Ok(());
    };
    let data = Object::new();
    Reflect::set(&data, &"title".into(), &title.into())?;
    Reflect::set(&data, &"text".into(), &text.into())?;
    let navigator = dom::window()?.navigator();
    let shared: Promise = share.call1(&navigator, &data)?.dyn_into()?;
    match JsFuture::from(shared).await {
        Err(error) if !dom::is_abort(&error) => Err(error),
        _ => Ok(()),
    }
}

/// The system's `navigator.share`, where there is one.
fn sharing() -> Option<Function> {
    let navigator = dom::window().ok()?.navigator();
    Reflect::get(&navigator, &"share".into())
        .ok()?
        .dyn_into()
        .ok()
}
