import { onTestFinished } from 'vitest'
import { createFiles } from '../../../src/main/files/index.ts'
import type { BuiltInPlugin } from '../../../src/main/plugin-host/index.ts'
import { createPrinter3dPlugin } from '../../../src/main/plugins/printer3d/index.ts'
import { createPrinterGroups, createPrinters, drivers } from '../../../src/main/printers/index.ts'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { settled, until } from '../printers/driver-kit.ts'

export type Message = Readonly<Record<string, unknown>>
export interface Recorded extends BuiltInPlugin {
  readonly heard: Message[]
  readonly sent: Message[]
}

/** The plug-in as it is, and a listener on its port that keeps every message. */
export function recorded(plugin: BuiltInPlugin): Recorded {
  const heard: Message[] = []
  const sent: Message[] = []
  return {
    manifest: plugin.manifest,
    heard,
    sent,
    start(port) {
      port.on('message', message => heard.push({ ...message }))
      return plugin.start({
        ...port,
        send(message) {
          sent.push({ ...message })
          port.send(message)
        },
      })
    },
  }
}

/** The 3D-printer plug-in with one printer, live, on a clock of its own. */
export async function startRoom() {
  const clock = createFakeClock()
  const sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:120\n')
  const peer = await createMoonrakerSim(sim, { name: 'Desk One' })
  const { log } = createLogRecorder()
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  const store = await openTestStore(clock)
  const printers = createPrinters({
    clock,
    logger: () => log,
    store,
    secrets: { protect: each => each, reveal: each => each },
    drivers,
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: () => 0.5,
    uuid: () => `${String(++count).padStart(12, 'a')}`,
  })
  await printers.start()
  const id = await printers.add({ driver: 'moonraker', name: 'Desk', config: { url: peer.url } })
  await until(clock, 'the printer is live', () => printers.get(id).snapshot.label === 'idle')
  onTestFinished(async () => {
    await settled(clock, printers.stop())
    await peer.stop()
  })
  const plugin = createPrinter3dPlugin({
    printers,
    groups: createPrinterGroups({ store, uuid }),
    clock,
    log,
    uuid,
    zoneOffsetMin: () => 60,
    uploads: createFiles({ clock, dir: makeTempDir(), uuid }).uploads,
    version: '1.0.0',
  })
  return { id, plugin, clock, sim, printers, serviceId: `${id}.printer3d` }
}
