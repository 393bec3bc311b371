import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { moonraker } from '../../../../src/main/printers/drivers/moonraker/index.ts'
import { createMoonrakerSim, type MoonrakerSim } from '../../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter, type SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { SimServer } from '../../../../src/main/printers/sim/sim-server.ts'
import type { FakeClock } from '../../../fakes/clock.ts'
import { type Bench, createBench, settled, type Watched } from '../driver-kit.ts'
import { printFile } from '../print-file.ts'
import { peerOf } from '../sim-peer.ts'
import { networkMakes } from './network-makes.ts'

const who = { username: 'Hausmeister', password: 'Tür & Tor: 7' }
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => (isGantryError(thrown) ? thrown.code : String(thrown)),
  )

/** Everything that goes past the door: questions, the socket, a file. */
async function expectUse(bench: Bench, watched: Watched): Promise<void> {
  await watched.next('machine', ({ state }) => state === 'idle')
  await watched.next('heaters')
  const file = printFile('behind the door.gcode', 'G1 X1\n'.repeat(20_000))
  const { path } = await settled(
    bench.clock,
    watched.session.put?.(file, () => {}, bench.shutdown.signal) ?? Promise.reject(new Error('none')),
  )
  const listed = await settled(
    bench.clock,
    watched.session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]),
  )
  expect(listed.map(each => each.path)).toContain(path)
  expect(JSON.stringify([bench.lines, watched.events])).not.toContain(who.password)
}

describe.each(networkMakes.filter(({ driver }) => driver.id !== 'prusalink'))(
  '$driver.id behind a proxy',
  ({ driver, credentials, start }) => {
    let host: SimServer
    let bench: Bench

    beforeEach(async () => {
      bench = await createBench({
        driver,
        async createPeer(clock: FakeClock) {
          host = await start(createSimPrinter({ clock }))
          return peerOf(host, credentials)
        },
      })
    })
    afterEach(async () => bench.end())

    it.each(['basic', 'digest'] as const)(
      'that asks for a password by %s is passed with it alone',
      async scheme => {
        host.guard({ scheme, ...who })
        const config = { url: host.url, ...credentials }
        const open = (more: object) =>
          settled(bench.clock, driver.open(driver.parseConfig({ ...config, ...more }), bench.context()))
        expect(await codeOf(open({}))).toBe('printer.credentials')
        expect(await codeOf(open({ ...who, password: 'wrong' }))).toBe('printer.credentials')
        await expectUse(bench, await bench.open(driver.parseConfig({ ...config, ...who })))
      },
    )
  },
)

describe('Moonraker, where people log in', () => {
  let sim: SimPrinter
  let host: MoonrakerSim
  let bench: Bench

  beforeEach(async () => {
    bench = await createBench({
      driver: moonraker,
      async createPeer(clock: FakeClock) {
        sim = createSimPrinter({ clock })
        host = await createMoonrakerSim(sim, { login: who })
        return peerOf(host, who)
      },
    })
  })
  afterEach(async () => bench.end())

  const config = (more: object) => moonraker.parseConfig({ url: host.url, ...more })
  const refused = (more: object) =>
    codeOf(settled(bench.clock, moonraker.open(config(more), bench.context())))

  it('lets in who has a name and its password, and nobody else', async () => {
    expect(await refused({})).toBe('printer.credentials')
    expect(await refused({ ...who, password: 'wrong' })).toBe('printer.credentials')
    expect(
      await settled(bench.clock, Promise.resolve(moonraker.probe?.(host.url, bench.context()))),
    ).toMatchObject({
      needs: 'credentials',
    })
    await expectUse(bench, await bench.open(config(who)))
  })

  it('renews a token that ran out', async () => {
    const watched = await bench.open(config(who))
    await expectUse(bench, watched)
    for (let minute = 0; minute < 130; minute += 10) await bench.clock.advance(600_000)
    expect(watched.events.some(({ kind }) => kind === 'ended')).toBe(false)
    await expectUse(bench, watched)
  })

  it('asks nothing of whom Moonraker trusts, whatever was entered', async () => {
    const trusting = await createMoonrakerSim(sim)
    const watched = await bench.open(moonraker.parseConfig({ url: trusting.url, ...who }))
    await watched.next('machine', ({ state }) => state === 'idle')
    await settled(bench.clock, watched.session.close())
    await trusting.stop()
  })
})
