// Loads the client once the page itself is on the screen: what is in it can be read while the client begins. It finds out by
// itself which page it is on.
import start from "/client.js";

// Compiled meanwhile. A page in the background is not painted, and need not wait for that.
const client = WebAssembly.compileStreaming(fetch("/client_bg.wasm"));
const painted = new Promise((done) => {
  requestAnimationFrame(() => setTimeout(done));
  setTimeout(done, 250);
});

Promise.all([client, painted])
  .then(([module_or_path]) => start({ module_or_path }))
  .catch((problem) => {
    console.error(problem);
    const notice = document.getElementById("no-client");
    if (notice) notice.hidden = false;
  });
