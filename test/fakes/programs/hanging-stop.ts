import { createWayOut } from '../../../src/main/engine/way-out.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createLogRecorder } from '../log.ts'

/** As much of Gantry as is left when a room hangs while it stops: nothing that keeps a process alive. */
const wayOut = createWayOut({
  source: process,
  clock: { ...systemClock, after: (_delayMs, name, run) => systemClock.after(200, name, run) },
  tell: async () => {},
  exit: code => process.exit(code),
})
wayOut.leadThrough({ log: createLogRecorder().log, stop: () => new Promise(() => undefined) })
process.kill(process.pid, 'SIGTERM')
// Until the signal has come round.
setTimeout(() => undefined, 50)
