// Going to another image: the workbench is swapped and the address kept right, so that queue, keys and socket live on.

import { settled, tellState, unsavedCount } from "./acts.js";
import { shown } from "./live.js";
import { say, saySignedOut } from "./messages.js";
import { adopt } from "./parts.js";
import { enterTexts } from "./texts.js";
import { imageNumber, workbench } from "./workbench.js";

const LEAVING = 3000; // ms that a page being left waits for its acts
const AHEAD = 2;

const place = () => document.getElementById("page");
const isHere = url => url.pathname.match(/^(.*\/images\/)\d+\/$/)?.[1] === location.pathname.match(/^(.*\/images\/)\d+\/$/)?.[1];
const arrivals = []; // functions that prepare what a swap brought

let going = false; // the page of another image is on its way
export const isGoing = () => going;

export const FAILURES = ["htmx:sendError", "htmx:responseError", "htmx:timeout", "htmx:swapError", "htmx:onLoadError"];
for (const name of [...FAILURES, "htmx:sendAbort"]) {
  document.addEventListener(name, ({ detail }) => {
    if (detail.target?.id === "page") going = false;
  });
}

// A request that gave way to another is no error: htmx would say so in the console.
htmx.logger = (elt, name, detail) => {
  if (/^htmx:(sendAbort|afterRequest)$/.test(name) && !detail.xhr?.status) delete detail.error;
};

/** Run now and after every swap. */
export function onArrival(prepare) {
  arrivals.push(prepare);
  prepare();
}

/** Go to an address of this site; what stands in the boxes is entered first. Where an act leads onward, that was done when
    it was pressed: what has been typed since is for the next image, and goes along to it. */
export async function go(address, { onward = false } = {}) {
  const url = new URL(address, location.href);
  const stays = workbench() && isHere(url) && url.origin === location.origin;
  if (!onward || !stays) enterTexts();
  if (stays) {
    htmx.trigger("#page", "htmx:abort"); // of two clicks the last one counts
    going = true;
    const how = { source: "#page", target: "#page", select: "#page", swap: "outerHTML show:none", push: "true" };
    htmx.ajax("GET", url.pathname + url.search, how).catch(() => {}); // `stayed` tells of it
    return;
  }
  document.dispatchEvent(new CustomEvent("page:leaving"));
  await settled(LEAVING);
  location.assign(url);
}

export const previous = () => follow("a[rel=prev]");
export const next = () => follow("a[rel=next]");

function follow(selector) {
  const link = document.querySelector(`.pager ${selector}`);
  if (link) go(link.href);
  return Boolean(link);
}

/** The pictures of the next two images, so that they are there when one goes on. */
function fetchAhead() {
  const links = [...document.querySelectorAll("[data-ahead]")].slice(0, AHEAD);
  for (const link of links) {
    const picture = new Image();
    picture.src = link.dataset.ahead;
    picture.decode?.().catch(() => {});
  }
}

function arrived() {
  going = false;
  adopt(place());
  for (const prepare of arrivals) prepare();
  shown(Number(place().dataset.at));
  tellState();
  document.dispatchEvent(new CustomEvent("page:arrived"));
}

/** Going there failed: one is where one was, and is told. */
function stayed({ detail }) {
  if (detail.target?.id !== "page") return;
  const status = detail.xhr?.status;
  if (status === 401) saySignedOut();
  else say(status ? `That page cannot be opened (${status}).` : "The server cannot be reached. You are still on this image.", "error");
}

export function start() {
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (link.target || link.hasAttribute("download") || url.origin !== location.origin) return;
    if (url.pathname === location.pathname && url.search === location.search && url.hash) return;
    if ((workbench() && isHere(url)) || unsavedCount()) {
      event.preventDefault();
      go(url);
    }
  });
  // Who has gone elsewhere meanwhile, or is on the way there, is not called away.
  document.addEventListener("act:onward", ({ detail: { act, url } }) => {
    if (act.image === imageNumber() && !going) go(url, { onward: true });
  });
  document.addEventListener("htmx:afterSwap", event => event.detail.target?.id === "page" && arrived());
  document.addEventListener("htmx:historyRestore", arrived);
  for (const failure of FAILURES) document.addEventListener(failure, stayed);
  onArrival(fetchAhead);
}
