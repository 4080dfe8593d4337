// What others do to a grid that stands still: its counts follow, and images that came are offered, not pushed in.

import { cards, more, pages, results } from "./grid.js";

const PAUSE = 1000; // ms: an import changes the counts many times a second

const counts = () => document.getElementById("found");
const offer = () => document.getElementById("new-images");
const byNumber = () => results().dataset.order === "number";
/** The newest number when the page was drawn. By number, it is what the last of the pages said. */
const since = () => (byNumber() ? document.getElementById("more") ?? results() : results()).dataset.newest;
let due = 0;

/** This grid's address, with more to it. */
function address(extra) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(extra)) url.searchParams.set(name, value);
  return url.pathname + url.search;
}

document.addEventListener("part:shown", ({ detail: { id } }) => {
  if (!due && counts() && /^dataset-\d+-(progress|import)$/.test(id)) due = setTimeout(read, PAUSE);
});
document.addEventListener("visibilitychange", () => due === -1 && read());

async function read() {
  due = document.visibilityState === "hidden" ? -1 : 0;
  if (due || !counts()) return;
  const from = results();
  await htmx.ajax("GET", address({ since: since() }), { source: "#found", target: "#found", select: "#found", selectOOB: "#rejected-count" }).catch(() => {});
  if (from === results()) tell();
}

/** By number, new images are at the end: as long as there is more, one comes to them. */
function tell() {
  const count = Number(counts()?.dataset.new ?? 0);
  if (!count || (byNumber() && more())) offer().hidden = true;
  else if (!cards().length) showNew();
  else offer().hidden = false;
}

async function showNew() {
  offer().hidden = true;
  const last = cards().at(-1);
  if (last && byNumber()) {
    await htmx.ajax("GET", address({ after: last.id.split("-")[1] }), { source: "#results", target: "#images", select: "#images > .card", selectOOB: "#more", swap: "beforeend" });
    last.nextElementSibling?.scrollIntoView({ block: "center" });
  } else htmx.ajax("GET", address({ pages: pages() || 1 }), { source: "#results", target: "#results", select: "#results" });
}

document.addEventListener("click", ({ target }) => target.closest("#new-images button") && showNew());
