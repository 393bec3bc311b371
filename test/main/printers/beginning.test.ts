import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { PrinterSession } from '../../../src/main/printers/driver/driver.ts'
import { online } from './live-bench.ts'
import { printFile } from './print-file.ts'

const signal = new AbortController().signal
const file = printFile('part.gcode', 'G28\n')

describe('a printer that is told to print', () => {
  const files = { can: { files: true }, session: { listFiles: async () => [{ path: 'b', name: 'b' }] } }

  it('takes no second print before it has said which run the first became', async () => {
    const { live, begun, voices } = await online(files)
    const both = await Promise.allSettled([live.begin('b'), live.begin('b')])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(both[1]).toMatchObject({ reason: { code: 'printer.busy' } })
    await expect(live.begin('b')).rejects.toMatchObject({ code: 'printer.busy' })
    voices[0]?.say({ kind: 'job', job: { state: 'running', run: '2' } })
    await expect(live.begin('b')).rejects.toMatchObject({ code: 'printer.printing' })
    expect(begun).toHaveLength(1)
  })

  it('is not told to print by a caller who stopped while its files were still asked for', async () => {
    const listFiles: PrinterSession['listFiles'] = stopped =>
      new Promise((_, reject) =>
        stopped.addEventListener('abort', () => reject(new GantryError('cancelled', 'stopped'))),
      )
    const { live, begun } = await online({ ...files, session: { listFiles } })
    const caller = new AbortController()
    const beginning = live.begin('b', caller.signal)
    caller.abort()
    await expect(beginning).rejects.toMatchObject({ code: 'cancelled' })
    expect([begun, live.snapshot().bed.state]).toEqual([[], 'unknown'])
  })

  it('asks for the bed when it never says that it began', async () => {
    const { live, clock } = await online(files)
    await live.begin('b')
    expect(live.bedToClear()).toBe(false)
    await clock.advance(14_999)
    expect(live.bedToClear()).toBe(false)
    await clock.advance(1)
    expect(live.bedToClear()).toBe(true)
    await expect(live.begin('b')).rejects.toMatchObject({ code: 'printer.bed-to-clear' })
  })

  it.each([
    ['printer.refused', 'unknown', false],
    ['file.unknown', 'unknown', false],
    ['wire.timeout', 'occupied', true],
    ['wire.closed', 'occupied', true],
    ['cancelled', 'occupied', true],
  ] as const)('and answers with %s has a bed that is %s', async (code, bed, toClear) => {
    const begin = () => Promise.reject(new GantryError(code, 'no'))
    const { live } = await online({ ...files, session: { ...files.session, begin } })
    await expect(live.begin('b')).rejects.toMatchObject({ code })
    expect([live.snapshot().bed.state, live.bedToClear()]).toEqual([bed, toClear])
  })

  it('keeps the bed of a print that somebody began there while ours was refused', async () => {
    const said: { run?: () => void } = {}
    const begin = async () => {
      said.run?.()
      throw new GantryError('printer.busy', 'no')
    }
    const { live, voices } = await online({ ...files, session: { ...files.session, begin } })
    said.run = () => voices[0]?.say({ kind: 'job', job: { state: 'running', run: 'theirs' } })
    await expect(live.begin('b')).rejects.toMatchObject({ code: 'printer.busy' })
    expect(live.snapshot().bed).toMatchObject({ state: 'occupied', run: 'theirs' })
  })

  it('prints no file onto a bed that was cleared for another one while it came', async () => {
    let arrive = () => {}
    let set = () => {}
    const isUnderWay = new Promise<void>(resolve => {
      set = resolve
    })
    const slow: PrinterSession['put'] = ({ name }) =>
      new Promise(resolve => {
        arrive = () => resolve({ path: name, name })
        set()
      })
    const { live, voices, begun } = await online({
      can: { upload: true, files: true },
      session: { put: slow },
    })
    const sending = live.send(file, true, signal)
    await isUnderWay
    voices[0]?.say({ kind: 'job', job: { state: 'done', run: 'theirs' } })
    live.clearBed('owner')
    arrive()
    await expect(sending).rejects.toMatchObject({ code: 'printer.bed-changed' })
    expect(begun).toEqual([])
  })
})
