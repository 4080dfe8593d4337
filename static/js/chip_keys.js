// What keys do to chips: walk, move, remove; and the mark on the last one. Focus stays where one expects it.

import { keyOf, nameOf } from "./chips.js";
import { moveTag, removeTag } from "./image_acts.js";
import { say } from "./messages.js";
import { chipsHere } from "./toggles.js";
import { twice } from "./twice.js";
import { tagBox } from "./workbench.js";

const focusOn = chip => (chip?.querySelector(".remove") ?? tagBox())?.focus();
const chipOf = element => element.closest("li.chip");
const named = name => chipsHere().find(chip => keyOf(nameOf(chip)) === keyOf(name));

export function walk(by) {
  const chips = chipsHere();
  const other = chips[chips.indexOf(chipOf(document.activeElement)) + by];
  if (other) focusOn(other);
}

export function move(by) {
  const chips = chipsHere();
  const place = chips.indexOf(chipOf(document.activeElement));
  if (place + by < 0 || place + by >= chips.length) return;
  const behind = chips[by < 0 ? place - 2 : place + 1];
  moveAndStay(chips[place], behind ? nameOf(behind) : null);
}

export function moveToFront() {
  const chip = chipOf(document.activeElement);
  if (chip !== chipsHere()[0]) moveAndStay(chip, null);
}

function moveAndStay(chip, behind) {
  const name = nameOf(chip);
  moveTag(name, behind);
  focusOn(named(name));
}

export function remove() {
  const chip = chipOf(document.activeElement);
  const next = following(chip);
  removeTag(nameOf(chip));
  next();
}

/** How to focus the chip behind this one, else the tag box, once this one is gone. */
function following(chip) {
  const next = chip.nextElementSibling;
  const name = next ? nameOf(next) : null;
  return () => focusOn(name === null ? null : named(name));
}

// ---- Backspace in the empty box: the first marks, the second removes

let marked = null; // the key of the marked chip

export function markOrRemoveLast() {
  const last = chipsHere().at(-1);
  if (!last) return;
  const name = nameOf(last);
  twice(`remove ${keyOf(name)}`, () => {
    marked = keyOf(name);
    showMark();
    const line = say(`Backspace once more removes “${name}”.`);
    return () => {
      marked = null;
      showMark();
      line?.remove();
    };
  }, () => removeTag(name));
}

function showMark() {
  for (const chip of chipsHere()) {
    const is = keyOf(nameOf(chip)) === marked;
    chip.classList.toggle("marked", is);
    if (is) chip.setAttribute("aria-current", "true");
    else chip.removeAttribute("aria-current");
  }
}

document.addEventListener("part:shown", ({ detail: { id } }) => id.endsWith("-tags") && marked !== null && showMark());

// By mouse, the focus stays where it was: what one types does not go elsewhere because something was pressed. That holds
// for whatever is pressed beside the tag box: letters typed behind “Next” are for the box, and no keys.
document.addEventListener("mousedown", event => {
  const pressed = selector => event.target.closest?.(selector);
  const inBox = document.activeElement !== null && document.activeElement === tagBox();
  if (pressed(".chip button, .toggles button, .all-tags button")) event.preventDefault();
  else if (inBox && pressed("button, a, .stage figure, .chips li.chip")) event.preventDefault();
});
// By keyboard (a click without a mouse), the focus goes on from the chip that goes.
document.addEventListener("click", event => {
  const button = event.target.closest?.(".chip .remove");
  if (button && event.detail === 0 && button === document.activeElement) setTimeout(following(chipOf(button)));
});
