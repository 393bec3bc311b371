import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  dialectNames,
  type MarlinDialect,
  traitsOf,
} from '../../../../../src/main/printers/sim/marlin/dialects.ts'
import type { PrintFile } from '../../../../../src/main/printers/wire/print-file.ts'
import { makeTempDir } from '../../../../fakes/temp-dir.ts'
import { type FedCase, fedCases } from '../../driver-table.ts'
import { createRoomBench, type RoomBench } from '../../room-bench.ts'

const moves = Array.from(
  { length: 80 },
  (_value, at) => `G1 X${20 + (at % 9)} Y30 E${((at + 1) * 0.05).toFixed(2)}`,
)
const lines = ['M140 S60', 'M190 S60', 'M109 S200', 'G28', 'M82', ...moves, 'M104 S0', 'M140 S0']

function fileOf(): PrintFile {
  const path = join(makeTempDir(), 'cube.gcode')
  const text = lines.map(line => `${line}\n`).join('')
  writeFileSync(path, text)
  return { name: 'cube.gcode', path, sizeBytes: text.length, open: () => createReadStream(path) }
}

describe.each(dialectNames)('a print that is fed to %s', dialect => {
  let bench: RoomBench
  afterEach(async () => bench.end())

  const marlin = () => bench.board?.marlin ?? raise()
  const isState = (state: string) => bench.becomes(state, ({ machine }) => machine.state === state, 600_000)
  const ends = (state: string) => bench.becomes(state, ({ job }) => job.state === state, 600_000)
  const begin = async () => {
    bench = await createRoomBench('marlin', { ...traitsOf(dialect), moveMs: 20 })
    await bench.settled(bench.printers.send(bench.id, fileOf(), true, new AbortController().signal))
    await isState('printing')
  }
  const printed = () => marlin().executed.filter(line => moves.includes(line))

  const cases: Readonly<Record<FedCase, () => Promise<void>>> = {
    async 'to its end, each line once'() {
      await begin()
      marlin().harm('damage', 3)
      await ends('done')
      expect(printed()).toEqual(moves)
      expect(bench.sim.state()).toMatchObject({ nozzle: { targetC: 0 }, bed: { targetC: 0 } })
    },
    async 'paused, cooled and resumed'() {
      await begin()
      await bench.settled(bench.printers.perform(bench.id, { kind: 'pause' }))
      await isState('paused')
      bench.sim.act({ kind: 'heat', heater: 'nozzle', targetC: 0 })
      await bench.passes(120_000)
      await bench.settled(bench.printers.perform(bench.id, { kind: 'resume' }))
      await isState('printing')
      expect(bench.sim.state().nozzle.actualC).toBeGreaterThan(190)
      await ends('done')
      expect(printed()).toEqual(moves)
      expect(marlin().outside).toEqual([])
    },
    async 'cancelled and cold'() {
      await begin()
      await bench.settled(bench.printers.perform(bench.id, { kind: 'cancel' }))
      await ends('cancelled')
      const { nozzle, nozzle1, bed } = bench.sim.state()
      expect([nozzle.targetC, nozzle1.targetC, bed.targetC]).toEqual([0, 0, 0])
    },
    async 'stopped in an emergency'() {
      await begin()
      await bench.settled(bench.printers.perform(bench.id, { kind: 'emergency-stop' }))
      await bench.becomes('it is held', ({ holds }) => holds.length > 0)
      expect(bench.sim.state().nozzle.targetC).toBe(0)
      const again = bench.printers.send(bench.id, fileOf(), true, new AbortController().signal)
      expect(await bench.codeOf(again)).not.toBe('fine')
    },
    async 'the cable pulled'() {
      await begin()
      await bench.cut()
      await ends('failed')
      await bench.restore()
      await bench.becomes('it is back', ({ link }) => link.state === 'online', 300_000)
      await bench.passes(30_000)
      expect([bench.snapshot().job.state, bench.printers.get(bench.id).bedToClear]).toEqual(['failed', true])
      const sent = printed().length
      await bench.passes(30_000)
      expect(printed()).toHaveLength(sent)
    },
  }
  for (const name of fedCases) it(name, cases[name])
})

describe('the table of dialects', () => {
  it('has a name for each that a test can ask for', () => {
    const some: readonly MarlinDialect[] = ['Marlin 1.1', 'Prusa 8-bit', 'Repetier', 'Smoothie']
    for (const name of some) expect(dialectNames).toContain(name)
    expect(traitsOf('Repetier')).toMatchObject({ okFirst: true, saysWait: true })
  })
})

function raise(): never {
  throw new Error('this make has no board')
}
