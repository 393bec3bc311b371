import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DriverContext, SessionEvent } from '../../../src/main/printers/driver/driver.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import { createReader as createMoonrakerReader } from '../../../src/main/printers/drivers/moonraker/reader.ts'
import { createReader as createOctoPrintReader } from '../../../src/main/printers/drivers/octoprint/reader.ts'
import { push } from '../../../src/main/printers/drivers/octoprint/reply.ts'
import { createReader as createPrusaLinkReader } from '../../../src/main/printers/drivers/prusalink/reader.ts'
import { status } from '../../../src/main/printers/drivers/prusalink/reply.ts'
import { createHttpClient } from '../../../src/main/printers/wire/http-client.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { runOfFile } from './run-of-file.ts'

/** What a printer said, and what a person should have seen of it. */
const transcript = z.object({
  about: z.string(),
  /** Written after the documents, or what a real program said to our driver (`test/interop/recorder.ts`). */
  source: z.string().regex(/^(?:composed|captured from \S+ [\d.]+)$/),
  heard: z.array(z.unknown()),
  machine: z.array(z.string()),
  job: z.array(z.string()),
  faults: z.array(z.string()).default([]),
  actualC: z.record(z.string(), z.number().nullable()).optional(),
})

const moonrakerLine = z.union([
  z.object({ delta: z.array(z.unknown()) }),
  z.object({ snapshot: z.record(z.string(), z.record(z.string(), z.unknown())), at: z.number() }),
  z.object({ klippy: z.string(), message: z.string() }),
])

type Replay = (voice: SessionVoice, ctx: DriverContext, heard: readonly unknown[]) => void

const makes: Readonly<Record<string, Replay>> = {
  octoprint(voice, ctx, heard) {
    const reader = createOctoPrintReader(voice, runOfFile, ctx)
    for (const message of heard) {
      const parsed = push.safeParse(message)
      if (parsed.success) reader.hear(parsed.data)
    }
  },
  moonraker(voice, ctx, heard) {
    const reader = createMoonrakerReader(voice, runOfFile, ctx)
    for (const message of heard) {
      const line = moonrakerLine.parse(message)
      if ('delta' in line) reader.delta(line.delta)
      else if ('snapshot' in line) reader.snapshot(line.snapshot, line.at)
      else reader.klippy(line.klippy, line.message)
    }
  },
  prusalink(voice, ctx, heard) {
    const reader = createPrusaLinkReader(voice, ctx.clock)
    for (const message of heard) reader.hear(status.parse(message), undefined)
  },
}

const folder = join(import.meta.dirname, '../../transcripts')
const withoutRepeats = (words: readonly string[]) => words.filter((word, index) => word !== words[index - 1])

for (const [make, replay] of Object.entries(makes)) {
  describe(`a recording of ${make}`, () => {
    for (const file of readdirSync(join(folder, make))) {
      const { about, source, heard, ...seen } = transcript.parse(
        JSON.parse(readFileSync(join(folder, make, file), 'utf8')),
      )

      it(`${about} (${source})`, () => {
        const clock = createFakeClock()
        const events: SessionEvent[] = []
        const voice = createSessionVoice()
        voice.on(event => events.push(event))
        const { log } = createLogRecorder()
        const serial = { list: async () => [], open: () => Promise.reject(new Error('no ports')) }
        const signal = new AbortController().signal
        replay(voice, { clock, log, serial, signal, random: () => 0.5, http: createHttpClient(clock) }, heard)

        const told = <Kind extends SessionEvent['kind']>(kind: Kind) =>
          events.filter((event): event is Extract<SessionEvent, { kind: Kind }> => event.kind === kind)
        expect(withoutRepeats(told('machine').map(({ state }) => state))).toEqual(seen.machine)
        expect(withoutRepeats(told('job').map(({ job }) => job.state))).toEqual(seen.job)
        expect(withoutRepeats(told('fault').map(({ fault }) => fault.class))).toEqual(seen.faults)
        if (seen.actualC === undefined) return
        const actual: Record<string, number | null> = {}
        for (const { id, actualC } of told('heaters').flatMap(({ heaters }) => heaters))
          actual[id] = actualC ?? null
        expect(actual).toEqual(seen.actualC)
      })
    }
  })
}
