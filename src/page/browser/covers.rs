//! Covers: made small, kept, and read again for what is in sight.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, Url};

use crate::dom;
use crate::page::browser::store::Store;
use crate::page::sender;
use crate::page::state::{Event, LibraryEvent};

/// Width and height that a cover is kept at, in pixels: it is shown at half of that.
const SIDE: u32 = 96;
/// Quality of the small JPEG, in [0, 1].
const QUALITY: f64 = 0.8;

/// Which songs' covers were asked for.
#[derive(Clone, Default)]
pub struct Covers {
    asked: Rc<RefCell<HashSet<String>>>,
}

impl Covers {
    /// Makes a cover small, keeps it, and tells where it is. What can't be unpacked is no
    /// cover.
    pub async fn keep(&self, hash: String, bytes: Uint8Array, store: Option<Store>) {
        let small = match small(&bytes).await {
            Ok(small) => small,
            Err(error) => {
                web_sys::console::debug_1(&error);
                return;
            }
        };
        if let Some(store) = store
            && let Err(error) = store.keep_cover(&hash, &small).await
        {
            // It is shown in this visit all the same.
            web_sys::console::warn_1(&error.to_string().into());
        }
        self.asked.borrow_mut().insert(hash.clone());
        tell(vec![(hash, url_of(&small))]);
    }

    /// Reads the covers of these songs, where nobody has asked for them yet.
    pub async fn read(&self, mut hashes: Vec<String>, store: Store) {
        hashes.retain(|hash| self.asked.borrow_mut().insert(hash.clone()));
        if hashes.is_empty() {
            return;
        }
        match store.covers(&hashes).await {
            Ok(covers) => {
                let urls = covers.iter().map(|cover| cover.as_ref().and_then(url_of));
                tell(hashes.into_iter().zip(urls).collect());
            }
            Err(error) => web_sys::console::warn_1(&error.to_string().into()),
        }
    }
}

fn tell(found: Vec<(String, Option<String>)>) {
    sender::send(Event::Library(LibraryEvent::CoversRead(found)));
}

/// An address of the picture, for as long as the page lives.
fn url_of(blob: &Blob) -> Option<String> {
    Url::create_object_url_with_blob(blob).ok()
}

/// The middle of a picture, as a small JPEG.
async fn small(bytes: &Uint8Array) -> Result<Blob, JsValue> {
    let whole = Blob::new_with_u8_array_sequence(&Array::of1(bytes))?;
    let picture = dom::window()?.create_image_bitmap_with_blob(&whole)?;
    let picture: ImageBitmap = JsFuture::from(picture).await?.unchecked_into();
    let canvas: HtmlCanvasElement = dom::document()?.create_element("canvas")?.dyn_into()?;
    canvas.set_width(SIDE);
    canvas.set_height(SIDE);
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")?
        .ok_or_else(|| JsValue::from_str("there is no canvas"))?
        .dyn_into()?;
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let (side, end) = (width.min(height), f64::from(SIDE));
    // JPEG knows no transparency.
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, end, end);
    context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &picture,
        (width - side) / 2.0,
        (height - side) / 2.0,
        side,
        side,
        0.0,
        0.0,
        end,
        end,
    )?;
    picture.close();
    let mut failure = None;
    let made = Promise::new(&mut |resolve: Function, _| {
        let made =
            canvas.to_blob_with_type_and_encoder_options(&resolve, "image/jpeg", &QUALITY.into());
        failure = made.err();
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    JsFuture::from(made).await?.dyn_into()
}
