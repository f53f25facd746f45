"use strict";

/* Who speaks when, to look at and to listen to: one row for each speaker, over time, and below them one for each sound.

   lightdiarTimeline(container, data, options) draws into an element and returns
     update(data)       draw other turns,
     go(time)           move to a time in seconds,
     play(start, end)   play from a time, and stop at another if it is given,
     destroy()          take everything away.

   data     {duration, speakers: [{name, gender, color}], turns: [[start, end, speaker], ...]}: seconds; `gender` is a
            word to show, `speaker` an index; turns are in time order. There may be sounds: [{name, bars: [[start, end],
            ...]}], what is heard besides, which is drawn and told, but not gone to by the keys.
   options  audio     an <audio> element, or null
            words     {play, pause, closer, wider, timeline, nobody}: what is shown and read aloud

   A click plays from there. Keys on the timeline: left and right 5 s, up and down from turn to turn, page up and down
   a tenth of what is seen, home and end, space and enter to play or pause.

   Text is set as text, never as HTML, and no style is written into HTML: the page may forbid both. */
function lightdiarTimeline(container, data, options) {
  const { audio = null } = options || {};
  const words = {
    play: "Play", pause: "Pause", closer: "Zoom in", wider: "Zoom out", timeline: "Who speaks when", nobody: "nobody",
    ...(options || {}).words,
  };
  const CLOSEST = 64, STEP = 5, NEAR = 4, LABEL = 72; // times as wide as the page; seconds; pixels
  let zoom = 1, at = 0, until = null, frame = 0, sounds = [], lines = []; // a line is {name, bars} of a row

  const root = make("div", "ld-timeline");
  const bar = make("div", "ld-bar", root);
  const playButton = audio && button("", toggle, "ld-play");
  const clock = make("span", "ld-clock", bar);
  const now = make("span", "ld-now", bar);
  const wider = button("\u2212", () => scale(zoom / 2), "ld-zoom", words.wider);
  const closer = button("+", () => scale(zoom * 2), "ld-zoom", words.closer);
  const scroll = make("div", "ld-scroll", root);
  const inner = make("div", "ld-inner", scroll);
  const rows = make("div", "ld-rows", inner);
  const axis = make("div", "ld-axis", inner);
  const slider = make("div", "ld-slider", inner);
  const head = make("div", "ld-head", slider);
  attributes(slider, { role: "slider", tabindex: 0, "aria-label": words.timeline, "aria-valuemin": 0 });
  container.replaceChildren(root);

  const heard = audio ? { timeupdate: follow, play: follow, pause: follow, seeked: follow, ended: follow } : {};
  for (const [event, listener] of Object.entries(heard)) audio.addEventListener(event, listener);
  slider.addEventListener("click", clicked);
  slider.addEventListener("keydown", pressed);
  slider.addEventListener("mousemove", (event) => { slider.title = told(event); });
  const watcher = new ResizeObserver(drawAxis);
  watcher.observe(scroll);
  update(data);

  function update(other) {
    data = other;
    sounds = data.sounds || [];
    const bars = (index) => data.turns.filter((turn) => turn[2] === index);
    lines = [...data.speakers.map((speaker, index) => ({ ...speaker, bars: bars(index) })), ...sounds];
    rows.replaceChildren(...lines.map(row));
    slider.setAttribute("aria-valuemax", data.duration.toFixed(2));
    scale(zoom);
    show(Math.min(at, data.duration));
  }

  function row({ name, gender, color, bars }) {
    const element = make("div", color ? "ld-row" : "ld-row ld-sound");
    const place = make("div", "ld-name", element);
    make("span", "ld-who", place).textContent = name;
    if (gender) make("span", "ld-gender", place).textContent = gender;
    place.title = gender ? `${name}, ${gender}` : name;
    const svg = drawing("svg", element);
    attributes(svg, { viewBox: `0 0 ${data.duration || 1} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
    const path = bars.map(([start, end]) => `M${start} 0H${end}V1H${start}z`).join("");
    attributes(drawing("path", svg), color ? { d: path, fill: color, stroke: color } : { d: path });
    return element;
  }

  function drawAxis() {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
    const most = Math.max(2, slider.clientWidth / LABEL);
    const step = steps.find((each) => data.duration / each <= most) || data.duration / most;
    const ticks = [];
    for (let time = 0; time <= data.duration; time += step) {
      const tick = make("span", "ld-tick");
      tick.textContent = written(time);
      tick.style.left = percent(time);
      ticks.push(tick);
    }
    axis.replaceChildren(...ticks);
    const last = ticks.at(-1);
    if (last.offsetLeft + last.offsetWidth > axis.clientWidth) last.remove(); // it would be cut off
  }

  function scale(factor) {
    const middle = at / (data.duration || 1);
    zoom = Math.min(CLOSEST, Math.max(1, factor));
    inner.style.setProperty("--zoom", zoom);
    wider.disabled = zoom === 1;
    closer.disabled = zoom === CLOSEST;
    scroll.scrollLeft = middle * slider.clientWidth - scroll.clientWidth / 2;
    drawAxis();
  }

  function show(time) {
    at = time;
    head.style.left = percent(time);
    const turn = turnAt(time);
    const who = turn < 0 ? words.nobody : data.speakers[data.turns[turn][2]].name;
    const besides = sounds.filter((sound) => sound.bars.some((bar) => within(bar, time))).map((sound) => sound.name);
    clock.textContent = `${written(time)} / ${written(data.duration)}`;
    now.textContent = [...(turn < 0 ? [] : [who]), ...besides].join(" \u00B7 ");
    const all = [written(time), who, ...besides].join(", ");
    attributes(slider, { "aria-valuenow": time.toFixed(2), "aria-valuetext": all });
  }

  function follow() {
    cancelAnimationFrame(frame);
    if (until !== null && audio.currentTime >= until) {
      until = null;
      audio.pause();
    }
    show(audio.currentTime);
    playButton.textContent = audio.paused ? `\u25B6\uFE0E ${words.play}` : `\u275A\u275A ${words.pause}`;
    if (audio.paused) return;
    const place = head.offsetLeft - scroll.scrollLeft;
    if (place < 0 || place > scroll.clientWidth - 40) scroll.scrollLeft = head.offsetLeft - scroll.clientWidth / 4;
    frame = requestAnimationFrame(follow);
  }

  function go(time) {
    until = null;
    show(Math.min(data.duration, Math.max(0, time)));
    if (audio) audio.currentTime = at;
  }

  function play(start, end = null) {
    go(start);
    until = end;
    listen();
  }

  function toggle() {
    if (audio && audio.paused) listen();
    else if (audio) audio.pause();
  }

  function listen() {
    if (audio) audio.play().catch(() => {}); // a sound that is not there is said by the page
  }

  function clicked(event) {
    play(timeUnder(event));
  }

  function pressed(event) {
    const page = data.duration / zoom / 10;
    const moves = { ArrowLeft: -STEP, ArrowRight: STEP, PageDown: -page, PageUp: page, Home: -at, End: data.duration };
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in moves) go(at + moves[event.key]);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") step(event.key === "ArrowDown");
    else if (event.key === " " || event.key === "Enter") toggle();
    else return;
    event.preventDefault();
  }

  function step(forward) {
    const starts = data.turns.map((turn) => turn[0]);
    const turn = forward ? starts.findIndex((start) => start > at + 0.01) : starts.findLastIndex((s) => s < at - 0.01);
    if (turn >= 0) go(starts[turn]);
  }

  function timeUnder(event) {
    const box = slider.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * data.duration;
  }

  function turnAt(time) {
    return data.turns.findIndex((turn) => within(turn, time));
  }

  function within([start, end], time, near = 0) {
    return start - near <= time && time < end + near;
  }

  function told(event) {
    const line = lines[[...rows.children].findIndex((each) => event.clientY < each.getBoundingClientRect().bottom)];
    const time = timeUnder(event), near = (NEAR * data.duration) / slider.clientWidth;
    const bar = line && line.bars.find((each) => within(each, time, near));
    return bar ? `${line.name} ${written(bar[0])}\u2013${written(bar[1])}` : written(time);
  }

  function written(time) {
    const whole = Math.floor(time + 0.001), minutes = Math.floor(whole / 60);
    const seconds = String(whole % 60).padStart(2, "0");
    if (data.duration < 3600) return `${minutes}:${seconds}`;
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${seconds}`;
  }

  function percent(time) {
    return `${(100 * time) / (data.duration || 1)}%`;
  }

  function make(tag, name, parent = null) {
    const element = document.createElement(tag);
    element.className = name;
    if (parent) parent.append(element);
    return element;
  }

  function drawing(tag, parent) {
    return parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
  }

  function button(text, action, name, label = null) {
    const element = make("button", name, bar);
    element.type = "button";
    element.textContent = text;
    if (label) attributes(element, { "aria-label": label, title: label });
    element.addEventListener("click", action);
    return element;
  }

  function attributes(element, values) {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  }

  function destroy() {
    cancelAnimationFrame(frame);
    watcher.disconnect();
    for (const [event, listener] of Object.entries(heard)) audio.removeEventListener(event, listener);
    container.replaceChildren();
  }

  if (audio) follow();
  return { update, go, play, destroy };
}
