// The worker's first message is the compiled module: a worker that has to be
// replaced then starts without another download or compilation.
import start from "./worker.js";

self.onmessage = ({ data }) => {
  self.onmessage = null;
  start({ module_or_path: data }).catch((error) => {
    // Thrown outside the promise it reaches the page as the worker's error event.
    setTimeout(() => { throw error; });
  });
};
