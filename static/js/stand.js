// A plain script that runs while the page is read, before its first paint: the grid stands where it was left, and the
// image one was on is in sight. place.js keeps where that is, and calls again when the page is swapped.
(() => {
  const kept = key => {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  };

  function stand() {
    const results = document.getElementById("results");
    const left = results && kept(`grid ${results.dataset.key}`);
    const on = document.getElementById(`image-${results && kept(`on ${location.pathname}`)}-card`);
    const anchor = left && document.getElementById(left.anchor);
    if (results) history.scrollRestoration = "manual";
    if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - left.from);
    else if (left) scrollTo(0, left.y);
    if (on && !isInSight(on)) on.scrollIntoView({ block: "center" });
  }

  /** Below the bar that sticks, and on a phone above the one at the bottom. */
  function isInSight(card) {
    const { top, bottom } = card.getBoundingClientRect();
    const end = document.querySelector(".filter .end");
    const floor = getComputedStyle(end).position === "fixed" ? end.getBoundingClientRect().top : innerHeight;
    return top >= document.querySelector(".filter").getBoundingClientRect().bottom && bottom <= floor;
  }

  document.addEventListener("grid:stand", stand);
  stand();
})();
