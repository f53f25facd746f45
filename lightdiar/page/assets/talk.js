/* Talks to the server: requests, jobs, and whether it still runs. */
import { language } from "./words.js";

const JOB_EVERY = 120, LIFE_EVERY = 2000, PAUSE = 300; // milliseconds

export class Problem extends Error {} // the server could not do it, and says why; nothing if it was told to stop
export class Gone extends Problem {} // the server does not answer

let stopped = () => {};

/* Call `tell` when the server no longer answers. */
export function watch(tell) {
  stopped = tell;
  const timer = setInterval(async () => {
    if (await alive()) return;
    clearInterval(timer);
    stopped();
  }, LIFE_EVERY);
}

/* Whether the server answers, asked twice: a connection may break without any fault. */
async function alive() {
  for (const pause of [0, PAUSE]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      if ((await fetch("alive", { cache: "no-store" })).ok) return true; // not another server at its old port
    } catch {
      continue;
    }
  }
  return false;
}

/* What the server answers, as JSON, or as it is. A `Problem` says what it could not do. */
export async function talk(method, path, { body, headers, raw = false } = {}) {
  const all = { "X-Language": language, ...headers };
  const ask = () => fetch(path, { method, body, headers: all, cache: "no-store" });
  let response;
  try {
    response = await ask().catch(async () => ((await alive()) ? ask() : Promise.reject()));
    if (response.status === 403) throw new Gone(""); // another server, which does not know this page
  } catch {
    stopped();
    throw new Gone("");
  }
  if (raw && response.ok) return response.blob();
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Problem(answer.problem);
  return answer;
}

/* Send a sound and wait for what becomes of it; `tell` is called with the job each time it is looked at. */
export async function send(path, sound, title, tell) {
  const headers = { "X-Name": encodeURIComponent(title), "Content-Type": "application/octet-stream" };
  let job = await talk("POST", path, { body: sound, headers });
  while (job.state === "waiting" || job.state === "working") {
    tell(job);
    await new Promise((resolve) => setTimeout(resolve, JOB_EVERY));
    job = await talk("GET", `jobs/${job.number}`);
  }
  if (job.state === "failed") throw new Problem(job.problem);
  return job;
}

/* Let the browser save something under a name. */
export function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
