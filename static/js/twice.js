// What wants a second press of the same key: the first tells, anything else in between takes it back.

import { onArrival } from "./walk.js";

const STAYS = 6000; // ms, as long as the message that tells

let armed = null; // {what, takeBack, timer}

/** `first` may give back a function that takes back what it showed. */
export function twice(what, first, second) {
  const again = armed?.what === what;
  disarm();
  if (again) second();
  else armed = { what, takeBack: first(), timer: setTimeout(disarm, STAYS) };
}

export const isArmed = () => armed;

export function disarm() {
  clearTimeout(armed?.timer);
  armed?.takeBack?.();
  armed = null;
}

for (const name of ["input", "focusout", "pointerdown"]) document.addEventListener(name, disarm);
onArrival(disarm);
