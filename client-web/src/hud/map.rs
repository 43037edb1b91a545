//! The small map of the whole arena.
//!
//! Owns: a canvas. Enters: places of what is known, in world units. Leaves: a picture, a few times a second. It shows only what
//! the page was told: what is out of view is not on it, but for what everybody is told of.

use shared::mode::Team;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::dom;
use crate::draw::palette::{self, Palette};
use crate::draw::sprite::Colour;
use crate::settings::choice::Colours;

/// Milliseconds between two pictures.
const EVERY_MS: f64 = 80.0;

/// Pixels that the edge of the map is away from that of the canvas.
const EDGE: f64 = 6.0;

/// What a mark on the map stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// The own ship, which points that many radians clockwise from the right.
    Own(f32),
    /// Another player's ship, in its colour or that of its team.
    Rival(u32, Option<Team>),
    /// A drone, of a team where there are teams.
    Drone(Option<Team>),
    /// An asteroid.
    Rock,
    /// Who leads, wherever that is.
    Leader,
    /// Something to be fought over.
    Power,
}

/// The map.
#[derive(Debug)]
pub struct Map {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    palette: &'static Palette,
    due_ms: f64,
    marks: u32,
}

impl Map {
    /// Finds the canvas on the page.
    pub fn new() -> Result<Self, JsValue> {
        let canvas: HtmlCanvasElement = dom::by_id("map")?;
        let context = canvas.get_context("2d")?.ok_or("no context for the map")?;
        let context = context.dyn_into::<CanvasRenderingContext2d>()?;
        let palette = palette::of(Colours::default());
        Ok(Self { canvas, context, palette, due_ms: 0.0, marks: 0 })
    }

    /// Has these colours from now on.
    pub fn follow(&mut self, colours: Colours) {
        self.palette = palette::of(colours);
    }

    /// Is a new picture due?
    pub fn due(&mut self, now_ms: f64) -> bool {
        let due = now_ms >= self.due_ms;
        if due {
            self.due_ms = now_ms + EVERY_MS;
        }
        due
    }

    /// Marks on the last picture.
    pub fn marks(&self) -> u32 {
        self.marks
    }

    /// Draws an arena of that side with `view`, its middle and half sides, and `marks` by their places, the last on top.
    pub fn draw(&mut self, arena: f32, view: ([f32; 2], [f32; 2]), marks: &[([f32; 2], Mark)]) {
        let side = f64::from(self.canvas.width());
        let scale = (side - 2.0 * EDGE) / f64::from(arena.max(1.0));
        let place = |at: [f32; 2]| at.map(|part| EDGE + f64::from(part) * scale);
        let ink = &self.context;
        ink.clear_rect(0.0, 0.0, side, side);
        ink.set_line_width(1.5);
        ink.set_stroke_style_str(&css(self.palette.wall, 0.75));
        ink.stroke_rect(EDGE, EDGE, side - 2.0 * EDGE, side - 2.0 * EDGE);
        let (middle, half) = view;
        let low = place([0, 1].map(|axis| (middle[axis] - half[axis]).max(0.0)));
        let high = place([0, 1].map(|axis| (middle[axis] + half[axis]).min(arena)));
        ink.set_stroke_style_str(&css(self.palette.star, 0.22));
        ink.stroke_rect(low[0], low[1], (high[0] - low[0]).max(0.0), (high[1] - low[1]).max(0.0));
        for (at, mark) in marks {
            self.mark(place(at.map(|part| part.clamp(0.0, arena))), *mark);
        }
        self.marks = marks.len() as u32;
    }

    fn mark(&self, at: [f64; 2], mark: Mark) {
        match mark {
            Mark::Own(heading) => self.arrow(at, heading.into()),
            Mark::Rival(_, Some(team)) => self.member(at, 3.6, team),
            Mark::Drone(Some(team)) => self.member(at, 2.4, team),
            Mark::Rival(player, None) => self.dot(at, 3.6, css(self.palette.rival(player), 1.0)),
            Mark::Drone(None) => self.dot(at, 2.4, css(self.palette.drone, 0.9)),
            Mark::Rock => self.dot(at, 2.2, css(self.palette.rock, 0.45)),
            Mark::Power => self.diamond(at, 5.0, css(self.palette.shard, 1.0)),
            Mark::Leader => {
                self.ring(at, 7.5, css(self.palette.own, 0.95));
                self.dot(at, 3.0, css(self.palette.own, 0.95));
            }
        }
    }

    /// Suns are discs and Moons are rings, so that nobody needs to see the colours.
    fn member(&self, at: [f64; 2], radius: f64, team: Team) {
        let colour = css(self.palette.team(team), 1.0);
        match team {
            Team::Suns => self.dot(at, radius, colour),
            Team::Moons => self.ring(at, radius, colour),
        }
    }

    fn dot(&self, at: [f64; 2], radius: f64, colour: String) {
        self.context.set_fill_style_str(&colour);
        self.circle(at, radius);
        self.context.fill();
    }

    fn ring(&self, at: [f64; 2], radius: f64, colour: String) {
        self.context.set_stroke_style_str(&colour);
        self.context.set_line_width(2.0);
        self.circle(at, radius);
        self.context.stroke();
    }

    fn circle(&self, [x, y]: [f64; 2], radius: f64) {
        self.context.begin_path();
        // Fails for negative radii alone.
        let _ = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
    }

    fn diamond(&self, at: [f64; 2], size: f64, colour: String) {
        self.shape(at, &[[0.0, -size], [size, 0.0], [0.0, size], [-size, 0.0]], 0.0, colour);
    }

    fn arrow(&self, at: [f64; 2], heading: f64) {
        let corners = [[8.5, 0.0], [-6.0, 5.5], [-3.0, 0.0], [-6.0, -5.5]];
        self.shape(at, &corners, heading, css(self.palette.own, 1.0));
    }

    fn shape(&self, [x, y]: [f64; 2], corners: &[[f64; 2]], turn: f64, colour: String) {
        let (sin, cos) = turn.sin_cos();
        self.context.begin_path();
        for [along, across] in corners {
            self.context.line_to(x + along * cos - across * sin, y + along * sin + across * cos);
        }
        self.context.close_path();
        self.context.set_fill_style_str(&colour);
        self.context.fill();
    }
}

fn css(Colour([red, green, blue, _]): Colour, strength: f32) -> String {
    let [red, green, blue] = [red, green, blue].map(|part| (part * 255.0) as u8);
    format!("rgb({red} {green} {blue} / {strength})")
}
