// What Vite builds of `frontend/` has this name.
"use strict";
