
/* The report of a recording: its timeline, and what plays from a place when it is clicked. A page that is opened with
   #t=83.5 begins there. */
(function () {
  const { data, words } = JSON.parse(document.getElementById("data").textContent);
  const sound = document.getElementById("sound"), lost = document.getElementById("lost");
  const place = document.getElementById("timeline");
  const timeline = lightdiarTimeline(place, data, { audio: sound, words });
  if (sound) sound.addEventListener("error", () => { lost.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-play]");
    if (!button) return;
    timeline.play(...button.dataset.play.split(" ").map(Number));
    if (!sound) place.scrollIntoView({ block: "center" });
  });
  const start = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (start) {
    timeline.go(Number(start[1]));
    place.scrollIntoView({ block: "center" });
  }
})();
