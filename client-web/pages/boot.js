// Loads the client. It finds out by itself which page it is on.
import start from "/client.js";

start({ module_or_path: "/client_bg.wasm" }).catch((problem) => {
  console.error(problem);
  const notice = document.getElementById("no-client");
  if (notice) notice.hidden = false;
});
