// What a card has of the person who looks at it: the search in its address, and the mark of where they are.

import { overlay } from "./parts.js";
import { onArrival } from "./walk.js";

/** What follows the addresses of the list that a card stands in. A card just pushed stands nowhere yet: its forerunner does. */
const suffixOf = (id, card) => (card.isConnected ? card : document.getElementById(id))?.closest("[data-suffix]")?.dataset.suffix ?? "";

overlay((id, card) => {
  const [, number] = id.match(/^image-(\d+)-card$/) ?? [];
  const link = card.querySelector("a");
  if (!number || !link) return;
  const place = document.querySelector(".panel[data-image]")?.dataset.image ?? document.getElementById("page").dataset.place;
  link.setAttribute("href", link.getAttribute("href").split("?")[0] + suffixOf(id, card));
  card.classList.toggle("here", number === place);
  if (number === place && document.querySelector(".strip")) link.setAttribute("aria-current", "page");
});

/** The strip is centred on where one is, where it is longer than the page is wide. */
onArrival(() => {
  const strip = document.querySelector(".strip");
  const here = strip?.querySelector(".here");
  if (here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
});
