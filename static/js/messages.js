// What a person is told, in the page's one status region, and the two words that are always true: saved, and live.

const root = document.documentElement;
const STAYS = 6000; // ms
const toldAt = new WeakMap(); // line → when
let signedOut = null; // the line that says so

/** Tell a sentence. It takes the place of the one before; an error that was told a moment ago stays above it. */
export function say(text, kind = "info") {
  const region = document.getElementById("messages");
  if (!region || !text) return null;
  const line = document.createElement("p");
  line.className = kind;
  line.append(text);
  const error = region.querySelector("p.error");
  const isFresh = error && Date.now() - (toldAt.get(error) ?? 0) < STAYS;
  if (isFresh && error.textContent !== text) region.replaceChildren(error, line);
  else region.replaceChildren(line);
  toldAt.set(line, Date.now());
  if (kind !== "error") setTimeout(() => line.remove(), STAYS);
  return line;
}

/** Signed out, or somebody else signed in: the way back in, in a tab of its own, since this page keeps what is not saved. */
export function saySignedOut(sentence = "You are signed out. What you did is kept in this page.") {
  const [what] = sentence.split(".");
  if (signedOut?.isConnected && signedOut.textContent.startsWith(what)) return; // each try is told it again
  forgetSignedOut();
  const next = encodeURIComponent(location.pathname + location.search);
  const link = document.createElement("a");
  link.href = `/login/?by=${root.dataset.me}&next=${next}`;
  link.target = "_blank";
  link.rel = "noopener";
  link.append("Sign in");
  signedOut = say(`${sentence} `, "error");
  signedOut?.append(link);
}

/** The server knows this person again. */
export function forgetSignedOut() {
  signedOut?.remove();
  signedOut = null;
}

/** What was told to be wrong is settled. */
export function forgetError() {
  for (const line of document.querySelectorAll("#messages .error")) line.remove();
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
