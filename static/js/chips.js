// Acts on an image's tags and state, shown at once: laid over what the server said, until it says so itself.

import { pending } from "./acts.js";
import { onSaid, overlay } from "./parts.js";

const FACES = new Set(("0_0 (o)_(o) +_+ +_- ._. <o>_<o> <|>_<|> =_= >_< 3_3 6_9 >_o @_@ ^_^ o_o u_u x_x |_| ||_||").split(" "));
const BREAKS = /[,，、،\n\r\v\f\u0085\u2028\u2029]+/;
const WORDS = { finish: "done", review: "reviewed", reject: "rejected", reopen: "to do" };
const STATES = { finish: "done", review: "reviewed", reject: "rejected", reopen: "todo" };

/** As the server tells tags apart (domain/tag_names.py), near enough to show an act before it has answered. */
export function keyOf(text) {
  const name = text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
  return FACES.has(name) ? name : name.replace(/[_ ]+/g, " ").trim() || name;
}

export const split = text => text.split(BREAKS).map(one => one.trim().replace(/\s+/g, " ")).filter(Boolean);

export const chipsIn = root => [...(root?.querySelectorAll(".chips li.chip") ?? [])];
export const nameOf = chip => chip.querySelector(".name").textContent;
const byKey = (root, key) => chipsIn(root).find(chip => keyOf(nameOf(chip)) === key);

/** Key → id of every tag that a page has shown: ids belong to the vocabulary and stay. */
const ids = new Map();

/** A tag's id. One that was just typed has none before its adding is answered, so it is asked for when it is sent. */
export const tagId = key => ids.get(key) ?? null;

function learn(root) {
  for (const one of root.querySelectorAll("[data-tag]")) ids.set(keyOf(one.dataset.name ?? nameOf(one)), one.dataset.tag);
}
learn(document);
onSaid((id, part) => id.endsWith("-tags") && learn(part));

overlay((id, part) => {
  const [, image, name] = id.match(/^image-(\d+)-(tags|state)$/) ?? [];
  if (!name) return;
  for (const act of pending(Number(image))) {
    if (name === "tags") layOverTags(part, act);
    else if (STATES[act.kind]) layOverState(part, act.kind);
  }
});

function layOverTags(part, act) {
  if (act.kind === "add") add(part, act.names);
  else if (act.kind === "remove") byKey(part, act.key)?.remove();
  else if (act.kind === "move") move(part, act);
  else return;
  const chips = chipsIn(part);
  const count = part.querySelector(".count");
  if (count) count.textContent = String(chips.length);
  part.querySelector(".none")?.toggleAttribute("hidden", chips.length > 0);
}

function add(part, names) {
  const list = part.querySelector(".chips ol");
  for (const name of names) {
    if (!byKey(part, keyOf(name)) && keyOf(name) !== keyOf(part.dataset.trigger ?? "")) list?.append(newChip(name));
  }
}

function newChip(name) {
  const chip = document.getElementById("new-chip").content.firstElementChild.cloneNode(true);
  chip.querySelector(".name").textContent = name;
  for (const button of chip.querySelectorAll("[aria-label]")) {
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace("…", name));
  }
  return chip;
}

/** After the neighbour that the act names ("" is the front); a neighbour that is gone moves nothing. */
function move(part, { key, after }) {
  const chip = byKey(part, key);
  if (!chip) return;
  if (after === "") chip.parentElement.prepend(chip);
  else byKey(part, after)?.after(chip);
}

function layOverState(part, kind) {
  part.className = `state ${STATES[kind]}`;
  const icon = part.querySelector("use");
  icon?.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#${STATES[kind]}`));
  part.replaceChildren(...[part.querySelector("svg")].filter(Boolean), WORDS[kind]);
}
