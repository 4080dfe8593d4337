// The one place where keys arrive: key, modifiers, repeat, composition and focus decide. What the table does not list is
// the browser's.

import { TABLE } from "./shortcuts.js";
import { disarm, isArmed } from "./twice.js";
import { mayTag, tagBox, workbench } from "./workbench.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const NO_TEXT = new Set(["button", "checkbox", "color", "file", "image", "reset", "submit"]);

/** The names of where the focus is, the nearest first. */
function placesOf(target) {
  if (target === tagBox()) return target.value ? ["box"] : ["empty", "box"];
  if (target.closest("li.chip button")) return ["chip", "else"];
  const takesText = target.matches("textarea, select, input, [role=slider], [role=combobox]") && !NO_TEXT.has(target.type);
  return takesText || target.isContentEditable ? [] : ["else"];
}

/**
 * The key as the table names it. A letter is what the layout says; where that is another script, it is the letter of its
 * place, which no other key of that layout gives. With Alt, a digit is its place, since Alt changes what it gives.
 */
function nameOf({ key, code, altKey, shiftKey }) {
  if (altKey && /^Digit\d$/.test(code)) return code.at(-1);
  const isLetter = /^\p{L}$/u.test(key);
  if (isLetter && !/^\p{Script=Latin}$/u.test(key)) return /^Key/.test(code) ? code.at(-1).toLowerCase() : "";
  if (key.length === 1 && !isLetter) return key; // whatever Shift it took
  return (shiftKey ? "Shift+" : "") + (isLetter ? key.toLowerCase() : key);
}

function chordOf(event) {
  const ctrl = event.ctrlKey || (MAC && event.metaKey);
  if (event.metaKey && !MAC) return "";
  return (ctrl ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + nameOf(event);
}

const isOurs = event => !event.defaultPrevented && !event.isComposing && event.keyCode !== 229
  && !event.getModifierState("AltGraph") && event.target instanceof Element && Boolean(workbench())
  && !document.querySelector("dialog[open]");

function find(event) {
  const chord = chordOf(event);
  const role = mayTag() ? () => true : row => row[3]?.all;
  for (const place of [...placesOf(event.target), "any"]) {
    const row = TABLE.find(one => one[0] === place && one[1] === chord && role(one));
    if (row) return row;
  }
  return null;
}

document.addEventListener("keydown", event => {
  const before = isArmed();
  const row = isOurs(event) ? find(event) : null;
  if (row) {
    event.preventDefault();
    if (!event.repeat || row[3]?.held) row[2](event.repeat);
  }
  if (before && before === isArmed() && !event.repeat) disarm(); // another key came in between
});

// The button "?" opens what the key opens; a click beside the dialog closes it.
document.addEventListener("click", event => {
  if (event.target.closest?.("[data-keys]")) document.getElementById("keys").showModal();
  if (event.target.id === "keys") event.target.close();
});
