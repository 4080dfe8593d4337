// The acts on one image's tags and state, by name.

import { perform, tellState } from "./acts.js";
import { keyOf, split, tagId } from "./chips.js";
import { keepFor } from "./kept.js";
import { base, imageNumber, tagBox, walkFields } from "./workbench.js";

const part = (image, name) => [`image-${image}-${name}`];

/** Add a line of tags; it goes back into the box when it is refused. `inPlace`: pressed among the recent tags. */
export function addTags(text, { inPlace = false } = {}) {
  const names = split(text);
  if (!names.length) return;
  const image = imageNumber();
  const fields = { ...walkFields(), names: names.join(", ") };
  const unknown = new Set(names.map(keyOf).filter(key => !tagId(key)));
  const brings = ({ key, after }) => unknown.has(key) || unknown.has(after);
  perform({ kind: "add", url: `${base()}tags/add/`, fields, image, names, inPlace, parts: part(image, "tags"), brings, back: giveBack(image, text) });
}

export function removeTag(name) {
  const [image, key, act] = [imageNumber(), keyOf(name), tagAct(name, "remove")];
  perform({ kind: "remove", image, key, fields: walkFields(), parts: part(image, "tags"), resolve: act });
}

/** Move a tag behind another (none: to the front). Both are named by what they say: either may have no id yet. */
export function moveTag(name, afterName) {
  const [image, key, act] = [imageNumber(), keyOf(name), tagAct(name, "move")];
  const after = afterName === null ? "" : keyOf(afterName);
  const fields = { ...walkFields() };
  const resolve = () => {
    fields.after = after === "" ? "0" : tagId(after);
    return fields.after && act(); // a neighbour that never came to be moves nothing
  };
  perform({ kind: "move", image, key, after, fields, parts: part(image, "tags"), resolve });
}

/** The address of an act on a tag, once it is to be sent; null when the tag never came to be. */
function tagAct(name, verb) {
  const [from, key] = [base(), keyOf(name)];
  return () => (tagId(key) ? `${from}tags/${tagId(key)}/${verb}/` : null);
}

/** Finish, reject and the like. `next` goes on to another image. */
export function decide(kind, { next = false } = {}) {
  const image = imageNumber();
  const fields = next ? { ...walkFields(), next: "1" } : walkFields();
  perform({ kind, url: `${base()}${kind}/`, fields, image, leaves: next, parts: part(image, "state") });
}

/** For a line of tags that was refused: it is in its box again, before anything typed since. */
function giveBack(image, text) {
  return function putBack({ sentence }) {
    const box = image === imageNumber() ? tagBox() : null;
    if (!box) {
      keepFor(image, () => putBack({ sentence }));
      return;
    }
    box.value = box.value.trim() && box.value !== text ? `${text}, ${box.value}` : text;
    box.dataset.refused = "";
    box.setAttribute("aria-invalid", "true");
    box.title = sentence;
    tellState();
  };
}

/** What was given back and not touched since stays with its image, when that is left. */
export function keepGivenBack() {
  const box = tagBox();
  if (box?.dataset.refused === undefined) return;
  const [image, text, sentence] = [imageNumber(), box.value, box.title];
  box.value = "";
  keepFor(image, () => giveBack(image, text)({ sentence }));
}
