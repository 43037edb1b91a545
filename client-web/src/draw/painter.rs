//! The graphics card: WebGL2, the backdrop, and before it a batch of sprites in one call.
//!
//! Owns: the context, the sprites' program, the buffers. Enters: a canvas, then a batch and a camera per draw. Leaves: pixels. It
//! must never decide what to draw; and a context that cannot be had is an error that the page tells, not a panic.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlContextAttributes,
    WebGlPowerPreference, WebGlProgram, WebGlUniformLocation, WebGlVertexArrayObject,
};

use super::backdrop::{Backdrop, BackdropPass};
use super::camera::Camera;
use super::program::link;
use super::sprite::{Batch, INSTANCE_BYTES};

const VERTEX: &str = include_str!("shaders/sprite.vert");
const FRAGMENT: &str = include_str!("shaders/sprite.frag");

/// The corners of the quad that every sprite stretches, as a triangle strip.
const CORNERS: [f32; 8] = [-1.0, -1.0, 1.0, -1.0, -1.0, 1.0, 1.0, 1.0];

/// Attribute location, float count, byte offset: the instance layout that `Batch::push` writes.
const FLOATS: [(u32, i32, i32); 4] = [(1, 2, 0), (2, 2, 8), (3, 2, 16), (5, 2, 28)];
const COLOUR: (u32, i32, i32) = (4, 4, 24);

/// Paints batches onto one canvas.
#[derive(Debug)]
pub struct Painter {
    gl: Gl,
    backdrop: BackdropPass,
    program: WebGlProgram,
    layout: WebGlVertexArrayObject,
    instances: WebGlBuffer,
    view: Option<WebGlUniformLocation>,
    pixel: Option<WebGlUniformLocation>,
    seconds: Option<WebGlUniformLocation>,
}

impl Painter {
    /// Takes the canvas's context and compiles the programs.
    pub fn new(canvas: &HtmlCanvasElement) -> Result<Self, JsValue> {
        let gl = context(canvas)?;
        let backdrop = BackdropPass::new(&gl)?;
        let program = link(&gl, VERTEX, FRAGMENT)?;
        let (layout, instances) = buffers(&gl)?;
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        let uniform = |name| gl.get_uniform_location(&program, name);
        let (view, pixel, seconds) = (uniform("view"), uniform("pixel"), uniform("seconds"));
        Ok(Self { view, pixel, seconds, gl, backdrop, program, layout, instances })
    }

    /// Paints `batch` before its backdrop as `camera` sees them.
    pub fn paint(&self, batch: &Batch, camera: &Camera, backdrop: Backdrop) {
        let gl = &self.gl;
        let [width, height] = camera.pixels;
        gl.viewport(0, 0, width, height);
        self.backdrop.paint(gl, camera, backdrop);
        gl.enable(Gl::BLEND);
        gl.use_program(Some(&self.program));
        gl.bind_vertex_array(Some(&self.layout));
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.instances));
        gl.buffer_data_with_u8_array(Gl::ARRAY_BUFFER, batch.bytes(), Gl::STREAM_DRAW);
        let [x, y, across, down] = camera.view();
        gl.uniform4f(self.view.as_ref(), x, y, across, down);
        gl.uniform1f(self.pixel.as_ref(), camera.units_per_pixel());
        gl.uniform1f(self.seconds.as_ref(), backdrop.seconds);
        gl.draw_arrays_instanced(Gl::TRIANGLE_STRIP, 0, 4, batch.count());
    }
}

fn context(canvas: &HtmlCanvasElement) -> Result<Gl, JsValue> {
    let wishes = WebGlContextAttributes::new();
    wishes.set_alpha(false);
    wishes.set_depth(false);
    wishes.set_antialias(false);
    wishes.set_power_preference(WebGlPowerPreference::HighPerformance);
    let context: Option<Object> = canvas.get_context_with_context_options("webgl2", &wishes)?;
    let context = context.ok_or("this browser has no WebGL2")?;
    Ok(context.dyn_into::<Gl>()?)
}

fn buffers(gl: &Gl) -> Result<(WebGlVertexArrayObject, WebGlBuffer), JsValue> {
    let layout = gl.create_vertex_array().ok_or("no vertex array")?;
    gl.bind_vertex_array(Some(&layout));
    let quad = gl.create_buffer().ok_or("no buffer")?;
    gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&quad));
    let corners: Vec<u8> = CORNERS.iter().flat_map(|value| value.to_le_bytes()).collect();
    gl.buffer_data_with_u8_array(Gl::ARRAY_BUFFER, &corners, Gl::STATIC_DRAW);
    gl.enable_vertex_attrib_array(0);
    gl.vertex_attrib_pointer_with_i32(0, 2, Gl::FLOAT, false, 8, 0);

    let instances = gl.create_buffer().ok_or("no buffer")?;
    gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&instances));
    for (location, size, offset) in FLOATS {
        per_instance(gl, location, size, Gl::FLOAT, offset);
    }
    per_instance(gl, COLOUR.0, COLOUR.1, Gl::UNSIGNED_BYTE, COLOUR.2);
    Ok((layout, instances))
}

fn per_instance(gl: &Gl, location: u32, size: i32, kind: u32, offset: i32) {
    gl.enable_vertex_attrib_array(location);
    gl.vertex_attrib_pointer_with_i32(
        location,
        size,
        kind,
        kind == Gl::UNSIGNED_BYTE,
        INSTANCE_BYTES,
        offset,
    );
    gl.vertex_attrib_divisor(location, 1);
}
