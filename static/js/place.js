// The grid is found again as it was left: as many pages, the same place, and the image one was on in sight. What the
// server needs for that is in a cookie; where to stand is done by stand.js, before the first paint.

import { cards, pages, results } from "./grid.js";
import { onArrival } from "./walk.js";

const COOKIE = "tagger_grid";
const MOST_LEFT = 8; // grids whose pages the cookie holds

/** A browser may refuse to keep anything: then the grid begins at its top. */
function keep(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // no storage, or a full one
  }
}

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function leave() {
  const list = cards();
  if (!list.length) return;
  const top = document.querySelector(".filter").getBoundingClientRect().bottom;
  const anchor = list.find(card => card.getBoundingClientRect().bottom > top) ?? list.at(-1);
  const { key } = results().dataset;
  const from = anchor.getBoundingClientRect().top;
  keep(`grid ${key}`, { pages: pages(), y: scrollY, height: anchor.parentElement.offsetHeight, anchor: anchor.id, from });
  tellServer(key);
}

function tellServer(key) {
  const others = document.cookie.match(`${COOKIE}=([^;]*)`)?.[1].split("-").filter(one => one && !one.startsWith(key)) ?? [];
  const value = [`${key}.${pages()}`, ...others].slice(0, MOST_LEFT).join("-");
  const path = new URL(document.getElementById("search").action).pathname; // popstate is a step ahead of the page
  document.cookie = `${COOKIE}=${value}; path=${path}; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
}

const stand = () => document.dispatchEvent(new Event("grid:stand"));
const card = number => document.getElementById(`image-${number}-card`);

/** Mostly the server has drawn all that is needed. What is still missing is fetched, and room is kept for it meanwhile. */
async function find() {
  const image = kept(`on ${location.pathname}`);
  const left = kept(`grid ${results().dataset.key}`);
  const list = document.querySelector("#images.cards");
  if (list && (left?.pages > pages() || (image && !card(image)))) {
    list.style.minHeight = `${left?.height ?? 0}px`;
    stand();
    const y = scrollY;
    await bring(left?.pages ?? 1, image);
    list.style.minHeight = "";
    if (list.isConnected && Math.abs(scrollY - y) < 2) stand(); // unless one has gone on
  }
  keep(`on ${location.pathname}`, null);
}

function bring(count, image) {
  const url = new URL(location.href);
  url.searchParams.set("pages", count);
  if (image) url.searchParams.set("holding", image);
  const select = { select: "#images > .card", selectOOB: "#more", swap: "beforeend" };
  return htmx.ajax("GET", url.pathname + url.search, { source: "#results", target: "#images", ...select }).catch(() => {});
}

onArrival(() => {
  if (results()) find();
});
document.addEventListener("htmx:historyRestore", () => results() && stand());
addEventListener("pagehide", () => results() && leave());
addEventListener("popstate", () => results() && leave());
document.addEventListener("htmx:beforeSwap", ({ detail: { target, elt } }) => {
  if (target === results() && elt.matches("a")) leave();
});
