#version 300 es
// Paints one sprite from a signed distance. Colours leave premultiplied; a pixel whose alpha is less than its light adds
// to what is behind it, so glow and solid hulls share one blend function and one draw.
precision highp float;

in vec2 at;
in vec2 world;
flat in vec2 size;
flat in vec4 colour;
flat in int shape;
flat in float detail;

uniform float pixel;
uniform float seconds;
uniform float arena;

out vec4 painted;

const int DISC = 0;
const int DART = 1;
const int DRONE = 2;
const int SHOT = 3;
const int SHARD = 4;
const int RING = 5;
const int BAR = 6;
const int WALL = 7;
const int SPACE = 8;
const int FLAME = 9;
const int ROCK = 10;

// A quad reaches this many radii out, to leave room for its glow. Must equal `MARGIN` in sprite.rs.
const float MARGIN = 2.0;

float segment(vec2 p, vec2 a, vec2 b) {
    vec2 along = b - a;
    vec2 from = p - a;
    return length(from - along * clamp(dot(from, along) / dot(along, along), 0.0, 1.0));
}

float cross2(vec2 a, vec2 b) {
    return a.x * b.y - a.y * b.x;
}

// Distance to a symmetric hull given by its nose, one wing tip and the point between the wings, negative inside.
float hull(vec2 p, vec2 nose, vec2 wing, vec2 tail) {
    p.y = abs(p.y);
    float edge = min(segment(p, nose, wing), segment(p, wing, tail));
    bool inside = cross2(wing - nose, p - nose) > 0.0 && cross2(tail - wing, p - wing) > 0.0;
    return inside ? -edge : edge;
}

// Coverage of everything closer than zero, over about a pixel.
float cover(float distance, float soft) {
    return clamp(0.5 - distance / soft, 0.0, 1.0);
}

vec4 ship(vec2 nose, vec2 wing, vec2 tail) {
    float radius = size.x / MARGIN;
    float soft = 1.2 * pixel / radius;
    vec2 p = at / radius;
    float d = hull(p, nose, wing, tail);
    float body = cover(d, soft);
    float rim = cover(abs(d + 0.07) - 0.075, soft);
    float spine = cover(abs(p.y) - 0.05, soft) * body * step(-0.45, p.x);
    float glow = 0.34 * exp(-3.4 * max(d, 0.0)) * smoothstep(MARGIN, 1.0, length(p));
    vec3 fill = colour.rgb * (0.16 + 0.16 * clamp(p.x + 0.4, 0.0, 1.0)) + 0.25 * spine * colour.rgb;
    vec3 lit = mix(fill, mix(colour.rgb, vec3(1.0), 0.28), rim);
    lit = mix(lit, vec3(1.0), detail * 0.85);
    return vec4(lit * body + colour.rgb * glow * (1.0 - body), body);
}

vec4 shot() {
    float soft = 1.2 * pixel;
    float radius = size.y / 4.0;
    float reach = size.x - size.y;
    float d = length(vec2(max(abs(at.x) - reach, 0.0), at.y)) - radius;
    float core = cover(d + radius * 0.25, soft);
    float glow = exp(-1.1 * max(d, 0.0) / radius) * cover(d - 2.6 * radius, 2.0 * radius);
    vec3 light = mix(colour.rgb, vec3(1.0), 0.75) * core + colour.rgb * glow * 0.6;
    return vec4(light, core * 0.6) * colour.a;
}

vec4 shard() {
    float radius = size.x / MARGIN;
    float soft = 1.2 * pixel / radius;
    vec2 p = at / radius;
    float d = (abs(p.x) * 1.45 + abs(p.y) - 1.0) * 0.57;
    float body = cover(d, soft);
    float rim = cover(abs(d + 0.06) - 0.07, soft);
    float facet = p.x * p.y > 0.0 ? 0.55 : 0.3;
    float sweep = fract(seconds * 0.35 + detail) * 6.0 - 2.0;
    float glint = exp(-18.0 * pow(p.x + p.y * 0.6 - sweep, 2.0)) * body;
    float glow = 0.4 * exp(-3.0 * max(d, 0.0)) * smoothstep(MARGIN, 0.9, length(p));
    vec3 lit = colour.rgb * mix(facet, 1.0, rim) + glint * 0.8;
    return vec4(lit * body + colour.rgb * glow * (1.0 - body), body * 0.9);
}

// Round, with an eye that looks where it flies: nobody takes it for a player.
vec4 drone() {
    float radius = size.x / MARGIN;
    float soft = 1.2 * pixel / radius;
    vec2 p = at / radius;
    float d = length(p) - 0.82;
    float body = cover(d, soft);
    float rim = cover(abs(d + 0.08) - 0.075, soft);
    float prong = cover(segment(p, vec2(0.78, 0.0), vec2(0.98, 0.0)) - 0.13, soft);
    float eye = cover(length(p - vec2(0.3, 0.0)) - 0.2, soft);
    float glow = 0.3 * exp(-3.4 * max(d, 0.0)) * smoothstep(MARGIN, 1.0, length(p));
    vec3 lit = mix(colour.rgb * 0.2, mix(colour.rgb, vec3(1.0), 0.2), max(max(rim, prong), eye * 0.9));
    lit = mix(lit, vec3(1.0), detail * 0.85);
    float solid = max(body, prong);
    return vec4(lit * solid + colour.rgb * glow * (1.0 - solid), solid);
}

// A lump whose outline, dents and light follow from its look, so that no two are alike.
vec4 rock() {
    float radius = size.x / MARGIN;
    float soft = 1.2 * pixel / radius;
    float look = floor(detail);
    vec2 p = at / radius;
    float a = atan(p.y, p.x);
    float bumps = 0.07 * sin(3.0 * a + look) + 0.05 * sin(5.0 * a - look * 1.7) + 0.03 * sin(9.0 * a + look * 2.3);
    float d = length(p) - 0.9 - bumps;
    float body = cover(d, soft);
    float rim = cover(abs(d + 0.05) - 0.05, soft);
    vec2 dent = vec2(cos(look * 2.1), sin(look * 2.1)) * 0.4;
    float hollow = cover(abs(length(p - dent) - 0.2) - 0.03, soft) + cover(abs(length(p + dent * 0.9) - 0.13) - 0.03, soft);
    float light = 0.2 + 0.16 * clamp(dot(p, vec2(-0.6, -0.8)) + 0.3, 0.0, 1.0);
    vec3 lit = colour.rgb * mix(light, 0.85, max(rim, 0.4 * hollow));
    lit = mix(lit, vec3(1.0), fract(detail) * 0.7);
    return vec4(lit * body, body);
}

vec4 flame() {
    vec2 p = at / size;
    float t = clamp(0.5 - 0.5 * p.x, 0.0, 1.0);
    float across = 1.0 - pow(p.y / mix(0.85, 0.06, sqrt(t)), 2.0);
    float light = max(across, 0.0) * pow(1.0 - t, 1.4);
    return vec4(mix(colour.rgb, vec3(1.0), 0.45 * pow(light, 3.0)) * light, 0.0);
}

// The edge of the arena, over the whole view: a bright line just outside, with light on both sides of it.
vec4 wall() {
    vec2 beyond = abs(world - 0.5 * arena) - 0.5 * arena;
    float d = length(max(beyond, 0.0)) + min(max(beyond.x, beyond.y), 0.0);
    float away = abs(d - detail);
    float line = cover(away - detail, 1.2 * pixel);
    float glow = 0.42 * exp(-away / 17.0);
    return vec4(mix(colour.rgb, vec3(1.0), 0.3) * line + colour.rgb * glow * (1.0 - line), line) * colour.a;
}

vec4 space() {
    vec2 far = world * 0.0011;
    float drift = sin(far.x * 1.7 + far.y * 0.9) * sin(far.y * 1.3 - far.x * 0.6 + 1.4);
    vec3 lit = mix(vec3(0.022, 0.036, 0.082), vec3(0.078, 0.072, 0.192), 0.5 + 0.5 * drift);
    vec2 beyond = abs(world - 0.5 * arena) - 0.5 * arena;
    float outside = clamp(max(beyond.x, beyond.y) / 90.0, 0.0, 1.0);
    return vec4(lit * (1.0 - 0.75 * outside), 1.0);
}

void main() {
    if (shape == DISC) {
        float r = length(at) / size.x;
        float light = max(1.0 - r * r, 0.0);
        painted = vec4(colour.rgb, detail) * light * light * colour.a;
    } else if (shape == DART) {
        painted = ship(vec2(1.3, 0.0), vec2(-0.95, 0.92), vec2(-0.5, 0.0)) * colour.a;
    } else if (shape == DRONE) {
        painted = drone() * colour.a;
    } else if (shape == SHOT) {
        painted = shot();
    } else if (shape == SHARD) {
        painted = shard() * colour.a;
    } else if (shape == RING) {
        float r = length(at);
        float line = exp(-abs(r - size.x * 0.8) / (size.x * detail));
        painted = vec4(colour.rgb, 0.0) * line * smoothstep(size.x, size.x * 0.85, r) * colour.a;
    } else if (shape == BAR) {
        vec2 d = abs(at) - size + 0.5 * pixel;
        painted = vec4(colour.rgb, 1.0) * cover(max(d.x, d.y), pixel) * colour.a;
    } else if (shape == WALL) {
        painted = wall();
    } else if (shape == ROCK) {
        painted = rock() * colour.a;
    } else if (shape == FLAME) {
        painted = flame() * colour.a;
    } else {
        painted = space();
    }
}
