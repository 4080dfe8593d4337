// On the way to another image: what is pressed meanwhile is meant for that one, and waits until it is here.

import { onQueue, pending } from "./acts.js";
import { enterTexts } from "./texts.js";
import { onArrival } from "./walk.js";
import { base } from "./workbench.js";

const LONGEST = 2000; // ms: then it was not to be (offline, nothing left), and what waited is for the image that is here

let timer = 0;
let onward = false;
const waiting = [];

export const isLeaving = () => timer !== 0;

/** Do it now, or on the image that one is on the way to. */
export function whenHere(act) {
  if (isLeaving()) waiting.push(act);
  else act();
}

function begin() {
  clearTimeout(timer);
  timer = setTimeout(end, LONGEST);
}

function end() {
  clearTimeout(timer);
  timer = 0;
  while (waiting.length && !isLeaving()) waiting.shift()(); // one of them may leave again
}

const leaves = act => act.kind === "go" || act.fields?.next === "1";

onQueue(act => {
  if (!leaves(act)) return;
  if (pending(act.image).includes(act)) begin();
  else if (!onward) end(); // refused, or there is nowhere to go
  onward = false;
});
document.addEventListener("act:onward", () => {
  onward = true;
  begin();
});
document.addEventListener("htmx:beforeRequest", event => event.detail.target?.id === "page" && begin());
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, event => event.detail.target?.id === "page" && end());
}
onArrival(() => isLeaving() && queueMicrotask(end)); // when the others are ready for it

// Back and Forward leave the image too; a mere #place in it does not.
addEventListener("popstate", () => base() && location.pathname !== base() && enterTexts());
