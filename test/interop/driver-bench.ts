import { isGantryError } from '../../src/main/contract/error.ts'
import { systemClock } from '../../src/main/lib/clock.ts'
import type {
  DriverContext,
  PrinterDriver,
  PrinterSession,
  RemoteFile,
} from '../../src/main/printers/driver/driver.ts'
import { createHttpClient } from '../../src/main/printers/wire/http-client.ts'
import { createLogRecorder, type LogLine } from '../fakes/log.ts'
import { printFile } from '../main/printers/print-file.ts'
import { type WatchedSession, watch } from './watched-session.ts'

/** One driver with all it needs, in real time, and everything it left open. */
export interface DriverBench {
  readonly lines: readonly LogLine[]
  context(): DriverContext
  open(config: unknown): Promise<WatchedSession>
  upload(watched: WatchedSession, name: string, content: string): Promise<RemoteFile>
  list({ session }: WatchedSession): Promise<readonly RemoteFile[]>
  /** After each test: what it opened is closed, what it waited for is given up. */
  tidy(): Promise<void>
  end(): void
}

export function createDriverBench(driver: PrinterDriver): DriverBench {
  const http = createHttpClient(systemClock)
  const { log, lines } = createLogRecorder()
  const opened: PrinterSession[] = []
  let life = new AbortController()

  const context = (): DriverContext => ({
    log,
    clock: systemClock,
    random: Math.random,
    http,
    signal: life.signal,
    serial: {
      list: async () => [],
      open: async () => {
        throw new Error('this driver has no business with serial ports')
      },
    },
  })
  return {
    lines,
    context,
    async open(config) {
      const session = await driver.open(config, context())
      opened.push(session)
      return watch(session)
    },
    upload: async ({ session }, name, content) =>
      session.put?.(printFile(name, content), () => {}, life.signal) ??
      Promise.reject(new Error('it takes no files')),
    list: async ({ session }) => session.listFiles?.(life.signal) ?? [],
    async tidy() {
      await Promise.all(opened.splice(0).map(session => session.close()))
      life.abort()
      life = new AbortController()
    },
    end: () => http.close(),
  }
}

/** The code of what is thrown; undefined when nothing is. */
export function refusal(promise: Promise<unknown> | undefined): Promise<string | undefined> {
  return Promise.resolve(promise).then(
    () => undefined,
    (thrown: unknown) => (isGantryError(thrown) ? thrown.code : String(thrown)),
  )
}
