// What every page of a dataset runs: acts, parts, socket, and the behaviours of what it shows.

import { tellState } from "./acts.js";
import "./cards.js";
import "./chips.js";
import "./faces.js";
import "./forms.js";
import "./history.js";
import "./keys.js";
import * as live from "./live.js";
import { adopt } from "./parts.js";
import "./reorder.js";
import "./recent.js";
import "./swipe.js";
import "./switches.js";
import "./tagbox.js";
import "./toggles.js";
import "./vocabulary.js";
import * as walk from "./walk.js";
import "./zoom.js";

document.documentElement.dataset.script = "";
adopt();
walk.start();
live.start();
tellState();
