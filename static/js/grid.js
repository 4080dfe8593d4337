// The grid: pages follow as one scrolls, results as one types, and what comes late or fails leaves nothing behind.

import { nearest, shown } from "./live.js";
import { say } from "./messages.js";
import { adopt, seqOf } from "./parts.js";
import { onArrival } from "./walk.js";

const TYPING = 200; // ms behind the last letter
const AHEAD = "900px 0px"; // so far below the window the next page is fetched
const FOLLOWED = 499; // cards that the socket follows at once

const page = () => document.getElementById("page");
const form = () => document.getElementById("search");
const box = () => form()?.elements.q;
const said = () => new URLSearchParams(location.search).get("q")?.trim() ?? "";
export const results = () => document.getElementById("results");
export const cards = () => [...document.querySelectorAll("#images > .card")];
export const more = () => document.querySelector("#more a");
export const pages = () => Math.ceil(cards().length / Number(results()?.dataset.page));

const known = new WeakSet(); // cards that were there before
let asked = ""; // the search that was sent last
let typing = 0;
let scrolled = 0;

const follow = () => more() && htmx.trigger(more(), "near");
const watch = new IntersectionObserver(seen => seen.some(one => one.isIntersecting) && follow(), { rootMargin: AHEAD });

function prepare() {
  watch.disconnect();
  if (!results()) return;
  if (more()) watch.observe(more());
  for (const card of cards()) known.add(card);
  page().dataset.pages = pages();
}

onArrival(() => {
  asked = said();
  prepare();
});

/** Cards that came, each once: the one that was there already stays. */
function appended() {
  const fresh = cards().filter(card => !known.has(card));
  const added = fresh.filter(card => document.getElementById(card.id) === card);
  for (const card of fresh) if (!added.includes(card)) card.remove();
  prepare();
  if (!added.length) return;
  adopt(document, added);
  shown(Math.min(...added.map(seqOf)));
}

function swapped(elt) {
  if (elt !== form() && box().value.trim() !== said()) box().value = asked = said();
  const wrong = document.getElementById("problem");
  for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", "problem"]]) {
    if (wrong) box().setAttribute(name, value);
    else box().removeAttribute(name);
  }
  for (const next of document.querySelectorAll(".bar [name=next]")) next.value = location.pathname + location.search;
  prepare();
  adopt(results());
  shown(Number(results().dataset.at));
}

/** Other results begin at their top, under the filter bar that sticks. */
function toTop() {
  const top = document.getElementById("grid").offsetTop;
  if (scrollY > top) scrollTo(0, top);
}

document.addEventListener("htmx:afterOnLoad", ({ detail: { elt, target, xhr } }) => {
  if (!results() || (xhr.status >= 300 && xhr.status !== 422)) return;
  if (target.id === "images") appended();
  if (target.id !== "results") return;
  swapped(elt);
  if (elt.matches("form, a")) toTop();
});

// An answer whose place is gone is late.
document.addEventListener("htmx:beforeSwap", event => {
  if (!event.detail.target.isConnected) event.detail.shouldSwap = false;
});

// What failed can be tried again; and where the server has more to say (signed out, say), a link is a link.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);

function failed({ detail: { elt, xhr, requestConfig } }) {
  if (!elt.closest("#grid") || elt === results()) return;
  if (elt === form()) asked = null;
  const asksMore = elt === more();
  if (asksMore && requestConfig.triggeringEvent?.type === "near") {
    if (xhr.status) elt.replaceWith(elt.cloneNode(true)); // htmx knows nothing of this one
  } else if (!xhr.status) say("There was no answer. Try again in a moment.", "error");
  else if (elt.href) location.assign(elt.href);
  else say("The search was not answered. Press Enter to try again.", "error");
}

function typed(event) {
  if (event.target !== box() || event.isComposing) return;
  clearTimeout(typing);
  typing = setTimeout(() => box() && box().value.trim() !== asked && htmx.trigger(form(), "typed"), TYPING);
}
document.addEventListener("input", typed);
document.addEventListener("compositionend", typed);
document.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
  if (!form() || elt !== form()) return;
  clearTimeout(typing);
  asked = box().value.trim();
  if (asked) parameters.q = asked;
  else delete parameters.q;
});
if (box() && box().value.trim() !== asked) htmx.trigger(form(), "typed"); // before this script was there
addEventListener("online", follow);

/** Where there are more cards than the socket follows, it follows those that are near. */
function follows() {
  const all = cards();
  if (all.length > FOLLOWED) shown(Math.min(...nearest(all).map(seqOf)));
}
addEventListener("scroll", () => {
  clearTimeout(scrolled);
  scrolled = setTimeout(follows, 300);
}, { passive: true });
