import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { SessionEvent } from '../../../../../src/main/printers/driver/driver.ts'
import { createSessionVoice } from '../../../../../src/main/printers/driver/session-voice.ts'
import { createReader } from '../../../../../src/main/printers/drivers/marlin/reader.ts'
import { createFakeClock } from '../../../../fakes/clock.ts'

const dir = join(import.meta.dirname, '../../../../transcripts/marlin')
const transcript = z.object({
  about: z.string(),
  heard: z.array(z.string()),
  /** What becomes known, in order. */
  job: z.array(z.string()),
  machine: z.array(z.string()),
  faults: z.array(z.string()),
})

describe('what firmwares have said', () => {
  it.each(readdirSync(dir))('%s', file => {
    const { heard, job, machine, faults } = transcript.parse(
      JSON.parse(readFileSync(join(dir, file), 'utf8')),
    )
    const voice = createSessionVoice()
    const reader = createReader(voice, createFakeClock())
    const events: SessionEvent[] = []
    voice.on(event => events.push(event))
    for (const line of heard) reader.line(line)
    expect(events.flatMap(event => (event.kind === 'machine' ? [event.state] : []))).toEqual(machine)
    expect(events.flatMap(event => (event.kind === 'job' ? [event.job.state] : []))).toEqual(job)
    expect(events.flatMap(event => (event.kind === 'fault' ? [event.fault.class] : []))).toEqual(faults)
  })
})
