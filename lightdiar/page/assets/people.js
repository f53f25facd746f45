/* People by their voices: learn them, forget them, ask about a voice; a file of them to save and to open. */
import { Microphone } from "./microphone.js";
import { save, send, talk } from "./talk.js";
import { number, probability, word } from "./words.js";

const GOOD_SECONDS = 10, MOST_SHOWN = 5;
const at = (id) => document.getElementById(id);

export class People {
  constructor({ run }) {
    Object.assign(this, { run, people: [], file: null, saved: true });
    for (const form of [at("enrol"), at("ask")]) form.addEventListener("submit", (event) => event.preventDefault());
    this.sounds("enrol", "person-sound", () => this.mayEnrol(), (sound, title) => this.enrol(sound, title));
    this.sounds("ask", "question-sound", () => true, (sound, title) => this.ask(sound, title));
    at("save-voices").addEventListener("click", () => {
      save(word("voices_file"), this.file);
      this.saved = true;
    });
    at("voices").addEventListener("change", () => this.load(at("voices")));
  }

  /* A microphone and a file for one purpose. */
  sounds(purpose, input, ready, done) {
    const fail = (text) => this.fail(text, purpose);
    const title = () => (purpose === "enrol" ? typedName() : word("voice"));
    new Microphone(document.querySelector(`[data-for=${purpose}]`), {
      ready, fail, done: (sound) => done(sound, title() || word("voice")),
    });
    at(input).addEventListener("click", (event) => ready() || event.preventDefault());
    at(input).addEventListener("change", () => {
      const [file] = at(input).files;
      if (file) done(file, file.name);
      at(input).value = "";
    });
  }

  mayEnrol() {
    const missing = !typedName() ? "need_name" : !at("consent").checked ? "need_consent" : "";
    if (!missing) return true;
    this.fail(word(missing), "enrol");
    at(missing === "need_name" ? "person-name" : "consent").focus();
    return false;
  }

  async enrol(sound, title) {
    if (!this.mayEnrol()) return; // it was allowed when the sound was asked for, and may be no longer
    const name = typedName();
    const consent = at("consent").checked ? "yes" : "no";
    const job = await this.work("enrol", `people?consent=${consent}&name=${encodeURIComponent(name)}`, sound, title);
    if (!job) return;
    at("person-name").value = "";
    at("consent").checked = false;
    this.saved = false;
    await this.show(job.answer.people);
    this.say([word("enrolled", { name }), ...job.notes].join(" "));
  }

  async ask(sound, title) {
    const name = at("asked").value;
    at("answer").replaceChildren();
    const path = name ? `questions?name=${encodeURIComponent(name)}` : "questions";
    const job = await this.work("ask", path, sound, title);
    if (!job) return;
    const lines = name ? this.verified(job.answer) : this.identified(job.answer);
    at("answer").replaceChildren(...lines, ...job.notes.map((note) => paragraph(note, "note")));
  }

  async work(purpose, path, sound, title) {
    this.fail("");
    this.say("");
    return this.run(path, sound, title, (problem) => this.fail(problem, purpose));
  }

  verified({ asked, accepted, probability: p, seconds }) {
    if (!seconds) return [paragraph(word("no_speech"))];
    return [paragraph(word(accepted ? "yes" : "no", { name: asked, p: probability(p) }), "answer")];
  }

  identified({ name, people, somebody_else, seconds }) {
    if (!seconds) return [paragraph(word("no_speech"))];
    const rows = [...people.slice(0, MOST_SHOWN), { name: word("somebody_else"), probability: somebody_else, nobody: true }];
    rows.sort((one, other) => other.probability - one.probability);
    const list = document.createElement("ul");
    list.className = "bars";
    list.append(...rows.map(bar));
    return [paragraph(name ? word("it_is", { name }) : word("nobody_certain"), "answer"), list];
  }

  async show(people) {
    this.people = people;
    at("known").replaceChildren(...people.map((person) => this.item(person)));
    if (!people.length) at("known").replaceChildren(item(word("nobody_enrolled"), "note"));
    at("asked").replaceChildren(
      new Option(word("anybody"), ""), ...people.map(({ name }) => new Option(word("is_it", { name }), name)));
    at("save-voices").hidden = !people.length;
    at("ask").classList.toggle("off", !people.length);
    for (const part of at("ask").querySelectorAll("button, input, select")) part.disabled = !people.length;
    this.file = people.length ? await talk("GET", "people/file", { raw: true }) : null;
  }

  item({ name, seconds }) {
    const made = item("");
    const who = document.createElement("strong");
    who.textContent = name;
    const speech = document.createElement("span");
    speech.className = "note";
    const short = seconds < GOOD_SECONDS ? `, ${word("little")}` : "";
    speech.textContent = word("speech", { seconds: number(seconds) }) + short;
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "quiet", textContent: word("remove") });
    remove.setAttribute("aria-label", word("remove_name", { name }));
    remove.addEventListener("click", () => this.remove(name));
    made.append(who, speech, remove);
    return made;
  }

  async remove(name) {
    const answer = await this.tried(talk("DELETE", `people?name=${encodeURIComponent(name)}`));
    if (!answer) return;
    this.saved = false;
    this.fail("");
    await this.show(answer.people);
    this.say(word("removed", { name }));
    at("known-title").focus();
  }

  async load(input) {
    const [file] = input.files;
    input.value = "";
    if (!file || (this.people.length && !confirm(word("replace_voices")))) return;
    this.fail("");
    const headers = { "X-Name": encodeURIComponent(file.name) };
    const answer = await this.tried(talk("PUT", "people", { body: file, headers }));
    if (!answer) return;
    this.saved = true;
    await this.show(answer.people);
    this.say([word("loaded", { title: file.name }), ...answer.notes].join(" "));
  }

  async tried(promise) {
    try {
      return await promise;
    } catch (problem) {
      this.fail(problem.message);
      return null;
    }
  }

  say(text) {
    at("people-said").textContent = text;
  }

  /* Say at the place of `purpose` what is wrong, and nothing anywhere else. */
  fail(text, purpose = "voices") {
    for (const each of ["enrol", "ask", "voices"]) {
      const shown = each === purpose ? text : "";
      at(`${each}-problem`).hidden = !shown;
      at(`${each}-problem`).textContent = shown;
    }
  }
}

function typedName() {
  return at("person-name").value.trim().replace(/\s+/g, " ");
}

function bar({ name, probability: p, nobody = false }) {
  const made = item("", nobody ? "nobody" : "");
  const who = document.createElement("span");
  who.textContent = name;
  const much = document.createElement("span");
  much.className = "number";
  much.textContent = probability(p);
  const length = document.createElement("span");
  length.className = "length";
  length.style.setProperty("--part", p);
  made.append(who, much, length);
  return made;
}

function paragraph(text, name = "") {
  return Object.assign(document.createElement("p"), { textContent: text, className: name });
}

function item(text, name = "") {
  return Object.assign(document.createElement("li"), { textContent: text, className: name });
}
