import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { Capabilities, Job, MachineState } from '../../../src/main/contract/printer.ts'
import type { PrinterSession } from '../../../src/main/printers/driver/driver.ts'
import { createLiveBench, type LiveBench, online } from './live-bench.ts'
import { printFile } from './print-file.ts'

const signal = new AbortController().signal
const file = printFile('part.gcode', 'G28\n')
const token = { url: 'https://x', serviceId: 's', accessToken: 'a', secureToken: 't', nonce: 'n' }
const put: PrinterSession['put'] = async ({ name }) => ({ path: `/${name}`, name })

describe('a printer that is away', () => {
  const { live } = createLiveBench()
  it.each<[string, () => Promise<unknown>]>([
    ['does nothing', () => live.perform({ kind: 'pause' })],
    ['takes no file', () => live.send(file, false, signal)],
    ['prints no file', async () => live.refuseToPrint()],
    ['lists no files', () => live.listFiles(signal)],
    ['fetches no file', () => live.handToken(token)],
  ])('%s, and says which printer it is', async (_what, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'printer.offline', details: { printerId: 'p1' } })
    expect(live.takesTokens()).toBe(false)
  })

  it('says why in the words of its line', async () => {
    const bench = await online({ refuse: new GantryError('printer.offline', 'The plug is out.') })
    await expect(bench.live.perform({ kind: 'pause' })).rejects.toThrow('The plug is out.')
  })
})

describe('a command', () => {
  it('reaches the printer when it can do it, and never when it cannot', async () => {
    const { live, performed } = await online({ can: { fan: true } })
    await live.perform({ kind: 'set-fan', percent: 1 })
    await expect(live.perform({ kind: 'home', axes: 'x' })).rejects.toMatchObject({
      code: 'printer.unsupported',
      message: 'This printer cannot do this.',
      details: { command: 'home' },
    })
    await expect(live.perform({ kind: 'emergency-stop' })).rejects.toMatchObject({
      code: 'printer.unsupported',
      message: expect.stringContaining('use its switch'),
      details: { command: 'emergency-stop' },
    })
    expect(performed).toEqual([{ kind: 'set-fan', percent: 1 }])
  })

  it('leaves no text of its own in the log', async () => {
    const { live, lines } = await online({ can: { gcode: true } })
    await live.perform({ kind: 'send-gcode', line: 'M117 SECRET-17' })
    expect(JSON.stringify(lines)).not.toContain('SECRET-17')
  })
})

describe('a print', () => {
  it.each<[string, Partial<Capabilities>, Partial<PrinterSession>, string]>([
    ['with a way to put it there', { upload: true }, { put }, 'taken'],
    ['that is fed', { stream: true }, {}, 'taken'],
    ['with nothing', {}, {}, 'printer.unsupported'],
    ['whose make can upload, but not this one', { upload: true }, {}, 'printer.unsupported'],
    ['that has the way and does not say so', {}, { put }, 'printer.unsupported'],
  ])('is for a printer %s: %o', async (_what, can, session, outcome) => {
    const { live, voices } = await online({ can, session })
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    expect(refusal(live)).toBe(outcome)
  })

  it.each<[MachineState, string]>([
    ['idle', 'taken'],
    ['finished', 'taken'],
    ['cancelled', 'taken'],
    ['unknown', 'printer.offline'],
    ['offline', 'printer.offline'],
    ['busy', 'printer.busy'],
    ['printing', 'printer.printing'],
    ['attention', 'printer.busy'],
    ['error', 'printer.halted'],
  ])('is asked of a machine that is %s: %s', async (state, outcome) => {
    const { live, voices } = await online({ can: { upload: true }, session: { put } })
    voices[0]?.say({ kind: 'machine', state })
    expect(refusal(live)).toBe(outcome)
  })

  it.each<[Exclude<Job['state'], 'none'>, string, string]>([
    ['running', 'printer.printing', 'A print is on'],
    ['paused', 'printer.printing', 'A print is on'],
    ['done', 'printer.bed-to-clear', 'The last part may still be on the bed.'],
  ])('is refused where a job is %s: %s', async (state, code, words) => {
    const { live, voices } = await online({ can: { upload: true }, session: { put } })
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    voices[0]?.say({ kind: 'job', job: { state, run: '1' } })
    expect(() => live.refuseToPrint()).toThrow(words)
    expect(refusal(live)).toBe(code)
  })
})

function refusal(live: LiveBench['live']): string {
  try {
    live.refuseToPrint()
    return 'taken'
  } catch (thrown) {
    return thrown instanceof GantryError ? thrown.code : String(thrown)
  }
}

describe('a file', () => {
  it.each<[string, boolean, Partial<Capabilities>, string[]]>([
    ['that is printed is fed where that can be', true, { upload: true, stream: true }, ['here']],
    ['that is only kept is put there', false, { upload: true, stream: true }, ['put']],
    ['is put there where none can be fed', true, { upload: true, files: true }, ['put', 'printer']],
  ])('%s', async (_what, print, can, way) => {
    const taken: string[] = []
    const session: Partial<PrinterSession> = {
      async put({ name }) {
        taken.push('put')
        return { path: name, name }
      },
    }
    const { live, begun } = await online({ can, session })
    await live.send(file, print, signal)
    expect([...taken, ...begun.map(({ from }) => from)]).toEqual(way)
  })

  it('is refused where none can be put', async () => {
    const { live } = await online({})
    for (const print of [true, false])
      await expect(live.send(file, print, signal)).rejects.toMatchObject({ code: 'printer.unsupported' })
  })

  /** An upload in the hands of the test. */
  async function sending(stop = signal) {
    let progress: (sentBytes: number) => void = () => {}
    let end: (error?: Error) => void = () => {}
    let reached = () => {}
    const nextPut = () =>
      new Promise<void>(resolve => {
        reached = resolve
      })
    const bench = await online({
      can: { upload: true },
      session: {
        put(_file, tell) {
          progress = tell
          reached()
          return new Promise((resolve, reject) => {
            end = error => (error ? reject(error) : resolve({ path: 'x', name: 'x' }))
          })
        },
      },
    })
    const begun = nextPut()
    const sent = bench.live.send(file, false, stop).catch((thrown: unknown) => thrown)
    await begun
    return {
      ...bench,
      sent,
      /** Resolves when the next file is in the hands of the test. */
      nextPut,
      progress: (bytes: number) => progress(bytes),
      end: (error?: Error) => end(error),
    }
  }

  it('tells how far it is at most every half second, and nothing more when it is there', async () => {
    const { live, clock, changes, progress, end, sent } = await sending()
    const told = { name: 'part.gcode', sizeBytes: 4 }
    expect(live.transfer()).toEqual({ ...told, sentBytes: 0 })
    const steps: unknown[] = []
    for (const [waitMs, bytes] of [
      [499, 1],
      [1, 2],
      [499, 3],
      [2, 4],
    ] as const) {
      await clock.advance(waitMs)
      const before = changes()
      progress(bytes)
      steps.push([live.transfer()?.sentBytes, changes() - before])
    }
    expect(steps).toEqual([
      [0, 0],
      [2, 1],
      [2, 0],
      [4, 1],
    ])
    expect(live.transfer()).toEqual({ ...told, sentBytes: 4 })
    const before = changes()
    end()
    expect(await sent).toMatchObject({ over: expect.any(Promise) })
    expect([live.transfer(), live.transferFailure(), changes() - before]).toEqual([undefined, undefined, 1])
  })

  it('of a kind that the printer does not print is refused before any of it is sent', async () => {
    const taken: string[] = []
    const { live } = await online({
      can: { upload: true },
      session: {
        async put({ name }) {
          taken.push(name)
          return { path: 'x', name: 'x' }
        },
      },
    })
    const binary = printFile('part.gcode', 'GCDE\u0001')
    const refused = live.send(binary, true, signal)
    await expect(refused).rejects.toMatchObject({ code: 'file.wrong-kind', details: { kind: '.bgcode' } })
    expect([taken, live.transfer(), live.bedToClear()]).toEqual([[], undefined, false])
  })

  it('keeps every other one away while it is on its way', async () => {
    const { live, voices, end, sent } = await sending()
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    await expect(live.send(file, false, signal)).rejects.toMatchObject({ code: 'printer.busy' })
    expect(() => live.refuseToPrint()).toThrow('Another file is on its way')
    expect(refusal(live)).toBe('printer.busy')
    end()
    await sent
    expect(refusal(live)).toBe('taken')
  })

  it('that did not get there says why until the next one, which tells at once that it is forgotten', async () => {
    const { live, changes, end, sent, nextPut } = await sending()
    end(new GantryError('wire.closed', 'The cable.'))
    const failure = await sent
    expect(failure).toMatchObject({ code: 'wire.closed' })
    expect(live.transferFailure()).toBe(failure)
    let before = changes()
    let begun = nextPut()
    const next = live.send(file, false, signal)
    expect([live.transferFailure(), changes() - before]).toEqual([undefined, 2])
    await begun
    end()
    await next
    before = changes()
    begun = nextPut()
    const third = live.send(file, false, signal)
    expect(changes() - before).toBe(1)
    await begun
    end()
    await third
  })

  it('that somebody stopped says nothing of it afterwards', async () => {
    const stop = new AbortController()
    const { live, end, sent } = await sending(stop.signal)
    stop.abort()
    end(new GantryError('cancelled', 'stopped'))
    expect(await sent).toMatchObject({ code: 'cancelled' })
    expect([live.transfer(), live.transferFailure()]).toEqual([undefined, undefined])
  })
})

describe('what only some printers do', () => {
  it('is asked of those: to list their files, to fetch from contents servers', async () => {
    const handed: unknown[] = []
    const able = await online({
      session: {
        listFiles: async () => [{ path: 'a', name: 'a' }],
        async takeToken(given) {
          handed.push(given)
        },
      },
    })
    expect(able.live.takesTokens()).toBe(true)
    expect(await able.live.listFiles(signal)).toEqual([{ path: 'a', name: 'a' }])
    await able.live.handToken(token)
    expect(handed).toEqual([token])
    const { live } = await online({})
    expect(live.takesTokens()).toBe(false)
    const unable = { code: 'printer.unsupported' }
    await expect(live.listFiles(signal)).rejects.toMatchObject(unable)
    await expect(live.handToken(token)).rejects.toMatchObject(unable)
  })
})

describe('what a printer says', () => {
  it('goes to the terminal when it is a line, and changes nothing', async () => {
    const { clock, heard, voices, changes } = await online({})
    const before = changes()
    voices[0]?.say({ kind: 'line', way: 'heard', text: 'ok' })
    voices[0]?.say({ kind: 'files-changed' })
    expect([heard, changes() - before]).toEqual([[{ at: clock.now(), way: 'heard', text: 'ok' }], 0])
    voices[0]?.say({ kind: 'machine', state: 'idle' })
    expect(changes() - before).toBe(1)
  })
})
