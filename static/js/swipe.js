// A finger across the picture goes to the next or the previous one, while it fits.

import { next, previous } from "./walk.js";
import { isZoomed } from "./zoom.js";

const FAR = 56; // px that mean it
const FLICK = 0.4; // px a ms, when it is shorter
const SURE = 10; // px until it is clear where it goes
const EDGE = 24; // px at the sides that belong to the browser's own way back
const still = matchMedia("(prefers-reduced-motion: reduce)");

let swipe = null; // {id, x, y, at, across, picture}

const follow = right => {
  if (!still.matches) swipe.picture.style.translate = right ? `${right}px` : "";
};

function begin(event) {
  if (event.pointerType !== "touch") return;
  if (swipe) drop(); // a second finger: this is no swipe
  const picture = event.target.closest?.(".stage figure")?.querySelector("img");
  const { clientX: x, clientY: y } = event;
  if (!picture || !event.isPrimary || isZoomed() || x < EDGE || x > innerWidth - EDGE) return;
  swipe = { id: event.pointerId, x, y, at: event.timeStamp, across: false, picture };
}

function move(event) {
  if (event.pointerId !== swipe?.id) return;
  const [right, down] = [event.clientX - swipe.x, event.clientY - swipe.y];
  if (!swipe.across && Math.hypot(right, down) > SURE) {
    if (Math.abs(right) < 1.5 * Math.abs(down)) return void (swipe = null);
    swipe.across = true;
  }
  if (swipe.across) follow(right);
}

function end(event) {
  if (event.pointerId !== swipe?.id) return;
  const { x, at, across, picture } = swipe;
  const right = event.clientX - x;
  const fast = Math.abs(right) / Math.max(1, event.timeStamp - at) > FLICK;
  const meant = across && (Math.abs(right) > FAR || (fast && Math.abs(right) > SURE));
  if (meant && (right < 0 ? next() : previous())) {
    swipe = null;
    setTimeout(() => (picture.style.translate = ""), 500); // the other one is here by now, or does not come
  } else drop();
}

function drop() {
  if (swipe) swipe.picture.style.translate = "";
  swipe = null;
}

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", drop);
