#version 300 es
// One triangle that covers the canvas; nothing of it comes from a buffer. World y grows downward, clip y upward.
uniform vec4 view;

out vec2 world;

void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 4.0 - 1.0;
    world = view.xy + vec2(corner.x, -corner.y) / view.zw;
    gl_Position = vec4(corner, 0.0, 1.0);
}
