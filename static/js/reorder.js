// Tags in another order by hand: a chip is dragged by mouse, or by a finger that rests on it first.

import { chipsIn, keyOf, nameOf } from "./chips.js";
import { moveTag } from "./image_acts.js";
import { say } from "./messages.js";
import { guard, showWaiting } from "./parts.js";
import { onArrival } from "./walk.js";
import { mayTag } from "./workbench.js";

const STEP = 4; // px that a press may move and still be none
const REST = 300; // ms that a finger rests before it takes the chip
const SLIP = 8; // px that a resting finger may slip
const EDGE = 32; // px at the edges of the box where it scrolls
const SPEED = 0.3; // px a frame for each px into the edge

let hand = null; // the press: {id, chip, x, y, timer, drag: {mark, ghost, before}}

const list = chip => chip.closest("ol");
const scroller = chip => chip.closest(".chips");

document.addEventListener("pointerdown", event => {
  if (hand) return cancel();
  const chip = event.target.closest?.(".chips li.chip");
  if (!chip || event.target.closest("button") || event.button || !event.isPrimary || !mayTag()) return;
  const { pointerId: id, clientX: x, clientY: y } = event;
  hand = { id, chip, x, y, byFinger: event.pointerType === "touch" };
  if (hand.byFinger && !atOnce()) hand.timer = setTimeout(take, REST);
});
const atOnce = () => document.getElementById("order")?.checked;

document.addEventListener("pointermove", event => {
  if (event.pointerId !== hand?.id) return;
  if (!hand.byFinger && !event.buttons) return cancel(); // let go outside of the window
  const far = Math.hypot(event.clientX - hand.x, event.clientY - hand.y);
  if (!hand.drag && hand.timer && far > SLIP) return cancel(); // it scrolls
  if (!hand.drag && !hand.timer && far >= STEP) take();
  if (hand?.drag) Object.assign(hand, { x: event.clientX, y: event.clientY });
});

document.addEventListener("pointerup", event => {
  if (event.pointerId !== hand?.id) return;
  const { drag, chip } = hand;
  if (drag) {
    follow();
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  }
  const before = drag && names(drag.before);
  cancel();
  if (drag) drop(nameOf(chip), before);
});
const swallow = event => {
  event.preventDefault();
  event.stopPropagation();
};

document.addEventListener("pointercancel", event => event.pointerId === hand?.id && cancel());
addEventListener("blur", () => hand && cancel());
addEventListener("keydown", event => {
  if (!hand?.drag) return;
  event.stopPropagation();
  event.preventDefault();
  if (event.key === "Escape") cancel();
}, { capture: true });
// While a finger has a chip it scrolls nothing, and its rest is no wish for a menu.
document.addEventListener("touchmove", event => hand?.drag && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", event => hand?.byFinger && event.preventDefault());
onArrival(() => hand && cancel());

// What others do to the tags waits until the hand is gone.
guard(part => Boolean(hand) && part.contains(hand.chip));

function take() {
  const { chip } = hand;
  hand.timer = 0;
  const mark = document.createElement("div");
  mark.className = "drop-mark";
  const ghost = chip.cloneNode(true);
  for (const button of ghost.querySelectorAll("button")) button.remove();
  ghost.className = "chip ghost";
  ghost.setAttribute("aria-hidden", "true");
  document.body.append(mark, ghost);
  chip.classList.add("dragged");
  hand.drag = { mark, ghost, before: null };
  frame();
}

function frame() {
  if (!hand?.drag) return;
  const box = scroller(hand.chip);
  const { top, bottom } = box.getBoundingClientRect();
  const into = Math.min(0, hand.y - top - EDGE) + Math.max(0, hand.y - bottom + EDGE);
  if (into) box.scrollTop += Math.max(-EDGE, Math.min(EDGE, into)) * SPEED;
  follow();
  requestAnimationFrame(frame);
}

/** Mark where the chip would come. */
function follow() {
  const { chip, x, y, drag } = hand;
  const others = chipsIn(scroller(chip)).filter(one => one !== chip);
  const rightToLeft = getComputedStyle(list(chip)).direction === "rtl";
  drag.before = others.slice(0, indexAt(others.map(one => one.getBoundingClientRect()), x, y, rightToLeft));
  show(others, rightToLeft);
}

/** Behind how many of the boxes, which wrap over lines, the point is. */
function indexAt(boxes, x, y, rightToLeft) {
  const lines = [];
  boxes.forEach((box, index) => {
    const line = lines.at(-1);
    if (line && box.top < line.bottom) Object.assign(line, { end: index + 1, bottom: Math.max(line.bottom, box.bottom) });
    else lines.push({ top: box.top, bottom: box.bottom, start: index, end: index + 1 });
  });
  const line = lines.find(one => y < one.bottom) ?? lines.at(-1);
  if (!line) return 0;
  const passed = boxes.slice(line.start, line.end).filter(({ left, right }) => (rightToLeft ? x < (left + right) / 2 : x > (left + right) / 2));
  return line.start + passed.length;
}

function show(others, rightToLeft) {
  const { chip, x, y, drag, byFinger } = hand;
  const previous = drag.before.at(-1)?.getBoundingClientRect();
  const next = others[drag.before.length]?.getBoundingClientRect();
  // The end of one line and the beginning of the next are the same place: the mark is on the line of the hand.
  const isFirst = Boolean(next) && (!previous || y >= next.top || next.top < previous.bottom);
  const { left, right, top, bottom, height } = (isFirst ? next : previous) ?? chip.getBoundingClientRect();
  const edge = scroller(chip).getBoundingClientRect();
  Object.assign(drag.mark.style, { left: `${isFirst === rightToLeft ? right + 1 : left - 3}px`, top: `${top}px`, height: `${height}px` });
  drag.mark.hidden = bottom < edge.top || top > edge.bottom;
  drag.ghost.style.translate = byFinger ? `${x - 24}px ${y - 64}px` : `${x + 8}px ${y + 8}px`; // not under the finger
}

function cancel() {
  const { drag, chip, timer } = hand;
  clearTimeout(timer);
  hand = null;
  drag?.mark.remove();
  drag?.ghost.remove();
  chip.classList.remove("dragged");
  showWaiting();
}

const names = chips => chips.map(nameOf);

/** One act: behind the nearest of those in front of it that is still there. */
function drop(name, before) {
  const now = names(chipsIn(document));
  const keys = now.map(keyOf);
  const index = keys.indexOf(keyOf(name));
  if (index < 0) return say(`“${name}” was removed meanwhile.`);
  const after = before.findLast(one => keys.includes(keyOf(one))) ?? null;
  if ((now[index - 1] ?? null) !== after) moveTag(name, after);
}
