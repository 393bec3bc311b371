import { hmacOf, type ServerKey, type World } from '../../../src/renderer/gotapi-client/index.ts'

interface Seen {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

type Frame = Readonly<Record<string, unknown>>

/** The part of a WebSocket the client uses, with the server's end in the test's hands. */
function createSocket(onText: (text: string) => void, onClosed: () => void) {
  const socket = {
    onopen: null as ((event: Event) => void) | null,
    onmessage: null as ((event: MessageEvent) => void) | null,
    onclose: null as ((event: CloseEvent) => void) | null,
    isOpen: true,
    send: onText,
    close() {
      socket.isOpen = false
      onClosed()
    },
    say: (frame: Frame | string) =>
      socket.onmessage?.(
        new MessageEvent('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) }),
      ),
    hangUp() {
      socket.isOpen = false
      onClosed()
      socket.onclose?.(new Event('close') as CloseEvent)
    },
  }
  return socket
}

type FakeSocket = ReturnType<typeof createSocket>

/**
 * A GotAPI server in memory that behaves: it grants, knows its tokens, keeps registrations, lets one socket per
 * application in, and closes it after the last DELETE. Timers run when the test says so.
 */
export function createScriptedServer() {
  const seen: Seen[] = []
  const tokens = new Set<string>()
  const registrations = new Set<string>()
  const timers = new Map<number, { delayMs: number; act: () => void }>()
  let sockets: FakeSocket[] = []
  let live: FakeSocket | undefined
  let lastId = 0
  let clients = 0
  let isUp = true
  let owner: 'allows' | 'denies' = 'allows'
  let signsWith: ServerKey | undefined
  let says: { readonly thing: unknown } | undefined
  let nowMs = 0
  let wakers: (() => void)[] = []
  let isFrozen = false
  const frozen: (() => void)[] = []

  const nextId = () => {
    lastId += 1
    return lastId
  }
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  const refuse = (errorCode: number) => ({ result: 1, errorCode, errorMessage: `code ${errorCode}` })

  function answerTo({ method, path, params }: Seen): Frame {
    if (path === 'availability') return { result: 0 }
    if (path === 'authorization/grant') {
      clients += 1
      return { result: 0, clientId: `client-${clients}` }
    }
    if (path === 'authorization/accesstoken') {
      if (owner === 'denies') return { ...refuse(11), accessToken: '' }
      const token = `token-${tokens.size + 1}`
      tokens.add(token)
      return { result: 0, accessToken: token, scopes: [], expire: 0 }
    }
    if (!params.accessToken) return refuse(13)
    if (!tokens.has(params.accessToken)) return refuse(15)
    const key = `${path} ${params.serviceId ?? ''}`
    if (method === 'PUT') registrations.add(key)
    if (method === 'DELETE' && registrations.delete(key) && registrations.size === 0) {
      setImmediate(() => live?.hangUp())
    }
    return { result: 0, path, ...(method === 'PUT' && !live && { line: false }) }
  }

  /** A server that stands still takes a request and says nothing, until it goes on or the client gives up. */
  const thawed = (signal: AbortSignal | null | undefined) =>
    new Promise<void>((resolve, reject) => {
      if (!isFrozen) return resolve()
      frozen.push(resolve)
      signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })

  const world: World = {
    async fetch(url, init) {
      if (!isUp) throw new TypeError('fetch failed')
      await thawed(init.signal)
      const { pathname, searchParams } = new URL(url)
      const body = init.body instanceof URLSearchParams ? init.body : new URLSearchParams()
      const request: Seen = {
        method: init.method ?? 'GET',
        path: pathname.replace('/gotapi/', ''),
        params: { ...Object.fromEntries(searchParams), ...Object.fromEntries(body) },
        headers: (init.headers ?? {}) as Record<string, string>,
      }
      seen.push(request)
      const { nonce } = request.params
      const signed = signsWith && nonce !== undefined ? { hmac: await hmacOf(signsWith, nonce) } : {}
      return Response.json(says ? says.thing : { ...answerTo(request), ...signed })
    },
    openSocket() {
      const socket = createSocket(
        text => {
          if (isFrozen) return
          const { accessToken } = JSON.parse(text) as { accessToken: string }
          if (!tokens.has(accessToken)) socket.say(refuse(3))
          else if (live) socket.say(refuse(4))
          else {
            live = socket
            socket.say({ result: 0 })
          }
        },
        () => {
          if (live === socket) live = undefined
        },
      )
      sockets.push(socket)
      setImmediate(() => {
        if (!isUp) socket.hangUp()
        else if (!isFrozen) socket.onopen?.(new Event('open'))
      })
      // The client uses only the part of a WebSocket that the fake has.
      return socket as Partial<WebSocket> as WebSocket
    },
    later(delayMs, act) {
      const id = nextId()
      timers.set(id, { delayMs, act })
      return () => timers.delete(id)
    },
    elapsed: () => nowMs,
    onWake(act) {
      wakers.push(act)
      return () => {
        wakers = wakers.filter(waker => waker !== act)
      }
    },
    random: () => 1,
    randomHex: bytes =>
      nextId()
        .toString(16)
        .padStart(bytes * 2, '0'),
  }

  return {
    world,
    seen,
    registrations,
    settle,
    get sockets(): readonly FakeSocket[] {
      return sockets
    },
    get live(): FakeSocket | undefined {
      return live
    },
    calls: (path: string): Seen[] => seen.filter(request => request.path === path),
    emit: (frame: Frame) => live?.say(frame),
    revoke: () => tokens.clear(),
    denies: () => {
      owner = 'denies'
    },
    signs: (key: ServerKey | undefined) => {
      signsWith = key
    },
    /** Answers every call with this, whatever it was. */
    saysAlways: (thing: unknown) => {
      says = { thing }
    },
    down() {
      isUp = false
      const before = sockets
      sockets = []
      registrations.clear()
      for (const socket of before) if (socket.isOpen) socket.hangUp()
    },
    up: () => {
      isUp = true
    },
    /** Keeps its sockets and says nothing more, as a computer that fell asleep does. */
    freeze: () => {
      isFrozen = true
    },
    thaw() {
      isFrozen = false
      for (const goOn of frozen.splice(0)) goOn()
    },
    /** The line is gone at the server, and the client has not heard of it. */
    forgetLine: () => {
      live = undefined
    },
    /** The page is looked at again, or the network is back. */
    wake: () => {
      for (const act of wakers) act()
    },
    /** Time goes by and no timer runs. */
    sleep: (ms: number) => {
      nowMs += ms
    },
    /** Runs every timer that waits no longer than this, shortest first, and tells what they were. */
    async pass(withinMs: number): Promise<number[]> {
      nowMs += withinMs
      const due = [...timers].filter(([, timer]) => timer.delayMs <= withinMs)
      due.sort(([, a], [, b]) => a.delayMs - b.delayMs)
      for (const [id, timer] of due) {
        if (timers.delete(id)) timer.act()
      }
      await settle()
      await settle()
      return due.map(([, timer]) => timer.delayMs)
    },
  }
}
