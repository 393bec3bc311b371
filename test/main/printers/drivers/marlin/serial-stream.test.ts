import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { forkNodeProcess } from '../../../../../src/main/engine/node-child-process.ts'
import type { ChildProcess } from '../../../../../src/main/lib/child-process.ts'
import {
  type FromHost,
  fromHost,
  type ToHost,
} from '../../../../../src/main/printers/drivers/marlin/host/protocol.ts'
import { makeTempDir } from '../../../../fakes/temp-dir.ts'
import { buildProgram, type RunningProgram, runProgram } from '../../../../fakes/typescript-child.ts'

let program = ''
let peerProgram = ''

beforeAll(async () => {
  program = await buildProgram('src/main/printers/drivers/marlin/serial-stream.ts')
  peerProgram = await buildProgram('test/fakes/programs/ok-peer.ts')
}, 60_000)

interface Stage {
  readonly child: ChildProcess
  readonly exited: Promise<{ readonly code: number | undefined }>
  readonly peer: RunningProgram
  tell(message: ToHost): void
  next(fits: (message: FromHost) => boolean): Promise<FromHost>
  /** What the peer heard since it was asked last. */
  heard(): Promise<{ lines: number; last: string; longestGapMs: number }>
}

async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const peer = runProgram(peerProgram, [])
  const port = await peer.nextLine()
  const child = forkNodeProcess(program, { name: 'serial stream', env })
  onTestFinished(() => child.kill())
  const told: FromHost[] = []
  const waiting = new Set<() => void>()
  child.onMessage(message => {
    told.push(fromHost.parse(message))
    for (const look of [...waiting]) look()
  })
  const exited = new Promise<{ code: number | undefined }>(resolve => child.onExit(resolve))
  const stage: Stage = {
    child,
    exited,
    peer,
    tell: message => child.send(message),
    next: fits =>
      new Promise(resolve => {
        const look = () => {
          const found = told.find(fits)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async heard() {
      peer.child.stdin?.write('\n')
      return JSON.parse(await peer.nextLine())
    },
  }
  stage.tell({
    kind: 'open',
    path: `tcp://127.0.0.1:${port}`,
    baudRate: 115200,
    signals: false,
    startWaitMs: 10_000,
  })
  await stage.next(message => message.kind === 'opened')
  return stage
}

function writePrint(moves: number): { path: string; sizeBytes: number } {
  const text = Array.from(
    { length: moves },
    (_value, at) => `G1 X${at % 200} Y${at % 180} E${at / 100} F1800\n`,
  ).join('')
  const path = join(makeTempDir(), 'cube.gcode')
  writeFileSync(path, text)
  return { path, sizeBytes: text.length }
}

function print(stage: Stage, moves: number): void {
  const plan = {
    ...writePrint(moves),
    prolog: [],
    epilog: [],
    delta: false,
    tellsFactors: false,
    lineLimitBytes: 96,
  }
  stage.tell({ kind: 'print', id: 1, plan })
}

const isStream = (state: string) => (message: FromHost) =>
  message.kind === 'stream' && message.status.state === state

/** Keeps this whole process busy, as a page that reloads or an analysis would. */
function stallFor(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) {
    // Nothing else runs.
  }
}

describe('the process that feeds a printer', () => {
  it('prints a file to its end and counts every byte', async () => {
    const stage = await openStage()
    print(stage, 5_000)
    const done = await stage.next(isStream('finished'))
    expect(done).toMatchObject({ status: { acknowledgedLines: 5_000 } })
    expect(done.kind === 'stream' && done.status.acknowledgedBytes === done.status.sizeBytes).toBe(true)
    stage.tell({ kind: 'close' })
    await stage.next(message => message.kind === 'closed')
    expect(await stage.exited).toMatchObject({ code: 0 })
  }, 30_000)

  it('goes on while its owner is stalled', async () => {
    const stage = await openStage()
    print(stage, 200_000)
    await stage.next(isStream('printing'))
    await stage.heard()
    stallFor(1_000)
    const { lines } = await stage.heard()
    expect(lines).toBeGreaterThan(500)
    stage.tell({ kind: 'cancel' })
    await stage.next(isStream('cancelled'))
  }, 30_000)

  it('cools, parks and ends when its owner is gone', async () => {
    const peer = runProgram(peerProgram, [])
    const path = `tcp://127.0.0.1:${await peer.nextLine()}`
    const child = fork(program, { execArgv: [], serialization: 'advanced' })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const printing = new Promise<void>(resolve => {
      child.on('message', message => {
        const told = fromHost.parse(message)
        if (told.kind === 'opened')
          child.send({ kind: 'print', id: 1, plan: { ...writePrint(200_000), lineLimitBytes: 96 } })
        if (isStream('printing')(told)) resolve()
      })
    })
    child.send({ kind: 'open', path, baudRate: 115200, signals: false, startWaitMs: 10_000 })
    await printing
    child.disconnect()
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    peer.child.stdin?.write('\n')
    expect(JSON.parse(await peer.nextLine())).toMatchObject({
      last: expect.stringMatching(/^N\d+ M84\*\d+$/),
    })
  }, 30_000)

  it.skipIf(process.platform === 'win32')(
    'cools, parks and ends after a mistake of its own that nobody caught',
    async () => {
      const stage = await openStage({
        NODE_OPTIONS: `--require=${resolve('test/fakes/programs/mistake.cjs')}`,
      })
      let printed = ''
      stage.child.onOutput(text => {
        printed += text
      })
      print(stage, 200_000)
      await stage.next(isStream('printing'))
      process.kill(stage.child.pid ?? 0, 'SIGUSR2')
      await stage.next(isStream('cancelled'))
      expect(await stage.exited).toMatchObject({ code: 0 })
      expect(await stage.heard()).toMatchObject({ last: expect.stringMatching(/^N\d+ M84\*\d+$/) })
      expect(printed).toMatch(/thrown by a test\n +at /)
    },
    30_000,
  )

  it('says why and ends when the other end of the line goes away', async () => {
    const stage = await openStage()
    print(stage, 200_000)
    await stage.next(isStream('printing'))
    stage.peer.child.kill('SIGKILL')
    expect(await stage.next(message => message.kind === 'ended')).toMatchObject({ fault: 'link-lost' })
    expect(await stage.exited).toMatchObject({ code: 0 })
  }, 30_000)
})
