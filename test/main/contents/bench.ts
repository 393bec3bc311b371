import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createContents } from '../../../src/main/contents/index.ts'
import { createFiles } from '../../../src/main/files/index.ts'
import type { Payload } from '../../../src/main/handlers/handler.ts'
import type { Outcome } from '../../../src/main/handlers/outcome.ts'
import { createPluginHost } from '../../../src/main/plugin-host/index.ts'
import { createPrinter3dPlugin } from '../../../src/main/plugins/printer3d/index.ts'
import { createPrinterGroups, createPrinters, drivers } from '../../../src/main/printers/index.ts'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { seal } from '../../../src/renderer/login/seal.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { callHandler, ownCall } from '../../fakes/handlers.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { alice } from '../plugin-host/start-host.ts'
import { until } from '../printers/driver-kit.ts'
import { askServer } from './start-server.ts'

/**
 * A promise that needs injected time, and real sockets and disks, to settle: time goes on only after the disk had
 * its turn, so that it never outruns them.
 */
export async function paced<Value>(clock: FakeClock, promise: Promise<Value>): Promise<Value> {
  let over = false
  const watched = promise.finally(() => {
    over = true
  })
  watched.catch(() => {})
  for (let steps = 0; !over && steps < 3_000; steps++) {
    for (let turn = 0; turn < 6 && !over; turn++) await stat('/')
    if (!over) await clock.advance(20)
  }
  return watched
}

/** One simulated printer, the plug-in behind its host, and contents servers: an application's and the owner's view. */
export async function createContentsBench(options: { readonly fetches?: boolean } = {}) {
  const clock = createFakeClock()
  const dir = makeTempDir()
  const { log, lines } = createLogRecorder()
  const store = await openTestStore(clock)
  const sim = createSimPrinter({ clock })
  const peer = await createMoonrakerSim(sim, { name: 'Desk One', fetches: options.fetches ?? false })
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  // Marked, so that a test can see what lies open in the database.
  const secrets = {
    protect: (text: string) => Buffer.from(text).toString('base64'),
    reveal: (text: string) => Buffer.from(text, 'base64').toString('utf8'),
  }
  const printers = createPrinters({
    clock,
    logger: () => log,
    store,
    secrets,
    drivers,
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: () => 0.5,
    uuid: () => `${String(++count).padStart(12, 'a')}`,
  })
  await printers.start()
  const downloads = join(dir, 'contents')
  const startContents = () =>
    createContents({
      clock,
      logger: () => log,
      store,
      secrets,
      random: randomBytes,
      uuid,
      printers,
      dir: downloads,
    })
  const contents = startContents()
  await contents.start()
  const host = createPluginHost({
    clock,
    log,
    uuid,
    chance: () => 0.5,
    processes: {
      fork: () => {
        throw new Error('no process here')
      },
    },
    runner: '',
    childEnv: {},
    dir: join(dir, 'plugins'),
    builtIns: [
      createPrinter3dPlugin({
        printers,
        groups: createPrinterGroups({ store, uuid }),
        contents,
        clock,
        log,
        uuid,
        zoneOffsetMin: () => 60,
        uploads: createFiles({ clock, dir: join(dir, 'uploads'), uuid }).uploads,
        version: '1.0.0',
      }),
    ],
    switches: { isEnabled: () => true, setEnabled: () => {} },
    ownProfiles: ['settings'],
    sender: { product: 'Gantry', version: '0.0.0' },
  })
  await host.start()
  const id = await printers.add({ driver: 'moonraker', name: 'Desk', config: { url: peer.url } })
  await until(clock, 'the printer is live', () => printers.get(id).snapshot.label === 'idle')
  onTestFinished(async () => {
    await paced(clock, contents.stop())
    await paced(clock, host.stop())
    await paced(clock, printers.stop())
    await peer.stop()
  })

  const serviceId = `${id}.printer3d`
  /** As an application asks; time does not pass by itself. */
  const begin = (
    action: 'GET' | 'PUT' | 'POST' | 'DELETE',
    attribute: string,
    params: Record<string, string> = {},
    caller = alice,
  ): Promise<Outcome> => host.call({ action, caller, serviceId, profile: '3dprinter', attribute, params })
  const ask = (...question: Parameters<typeof begin>) => paced(clock, begin(...question))
  const good = async (...question: Parameters<typeof begin>): Promise<Payload> => {
    const answer = await ask(...question)
    if (answer.result !== 0) throw new Error(`${answer.code} ${answer.message}`)
    return answer.payload
  }
  /** As the owner's own pages ask. */
  const own = async (route: string, params: Record<string, string> = {}, room = contents): Promise<Payload> =>
    // Time stands still: a password costs a real server real milliseconds.
    callHandler(room.endpoints, route).answer(params, ownCall)
  const openLogins = async () =>
    (await own('GET contentslogin')).logins as {
      id: string
      publicKey: string
      origin?: string
      problem?: string
    }[]
  const type = async (credentials: { readonly user: string; readonly password: string }) => {
    let [login] = await openLogins()
    for (let turn = 0; login === undefined && turn < 200; turn++) {
      await clock.advance(10)
      ;[login] = await openLogins()
    }
    if (login === undefined) throw new Error('No login waits.')
    const sealed = await seal(JSON.stringify(credentials), login)
    return own('PUT contentslogin/answer', { id: login.id, sealed })
  }
  const add = async (url: string) => String((await own('POST contents/server', { address: url })).id)
  /** A token for a file that was chosen, from a server without a login. */
  const choose = async (url: string, name = 'cube.gcode'): Promise<string> => {
    const answer = await good('GET', 'contents', { url })
    const [entry] = answer.contents as { secureToken: string }[]
    const bearer = entry?.secureToken ?? ''
    await askServer(url, 'selection', { method: 'PUT', bearer, body: { name } })
    return bearer
  }
  return {
    clock,
    dir,
    downloads,
    lines,
    store,
    sim,
    peer,
    printers,
    host,
    contents,
    startContents,
    id,
    serviceId,
    begin,
    ask,
    good,
    own,
    openLogins,
    type,
    add,
    choose,
  }
}

export type ContentsBench = Awaited<ReturnType<typeof createContentsBench>>
