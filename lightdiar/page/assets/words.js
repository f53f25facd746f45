/* The texts of the page, in its language; numbers in its notation. */
const texts = JSON.parse(document.getElementById("words").textContent);
export const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);

/* The text of a key, its {places} filled in. */
export function word(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/* The form of a text for one, or that for several. */
export function several(key, n, values = {}) {
  const [one, many = one] = word(key, { n: number(n), ...values }).split("|");
  return plural.select(n) === "one" ? one : many;
}

/* One, two and three. */
export function listed(parts) {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(parts);
}

export function percent(value, most = 0) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: most }).format(value);
}

/* A probability; one that is nearly certain is not called certain. */
export function probability(value) {
  return value > 0.99 ? `>\u00a0${percent(0.99)}` : value < 0.01 ? `<\u00a0${percent(0.01)}` : percent(value);
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/* Seconds as 0:07 or 1:02:03. */
export function clock(seconds) {
  const whole = Math.floor(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  const two = (n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
