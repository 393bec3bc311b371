import { randomBytes } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { createGotapi, defaultPolicy, type Gotapi, type GotapiPolicy } from '../../src/main/gotapi/index.ts'
import type { Via } from '../../src/main/handlers/caller.ts'
import type { NetworkNames } from '../../src/main/http/index.ts'
import type { Clock } from '../../src/main/lib/clock.ts'
import type { SecretBox } from '../../src/main/lib/secret-box.ts'
import type { StaticFiles } from '../../src/main/lib/static-files.ts'
import type { ThirdPartyPlugin } from '../../src/main/plugin-host/index.ts'
import { migrations, type OpenedStore, openStore } from '../../src/main/store/index.ts'
import { createFakeClock } from './clock.ts'
import { createTestHttp } from './http.ts'
import { createLogRecorder, type LogLine } from './log.ts'
import { createFakeServices, type FakeServices } from './services.ts'
import { type DiskOfTest, refusable } from './store.ts'
import { makeTempDir } from './temp-dir.ts'

export interface TestDoor {
  readonly gotapi: Gotapi
  /** Where it listens; empty where it does not. */
  readonly url: string
  readonly services: FakeServices
  readonly lines: LogLine[]
  readonly dir: string
  /** What its database lies on. */
  readonly disk: DiskOfTest
  policy: GotapiPolicy
  /** Another Gantry on the same data folder, this one stopped. */
  again(change?: Pick<TestDoorOptions, 'foreign' | 'unread' | 'fault'>): Promise<TestDoor>
  /** Before the test ends, where it opens many. */
  close(): Promise<void>
}

export interface TestDoorOptions {
  readonly clock?: Clock
  readonly dir?: string
  /** Listens on a free port of this machine. */
  readonly listens?: boolean
  readonly port?: number
  readonly page?: StaticFiles
  readonly names?: NetworkNames
  readonly cliSecret?: string
  /** Plug-ins that did not come with Gantry, as the host knows them. */
  readonly foreign?: readonly ThirdPartyPlugin[]
  /** Plug-ins whose folder cannot be read. */
  readonly unread?: readonly string[]
  readonly headersMs?: number
  /** From the start its disk takes nothing. */
  readonly fault?: Error
}

const secrets: SecretBox = {
  protect: text => Buffer.from(text).toString('base64'),
  reveal: text => Buffer.from(text, 'base64').toString(),
}

/** The real front door on a real database, with a fake plug-in host behind it. */
export async function createTestDoor(options: TestDoorOptions = {}): Promise<TestDoor> {
  const dir = options.dir ?? makeTempDir()
  const clock = options.clock ?? createFakeClock()
  const { log, lines } = createLogRecorder()
  const opened: OpenedStore = await openStore({ file: `${dir}/test.sqlite`, clock, log, migrations })
  const services = createFakeServices(options.foreign)
  for (const id of options.unread ?? []) services.unread.add(id)
  const door = { policy: defaultPolicy }
  const disk: DiskOfTest = { fault: options.fault }
  const untruths: unknown[] = []
  onTestFinished(() => expect(untruths).toEqual([]))
  const logger = (area: string) => log.with({ area })
  const { port, names, page, headersMs } = options
  const http = options.listens
    ? createTestHttp({
        clock,
        logger,
        dir,
        hostNames: () => door.policy.hostNames,
        ...(port !== undefined && { port }),
        ...(names && { names }),
        ...(page && { page }),
        ...(headersMs !== undefined && { headersMs }),
      })
    : undefined
  const gotapi = createGotapi({
    clock,
    logger,
    random: sizeBytes => randomBytes(sizeBytes),
    store: refusable(opened.store, disk),
    secrets,
    services,
    version: '1.2.3',
    policy: () => door.policy,
    onUntrueResult: untruth => {
      // What the fake services say is made up; the real ones are held to their word where the engine runs.
      if (!untruth.route.includes('3dprinter')) untruths.push(untruth)
    },
    ...(options.cliSecret !== undefined && { cliSecret: options.cliSecret }),
    ...(http && { http }),
  })
  const close = async () => {
    await http?.stop()
    await gotapi.stop()
    await opened.close()
  }
  try {
    await gotapi.start()
    await http?.start()
  } catch (thrown) {
    await close()
    throw thrown
  }
  let isOpen = true
  const stop = async () => {
    if (!isOpen) return
    isOpen = false
    await close()
  }
  onTestFinished(stop)
  return Object.assign(door, {
    gotapi,
    url: http?.url() ?? '',
    services,
    lines,
    dir,
    disk,
    close: stop,
    again: async (change?: Pick<TestDoorOptions, 'foreign' | 'unread' | 'fault'>) => {
      await stop()
      return createTestDoor({ ...options, ...change, dir })
    },
  })
}

type Decision = Parameters<Gotapi['desk']['decide']>[1]
export type Body = Readonly<Record<string, unknown>>

/** An application in a test: it calls through the gateway with its origin, and gets itself let in. */
export function createTestApp(
  { gotapi }: Pick<TestDoor, 'gotapi'>,
  origin = 'http://app.example.test',
  via: Via = 'loopback',
  /** Of the device, on the network. */
  address?: string,
) {
  let token: string | undefined
  const call = async (
    route: string,
    params: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Body> => {
    const [method = '', path = ''] = route.split(' ')
    const withToken = token === undefined ? params : { accessToken: token, ...params }
    const answer = await gotapi.gateway.handle({
      method,
      path: `/gotapi/${path}`,
      params: withToken,
      // A program that is no page has no Origin header.
      origin: origin.includes('://') ? { origin } : { gotapiOrigin: origin },
      via,
      address,
      ...(signal && { leaving: () => signal }),
    })
    // gotapi 2: of each call that any test makes.
    expect(answer.body).toMatchObject({ result: expect.any(Number), product: 'Gantry', version: '1.2.3' })
    return { ...answer.body, httpStatus: answer.status }
  }
  const ask = async (scope: string, extra: Record<string, string> = {}): Promise<Body> => {
    const granted = await call('GET authorization/grant')
    return call('GET authorization/accesstoken', { clientId: String(granted.clientId), scope, ...extra })
  }
  return {
    call,
    ask,
    get token() {
      return token ?? ''
    },
    set token(value: string) {
      token = value
    },
    /** Let in by an invitation, without a question. */
    async enter(scope: string): Promise<Body> {
      const invitation = gotapi.gateway.invite({ about: '', scopes: scope.split(','), lifeMs: 60_000 })
      const answer = await ask(scope, { invitation })
      token = String(answer.accessToken)
      return answer
    },
    /** Let in by the owner, who decides at once. */
    async beAllowed(scope: string, decision: Decision = 'allow'): Promise<Body> {
      const stop = answerEverything({ gotapi }, decision)
      const answer = await ask(scope)
      stop()
      if (answer.result === 0) token = String(answer.accessToken)
      return answer
    },
    connect(onFrame: (frame: Body) => void, onClose: (reason: string) => void = () => {}) {
      return gotapi.gateway.connect(
        { accessToken: token ?? '', origin: { origin }, via },
        { onFrame, onClose },
      )
    },
  }
}

/** The owner, who answers every question this way as soon as it is asked; call what comes back to stop. */
export function answerEverything({ gotapi }: Pick<TestDoor, 'gotapi'>, decision: Decision): () => void {
  return gotapi.desk.onChange(pending => {
    for (const { id } of pending) gotapi.desk.decide(id, decision)
  })
}
