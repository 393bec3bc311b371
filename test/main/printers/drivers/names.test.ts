import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { createSimPrinter, type SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { FakeClock } from '../../../fakes/clock.ts'
import { type Bench, createBench, settled, type Watched } from '../driver-kit.ts'
import { printFile } from '../print-file.ts'
import { peerOf } from '../sim-peer.ts'
import { networkMakes } from './network-makes.ts'

const names = [
  '部品一.gcode',
  '部品二.gcode',
  '🧩 Teil.gcode',
  'Würfel <b>1</b>.GCODE',
  'Würfel <b>2</b>.GCODE',
  `${'sehr lang '.repeat(30)}1.gcode`,
  `${'sehr lang '.repeat(30)}2.gcode`,
  'x;M112.gcode',
]

describe.each(networkMakes)('names on $driver.id', ({ driver, path: cube, credentials, start }) => {
  let sim: SimPrinter
  let bench: Bench
  let watched: Watched

  beforeEach(async () => {
    bench = await createBench({
      driver,
      async createPeer(clock: FakeClock) {
        sim = createSimPrinter({ clock })
        sim.addFile('cube.gcode', ';TIME:3000\n')
        return peerOf(await start(sim), credentials)
      },
    })
    watched = await bench.open()
  })
  afterEach(async () => bench.end())

  const put = (name: string, content: string) => {
    const uploaded = watched.session.put?.(printFile(name, content), () => {}, bench.shutdown.signal)
    return settled(bench.clock, uploaded ?? Promise.reject(new Error('takes no files')))
  }
  const list = () =>
    settled(bench.clock, watched.session.listFiles?.(bench.shutdown.signal) ?? Promise.resolve([]))

  it('two never become one file, and each is listed, started and deleted as it was put there', async () => {
    const paths: string[] = []
    for (const [index, name] of names.entries()) paths.push((await put(name, `;TIME:${60 + index}\n`)).path)
    expect(new Set(paths).size).toBe(names.length)
    const listed = await list()
    for (const path of paths) expect(listed.map(each => each.path)).toContain(path)
    expect(listed.some(({ name }) => name.startsWith('部品一'))).toBe(true)

    const [first = '', second = ''] = paths
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: second }))
    expect(sim.state().job?.file.durationS).toBe(61)
    await settled(bench.clock, watched.session.perform({ kind: 'delete-file', path: first }))
    expect((await list()).map(each => each.path)).not.toContain(first)
    expect(sim.state().files).toHaveLength(names.length)
  })

  it('the same name twice is the newer file', async () => {
    const one = await put('部品.gcode', ';TIME:60\n')
    const other = await put('部品.gcode', ';TIME:90\n')
    expect(other.path).toBe(one.path)
    expect(sim.state().files).toHaveLength(2)
  })

  it('a file that is being printed is not replaced', async () => {
    watched.session.focus?.(true)
    await settled(bench.clock, watched.session.begin({ from: 'printer', path: cube }))
    await watched.next('job', ({ job }) => job.state === 'running' && job.path === cube)
    const thrown = await put('cube.gcode', ';TIME:7\n').catch((error: unknown) => error)
    expect(isGantryError(thrown, 'printer.busy')).toBe(true)
    expect(sim.state().files).toMatchObject([{ path: 'cube.gcode', durationS: 3000 }])
  })
})
