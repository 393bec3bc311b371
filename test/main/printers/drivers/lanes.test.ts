import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { createSimPrinter, type SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { SimServer } from '../../../../src/main/printers/sim/sim-server.ts'
import type { FakeClock } from '../../../fakes/clock.ts'
import { type Bench, createBench, settled, until, type Watched } from '../driver-kit.ts'
import { peerOf } from '../sim-peer.ts'
import { slowFile } from '../slow-file.ts'
import { networkMakes } from './network-makes.ts'

const mega = 100_000_000

describe.each(networkMakes)(
  '$driver.id, with a large file on its way',
  ({ driver, path, credentials, start }) => {
    let sim: SimPrinter
    let host: SimServer
    let bench: Bench
    let watched: Watched

    beforeEach(async () => {
      bench = await createBench({
        driver,
        async createPeer(clock: FakeClock) {
          sim = createSimPrinter({ clock })
          sim.addFile('cube.gcode', ';TIME:3000\n')
          host = await start(sim)
          return peerOf(host, credentials)
        },
      })
      watched = await bench.open()
      watched.session.focus?.(true)
      await settled(bench.clock, watched.session.begin({ from: 'printer', path }))
      await watched.next('machine', ({ state }) => state === 'printing', 200_000)
    })
    afterEach(async () => {
      host.stall()
      await bench.end()
    })

    const uploading = async (signal: AbortSignal) => {
      const { put } = watched.session
      if (put === undefined) throw new Error('takes no files')
      const file = slowFile('big.gcode', mega)
      let sentBytes = 0
      const upload = put(
        file,
        bytes => {
          sentBytes = bytes
        },
        signal,
      )
      upload.catch(() => {})
      await until(bench.clock, 'the file is on its way', () => sentBytes > 0)
      return { file, upload }
    }

    it('pauses and cancels at once, ahead of polls and listings that get no answer', async () => {
      const { session } = watched
      await uploading(bench.shutdown.signal)
      host.stall(({ method }) => method === 'GET')
      const lists = [1, 2, 3].map(() => session.listFiles?.(bench.shutdown.signal))
      for (const list of lists) list?.catch(() => {})
      await bench.clock.advance(2_500)
      // Whatever waits for an answer here waits for good.
      await settled(bench.clock, session.perform({ kind: 'pause' }), 500)
      await until(bench.clock, 'it is paused', () => sim.state().machine === 'paused')
      await settled(bench.clock, session.perform({ kind: 'cancel' }), 500)
      await until(bench.clock, 'it is cancelled', () => sim.state().machine === 'cancelled')
    })

    it('stops in an emergency at once, where it can', async () => {
      const { session } = watched
      if (session.can.emergencyStop === 'none') return
      await uploading(bench.shutdown.signal)
      host.stall(({ method }) => method === 'GET')
      await bench.clock.advance(2_500)
      await settled(bench.clock, session.perform({ kind: 'emergency-stop' }), 500)
      await until(bench.clock, 'it has stopped', () => sim.state().machine === 'error')
    })

    it('can be stopped midway: nothing of the file stays open, and the session goes on', async () => {
      const stop = new AbortController()
      const { file, upload } = await uploading(stop.signal)
      stop.abort()
      const thrown = await settled(bench.clock, upload).catch((error: unknown) => error)
      expect(isGantryError(thrown, 'cancelled')).toBe(true)
      await until(bench.clock, 'the file is closed', () => file.openStreams === 0)
      watched.mark()
      await settled(bench.clock, watched.session.perform({ kind: 'cancel' }))
      await watched.next('job', ({ job }) => job.state === 'cancelled')
      expect(watched.events.some(({ kind }) => kind === 'ended')).toBe(false)
      expect(sim.state().files.map(each => each.path)).toEqual(['cube.gcode'])
    })

    it('stopped before it began opens nothing', async () => {
      const file = slowFile('big.gcode', mega)
      const put = watched.session.put?.(file, () => {}, AbortSignal.abort())
      const thrown = await settled(bench.clock, Promise.resolve(put)).catch((error: unknown) => error)
      expect(isGantryError(thrown, 'cancelled')).toBe(true)
      await until(bench.clock, 'the file is closed', () => file.openStreams === 0)
    })
  },
)
