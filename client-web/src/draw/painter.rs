//! The graphics card: one WebGL2 program that paints a batch of sprites in one call.
//!
//! Owns: the context, the program, the buffers. Enters: a canvas, then a batch and a camera per draw. Leaves: pixels. It
//! must never decide what to draw; and a context that cannot be had is an error that the page tells, not a panic.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlContextAttributes,
    WebGlPowerPreference, WebGlProgram, WebGlShader, WebGlUniformLocation, WebGlVertexArrayObject,
};

use super::camera::Camera;
use super::nebula;
use super::sprite::{Batch, INSTANCE_BYTES};

const VERTEX: &str = include_str!("shaders/sprite.vert");
const FRAGMENT: &str = include_str!("shaders/sprite.frag");

/// The corners of the quad that every sprite stretches, as a triangle strip.
const CORNERS: [f32; 8] = [-1.0, -1.0, 1.0, -1.0, -1.0, 1.0, 1.0, 1.0];

/// Attribute location, float count, byte offset: the instance layout that `Batch::push` writes.
const FLOATS: [(u32, i32, i32); 4] = [(1, 2, 0), (2, 2, 8), (3, 2, 16), (5, 2, 28)];
const COLOUR: (u32, i32, i32) = (4, 4, 24);

/// What a draw needs beside the sprites.
#[derive(Debug, Clone, Copy)]
pub struct Backdrop {
    /// Seconds since the page opened, for what glints.
    pub seconds: f32,
    /// The arena's side in world units.
    pub arena: f32,
}

/// Paints batches onto one canvas.
#[derive(Debug)]
pub struct Painter {
    gl: Gl,
    program: WebGlProgram,
    layout: WebGlVertexArrayObject,
    instances: WebGlBuffer,
    view: Option<WebGlUniformLocation>,
    pixel: Option<WebGlUniformLocation>,
    seconds: Option<WebGlUniformLocation>,
    arena: Option<WebGlUniformLocation>,
}

impl Painter {
    /// Takes the canvas's context and compiles the program.
    pub fn new(canvas: &HtmlCanvasElement) -> Result<Self, JsValue> {
        let gl = context(canvas)?;
        let program = link(&gl)?;
        let (layout, instances) = buffers(&gl)?;
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        clouds(&gl)?;
        let uniform = |name| gl.get_uniform_location(&program, name);
        let (view, pixel) = (uniform("view"), uniform("pixel"));
        let (seconds, arena) = (uniform("seconds"), uniform("arena"));
        Ok(Self { view, pixel, seconds, arena, gl, program, layout, instances })
    }

    /// Paints `batch` as `camera` sees it.
    pub fn paint(&self, batch: &Batch, camera: &Camera, backdrop: Backdrop) {
        let gl = &self.gl;
        let [width, height] = camera.pixels;
        gl.viewport(0, 0, width, height);
        gl.use_program(Some(&self.program));
        gl.bind_vertex_array(Some(&self.layout));
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.instances));
        gl.buffer_data_with_u8_array(Gl::ARRAY_BUFFER, batch.bytes(), Gl::STREAM_DRAW);
        let [x, y] = camera.at;
        gl.uniform4f(self.view.as_ref(), x, y, 1.0 / camera.half[0], 1.0 / camera.half[1]);
        gl.uniform1f(self.pixel.as_ref(), camera.units_per_pixel());
        gl.uniform1f(self.seconds.as_ref(), backdrop.seconds);
        gl.uniform1f(self.arena.as_ref(), backdrop.arena);
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

/// The one texture there is stays bound for good.
fn clouds(gl: &Gl) -> Result<(), JsValue> {
    let texture = gl.create_texture().ok_or("no texture")?;
    gl.bind_texture(Gl::TEXTURE_2D, Some(&texture));
    gl.pixel_storei(Gl::UNPACK_ALIGNMENT, 1);
    let (side, format) = (nebula::SIDE as i32, Gl::RG8 as i32);
    gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_u8_array(
        Gl::TEXTURE_2D,
        0,
        format,
        side,
        side,
        0,
        Gl::RG,
        Gl::UNSIGNED_BYTE,
        Some(&nebula::texels()),
    )?;
    gl.tex_parameteri(Gl::TEXTURE_2D, Gl::TEXTURE_MIN_FILTER, Gl::LINEAR as i32);
    gl.tex_parameteri(Gl::TEXTURE_2D, Gl::TEXTURE_MAG_FILTER, Gl::LINEAR as i32);
    Ok(())
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

fn link(gl: &Gl) -> Result<WebGlProgram, JsValue> {
    let program = gl.create_program().ok_or("no program")?;
    gl.attach_shader(&program, &compile(gl, Gl::VERTEX_SHADER, VERTEX)?);
    gl.attach_shader(&program, &compile(gl, Gl::FRAGMENT_SHADER, FRAGMENT)?);
    gl.link_program(&program);
    if gl.get_program_parameter(&program, Gl::LINK_STATUS).is_truthy() {
        return Ok(program);
    }
    Err(gl.get_program_info_log(&program).unwrap_or_default().into())
}

fn compile(gl: &Gl, kind: u32, source: &str) -> Result<WebGlShader, JsValue> {
    let shader = gl.create_shader(kind).ok_or("no shader")?;
    gl.shader_source(&shader, source);
    gl.compile_shader(&shader);
    if gl.get_shader_parameter(&shader, Gl::COMPILE_STATUS).is_truthy() {
        return Ok(shader);
    }
    Err(gl.get_shader_info_log(&shader).unwrap_or_default().into())
}
