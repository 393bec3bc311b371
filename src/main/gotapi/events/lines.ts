import type { CallPath } from '../../handlers/call-path.ts'
import type { TextParams } from '../../handlers/read-params.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Logger } from '../../lib/log.ts'
import type { Member } from '../auth/client.ts'
import type { Frame } from '../protocol/frame.ts'
import { limits } from './limits.ts'

/** What carries frames to one application: a socket, or a function inside. */
export interface Carrier {
  send(frame: Frame): void
  close(reason: LineEnd): void
  /** True while the other side takes less than it is given; `onDrain` of the line is called when it is over. */
  isCongested(): boolean
}

/** `done`: the last registration went (gotapi 9-8). `ended`: the permission went. */
export type LineEnd = 'done' | 'ended' | 'stopping'

/** Something an application follows. */
export interface Registration {
  /** By the name it was asked for under. */
  readonly key: string
  /** By the name whoever answers knows: two names of the same thing are two registrations at one place. */
  readonly place: string
  readonly member: Member
  readonly profile: string
  /** Absent for what Gantry answers itself. */
  readonly serviceId: string | undefined
  /** As the newest PUT wrote them. */
  path: CallPath
  params: TextParams
  /** Not before its PUT was answered: clients hang their listener on the answer. */
  isOpen: boolean
  /** gotapi 8.2: the newest that could not go out yet. */
  held: Frame | undefined
  stop: Dispose | undefined
}

interface Line {
  carrier: Carrier
  /** The first frame, the answer to the handshake, went out. */
  isReady: boolean
  stopWatch: Dispose
}

export interface Lines {
  /** gotapi 9-4: undefined when the application has one already. */
  open(member: Member, carrier: Carrier): OpenLine | undefined
  registrations(member: Member): ReadonlyMap<string, Registration>
  /** Changes whenever everything the application follows ends. */
  life(member: Member): number
  /** False when the application follows too much. */
  add(member: Member, registration: Registration): boolean
  has(registration: Registration): boolean
  remove(registration: Registration): void
  /** False when there was nothing. */
  removeAll(member: Member): boolean
  deliver(registration: Registration, frame: Frame): void
  /** Sends what was held while it could not go out. */
  release(registration: Registration): void
  /** gotapi 9-8: to be called when the answer to a DELETE has gone out. */
  closeIfDone(member: Member): void
  /** Permission gone: the line and everything followed end at once. */
  end(member: Member): void
  isLive(member: Member): boolean
  closeAll(): void
}

export interface OpenLine {
  ready(): void
  drained(): void
  lost(): void
}

export interface LinesDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly keepsLineOpen: (member: Member) => boolean
  /** May this application still hear of this profile? */
  readonly mayHear: (member: Member, profile: string) => boolean
  /** The instant from which nothing at all may be heard. */
  readonly hearsUntil: (member: Member) => number
  /** The application is gone for good: its line was lost and did not come back, or its token is past its time. */
  readonly onGone: (member: Member) => void
  readonly onRemoved: (registration: Registration) => void
  readonly onChange: () => void
}

/** GotAPI-5 without its transport: who follows what, and the one line of each application. */
export function createLines(deps: LinesDeps): Lines {
  const { clock, log } = deps
  const lines = new Map<Member, Line>()
  const following = new Map<Member, Map<string, Registration>>()
  const leaving = new Map<Member, Dispose>()
  const lives = new WeakMap<Member, number>()

  const none: ReadonlyMap<string, Registration> = new Map()
  const registrations = (member: Member) => following.get(member) ?? none

  function open(member: Member, carrier: Carrier): OpenLine | undefined {
    if (lines.has(member)) return undefined
    stay(member)
    const line: Line = { carrier, isReady: false, stopWatch: () => {} }
    lines.set(member, line)
    watchEnd(member, line)
    deps.onChange()
    return {
      ready() {
        line.isReady = true
        flush(member)
      },
      drained: () => flush(member),
      lost() {
        if (lines.get(member) !== line) return
        line.stopWatch()
        lines.delete(member)
        leave(member, limits.graceMs)
        deps.onChange()
      },
    }
  }

  /** In short steps: another token may take this one's place meanwhile, and no timer of the system holds 30 days. */
  function watchEnd(member: Member, line: Line): void {
    const leftMs = deps.hearsUntil(member) - clock.now()
    line.stopWatch = clock.after(Math.min(leftMs, limits.tokenLookMs), 'gotapi: token of a line', () => {
      if (deps.hearsUntil(member) > clock.now()) {
        watchEnd(member, line)
        return
      }
      log.debug('token of a line is past its time', { origin: member.client.origin })
      end(member)
      deps.onGone(member)
    })
  }

  function end(member: Member): void {
    stay(member)
    removeAll(member)
    close(member, 'ended')
  }

  function flush(member: Member): void {
    for (const registration of registrations(member).values()) release(registration)
  }

  function release(registration: Registration): void {
    const { held } = registration
    registration.held = undefined
    if (held) deliver(registration, held)
  }

  function deliver(registration: Registration, frame: Frame): void {
    const { member } = registration
    if (!deps.mayHear(member, registration.profile)) return
    const line = lines.get(member)
    if (!registration.isOpen || !line?.isReady || line.carrier.isCongested()) registration.held = frame
    else line.carrier.send(frame)
  }

  function add(member: Member, registration: Registration): boolean {
    const own = following.get(member) ?? new Map<string, Registration>()
    if (own.size >= limits.registrations && !own.has(registration.key)) return false
    own.set(registration.key, registration)
    following.set(member, own)
    if (!lines.has(member) && !leaving.has(member)) leave(member, limits.unclaimedMs)
    deps.onChange()
    return true
  }

  const life = (member: Member) => lives.get(member) ?? 0
  const has = (registration: Registration) =>
    registrations(registration.member).get(registration.key) === registration

  function remove(registration: Registration): void {
    const own = following.get(registration.member)
    if (!own || !has(registration)) return
    own.delete(registration.key)
    if (own.size === 0) {
      following.delete(registration.member)
      if (!lines.has(registration.member)) stay(registration.member)
    }
    deps.onRemoved(registration)
    registration.stop?.()
    deps.onChange()
  }

  function removeAll(member: Member): boolean {
    const all = [...registrations(member).values()]
    lives.set(member, life(member) + 1)
    for (const registration of all) remove(registration)
    return all.length > 0
  }

  function leave(member: Member, waitMs: number): void {
    stay(member)
    leaving.set(
      member,
      clock.after(waitMs, 'gotapi: line comes back', () => {
        leaving.delete(member)
        log.debug('application left', { origin: member.client.origin })
        removeAll(member)
        deps.onGone(member)
      }),
    )
  }

  function stay(member: Member): void {
    leaving.get(member)?.()
    leaving.delete(member)
  }

  function close(member: Member, reason: LineEnd): void {
    const line = lines.get(member)
    lines.delete(member)
    line?.stopWatch()
    line?.carrier.close(reason)
    if (line) deps.onChange()
  }

  return {
    open,
    registrations,
    life,
    add,
    has,
    remove,
    removeAll,
    deliver,
    release,
    closeIfDone(member) {
      if (registrations(member).size === 0 && !deps.keepsLineOpen(member)) close(member, 'done')
    },
    end,
    isLive: member => lines.has(member),
    closeAll() {
      for (const member of [...lines.keys()]) close(member, 'stopping')
      for (const member of [...following.keys()]) removeAll(member)
      for (const stop of leaving.values()) stop()
      leaving.clear()
    },
  }
}
