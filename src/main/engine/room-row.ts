import { GantryError, toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { QuitVeto, Room } from './room.ts'

export type RoomState = 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

export interface RoomRow {
  /** Starts the room and remembers it for the way back. Rejects with `cancelled` when the row stops meanwhile. */
  start<R extends Room>(room: R): Promise<R>
  /**
   * Once and for all: waits for the start under way, then drains all rooms, then stops all of them, newest first. A
   * room that hangs or fails is named in the log and keeps nobody else.
   */
  stop(): Promise<void>
  states(): readonly { readonly name: string; readonly state: RoomState }[]
  quitVeto(): QuitVeto | undefined
}

export interface RoomRowOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly startLimitMs: number
  readonly stopLimitMs: number
}

interface Entry {
  readonly room: Room
  state: RoomState
  /** Settles when its start is over, however that ended. */
  started: Promise<void>
}

type Act = 'start' | 'drain' | 'stop'
const done = { start: 'room started', drain: 'room drained', stop: 'room stopped' } as const
const undone = {
  start: 'room did not start',
  drain: 'room did not drain cleanly',
  stop: 'room did not stop cleanly',
} as const

/** The rooms of one engine in the order they came up. */
export function createRoomRow({ clock, log, startLimitMs, stopLimitMs }: RoomRowOptions): RoomRow {
  let stopping: Promise<void> | undefined
  const row: Entry[] = []

  /** How long each took is told, for whoever looks for the slow one. */
  const act = async (room: Room, name: Act, limitMs: number) => {
    if (!room[name]) return
    const beganMs = clock.elapsed()
    try {
      await within(clock, limitMs, room, name)
    } catch (thrown) {
      log.error(undone[name], { room: room.name, cause: thrown })
      throw toGantryError(thrown)
    }
    log.debug(done[name], { room: room.name, tookMs: Math.round(clock.elapsed() - beganMs) })
  }
  const startOne = async (entry: Entry) => {
    try {
      await act(entry.room, 'start', startLimitMs)
      entry.state = 'running'
    } catch (thrown) {
      entry.state = 'failed'
      throw thrown
    }
  }
  const end = async (entry: Entry, name: 'drain' | 'stop', ended: RoomState) => {
    entry.state = 'stopping'
    try {
      await act(entry.room, name, entry.room.stopLimitMs ?? stopLimitMs)
      entry.state = ended
    } catch {
      // The log names it; those behind it are waiting.
      entry.state = 'failed'
    }
  }
  const stopAll = async () => {
    // Whoever still starts holds things it has not handed out yet: stopped now, it would leave them behind.
    await Promise.all(row.map(({ started }) => started))
    const back = [...row].reverse()
    for (const entry of back) if (entry.state === 'running') await end(entry, 'drain', 'stopping')
    // A room that failed to start may hold half of what it wanted: it is stopped too.
    for (const entry of back) await end(entry, 'stop', 'stopped')
  }
  const refuseWhileStopping = ({ name }: Room) => {
    if (stopping === undefined) return
    throw new GantryError('cancelled', `Gantry stops before “${name}” is up.`)
  }

  return {
    async start(room) {
      // A signal while rooms still come up: what comes next in the row would stay behind.
      refuseWhileStopping(room)
      const entry: Entry = { room, state: 'starting', started: Promise.resolve() }
      row.push(entry)
      const starting = startOne(entry)
      entry.started = starting.catch(() => undefined)
      await starting
      // Nor does anybody go on with a room that is about to stop.
      refuseWhileStopping(room)
      return room
    },
    stop() {
      stopping ??= stopAll()
      return stopping
    },
    states: () => row.map(({ room, state }) => ({ name: room.name, state })),
    quitVeto() {
      for (const { room, state } of row) {
        const veto = state === 'running' ? room.quitVeto?.() : undefined
        if (veto) return veto
      }
      return undefined
    },
  }
}

function within(clock: Clock, limitMs: number, room: Room, act: Act): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = clock.after(limitMs, `${room.name}: ${act}`, () => {
      const sentence = `“${room.name}” did not ${act} within ${Math.round(limitMs / 1_000)} seconds.`
      reject(new GantryError('room.timeout', sentence, { room: room.name, act, limitMs }))
    })
    Promise.resolve()
      .then(() => room[act]?.())
      .then(resolve, reject)
      .finally(giveUp)
  })
}
