// "Recent tags": what one adds comes to the front. What is pressed there stays in its place, under the finger.

import { onQueue, pending } from "./acts.js";
import { chipsIn, keyOf, nameOf } from "./chips.js";
import { parse, serverPart } from "./parts.js";
import { follow, keyOfToggle, recentTags, togglesIn } from "./toggles.js";
import { onArrival } from "./walk.js";
import { base } from "./workbench.js";

const MOST = 9;

let order = []; // keys, as they stand, and behind them those that had to go

onQueue(act => act.kind === "add" && !act.inPlace && !pending(act.image).includes(act) && remember(act));

/** The server has it: under the name that it says, and only if it is there. */
function remember({ image, names }) {
  const chips = chipsIn(serverPart(`image-${image}-tags`));
  for (const name of names) {
    const chip = chips.find(one => keyOf(nameOf(one)) === keyOf(name));
    if (chip) bringForward(nameOf(chip), chip.dataset.tag);
  }
  follow();
}

function bringForward(name, id) {
  const list = recentTags();
  if (!list) return;
  list.querySelector(".muted")?.remove();
  const same = togglesIn(list).find(toggle => keyOfToggle(toggle) === keyOf(name));
  list.prepend(same?.closest("li") ?? newItem(name, id));
  for (const item of [...list.children].slice(MOST)) item.remove();
  noteOrder(list);
}

function noteOrder(list) {
  order = [...new Set([...togglesIn(list).map(keyOfToggle), ...order])];
}

function newItem(name, id) {
  const item = parse('<li><button form="act" name="names" aria-pressed="false"><bdi class="cut"></bdi></button></li>');
  const toggle = item.firstElementChild;
  toggle.setAttribute("formaction", `${base()}tags/add/`);
  toggle.value = toggle.dataset.name = toggle.firstElementChild.textContent = name;
  toggle.dataset.tag = id;
  return item;
}

// From image to image each keeps its number, since 1 to 9 are pressed without looking. What came from elsewhere is newest.
onArrival(() => {
  const list = recentTags();
  const place = toggle => order.indexOf(keyOfToggle(toggle));
  if (order.length) list?.prepend(...togglesIn(list).sort((one, other) => place(one) - place(other)).map(one => one.closest("li")));
  noteOrder(list);
});
