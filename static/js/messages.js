// What a person is told, in the page's one status region, and the two words that are always true: saved, and live.

const root = document.documentElement;
const STAYS = 6000; // ms

export function say(text, kind = "info") {
  const region = document.getElementById("messages");
  if (!region || !text) return;
  const line = document.createElement("p");
  line.className = kind;
  line.append(text);
  region.replaceChildren(line);
  if (kind !== "error") setTimeout(() => line.remove(), STAYS);
  return line;
}

/** As `say`, with a link behind the words. */
export function sayWithLink(text, words, href) {
  const line = say(`${text} `, "error");
  const link = document.createElement("a");
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener";
  link.append(words);
  line?.append(link);
}

/** saved, saving or unsaved; `count` acts and texts are not with the server yet. */
export function showSaved(state, count) {
  root.dataset.unsaved = String(count);
  const place = document.querySelector(".save");
  if (!place || place.textContent.trim() === state) return;
  place.className = `save ${state}`;
  const icon = place.querySelector("use");
  icon?.setAttribute("href", icon.getAttribute("href").replace(/#.*/, state === "unsaved" ? "#unsaved" : "#check"));
  place.replaceChildren(...[place.querySelector("svg")].filter(Boolean), state);
}

export function showSocket(state) {
  root.dataset.socket = state;
  const badge = document.getElementById("socket");
  if (!badge) return;
  badge.hidden = false;
  badge.textContent = state;
}
