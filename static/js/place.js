// The grid is found again as it was left: as many pages, the same place, and the image one was on in sight.

import { cards, pages, results } from "./grid.js";
import { onArrival } from "./walk.js";

const FILTER = ".filter";

/** The search and order of this page: what it is kept under. */
function address() {
  const said = new URLSearchParams(location.search);
  const of = name => said.get(name)?.trim() ?? "";
  return `grid ${JSON.stringify([location.pathname, of("q"), of("order").replace(/^number$/, ""), of("after")])}`;
}

/** A browser may refuse to keep anything: then the grid begins at its top. */
function kept(key, value) {
  try {
    if (value === undefined) return JSON.parse(sessionStorage.getItem(key));
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // no storage, or a full one
  }
  return null;
}

let here = ""; // the address that is shown; the one in the bar may be a step ahead
const top = () => document.querySelector(FILTER).getBoundingClientRect().bottom;
const bottom = () => {
  const bar = document.querySelector(`${FILTER} .end`);
  return getComputedStyle(bar).position === "fixed" ? bar.getBoundingClientRect().top : innerHeight;
};

function keep() {
  const list = cards();
  if (!here || !list.length) return;
  const anchor = list.find(card => card.getBoundingClientRect().bottom > top()) ?? list.at(-1);
  const { height } = anchor.parentElement.getBoundingClientRect();
  kept(here, { pages: pages(), y: scrollY, height, anchor: anchor.id, from: anchor.getBoundingClientRect().top });
}

async function find() {
  const image = kept(`on ${location.pathname}`);
  kept(`on ${location.pathname}`, null);
  const last = kept(address());
  const list = document.querySelector("#images.cards");
  if (!list || (!last && !image)) return;
  list.style.minHeight = `${last?.height ?? 0}px`; // room to stand where one stood before the cards are there
  if (last) scrollTo(0, last.y);
  const y = scrollY;
  if (last?.pages > pages() || (image && !card(image))) await bring(last?.pages ?? 1, image);
  list.style.minHeight = "";
  if (list.isConnected && Math.abs(scrollY - y) < 2) put(last, image);
}

const card = number => document.getElementById(`image-${number}-card`);

function bring(count, image) {
  const url = new URL(location.href);
  url.searchParams.set("pages", count);
  if (image) url.searchParams.set("holding", image);
  const select = { select: "#images > .card", selectOOB: "#more", swap: "beforeend" };
  return htmx.ajax("GET", url.pathname + url.search, { source: "#results", target: "#images", ...select }).catch(() => {});
}

function put(last, image) {
  const anchor = last && document.getElementById(last.anchor);
  if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - last.from);
  const on = image && card(image);
  if (!on) return;
  const box = on.getBoundingClientRect();
  if (box.top < top() || box.bottom > bottom()) on.scrollIntoView({ block: "center" });
}

onArrival(() => {
  const panel = document.querySelector(".panel[data-image]");
  if (panel) kept(`on ${location.pathname.replace(/images\/\d+\/$/, "")}`, Number(panel.dataset.image));
  here = results() ? address() : "";
  history.scrollRestoration = here ? "manual" : "auto";
  if (here) find();
});
addEventListener("pagehide", keep);
addEventListener("popstate", keep);
document.addEventListener("htmx:beforeSwap", ({ detail: { target, elt } }) => target === results() && elt.matches("a") && keep());
document.addEventListener("htmx:afterOnLoad", ({ detail: { target } }) => {
  if (target.id === "results" && results()) here = address();
});
