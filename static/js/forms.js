// Forms become acts: what a button of the workbench would post is sent by acts.js instead.

import { countText, pending, perform, tellState } from "./acts.js";
import { chipsIn, keyOf, nameOf, split, tagId } from "./chips.js";
import { guard, parse, showWaiting } from "./parts.js";

const root = document.documentElement;
const BOXES = "#act, #set-list";

export const workbench = () => document.querySelector(".panel[data-image]");
export const imageNumber = () => Number(workbench()?.dataset.image ?? 0);
export const base = () => workbench()?.dataset.url ?? "";
export const tagBox = () => document.getElementById("tag-box");
export const descriptionBox = () => document.querySelector("textarea[name=description]");
const listBox = () => document.querySelector("#set-list textarea");
export const mayTag = () => root.dataset.role !== "viewer";

// `refused` is set on a box whose text the server did not take.
const isChanged = box => Boolean(box) && (box.value !== box.defaultValue || box.dataset.refused !== undefined);
countText(() => (tagBox()?.value.trim() ? 1 : 0) + (isChanged(descriptionBox()) ? 1 : 0) + (isChanged(listBox()) ? 1 : 0));

const ids = (image, ...names) => names.map(name => `image-${image}-${name}`);
const walk = () => ({ q: field("q"), order: field("order") });
const field = name => document.querySelector(`#act [name=${name}]`)?.value ?? "";

/** Add a line of tags; it goes back into the box when it is refused. */
export function addTags(text, { after } = {}) {
  const names = split(text);
  if (!names.length) return false;
  const image = imageNumber();
  const fields = { ...walk(), names: names.join(", ") };
  if (after !== undefined) fields.after = after;
  perform({ kind: "add", url: `${base()}tags/add/`, fields, image, names, parts: ids(image, "tags"), back: giveBack(image, text) });
  return true;
}

export function removeTag(name) {
  const [image, key, act] = [imageNumber(), keyOf(name), tagAct(name, "remove")];
  perform({ kind: "remove", image, key, fields: walk(), parts: ids(image, "tags"), resolve: act });
}

/** Move a tag behind another (none: to the front). Both are named by what they say: either may have no id yet. */
export function moveTag(name, afterName) {
  const [image, key, act] = [imageNumber(), keyOf(name), tagAct(name, "move")];
  const after = afterName === null ? "" : keyOf(afterName);
  const fields = { ...walk() };
  const resolve = () => {
    fields.after = after === "" ? "0" : tagId(after) ?? "0";
    return act();
  };
  perform({ kind: "move", image, key, after, fields, parts: ids(image, "tags"), resolve });
}

/** The address of an act on a tag, once it is to be sent; null when the tag never came to be. */
function tagAct(name, verb) {
  const [from, key] = [base(), keyOf(name)];
  return () => (tagId(key) ? `${from}tags/${tagId(key)}/${verb}/` : null);
}

/** Save the description if it was changed here. */
export function saveDescription() {
  const box = descriptionBox();
  if (!isChanged(box)) return false;
  const [image, text, url] = [imageNumber(), box.value, `${base()}description/`];
  const behind = pending(image).some(act => act.kind === "describe"); // the one before it will make a new revision
  const fields = { ...walk(), description: text, revision: revisionBox().value };
  const resolve = () => {
    if (behind) fields.revision = revisions.get(image) ?? fields.revision;
    return url;
  };
  entered(box);
  perform({ kind: "describe", fields, image, parts: [], resolve, done: html => described(image, html), back: refusal(image, DESCRIPTION, text) });
  return true;
}

const revisionBox = () => document.querySelector("#act [name=revision]");
const listRevision = () => document.querySelector("#set-list [name=revision]");
const DESCRIPTION = { box: descriptionBox, revision: revisionBox, save: saveDescription };
const LIST = { box: listBox, revision: listRevision, save: setList };
const revisions = new Map(); // image → revision of the description that this page saved last

function described(image, html) {
  const saved = parse(html)?.querySelector("[name=revision]")?.value;
  revisions.set(image, saved);
  if (image === imageNumber() && revisionBox() && saved !== undefined) revisionBox().value = saved;
}

/** Finish, reject and the like. `next` goes on to another image. */
export function decide(kind, { next = false } = {}) {
  const image = imageNumber();
  const fields = next ? { ...walk(), next: "1" } : walk();
  perform({ kind, url: `${base()}${kind}/`, fields, image, parts: ids(image, "state") });
}

/** What stands in the boxes becomes acts: whatever leaves the image calls this first. */
export function enterTexts() {
  const box = tagBox();
  if (mayTag() && box?.value.trim()) {
    addTags(box.value);
    box.value = "";
  }
  if (mayTag()) saveDescription();
  tellState();
}

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
  else if (verb === "remove") removeTag(name);
  else if (verb === "move") moveTag(name, neighbour(chip, button));
  else if (verb === "description") saveDescription();
  else if (["finish", "reject", "reopen", "review"].includes(verb)) leaveBy(verb, button);
  else if (verb === "copy") perform({ kind: "copy", url: path, fields: walk(), image: imageNumber(), parts: [] });
  else goBy(path);
}

function pressAdd(button) {
  if (button.name === "names") addTags(button.value);
  else if (tagBox()?.value.trim()) {
    addTags(tagBox().value);
    tagBox().value = "";
    tagBox().focus();
    tagBox().dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function neighbour(chip, button) {
  const left = button.classList.contains("left");
  const other = left ? chip.previousElementSibling?.previousElementSibling : chip.nextElementSibling;
  return other ? nameOf(other) : null;
}

function leaveBy(verb, button) {
  const next = button.formAction.includes("next=1");
  if (next) enterTexts();
  decide(verb, { next });
}

/** Next to do, and Leave: acts of the whole dataset. */
function goBy(path) {
  enterTexts();
  perform({ kind: "go", url: path, fields: { ...walk(), image: String(imageNumber()) }, image: imageNumber(), parts: [] });
}

function setList() {
  const box = listBox();
  const [image, text] = [imageNumber(), box.value];
  const fields = Object.fromEntries(new FormData(box.form));
  entered(box);
  perform({ kind: "set", url: box.form.action, fields, image, parts: [], back: refusal(image, LIST, text) });
}

/** What was in the box is an act now; what is typed from here on is new. */
function entered(box) {
  box.defaultValue = box.value;
  delete box.dataset.refused;
}

/** For a line of tags that was refused: it is in its box again, before anything typed since. */
function giveBack(image, text) {
  return ({ sentence }) => {
    const box = image === imageNumber() ? tagBox() : null;
    if (!box) return;
    box.value = box.value.trim() && box.value !== text ? `${text}, ${box.value}` : text;
    box.setAttribute("aria-invalid", "true");
    box.title = sentence;
    tellState();
  };
}

/** A whole text that was refused, or that somebody else was quicker with: it is still in its box. */
function refusal(image, kind, text) {
  return ({ problem }) => {
    const box = image === imageNumber() ? kind.box() : null;
    if (!box) return;
    if (box.value === box.defaultValue) box.value = text;
    box.dataset.refused = "";
    box.setAttribute("aria-invalid", "true");
    if (problem?.dataset?.revision !== undefined) offerBoth(kind, box, problem);
    tellState();
  };
}

/** Both versions under the box, to choose from. */
function offerBoth(kind, box, problem) {
  const choice = document.getElementById("both-versions").content.firstElementChild.cloneNode(true);
  const { revision, theirs } = problem.dataset;
  const choose = text => {
    kind.revision().value = revision;
    choice.remove();
    box.value = text;
    entered(box);
  };
  choice.querySelector("dl").replaceWith(problem.querySelector("dl"));
  choice.querySelector("[value=mine]").onclick = () => {
    const mine = box.value;
    choose(theirs);
    box.value = mine;
    kind.save();
  };
  choice.querySelector("[value=theirs]").onclick = () => {
    choose(theirs);
    tellState();
    showWaiting();
  };
  box.parentElement.querySelector(".notice")?.remove();
  box.after(choice);
}

document.addEventListener("input", event => {
  event.target.removeAttribute?.("aria-invalid");
  if (event.target === tagBox()) delete event.target.dataset.refused;
  tellState();
});
document.addEventListener("focusout", event => {
  if (event.target === descriptionBox() && mayTag()) saveDescription();
  setTimeout(showWaiting); // when the focus is where it goes
});

// A part whose box somebody types in waits until they leave it.
guard(part => [...part.querySelectorAll("textarea")].some(box => box === document.activeElement || isChanged(box) || isBeingSaved(box)));
const isBeingSaved = box => box === descriptionBox() && pending(imageNumber()).some(act => act.kind === "describe");

// The list as text follows the chips, unless somebody is at it.
document.addEventListener("part:shown", ({ detail: { id, element } }) => {
  const box = listBox();
  if (!id.endsWith("-tags") || !box || isChanged(box) || box === document.activeElement) return;
  box.value = box.defaultValue = chipsIn(element).map(nameOf).join(", ");
  listRevision().value = element.dataset.revision;
});
