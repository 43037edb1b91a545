#version 300 es
// Paints one sprite from a signed distance. Colours leave premultiplied; a pixel whose alpha is less than its light adds
// to what is behind it, so glow and solid hulls share one blend function and one draw.
precision highp float;

in vec2 at;
flat in vec2 size;
flat in vec4 colour;
flat in int shape;
flat in float detail;

uniform float pixel;
uniform float seconds;

out vec4 painted;

const int DISC = 0;
const int DART = 1;
const int DRONE = 2;
const int SHOT = 3;
const int SHARD = 4;
const int RING = 5;
const int BAR = 6;
const int FLAME = 7;
const int ROCK = 8;
const int BAND = 9;
const int DIGIT = 10;
const int WASP = 11;
const int ANVIL = 12;
const int LANCE = 13;
const int BUBBLE = 14;
const int POWER = 15;

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

// A stroke of light along x that is soft across.
vec4 band() {
    float across = 1.0 - abs(at.y) / size.y;
    return vec4(colour.rgb, 0.0) * across * across * colour.a;
}

// A bar of a digit, from `a` to `b`.
float stroke(vec2 p, vec2 a, vec2 b) {
    return segment(p, a, b) - 0.17;
}

// Seven bars as on a gauge; 10 is a plus.
vec4 digit() {
    const int BARS[11] = int[11](0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f, 0);
    vec2 p = at / (size.x - 2.0);
    p.x += p.y * 0.12;
    int which = int(detail + 0.5);
    int bars = BARS[clamp(which, 0, 10)];
    float d = 9.0;
    float h = 1.35;
    if (which == 10) {
        d = min(stroke(p, vec2(-0.65, 0.0), vec2(0.65, 0.0)), stroke(p, vec2(0.0, -0.65), vec2(0.0, 0.65)));
    }
    if ((bars & 1) != 0) d = min(d, stroke(p, vec2(-0.6, -h), vec2(0.6, -h)));
    if ((bars & 2) != 0) d = min(d, stroke(p, vec2(-0.7, -h + 0.1), vec2(-0.7, -0.1)));
    if ((bars & 4) != 0) d = min(d, stroke(p, vec2(0.7, -h + 0.1), vec2(0.7, -0.1)));
    if ((bars & 8) != 0) d = min(d, stroke(p, vec2(-0.6, 0.0), vec2(0.6, 0.0)));
    if ((bars & 16) != 0) d = min(d, stroke(p, vec2(-0.7, 0.1), vec2(-0.7, h - 0.1)));
    if ((bars & 32) != 0) d = min(d, stroke(p, vec2(0.7, 0.1), vec2(0.7, h - 0.1)));
    if ((bars & 64) != 0) d = min(d, stroke(p, vec2(-0.6, h), vec2(0.6, h)));
    float soft = 1.3 * pixel / (size.x - 2.0);
    float body = cover(d, soft);
    float shade = cover(d - 0.16, 0.3) * 0.55;
    return vec4(colour.rgb * body, max(body, shade)) * colour.a;
}

// A shell of light around a ship, brighter at its rim; `detail` is how white a hit flashes.
vec4 bubble() {
    float r = length(at) / size.x;
    float a = atan(at.y, at.x);
    float rim = exp(-26.0 * abs(r - 0.82)) + 0.16 * smoothstep(0.2, 0.82, r) * step(r, 0.82);
    float ripple = 0.85 + 0.15 * sin(a * 6.0 + seconds * 5.0);
    return vec4(mix(colour.rgb, vec3(1.0), detail), 0.0) * rim * ripple * smoothstep(1.0, 0.9, r) * colour.a;
}

// What lies about to be fought over: a turning ring of six with its sign inside. `detail`: 0 a plus, 1 a bolt, 2 three
// bars, 3 a shield.
vec4 power() {
    float radius = size.x / MARGIN;
    float soft = 1.2 * pixel / radius;
    vec2 p = at / radius;
    float turned = seconds * 0.5;
    vec2 q = vec2(p.x * cos(turned) - p.y * sin(turned), p.x * sin(turned) + p.y * cos(turned));
    float six = max(abs(q.y) * 0.866 + abs(q.x) * 0.5, abs(q.x)) - 0.92;
    float rim = cover(abs(six) - 0.07, soft);
    float body = cover(six, soft);
    float d = 9.0;
    int kind = int(detail + 0.5);
    if (kind == 0) {
        d = min(segment(p, vec2(-0.42, 0.0), vec2(0.42, 0.0)), segment(p, vec2(0.0, -0.42), vec2(0.0, 0.42))) - 0.13;
    } else if (kind == 1) {
        d = min(segment(p, vec2(0.18, -0.52), vec2(-0.2, 0.06)),
                min(segment(p, vec2(-0.2, 0.06), vec2(0.2, -0.02)), segment(p, vec2(0.2, -0.02), vec2(-0.16, 0.54)))) - 0.09;
    } else if (kind == 2) {
        for (int bar = -1; bar <= 1; bar++) {
            float x = float(bar) * 0.34;
            d = min(d, segment(p, vec2(x, 0.4), vec2(x, -0.4)) - 0.1);
        }
    } else {
        vec2 m = vec2(abs(p.x), p.y);
        d = abs(max(m.x * 0.85 + max(m.y, 0.0) * 0.75 - 0.44, -m.y - 0.44)) - 0.09;
    }
    float sign = cover(d, soft);
    float glow = (0.34 + 0.1 * sin(seconds * 3.0)) * exp(-2.6 * max(six, 0.0)) * smoothstep(MARGIN, 0.9, length(p));
    vec3 lit = colour.rgb * 0.14 + mix(colour.rgb, vec3(1.0), 0.45) * max(rim, sign);
    return vec4(lit * body + colour.rgb * (glow + rim) * (1.0 - body), body * 0.85);
}

void main() {
    if (shape == DISC) {
        float r = length(at) / size.x;
        float light = max(1.0 - r * r, 0.0);
        painted = vec4(colour.rgb, detail) * light * light * colour.a;
    } else if (shape == DART) {
        painted = ship(vec2(1.3, 0.0), vec2(-0.95, 0.92), vec2(-0.5, 0.0)) * colour.a;
    } else if (shape == WASP) {
        painted = ship(vec2(1.22, 0.0), vec2(-0.9, 0.56), vec2(-0.25, 0.0)) * colour.a;
    } else if (shape == ANVIL) {
        painted = ship(vec2(0.92, 0.0), vec2(-0.72, 1.14), vec2(-0.78, 0.0)) * colour.a;
    } else if (shape == LANCE) {
        painted = ship(vec2(1.62, 0.0), vec2(-1.0, 0.62), vec2(-0.8, 0.0)) * colour.a;
    } else if (shape == BAND) {
        painted = band();
    } else if (shape == DIGIT) {
        painted = digit();
    } else if (shape == BUBBLE) {
        painted = bubble();
    } else if (shape == POWER) {
        painted = power() * colour.a;
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
    } else if (shape == ROCK) {
        painted = rock() * colour.a;
    } else {
        painted = flame() * colour.a;
    }
}
