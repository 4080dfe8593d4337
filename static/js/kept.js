// Texts that were refused when one was on another image already: they are counted, and in their boxes when one comes back.

import { countRefused, countText, tellState } from "./acts.js";
import { imageNumber } from "./workbench.js";

const kept = new Map(); // image → functions that put a text back into its box

const count = () => [...kept.values()].reduce((sum, texts) => sum + texts.length, 0);
countText(count);
countRefused(count);

/** Put a text back when this image is shown again. */
export function keepFor(image, putBack) {
  kept.set(image, [...(kept.get(image) ?? []), putBack]);
  tellState();
}

document.addEventListener("page:arrived", () => {
  const texts = kept.get(imageNumber()) ?? [];
  kept.delete(imageNumber());
  for (const putBack of texts.reverse()) putBack(); // each stands before what is in its box
  if (texts.length) tellState();
});
