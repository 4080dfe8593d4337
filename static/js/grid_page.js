// What the grid runs beside what every page of a dataset does.

import "./page.js";
import "./place.js";
import "./newer.js";
