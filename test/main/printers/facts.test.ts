import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { Fault, FaultClass, Job } from '../../../src/main/contract/printer.ts'
import type { PrinterSession } from '../../../src/main/printers/driver/driver.ts'
import type { KeptFacts } from '../../../src/main/printers/facts-store.ts'
import { createLiveBench, online } from './live-bench.ts'
import { printFile } from './print-file.ts'

const signal = new AbortController().signal
const file = printFile('part.gcode', 'G28\n')
const token = { url: 'https://x', serviceId: 's', accessToken: 'a', secureToken: 't', nonce: 'n' }
const put: PrinterSession['put'] = async ({ name }) => ({ path: `/${name}`, name })

const over = (state: Job['state']): KeptFacts => ({
  bed: { state: 'occupied', run: '1', version: 3, saidBy: 'printer', at: 0 },
  holds: [],
  job: { state, run: '1', path: 'a.gcode' },
})

describe('a bed that may still hold a part', () => {
  it.each(['done', 'cancelled', 'failed'] as const)('is one whose last print is %s', state => {
    expect(createLiveBench({ facts: over(state) }).live.bedToClear()).toBe(true)
  })

  it('is none of a printer of which nobody knows anything', () => {
    const { live } = createLiveBench()
    expect([live.bedToClear(), live.snapshot().bed.state]).toEqual([false, 'unknown'])
  })

  it('begins nothing, takes files for later, and does all else, until somebody says that it is clear', async () => {
    const { live, performed, begun, voices } = await online({
      facts: over('done'),
      can: { files: true, fan: true, upload: true },
      session: {
        put,
        takeToken: async () => {},
        listFiles: async () => [{ path: 'b.gcode', name: 'b.gcode' }],
      },
    })
    const start = () => live.begin('b.gcode')
    const clear = (run: string) => {
      voices[0]?.say({ kind: 'job', job: { state: 'done', run } })
      live.clearBed('owner')
    }
    for (const call of [start, () => live.send(file, true, signal), () => live.handToken(token)])
      await expect(call()).rejects.toMatchObject({ code: 'printer.bed-to-clear' })
    await live.send(file, false, signal)
    await live.perform({ kind: 'set-fan', percent: 1 })
    expect(performed).toEqual([{ kind: 'set-fan', percent: 1 }])
    live.clearBed('owner')
    expect(live.bedToClear()).toBe(false)
    await start()
    clear('2')
    await live.send(file, true, signal)
    clear('3')
    await live.handToken(token)
    expect(begun).toEqual([
      { from: 'printer', path: 'b.gcode' },
      { from: 'printer', path: '/part.gcode' },
    ])
  })

  it('is said to be clear of the state that was looked at, and of no later one', async () => {
    const { live, voices } = await online({ facts: over('done') })
    voices[0]?.say({ kind: 'job', job: { state: 'failed', run: '2' } })
    expect(() => live.clearBed('owner', 3)).toThrow(expect.objectContaining({ code: 'printer.bed-changed' }))
    expect(live.bedToClear()).toBe(true)
    live.clearBed('application', 4)
    expect(live.snapshot().bed).toMatchObject({ state: 'clear', run: '2', version: 5, saidBy: 'application' })
  })

  it('is not cleared while a print is on', async () => {
    const { live, voices } = await online()
    voices[0]?.say({ kind: 'machine', state: 'printing' })
    voices[0]?.say({ kind: 'job', job: { state: 'running', run: '2' } })
    expect(() => live.clearBed('owner')).toThrow(expect.objectContaining({ code: 'printer.printing' }))
    voices[0]?.end(new GantryError('wire.closed', 'gone'))
    expect(() => live.clearBed('owner')).toThrow(expect.objectContaining({ code: 'printer.printing' }))
    expect(live.snapshot().bed.state).toBe('occupied')
  })

  it('stays as it was where that cannot be written down', async () => {
    const unwritable = { is: true }
    const { live, kept } = await online({ facts: over('done'), unwritable })
    expect(() => live.clearBed('owner')).toThrow(expect.objectContaining({ code: 'data.full' }))
    expect([live.bedToClear(), live.snapshot().job.state, kept]).toEqual([true, 'done', []])
    unwritable.is = false
    live.clearBed('owner')
    expect(kept).toMatchObject([{ bed: { state: 'clear' }, job: undefined }])
  })

  it('is taken by a run that could not be written down, and written down with the next word', async () => {
    const unwritable = { is: true }
    const { live, kept, voices, lines } = await online({ unwritable })
    voices[0]?.say({ kind: 'job', job: { state: 'running', run: '2' } })
    expect([live.snapshot().bed.run, kept]).toEqual(['2', []])
    expect(JSON.stringify(lines)).toContain('could not be written down')
    unwritable.is = false
    voices[0]?.say({ kind: 'fans', fans: [] })
    expect(kept).toMatchObject([{ bed: { state: 'occupied', run: '2' } }])
  })

  it('is written down once for a job that is over, however often it is told', async () => {
    const { kept, voices } = await online()
    for (let turn = 0; turn < 5; turn++)
      voices[0]?.say({ kind: 'job', job: { state: 'done', run: '2', path: 'a' } })
    expect(kept).toHaveLength(1)
  })
})

describe('a hold', () => {
  const fault = (of: FaultClass, severity: Fault['severity'] = 'critical'): Fault => ({
    class: of,
    severity,
    text: `it said ${of}`,
    recoverBy: 'restart',
    since: 5,
  })
  const held = async (...faults: Fault[]) => {
    const bench = await online({ can: { files: true, temperatures: true }, session: { put } })
    for (const each of faults) bench.voices[0]?.say({ kind: 'fault', fault: each })
    return bench
  }

  it('comes with a grave fault, is written down, and outlives its sentence and its session', async () => {
    const { live, kept, voices } = await held(fault('thermal-runaway'))
    const hold = { class: 'thermal-runaway', text: 'it said thermal-runaway', since: 5 }
    voices[0]?.say({ kind: 'fault-cleared' })
    voices[0]?.end(new GantryError('wire.closed', 'gone'))
    expect(live.snapshot()).toMatchObject({ faults: [], holds: [hold] })
    expect(kept.at(-1)?.holds).toEqual([hold])
    const facts = kept.at(-1)
    expect(facts && createLiveBench({ facts }).live.snapshot().holds).toEqual([hold])
  })

  it.each<[FaultClass, Fault['severity'], boolean]>([
    ['thermal-runaway', 'critical', true],
    ['heating-failed', 'critical', true],
    ['sensor-fault', 'error', true],
    ['killed', 'critical', true],
    ['user-stop', 'critical', true],
    ['firmware-fatal', 'critical', true],
    ['thermal-runaway', 'warning', false],
    ['printer-reset', 'error', false],
    ['filament-runout', 'warning', false],
    ['other', 'error', false],
    ['link-lost', 'critical', false],
  ])('of %s, %s: %s', async (of, severity, is) => {
    const { live } = await held(fault(of, severity))
    expect(live.snapshot().holds.length > 0).toBe(is)
  })

  it('is what a board that starts anew in the middle of a print leaves', async () => {
    const { live, voices } = await online()
    voices[0]?.say({ kind: 'job', job: { state: 'running', run: '2' } })
    voices[0]?.say({ kind: 'fault', fault: fault('printer-reset', 'error') })
    expect(live.snapshot().holds).toMatchObject([{ class: 'printer-reset' }])
  })

  it('comes with an emergency stop from here, sent or not, once', async () => {
    const perform = () => Promise.reject(new GantryError('wire.timeout', 'nothing came back'))
    const { live } = await online({ can: { emergencyStop: 'true-stop' }, session: { perform } })
    for (let turn = 0; turn < 2; turn++)
      await expect(live.perform({ kind: 'emergency-stop' })).rejects.toMatchObject({ code: 'wire.timeout' })
    expect(live.snapshot().holds).toMatchObject([{ class: 'user-stop', text: '' }])
  })

  it('heats and begins nothing until each is taken away, one at a time', async () => {
    const { live, performed } = await held(fault('killed'), fault('user-stop'), fault('killed'))
    const heat = () => live.perform({ kind: 'set-temperature', heater: 'bed', targetC: 60 })
    await live.perform({ kind: 'set-temperature', heater: 'bed', targetC: 0 })
    for (const about of ['killed', 'user-stop'] as const) {
      await expect(heat()).rejects.toMatchObject({ code: 'printer.held' })
      await expect(live.begin('x')).rejects.toMatchObject({ code: 'printer.held' })
      live.releaseHold(about)
    }
    await heat()
    expect(performed).toHaveLength(2)
  })

  it('stays while the machine is stopped or a print is on, and where that cannot be written down', async () => {
    const unwritable = { is: false }
    const { live, voices } = await online({ unwritable })
    voices[0]?.say({ kind: 'fault', fault: fault('killed') })
    const release = () => live.releaseHold('killed')
    voices[0]?.say({ kind: 'machine', state: 'error' })
    expect(release).toThrow(expect.objectContaining({ code: 'printer.halted' }))
    voices[0]?.say({ kind: 'machine', state: 'printing' })
    expect(release).toThrow(expect.objectContaining({ code: 'printer.printing' }))
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    unwritable.is = true
    expect(release).toThrow(expect.objectContaining({ code: 'data.full' }))
    expect(live.snapshot().holds).toHaveLength(1)
    unwritable.is = false
    release()
    expect(live.snapshot().holds).toEqual([])
  })
})
