// Forms become acts: what a button of the workbench would post is sent by acts.js instead.

import { perform } from "./acts.js";
import { nameOf } from "./chips.js";
import { noSecondClick } from "./double.js";
import { addTags, decide, moveTag, removeTag } from "./image_acts.js";
import { isLeaving } from "./leaving.js";
import { enterTexts, saveDescription, setList } from "./texts.js";
import { recentTags } from "./toggles.js";
import { imageNumber, tagBox, walkFields } from "./workbench.js";

const BOXES = "#act, #set-list";
const AGAIN = 300; // ms: sooner, a second click is half of a double click

document.addEventListener("submit", event => {
  const { target: form, submitter } = event;
  if (!form.matches(BOXES)) return;
  event.preventDefault();
  if (form.id === "set-list") setList();
  else press(submitter ?? form.querySelector("button"));
});

/** What a button of the workbench's form does. */
function press(button) {
  const path = new URL(button.formAction, location.href).pathname;
  const verb = path.split("/").at(-2);
  const chip = button.closest("li.chip");
  const name = chip ? nameOf(chip) : button.dataset.name;
  if (path.endsWith("/tags/add/")) pressAdd(button);
  else if (verb === "remove") pressRemove(chip, name);
  else if (verb === "move") moveTag(name, neighbour(chip, button));
  else if (verb === "description") saveDescription();
  else if (["finish", "reject", "reopen", "review"].includes(verb)) leaveBy(verb, button);
  else if (verb === "copy") perform({ kind: "copy", url: path, fields: walkFields(), image: imageNumber(), parts: [] });
  else goBy(path);
}

function pressAdd(button) {
  if (button.name === "names") {
    addTags(button.value, { inPlace: Boolean(recentTags()?.contains(button)) });
    return;
  }
  const box = tagBox();
  box.focus();
  if (!box.value.trim()) return;
  addTags(box.value);
  box.value = "";
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The next chip slides under the mouse: who means that one too presses again when it is seen. */
function pressRemove(chip, name) {
  if (chip) noSecondClick(AGAIN);
  removeTag(name);
}

function neighbour(chip, button) {
  const left = button.classList.contains("left");
  const other = left ? chip.previousElementSibling?.previousElementSibling : chip.nextElementSibling;
  return other ? nameOf(other) : null;
}

// A second click on what decides is not meant for what comes under it: another button, or another image.
function leaveBy(verb, button) {
  if (isLeaving()) return;
  const next = button.formAction.includes("next=1");
  noSecondClick();
  if (next) enterTexts();
  decide(verb, { next });
}

/** Next to do, and Leave: acts of the whole dataset. */
function goBy(path) {
  if (isLeaving()) return;
  noSecondClick();
  enterTexts();
  perform({ kind: "go", leaves: true, url: path, fields: { ...walkFields(), image: String(imageNumber()) }, image: imageNumber(), parts: [] });
}
