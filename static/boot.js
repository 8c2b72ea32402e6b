// Starts the page's WebAssembly, and says in words why it can't.
const { script, wasm } = document.getElementById("boot").dataset;
const alert = document.getElementById("alert-text");

/** The visitor's language as the page itself finds it, once it runs: chosen or preferred. */
function language() {
  let chosen = null;
  try {
    chosen = localStorage.getItem("undertone-language");
  } catch {
    // Storage is forbidden, as in some private windows.
  }
  const known = [chosen, ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return known.find((tag) => tag === "en" || tag === "zh") === "zh" ? "Zh" : "En";
}

try {
  if (typeof WebAssembly !== "object") {
    throw new Error(alert.dataset[`old${language()}`]);
  }
  const { default: start } = await import(script);
  await start({ module_or_path: wasm });
} catch (error) {
  alert.textContent = alert.dataset[`failed${language()}`].replace("{detail}", () => error?.message ?? error);
  document.getElementById("alert").hidden = false;
}
