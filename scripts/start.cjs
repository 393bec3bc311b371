// Opens Gantry from a fresh clone: `npm start`. This file and node-version.cjs must be readable by any Node there
// ever was, so that an old one gets a sentence instead of a syntax error.
'use strict'

require('./bootstrap/node-version.cjs').refuseUnsupported(process)
require('./bootstrap/enter.cjs').enter('./start.mjs')
