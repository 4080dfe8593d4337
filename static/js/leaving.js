// On the way to another image: what is pressed meanwhile is meant for that one, and waits until it is here.

import { onQueue, pending } from "./acts.js";
import { enterTexts } from "./texts.js";
import { onArrival } from "./walk.js";
import { base } from "./workbench.js";

const LONGEST = 2000; // ms: then it was not to be (offline, nothing left), and what waited is for the image that is here

let timer = 0; // an act that leads to another image is on its way
let walking = false; // the page of another image is on its way: it comes, or it is told that it cannot
const waiting = [];

export const isLeaving = () => walking || timer !== 0;

/** Do it now, or on the image that one is on the way to. */
export function whenHere(act) {
  if (isLeaving()) waiting.push(act);
  else act();
}

function begin() {
  clearTimeout(timer);
  timer = setTimeout(forget, LONGEST);
}

function forget() {
  clearTimeout(timer);
  timer = 0;
  if (!walking) goOn();
}

function end() {
  walking = false;
  forget();
}

function goOn() {
  while (waiting.length && !isLeaving()) waiting.shift()(); // one of them may leave again
}

onQueue(act => {
  if (!act.leaves) return;
  if (pending(act.image).includes(act)) begin();
  else forget(); // it has led to a page that is on its way; or it was refused, or there is nowhere to go
});
document.addEventListener("page:leaving", ({ detail: { stays } }) => {
  if (stays) walking = true;
  else begin();
});
document.addEventListener("htmx:sendAbort", ({ detail }) => {
  if (detail.target?.id === "page") walking = false; // for another that one goes to: what waits, waits for that
});
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, event => event.detail.target?.id === "page" && end());
}
onArrival(() => isLeaving() && queueMicrotask(end)); // when the others are ready for it

// Back and Forward leave the image too; a mere #place in it does not.
addEventListener("popstate", () => base() && location.pathname !== base() && enterTexts());
