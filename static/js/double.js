// The second half of a double click is for nobody that came under it.

const DOUBLE = 600; // ms between the two, at most

let firstAt = -Infinity;

/** The click that is being handled changes what lies under the mouse: a second one is dropped. */
export function noSecondClick() {
  firstAt = performance.now();
}

for (const name of ["mousedown", "click"]) {
  document.addEventListener(name, event => {
    if (event.detail < 2 || performance.now() - firstAt > DOUBLE) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
