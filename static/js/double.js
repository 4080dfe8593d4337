// The second half of a double click is for nobody that came under it.

const DOUBLE = 600; // ms between the two, at most

let until = 0;

/** The click that is being handled changes what lies under the mouse: a second one within `ms` is dropped. */
export function noSecondClick(ms = DOUBLE) {
  until = performance.now() + ms;
}

for (const name of ["mousedown", "click"]) {
  document.addEventListener(name, event => {
    if (event.detail < 2 || performance.now() > until) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
