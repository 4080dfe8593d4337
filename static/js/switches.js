// A switch ("Tags" on the grid, "Order" at an image) stays as this person left it, in this browser.

import { onArrival } from "./walk.js";

const key = box => `switch ${box.id}`;

onArrival(() => {
  for (const box of document.querySelectorAll(".switch input[id]")) {
    try {
      box.checked = localStorage.getItem(key(box)) === "on";
    } catch {
      // the browser keeps nothing: switches begin switched off
    }
  }
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".switch input[id]")) return;
  try {
    localStorage.setItem(key(target), target.checked ? "on" : "off");
  } catch {
    // as above
  }
});
