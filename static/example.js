// A page that judges a song with the module: progress, cancel, report and errors.
import init, { analyse } from "./undertone.js";

const [file, cancel, progress, says, json] = ["file", "cancel", "progress", "says", "report"].map((id) => document.getElementById(id));
let controller = null;

// The models may load while the visitor looks for a song; a failure is told with the song.
init().catch(() => {});

file.addEventListener("change", async () => {
  const [song] = file.files;
  if (!song) return;
  controller?.abort();
  const own = new AbortController();
  controller = own;
  cancel.disabled = false;
  json.hidden = true;
  says.textContent = `Judging ${song.name}`;
  try {
    const report = await analyse(song, {
      signal: own.signal,
      onProgress: ({ fraction }) => { progress.value = fraction; },
    });
    const mood = report.kind === "music" ? `${report.mood}${report.unsure ? " (unsure)" : ""}` : `no music: ${report.kind}`;
    says.textContent = `${song.name}: ${mood}`;
    json.textContent = JSON.stringify(report, null, 2);
    json.hidden = false;
  } catch (error) {
    if (controller === own) says.textContent = `${song.name}: ${error.kind ?? error.name}, ${error.message}`;
  } finally {
    if (controller === own) cancel.disabled = true;
  }
});
cancel.addEventListener("click", () => controller?.abort());
