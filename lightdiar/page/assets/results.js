/* Shows what was found in a recording, takes corrections, and saves. */
import { save, talk } from "./talk.js";
import { clock, listed, number, percent, probability, several, word } from "./words.js";

const GENDERS = ["F", "M", "child"];
const NUMBER = { F: "number_F", M: "number_M" }, OTHER_NUMBER = { F: "other_number_F", M: "other_number_M" };
const WIDE = 0.95; // an interval of a share that says nothing
const CERTAIN = 0.8, SURE = 0.95; // probabilities of numbers that are stated, and of which nothing more is said
const at = (id) => document.getElementById(id);

export class Results {
  /* `fail` is called with what went wrong, `forgotten` with the number of a recording that is gone. */
  constructor({ fail, forgotten }) {
    Object.assign(this, { fail, forgotten, recording: null, timeline: null, sounds: new Map() });
    this.audio = new Audio();
    this.audio.preload = "metadata";
    this.audio.addEventListener("error", () => {
      at("unplayable").hidden = !this.recording || !this.audio.getAttribute("src") || this.stopped;
    });
    at("undo").addEventListener("click", () => this.change("DELETE"));
    at("forget").addEventListener("click", () => this.forget());
  }

  /* Another recording, or another state of the one that is shown: what is seen and what is saved agree. */
  async show(recording) {
    this.wanted = recording;
    const files = await talk("GET", `recordings/${recording.number}/files`);
    if (this.wanted !== recording) return; // a later one came meanwhile
    const other = this.recording?.number !== recording.number;
    this.recording = recording;
    at("result").hidden = false;
    if (other) {
      at("corrected").textContent = "";
      at("unplayable").hidden = true;
      this.audio.src = `recordings/${recording.number}/sound`;
    }
    this.headline();
    this.draw(other);
    this.table();
    at("undo").hidden = !recording.corrected;
    const buttons = Object.values(files).map((file) => this.fileButton(file));
    const sound = this.sounds.get(recording.number);
    if (sound) buttons.push(this.fileButton({ label: word("sound"), name: recording.title, text: sound }));
    at("files").replaceChildren(...buttons);
    this.unsaved("");
    this.fail("");
  }

  headline() {
    const { title, duration, counts, numbers, speakers, notes, not_counted } = this.recording;
    const kinds = [["women", counts.F], ["men", counts.M], ["children", counts.child || 0]].filter(([, n]) => n);
    const who = listed(kinds.map(([kind, n]) => several(kind, n)));
    const n = kinds.reduce((sum, [, each]) => sum + each, 0);
    const isSure = ([kind, { likely, probability: p }]) => likely === counts[kind] && p >= CERTAIN;
    const sure = Object.entries(numbers).every(isSure);
    const heard = sure ? several("heard", n, { who }) : word("seems", { who });
    const sentence = n ? heard : word(speakers.length ? "nobody_long" : "nobody");
    at("which").textContent = `${title}, ${clock(duration)}`;
    at("headline").textContent = sentence[0].toUpperCase() + sentence.slice(1);
    at("share").textContent = this.share();
    const unsure = speakers.filter((speaker) => speaker.gender === "uncertain").length;
    const doubts = [
      speakers.length ? this.sureNumber(this.recording) : "",
      ...Object.entries(numbers).map(([kind, known]) => this.sureOf(kind, counts[kind], known)),
      speakers.some((speaker) => speaker.by_hand) ? word("told") : "",
      unsure ? several("unsure_gender", unsure) : "",
      not_counted ? several("not_counted", not_counted) : "",
      ...notes,
    ].filter(Boolean);
    at("doubts").replaceChildren(...doubts.map((text) => element("li", text)));
  }

  sureNumber({ agreement }) {
    if (agreement === null) return word("given_number");
    return agreement === 1 ? word("sure_number") : several("unsure_number", Math.round(5 * agreement));
  }

  sureOf(kind, count, { likely, probability: p }) {
    if (likely !== count) return word(OTHER_NUMBER[kind], { likely: number(likely), p: probability(p) });
    return p < SURE ? word(NUMBER[kind], { p: probability(p) }) : "";
  }

  share() {
    const { female_share, share_interval } = this.recording;
    if (female_share === null) return "";
    const share = word("share", { share: percent(female_share) });
    if (!share_interval) return share;
    if (share_interval[1] - share_interval[0] > WIDE) return `${share} ${word("open")}`;
    const [low, high] = share_interval.map((bound) => percent(bound));
    return `${share} ${word("interval", { low, high })}`;
  }

  draw(other) {
    const { duration, speakers, turns } = this.recording;
    const rows = speakers.map(({ name, gender, color }) => ({ name, gender: word(gender), color }));
    const data = { duration, turns, speakers: rows };
    if (!other) {
      this.timeline.update(data);
      return;
    }
    if (this.timeline) this.timeline.destroy();
    const words = Object.fromEntries(["play", "pause", "closer", "wider", "timeline"].map((key) => [key, word(key)]));
    words.nobody = word("nobody_now");
    this.timeline = lightdiarTimeline(at("timeline"), data, { audio: this.audio, words });
  }

  table() {
    at("table").hidden = !this.recording.speakers.length;
    at("table").tBodies[0].replaceChildren(...this.recording.speakers.map((speaker) => this.row(speaker)));
  }

  row(speaker) {
    const row = document.createElement("tr");
    const name = element("input");
    Object.assign(name, { type: "text", value: speaker.name, maxLength: 100, spellcheck: false, autocomplete: "off" });
    name.setAttribute("aria-label", word("name_of", { name: speaker.name }));
    name.addEventListener("change", () => {
      this.correct(speaker, { name: name.value.trim() || speaker.originals[0] }, name);
    });
    const gender = element("select");
    gender.setAttribute("aria-label", word("gender_of", { name: speaker.name }));
    const shown = speaker.gender === "uncertain" ? ["uncertain", ...GENDERS] : GENDERS;
    gender.append(...shown.map((each) => new Option(word(each), each, false, each === speaker.gender)));
    gender.addEventListener("change", () => {
      if (gender.value !== "uncertain") this.correct(speaker, { gender: gender.value }, gender);
    });
    const head = element("th");
    head.scope = "row";
    const swatch = element("span", "", "swatch");
    swatch.style.background = speaker.color;
    head.append(swatch, name);
    row.append(
      head, cell(word("gender"), gender), cell(word("time"), clock(speaker.seconds), "number"),
      cell(word("part"), percent(speaker.share), "number"), cell(word("sure"), this.sureness(speaker)));
    return row;
  }

  sureness({ by_hand, probability: p, name_probability }) {
    const gender = by_hand ? word("by_hand") : probability(p);
    return name_probability === null ? gender : `${gender}, ${word("name_sure", { p: probability(name_probability) })}`;
  }

  correct(speaker, what, field) {
    const one = { name: speaker.name, gender: speaker.by_hand, ...what };
    this.change("PATCH", JSON.stringify(Object.fromEntries(speaker.originals.map((name) => [name, one]))), field);
  }

  /* What cannot be is said at its field, where it stays until it is put right. */
  async change(method, body, field) {
    const place = [...at("table").querySelectorAll("input, select")].indexOf(document.activeElement);
    try {
      await this.show(await talk(method, `recordings/${this.recording.number}/corrections`, { body }));
      at("corrected").textContent = method === "PATCH" ? word("corrected") : "";
    } catch (problem) {
      if (field && problem.message) this.wrong(field, problem.message);
      else this.fail(problem);
      return;
    }
    at("table").querySelectorAll("input, select")[Math.max(place, 0)]?.focus();
  }

  wrong(field, message) {
    at("corrected").textContent = "";
    const head = field.closest("tr").firstChild;
    head.querySelector(".problem")?.remove();
    const said = element("span", message[0].toUpperCase() + message.slice(1), "problem");
    said.id = "wrong";
    said.setAttribute("role", "alert");
    head.append(said);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", said.id);
  }

  fileButton({ label, name, text, problem }) {
    const button = element("button", label);
    button.type = "button";
    button.title = name;
    button.addEventListener("click", () => {
      this.unsaved(problem || "");
      if (!problem) save(name, new Blob([text]));
    });
    return button;
  }

  unsaved(text) {
    at("unsaved").hidden = !text;
    at("unsaved").textContent = text;
  }

  async forget() {
    try {
      await talk("DELETE", `recordings/${this.recording.number}`);
    } catch (error) {
      this.fail(error);
      return;
    }
    const { number } = this.recording;
    this.audio.removeAttribute("src");
    this.audio.load();
    this.recording = this.wanted = null;
    at("result").hidden = true;
    this.forgotten(number);
  }
}

function element(tag, text = "", name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = name;
  return made;
}

/* A cell of the table; its heading stands in it where the screen is narrow. */
function cell(heading, content, name = "") {
  const made = element("td", "", name);
  made.dataset.heading = heading;
  made.append(content);
  return made;
}
