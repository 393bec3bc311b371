import { expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { Capabilities, Job } from '../../../src/main/contract/printer.ts'
import { stopAll } from '../../../src/main/printers/stop-all.ts'
import { createLiveBench, type LiveBench } from './live-bench.ts'

const entry = (id: string, { live }: LiveBench) => ({ stored: { id }, live })

/** A printer whose line is up, with what it can do and what it prints. */
async function printing(job: Job['state'], can: Partial<Capabilities>, fails?: Error): Promise<LiveBench> {
  const bench = createLiveBench({
    can,
    ...(fails && { session: { perform: () => Promise.reject(fails) } }),
  })
  await bench.online()
  if (job !== 'none') bench.voices[0]?.say({ kind: 'job', job: { state: job, run: '1' } })
  return bench
}

it.each<[string, Job['state'], Partial<Capabilities>, string]>([
  ['that has a stop of its own', 'none', { emergencyStop: 'true-stop', cancel: true }, 'emergency-stop'],
  ['that takes a stop as G-code', 'running', { emergencyStop: 'gcode' }, 'emergency-stop'],
  ['that prints and can be cancelled only', 'running', { cancel: true }, 'cancel'],
  ['that rests in a print and can be cancelled only', 'paused', { cancel: true }, 'cancel'],
  ['that prints and cannot be stopped from here', 'running', {}, 'unable'],
  ['that prints nothing and has no stop', 'none', { cancel: true }, 'idle'],
  ['that has printed and has no stop', 'done', { cancel: true }, 'idle'],
])('a printer %s, its job %s: %o is told %s', async (_what, job, can, outcome) => {
  const bench = await printing(job, can)
  const isTold = outcome === 'emergency-stop' || outcome === 'cancel'
  expect(await stopAll([entry('p', bench)])).toEqual({
    stopped: isTold ? ['p'] : [],
    failed: [],
    left: isTold ? [] : [{ id: 'p', why: outcome }],
  })
  expect(bench.performed).toEqual(isTold ? [{ kind: outcome }] : [])
})

it('one printer that does not stop is named with its reason, and keeps no other from stopping', async () => {
  const refusal = new GantryError('printer.refused', 'No.')
  const can = { emergencyStop: 'true-stop' } as const
  expect(
    await stopAll([
      entry('away', createLiveBench({ can })),
      entry('deaf', await printing('running', can, refusal)),
      entry('odd', await printing('running', can, new TypeError('bug'))),
      entry('good', await printing('running', can)),
    ]),
  ).toEqual({
    stopped: ['good'],
    failed: [
      { id: 'deaf', error: refusal },
      { id: 'odd', error: expect.objectContaining({ code: 'internal.bug', message: 'bug' }) },
    ],
    left: [{ id: 'away', why: 'offline' }],
  })
})
