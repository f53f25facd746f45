/* The page: sounds come in, results and people are shown, and it says so when the server has stopped. */
import { Microphone } from "./microphone.js";
import { People } from "./people.js";
import { Results } from "./results.js";
import { Gone, save, send, talk, watch } from "./talk.js";
import { number, word } from "./words.js";

const at = (id) => document.getElementById(id);
let recordings = [], largest = Infinity, job = null, n_running = 0, n_recorded = 0, gone = false;

const results = new Results({ fail, forgotten });
const people = new People({ run });

new Microphone(document.querySelector("[data-for=recording]"), {
  done: (sound) => listen(sound, `${word("recorded")} ${++n_recorded}.wav`, true), fail,
});
at("sound").addEventListener("change", () => {
  const [file] = at("sound").files;
  if (file) listen(file, file.name);
  at("sound").value = "";
});
for (const event of ["dragenter", "dragover"]) document.addEventListener(event, (dragged) => over(dragged, true));
for (const event of ["dragleave", "drop"]) document.addEventListener(event, (dragged) => over(dragged, false));
document.addEventListener("drop", ({ dataTransfer }) => {
  const [file] = dataTransfer.files;
  if (file) listen(file, file.name);
});
at("cancel").addEventListener("click", () => job && talk("DELETE", `jobs/${job.number}`).catch(fail));
window.addEventListener("beforeunload", (event) => {
  if (!people.saved) event.preventDefault();
});
watch(stopped);
begin().catch(fail);

/* What is known already, if the page is opened once more. */
async function begin() {
  const state = await talk("GET", "state");
  ({ recordings, largest } = state);
  await people.show(state.people);
  if (recordings.length) await choose(recordings.at(-1));
}

/* Find out who speaks in a sound; one that was recorded here is nowhere else, and can be saved. */
async function listen(sound, title, recorded = false) {
  const wanted = at("speakers").value;
  const done = await run(wanted ? `recordings?speakers=${wanted}` : "recordings", sound, title, fail);
  if (!done && recorded && gone) offer(sound, title);
  if (!done) return;
  if (recorded) results.sounds.set(done.answer.number, sound);
  recordings.push(done.answer);
  await choose(done.answer);
  say(word("ready", { title }));
  at("headline").focus({ preventScroll: true });
  at("result").scrollIntoView({ block: "start" });
}

/* Send a sound, show how it goes, and return the job; without one, `complain` was told why. */
async function run(path, sound, title, complain) {
  complain("");
  say("");
  if (sound.size > largest) {
    complain(word("too_large", { title, largest: number(largest / 1e9) }));
    return null;
  }
  n_running += 1;
  progress(word("sending", { title }), null);
  try {
    return await send(path, sound, title, (state) => {
      job = state;
      const telling = state.part !== null && state.part >= 0.9;
      progress(word(state.state === "waiting" ? "waiting" : telling ? "telling" : "listening", { title }), state.part);
    });
  } catch (problem) {
    if (problem instanceof Gone) return null;
    if (problem.message) complain(problem.message);
    else say(word("cancelled"));
    return null;
  } finally {
    n_running -= 1;
    at("progress").hidden = n_running === 0;
  }
}

function progress(text, part) {
  at("progress").hidden = false;
  if (at("doing").textContent !== text) at("doing").textContent = text;
  if (part === null) at("part").removeAttribute("value");
  else at("part").value = part;
}

async function choose(recording) {
  try {
    await results.show(recording);
  } catch (problem) {
    fail(problem);
  }
  list();
}

/* The recordings of this visit, if there are several. */
function list() {
  const title = document.createElement("span");
  title.textContent = word("recordings");
  title.className = "note";
  const buttons = recordings.map(({ number: own, title: text }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    if (own === results.recording?.number) button.setAttribute("aria-current", "true");
    button.addEventListener("click", async () => {
      try {
        const state = await talk("GET", "state");
        const wanted = state.recordings.find((each) => each.number === own);
        if (wanted) await choose(wanted);
      } catch (problem) {
        fail(problem);
      }
    });
    return button;
  });
  at("others").hidden = recordings.length < 2;
  at("others").replaceChildren(title, ...buttons);
}

function forgotten(own) {
  fail("");
  recordings = recordings.filter((each) => each.number !== own);
  if (recordings.length) choose(recordings.at(-1));
}

function over(event, inside) {
  event.preventDefault();
  at("drop").classList.toggle("over", inside);
}

function say(text) {
  at("said").textContent = text;
}

function fail(problem) {
  const text = problem?.message ?? problem;
  at("problem").hidden = !text;
  at("problem").textContent = text;
}

function offer(sound, title) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: word("save_recording") });
  button.addEventListener("click", () => save(title, sound));
  at("stopped").append(" ", button);
}

function stopped() {
  if (gone) return;
  gone = results.stopped = true;
  at("stopped").hidden = false;
  at("stopped").textContent = word("stopped");
  for (const part of document.querySelectorAll("#progress, .problem")) part.hidden = true;
  for (const part of document.querySelectorAll("input, select, button")) {
    if (!part.closest("#files, #timeline") && part.id !== "save-voices" && !part.classList.contains("on")) {
      part.disabled = true;
    }
  }
}
