// Proves Gantry from a fresh clone: `npm test`, or `npm test -- unit` for one part. See start.cjs for the form.
'use strict'

require('./bootstrap/node-version.cjs').refuseUnsupported(process)
require('./bootstrap/enter.cjs').enter('../testing/test.mjs')
