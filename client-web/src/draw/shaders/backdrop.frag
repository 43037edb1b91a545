#version 300 es
// What is behind everything, for each pixel of the canvas: clouds, and the arena's edge before them. It has a program of its
// own, since it is most of the pixels: one that tells sprites apart costs several times as much where graphics are computed.
precision highp float;

in vec2 world;

uniform vec4 view;
uniform float pixel;
uniform float arena;
uniform vec3 wall;
uniform sampler2D nebula;

out vec4 painted;

// Half the width of the edge's bright line, and how fast its light fades, in world units.
const float LINE = 3.0;
const float FADE = 17.0;

// Two depths of cloud, each slower than what is before it.
vec3 clouds() {
    vec2 seen = world - view.xy;
    float cloud = texture(nebula, (seen + view.xy * 0.06) / 2300.0).r;
    float wisp = texture(nebula, (seen + view.xy * 0.14) / 1500.0 + 0.37).g;
    vec3 lit = vec3(0.016, 0.026, 0.062);
    lit += vec3(0.105, 0.045, 0.185) * cloud * cloud;
    lit += vec3(0.015, 0.115, 0.150) * wisp * wisp * (1.0 - 0.6 * cloud);
    float both = max(cloud * wisp - 0.34, 0.0) * 2.0;
    return lit + vec3(0.150, 0.055, 0.030) * both * both;
}

void main() {
    vec2 beyond = abs(world - 0.5 * arena) - 0.5 * arena;
    float inside = min(max(beyond.x, beyond.y), 0.0);
    float away = abs(length(max(beyond, 0.0)) + inside - LINE);
    float line = clamp(0.5 - (away - LINE) / (1.2 * pixel), 0.0, 1.0);
    float glow = 0.42 * exp(-away / FADE) * (1.0 - line);
    float outside = clamp(max(beyond.x, beyond.y) / 90.0, 0.0, 1.0);
    vec3 sky = clouds() * (1.0 - 0.8 * outside);
    painted = vec4(sky * (1.0 - line) + mix(wall, vec3(1.0), 0.3) * line + wall * glow, 1.0);
}
