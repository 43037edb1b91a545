#version 300 es
// Places one sprite: a quad in world units, turned, seen by the camera. World y grows downward, clip y upward.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec2 centre;
layout(location = 2) in vec2 extent;
layout(location = 3) in vec2 turn;
layout(location = 4) in vec4 tint;
layout(location = 5) in vec2 form;

uniform vec4 view;

out vec2 at;
flat out vec2 size;
flat out vec4 colour;
flat out int shape;
flat out float detail;

void main() {
    at = corner * extent;
    vec2 world = centre + vec2(at.x * turn.x - at.y * turn.y, at.x * turn.y + at.y * turn.x);
    size = extent;
    colour = tint;
    shape = int(form.x + 0.5);
    detail = form.y;
    vec2 seen = (world - view.xy) * view.zw;
    gl_Position = vec4(seen.x, -seen.y, 0.0, 1.0);
}
