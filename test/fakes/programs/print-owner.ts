import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { forkNodeProcess } from '../../../src/main/engine/node-child-process.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import type { Logger } from '../../../src/main/lib/log.ts'
import { createPrinters, createSerialPorts, drivers } from '../../../src/main/printers/index.ts'
import { migrations, openStore } from '../../../src/main/store/index.ts'

/**
 * As much of Gantry as feeds a print: `print-owner.ts DIR STREAM-PROGRAM PORT FILE`. Prints as JSON what becomes of the printer,
 * and the notices. With a file it prints it as soon as the printer is there.
 */
const [, , dir = '', program = '', port = '', file] = process.argv
const silent: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  trace: () => undefined,
  with: () => silent,
}
const say = (what: unknown) => process.stdout.write(`${JSON.stringify(what)}\n`)

const { store } = await openStore({
  file: join(dir, 'gantry.sqlite'),
  clock: systemClock,
  log: silent,
  migrations,
})
const printers = createPrinters({
  clock: systemClock,
  logger: () => silent,
  store,
  secrets: { protect: text => text, reveal: text => text },
  drivers,
  serial: createSerialPorts(),
  notices: { raise: notice => say({ notice }), withdraw: () => undefined },
  startProgram: () => forkNodeProcess(program, { name: 'stream', ownSession: true }),
  random: () => 0.5,
  uuid: () => `${process.pid}-${performance.now()}`,
})
process.once('SIGTERM', () => void printers.stop().then(() => process.exit(0)))
let begun = false
printers.on('changed', id => {
  const { name, bedToClear, snapshot } = printers.get(id)
  const { link, machine, job, feed, faults, heaters } = snapshot
  say({ name, bedToClear, link: link.state, machine: machine.state, job, feed, faults, heaters })
  if (begun || file === undefined || link.state !== 'online' || machine.state !== 'idle') return
  begun = true
  const { size } = statSync(file)
  const print = { name: 'cube.gcode', path: file, sizeBytes: size, open: () => createReadStream(file) }
  printers.send(id, print, true, new AbortController().signal).catch(error => say({ error: String(error) }))
})
await printers.start()
if (printers.list().length === 0) {
  await printers.add({ driver: 'marlin', name: 'Left', config: { port, baudRate: 115200 } })
}
setInterval(() => undefined, 1_000)
