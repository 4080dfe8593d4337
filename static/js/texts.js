// The texts of an image: saved with the revision they were drawn from, kept in their boxes until the server has them.

import { countText, pending, perform, tellState } from "./acts.js";
import { chipsIn, nameOf } from "./chips.js";
import { addTags } from "./image_acts.js";
import { guard, parse, showWaiting } from "./parts.js";
import { base, descriptionBox, imageNumber, listBox, listRevision, mayTag, revisionBox, tagBox, walkFields } from "./workbench.js";

const DESCRIPTION = { box: descriptionBox, revision: revisionBox, save: saveDescription };
const LIST = { box: listBox, revision: listRevision, save: setList };

// `refused` is set on a box whose text the server did not take.
const isChanged = box => Boolean(box) && (box.value !== box.defaultValue || box.dataset.refused !== undefined);
countText(() => (tagBox()?.value.trim() ? 1 : 0) + (isChanged(descriptionBox()) ? 1 : 0) + (isChanged(listBox()) ? 1 : 0));

/** Save the description if it was changed here. */
export function saveDescription() {
  const box = descriptionBox();
  if (!isChanged(box)) return false;
  const [image, text, url] = [imageNumber(), box.value, `${base()}description/`];
  const behind = pending(image).some(act => act.kind === "describe"); // the one before it will make a new revision
  const fields = { ...walkFields(), description: text, revision: revisionBox().value };
  const resolve = () => {
    if (behind) fields.revision = revisions.get(image) ?? fields.revision;
    return url;
  };
  entered(box);
  perform({ kind: "describe", fields, image, parts: [], resolve, done: html => described(image, html), back: refusal(image, DESCRIPTION, text) });
  return true;
}

const revisions = new Map(); // image → revision of the description that this page saved last

function described(image, html) {
  const saved = parse(html)?.querySelector("[name=revision]")?.value;
  revisions.set(image, saved);
  if (image === imageNumber() && revisionBox() && saved !== undefined) revisionBox().value = saved;
}

/** Save the list of tags as it is written. */
export function setList() {
  const box = listBox();
  const [image, text] = [imageNumber(), box.value];
  const fields = Object.fromEntries(new FormData(box.form));
  entered(box);
  perform({ kind: "set", url: box.form.action, fields, image, parts: [], back: refusal(image, LIST, text) });
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

/** What was in the box is an act now; what is typed from here on is new. */
function entered(box) {
  box.defaultValue = box.value;
  delete box.dataset.refused;
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
