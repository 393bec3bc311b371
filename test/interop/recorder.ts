import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMeddler } from '../main/printers/meddler.ts'

/** Listens to a real peer from between, and keeps what it said as a transcript that driver tests replay. */
export interface Recorder {
  /** Where the driver is to connect instead. */
  readonly url: string
  /** Writes it where `GANTRY_RECORD` is set; an ordinary run leaves the transcripts as they are. */
  save(about: string, seen: Readonly<Record<string, readonly string[]>>): void
  stop(): Promise<void>
}

/** What names people, machines and their disks, and what is only ballast. */
const private_ = new Set([
  'user',
  'owner',
  'logs',
  'messages',
  'busyFiles',
  'webcam',
  'plugins',
  'hash',
  'date',
])
const mostMessages = 80

type Make = 'octoprint' | 'moonraker' | 'prusalink'

export async function createRecorder(make: Make, version: string, host: string): Promise<Recorder> {
  const heard: unknown[] = []
  const meddler = await createMeddler(() => host)
  meddler.replies((path, body) => {
    if (make === 'prusalink' && path === '/api/v1/status') heard.push(JSON.parse(body))
    return undefined
  })
  meddler.frames(message => {
    const kept = wanted[make](message)
    if (kept !== undefined) heard.push(kept)
    return message
  })
  return {
    url: meddler.url,
    stop: meddler.stop,
    save(about, seen) {
      if (process.env.GANTRY_RECORD === undefined) return
      const clean = heard
        .slice(0, mostMessages)
        .map(message =>
          JSON.parse(JSON.stringify(message, (key, value) => (private_.has(key) ? undefined : value))),
        )
      const transcript = { about, source: `captured from ${version}`, heard: clean, ...seen }
      const folder = join(import.meta.dirname, '../transcripts', make)
      writeFileSync(join(folder, 'captured-print.json'), `${JSON.stringify(transcript, undefined, 2)}\n`)
    },
  }
}

const has = <Key extends string>(thing: unknown, key: Key): thing is Record<Key, unknown> =>
  typeof thing === 'object' && thing !== null && key in thing

/** What the reader of each make is told, in the form in which transcripts have it. */
const wanted: Readonly<Record<Make, (message: unknown) => unknown>> = {
  octoprint(message) {
    if (!has(message, 'event'))
      return has(message, 'current') || has(message, 'history') ? message : undefined
    return has(message.event, 'type') && /^(?:Print|Error|EStop|Connected)/.test(String(message.event.type))
      ? message
      : undefined
  },
  moonraker(message) {
    if (has(message, 'method') && message.method === 'notify_status_update' && has(message, 'params'))
      return { delta: message.params }
    if (!has(message, 'result') || !has(message.result, 'status') || !has(message.result, 'eventtime'))
      return undefined
    return has(message.result.status, 'print_stats')
      ? { snapshot: message.result.status, at: message.result.eventtime }
      : undefined
  },
  prusalink: () => undefined,
}
