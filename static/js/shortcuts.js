// The keys of the workbench: where, which, what they do, whether a held-down key repeats it, and who may.

import { settled, unsavedCount } from "./acts.js";
import * as chip from "./chip_keys.js";
import { split } from "./chips.js";
import { decide } from "./image_acts.js";
import { isLeaving, whenHere } from "./leaving.js";
import { say } from "./messages.js";
import * as tagbox from "./tagbox.js";
import { enterTexts, saveDescription } from "./texts.js";
import { recentTags, togglesIn } from "./toggles.js";
import { twice } from "./twice.js";
import * as walk from "./walk.js";
import { descriptionBox, imageNumber, mayTag, tagBox } from "./workbench.js";

const HELD = { held: true }; // goes on while the key is held down
const ALL = { all: true }; // viewers too
const BOTH = { ...HELD, ...ALL };

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const press = selector => document.querySelector(selector)?.click();

/** [place, key, act, who and how]. Places: `box` the tag box, `empty` the same with nothing in it, `chip`, `else`, `any`. */
export const TABLE = [
  ["any", "Ctrl+s", tellSaved, ALL],
  ["box", "Enter", enter],
  ["box", "Ctrl+Enter", finish],
  ["box", "ArrowDown", suggest],
  ["box", "ArrowUp", suggest],
  ["box", "Escape", leaveBox],
  ...numbers.map(number => ["box", `Alt+${number}`, () => pressRecent(number)]),
  ["empty", "ArrowLeft", held => step(-1, held), HELD],
  ["empty", "ArrowRight", held => step(1, held), HELD],
  ["empty", "Backspace", chip.markOrRemoveLast],
  ["chip", "ArrowLeft", () => chip.walk(-1), HELD],
  ["chip", "ArrowRight", () => chip.walk(1), HELD],
  ["chip", "Alt+ArrowLeft", () => chip.move(-1), HELD],
  ["chip", "Alt+ArrowRight", () => chip.move(1), HELD],
  ["chip", "Alt+Home", chip.moveToFront],
  ["chip", "Delete", chip.remove],
  ["else", "ArrowLeft", held => step(-1, held), BOTH],
  ["else", "ArrowRight", held => step(1, held), BOTH],
  ...numbers.map(number => ["else", String(number), () => pressRecent(number)]),
  ["else", "/", () => tagBox().focus()],
  ["else", "t", () => tagBox().focus()],
  ["else", "f", finish],
  ["else", "r", reject],
  ["else", "n", () => isLeaving() || press(".decide .skip-on")],
  ["else", "d", () => whenHere(() => descriptionBox().focus())],
  ["else", "c", () => whenHere(copy)],
  ["else", "z", () => press(".zoom [value=toggle]"), ALL],
  ["else", "+", () => press(".zoom [value=in]"), BOTH],
  ["else", "-", () => press(".zoom [value=out]"), BOTH],
  ["else", "0", () => press(".zoom [value=fit]"), ALL],
  ["else", "Escape", () => walk.go(document.querySelector("[data-grid]").href), ALL],
  ["else", "?", () => document.getElementById("keys").showModal(), ALL],
];

function enter() {
  if (split(tagBox().value).length) tagbox.enter();
  else if (!isLeaving()) twice("finish", tellFinish, finish);
}

function tellFinish() {
  const line = say("Enter once more finishes this image.");
  return () => line?.remove();
}

function suggest() {
  if (!tagbox.isOpen()) tagbox.ask();
}

function leaveBox() {
  if (tagbox.isOpen()) tagbox.close();
  else tagBox().blur();
}

function pressRecent(number) {
  whenHere(() => togglesIn(recentTags())[number - 1]?.click());
}

/** A second step while the first is on its way begins where that ends; a held key waits for each. */
function step(by, held) {
  if (held && isLeaving()) return;
  whenHere(() => (by < 0 ? walk.previous() : walk.next()));
}

/** Finish and go on. What is decided already only goes on; a rejected image is not finished by a key. */
function finish() {
  if (isLeaving()) return;
  const isRejected = Boolean(document.querySelector(`#image-${imageNumber()}-state.rejected`));
  if (isRejected) {
    say("This image is rejected: reopen it first.");
    return;
  }
  tagbox.close();
  enterTexts();
  decide("finish", { next: true });
}

function reject() {
  if (isLeaving()) return;
  if (document.querySelector('.decide [formaction*="/reject/"]')) press('.decide [formaction*="/reject/"]');
  else say("This image is rejected already.");
}

function copy() {
  if (document.querySelector('[formaction$="/tags/copy/"]')) press('[formaction$="/tags/copy/"]');
  else say("There is no image before this one.");
}

async function tellSaved() {
  if (mayTag()) saveDescription();
  await settled(3000);
  const typed = tagBox()?.value.trim();
  if (!unsavedCount()) say("Everything is saved.");
  else if (mayTag() && typed) say(`“${typed}” is in the tag box and not entered yet: Enter adds it.`);
  else say("Not everything is saved yet. It is kept in this page and tried again.", "error");
}
