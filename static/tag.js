// Starts the tagger's WebAssembly in its worker.
import start from "./tagger.js";

start().catch((error) => {
  // Thrown outside the promise it reaches the page as the worker's error event.
  setTimeout(() => { throw error; });
});
