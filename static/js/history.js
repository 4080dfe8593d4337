// Back and Forward within a page: the whole page as it is now, and of two that were asked for only the last.

import { say } from "./messages.js";
import { onArrival } from "./walk.js";

let reading = null;

document.addEventListener("htmx:historyCacheMiss", ({ detail: { xhr } }) => {
  reading?.abort();
  reading = xhr;
  for (const place of ["#page", "#grid"]) if (document.querySelector(place)) htmx.trigger(place, "htmx:abort");
  xhr.addEventListener("error", () => say("This page could not be read: what you see is the one before. Reload to try again.", "error"));
});

// A page that says what is wrong (a search that means nothing) is not taken over by htmx.
document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());

/** htmx takes over what is in the page's root; what the root itself says of the page comes along here. */
document.addEventListener("htmx:historyRestore", ({ detail: { serverResponse } }) => {
  const fresh = new DOMParser().parseFromString(serverResponse ?? "", "text/html").getElementById("page");
  const here = document.getElementById("page");
  for (const name of Object.keys(here.dataset)) delete here.dataset[name];
  Object.assign(here.dataset, fresh?.dataset);
});

// The grid that one comes back to has the image one was on in sight (stand.js).
onArrival(() => {
  const on = document.querySelector(".panel[data-image]")?.dataset.image;
  if (!on) return;
  try {
    sessionStorage.setItem(`on ${location.pathname.replace(/images\/\d+\/$/, "")}`, on);
  } catch {
    // the browser keeps nothing: the grid begins at its top
  }
});
