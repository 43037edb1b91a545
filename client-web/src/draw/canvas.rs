//! The canvas: its size in device pixels, and the painter that owns its context.
//!
//! Enters: the window's size and pixel density, whenever they change. Leaves: a canvas that is crisp, and a painter for it,
//! made anew when the browser takes the context away and gives it back. Without WebGL2 there is no painter, and the rest of
//! the page goes on.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlCanvasElement};

use super::backdrop::Backdrop;
use super::camera::Camera;
use super::painter::Painter;
use super::sprite::Batch;
use crate::dom;

/// Device pixels per CSS pixel beyond which nobody sees a difference, but the graphics card does.
const DENSEST: f64 = 2.5;

/// The canvas with its painter.
#[derive(Debug)]
pub struct Canvas {
    element: HtmlCanvasElement,
    painter: Option<Painter>,
    /// Set when the browser gave a lost context back.
    restored: Rc<Cell<bool>>,
    /// The window, in CSS pixels.
    css: [f64; 2],
}

impl Canvas {
    /// Takes the page's canvas. An error says that there is no WebGL2.
    pub fn new(element: HtmlCanvasElement) -> Result<Self, JsValue> {
        let painter = Painter::new(&element)?;
        let restored = Rc::new(Cell::new(false));
        // Without this the browser would never give the context back.
        dom::listen(&element, "webglcontextlost", |event: Event| event.prevent_default());
        let flag = Rc::clone(&restored);
        dom::listen(&element, "webglcontextrestored", move |_: Event| flag.set(true));
        Ok(Self { element, painter: Some(painter), restored, css: [1.0, 1.0] })
    }

    /// Brings the canvas to the window's size and the camera to the canvas's.
    pub fn fit(&mut self, camera: &mut Camera) {
        let window = dom::window();
        let side = |side: Result<JsValue, JsValue>| side.ok().and_then(|value| value.as_f64()).unwrap_or(1.0);
        self.css = [side(window.inner_width()), side(window.inner_height())];
        let density = window.device_pixel_ratio().clamp(0.5, DENSEST);
        let pixels = self.css.map(|side| (side * density).round().max(1.0) as i32);
        if camera.pixels != pixels {
            self.element.set_width(pixels[0].unsigned_abs());
            self.element.set_height(pixels[1].unsigned_abs());
            camera.fit(pixels);
        }
    }

    /// Paints `batch`; returns whether there was a painter to do it.
    pub fn paint(&mut self, batch: &Batch, camera: &Camera, backdrop: Backdrop) -> bool {
        if self.restored.replace(false) {
            self.painter =
                Painter::new(&self.element).map_err(|problem| dom::complain("no painter", &problem)).ok();
        }
        let Some(painter) = &self.painter else { return false };
        painter.paint(batch, camera, backdrop);
        true
    }

    /// Where `point` (world units) is in the window, in CSS pixels.
    pub fn css_place(&self, camera: &Camera, point: [f32; 2]) -> [f32; 2] {
        let share = camera.on_canvas(point);
        [0, 1].map(|axis| share[axis] * self.css[axis] as f32)
    }
}
