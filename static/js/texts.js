// The texts of an image: saved with the revision they were drawn from, kept in their boxes until the server has them.

import { countRefused, countText, pending, perform, tellState } from "./acts.js";
import { chipsIn, nameOf } from "./chips.js";
import { addTags } from "./image_acts.js";
import { keepFor } from "./kept.js";
import { forgetError } from "./messages.js";
import { guard, overlay, parse, serverPart, showWaiting } from "./parts.js";
import { base, descriptionBox, imageNumber, listBox, listRevision, mayTag, revisionBox, tagBox, walkFields } from "./workbench.js";

// `saved`: image → the revision that this page made last
const DESCRIPTION = { kind: "describe", box: descriptionBox, revision: revisionBox, save: saveDescription, saved: new Map() };
const LIST = { kind: "set", box: listBox, revision: listRevision, save: setList, saved: new Map() };

// `refused` is set on a box whose text the server did not take.
const isChanged = box => Boolean(box) && (box.value !== box.defaultValue || box.dataset.refused !== undefined);
const boxes = () => [tagBox(), descriptionBox(), listBox()];
countRefused(() => boxes().filter(box => box?.dataset.refused !== undefined).length);
countText(() => (tagBox()?.value.trim() ? 1 : 0) + (isChanged(descriptionBox()) ? 1 : 0) + (isChanged(listBox()) ? 1 : 0));

/** Save the description if it was changed here. */
export function saveDescription() {
  const box = descriptionBox();
  if (!isChanged(box)) return;
  const [image, text, url] = [imageNumber(), box.value, `${base()}description/`];
  const fields = { ...walkFields(), description: text, revision: revisionBox().value };
  const resolve = () => url;
  const revisionIn = html => parse(html)?.querySelector("[name=revision]")?.value;
  enter(DESCRIPTION, { text, fields, image, resolve, revisionIn });
}

/** A text becomes an act. One behind another of its kind is written from what that one will have made of it. */
function enter(kind, { text, fields, image, resolve, revisionIn }) {
  const behind = pending(image).some(act => act.kind === kind.kind);
  const address = () => {
    if (behind) fields.revision = newerOf(kind.saved.get(image), fields.revision);
    return resolve();
  };
  const done = html => {
    const revision = revisionIn(html);
    if (revision === undefined) return;
    kind.saved.set(image, revision);
    if (image === imageNumber() && kind.revision()) kind.revision().value = newerOf(revision, kind.revision().value);
  };
  entered(kind.box());
  perform({ kind: kind.kind, text, fields, image, parts: [], resolve: address, done, back: refusal(image, kind, text, fields) });
}

const newerOf = (one, other) => String(Math.max(Number(one ?? 0), Number(other ?? 0)));

// A description that is on its way is what one sees, also on coming back to its image.
overlay((id, part) => {
  const [, image] = id.match(/^image-(\d+)-description$/) ?? [];
  const act = image && pending(Number(image)).findLast(one => one.kind === "describe");
  const box = act && part.querySelector("textarea");
  if (box) box.value = box.defaultValue = act.text;
});

/** Save the list of tags as it is written. It replaces what it was written from: where the server has just that by the
    time it is sent (what one did before has arrived), its revision is the right one. */
export function setList() {
  const box = listBox();
  const [image, text, from, url] = [imageNumber(), box.value, box.defaultValue, box.form.action];
  const fields = Object.fromEntries(new FormData(box.form));
  const resolve = () => {
    const known = serverPart(`image-${image}-tags`);
    if (known && asText(known) === from) fields.revision = known.dataset.revision;
    return url;
  };
  const revisionIn = html => [...parse(html, true)].find(part => part.id === `image-${image}-tags`)?.dataset.revision;
  enter(LIST, { text, fields, image, resolve, revisionIn });
}

const asText = part => chipsIn(part).map(nameOf).join(", ");

/** What stands in the boxes becomes acts: whatever leaves the image calls this first. */
export function enterTexts() {
  const box = tagBox();
  if (mayTag()) saveTexts();
  if (mayTag() && box?.value.trim()) {
    addTags(box.value);
    empty(box);
  }
  tellState();
}

/** The list goes before the tag box: what stands there is added to it. */
export function saveTexts() {
  saveDescription();
  if (isChanged(listBox())) setList();
}

function empty(box) {
  box.value = "";
  takeBackRefusal(box);
}

function takeBackRefusal(box) {
  delete box.dataset.refused;
  box.removeAttribute("aria-invalid");
  if (box === tagBox()) box.removeAttribute("title");
}

/** What was in the box is an act now; what is typed from here on is new. */
function entered(box) {
  box.defaultValue = box.value;
  takeBackRefusal(box);
}

/** A whole text that was refused, or that somebody else was quicker with: it is still in its box, and still written from
    the revision it was written from, whatever has been drawn since. A newer text behind it takes its place. */
function refusal(image, kind, text, fields) {
  return function putBack({ problem }) {
    if (pending(image).some(act => act.kind === kind.kind)) return;
    const box = image === imageNumber() ? kind.box() : null;
    if (!box) {
      keepFor(image, () => putBack({ problem }));
      return;
    }
    if (box.value === box.defaultValue) box.value = box.defaultValue = text;
    kind.revision().value = fields.revision;
    showPlace(box);
    box.dataset.refused = "";
    box.setAttribute("aria-invalid", "true");
    if (problem?.dataset?.revision !== undefined) offerBoth(kind, box, problem);
    tellState();
  };
}

/** The list is folded away, mostly. */
function showPlace(box) {
  const fold = box.closest("details");
  if (!fold) return;
  fold.open = true;
  fold.scrollIntoView({ block: "nearest" });
}

/** Both versions under the box, to choose from. */
function offerBoth(kind, box, problem) {
  const choice = document.getElementById("both-versions").content.firstElementChild.cloneNode(true);
  const { revision, theirs } = problem.dataset;
  const choose = text => {
    kind.revision().value = revision;
    choice.remove();
    forgetError();
    box.value = text;
    entered(box);
    box.focus({ preventScroll: true });
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
  if (event.target === tagBox()) takeBackRefusal(tagBox());
  else event.target.removeAttribute?.("aria-invalid");
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
  box.value = box.defaultValue = asText(element);
  listRevision().value = element.dataset.revision;
});
