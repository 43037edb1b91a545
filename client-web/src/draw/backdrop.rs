//! What is behind all sprites: clouds and the arena's edge, painted over the whole canvas by a program of its own.
//!
//! Owns: that program and the clouds' texture. Enters: a camera, the arena, the edge's colour. Leaves: every pixel.

use wasm_bindgen::JsValue;
use web_sys::{WebGl2RenderingContext as Gl, WebGlProgram, WebGlUniformLocation, WebGlVertexArrayObject};

use super::camera::Camera;
use super::nebula;
use super::program::link;
use super::sprite::Colour;

const VERTEX: &str = include_str!("shaders/backdrop.vert");
const FRAGMENT: &str = include_str!("shaders/backdrop.frag");

/// What a draw needs beside the sprites.
#[derive(Debug, Clone, Copy)]
pub struct Backdrop {
    /// Seconds since the page opened, for what glints.
    pub seconds: f32,
    /// The arena's side in world units.
    pub arena: f32,
    /// The colour of the arena's edge.
    pub wall: Colour,
}

/// Paints it.
#[derive(Debug)]
pub struct BackdropPass {
    program: WebGlProgram,
    nothing: WebGlVertexArrayObject,
    view: Option<WebGlUniformLocation>,
    pixel: Option<WebGlUniformLocation>,
    arena: Option<WebGlUniformLocation>,
    wall: Option<WebGlUniformLocation>,
}

impl BackdropPass {
    /// Makes the program and the clouds. An error says what the browser has against them.
    pub fn new(gl: &Gl) -> Result<Self, JsValue> {
        let program = link(gl, VERTEX, FRAGMENT)?;
        let nothing = gl.create_vertex_array().ok_or("no vertex array")?;
        clouds(gl)?;
        let uniform = |name| gl.get_uniform_location(&program, name);
        let (view, pixel) = (uniform("view"), uniform("pixel"));
        let (arena, wall) = (uniform("arena"), uniform("wall"));
        Ok(Self { program, nothing, view, pixel, arena, wall })
    }

    /// Paints every pixel as `camera` sees it; what was there is gone.
    pub fn paint(&self, gl: &Gl, camera: &Camera, backdrop: Backdrop) {
        gl.disable(Gl::BLEND);
        gl.use_program(Some(&self.program));
        gl.bind_vertex_array(Some(&self.nothing));
        let [x, y, across, down] = camera.view();
        gl.uniform4f(self.view.as_ref(), x, y, across, down);
        gl.uniform1f(self.pixel.as_ref(), camera.units_per_pixel());
        gl.uniform1f(self.arena.as_ref(), backdrop.arena);
        let Colour([red, green, blue, _]) = backdrop.wall;
        gl.uniform3f(self.wall.as_ref(), red, green, blue);
        gl.draw_arrays(Gl::TRIANGLES, 0, 3);
    }
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
