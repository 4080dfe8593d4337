// On the way to another image: what is pressed meanwhile is meant for that one, and waits until it is here.

import { onQueue, pending } from "./acts.js";
import { enterTexts } from "./texts.js";
import { FAILURES, isGoing, onArrival } from "./walk.js";
import { base } from "./workbench.js";

const LONGEST = 2000; // ms: then it was not to be (offline, nothing left), and what waited is for the image that is here

let timer = 0; // an act that leads to another image is on its way
const waiting = [];

export const isLeaving = () => isGoing() || timer !== 0;

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

onQueue(act => {
  if (!act.leaves) return;
  if (pending(act.image).includes(act)) begin();
  else end(); // it has led to a page that is on its way; or it was refused, or there is nowhere to go
});
document.addEventListener("page:leaving", begin);
for (const name of FAILURES) document.addEventListener(name, ({ detail }) => detail.target?.id === "page" && end());
onArrival(() => queueMicrotask(end)); // when the others are ready for it

// Back and Forward leave the image too; a mere #place in it does not. What waited was not meant for where they lead.
addEventListener("popstate", () => {
  if (!base() || location.pathname === base()) return;
  waiting.length = 0;
  enterTexts();
});
