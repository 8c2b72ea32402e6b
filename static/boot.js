// Starts the page's WebAssembly, and says in words why it can't.
const { script, wasm } = document.getElementById("boot").dataset;

try {
  if (typeof WebAssembly !== "object") {
    throw new Error("this browser has no WebAssembly, or it is switched off");
  }
  const { default: start } = await import(script);
  await start({ module_or_path: wasm });
} catch (error) {
  document.getElementById("alert-text").textContent =
    `Undertone could not start: ${error?.message ?? error}. Reload the page, or open it in a current browser.`;
  document.getElementById("alert").hidden = false;
}
