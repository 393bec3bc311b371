import { GantryError, toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { QuitVeto, Room } from './room.ts'

export type RoomState = 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

export interface RoomRow {
  /** Starts the room and remembers it for the way back. */
  start<R extends Room>(room: R): Promise<R>
  /** Once and for all, newest first; a room that hangs or fails is named in the log and keeps nobody else. */
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

/** The rooms of one engine in the order they came up. */
export function createRoomRow({ clock, log, startLimitMs, stopLimitMs }: RoomRowOptions): RoomRow {
  let stopping: Promise<void> | undefined
  const row: { readonly room: Room; state: RoomState }[] = []

  const stopOne = async (entry: { readonly room: Room; state: RoomState }) => {
    const { name } = entry.room
    const beganMs = clock.elapsed()
    entry.state = 'stopping'
    try {
      await within(clock, stopLimitMs, name, 'stop', () => entry.room.stop())
      entry.state = 'stopped'
      log.debug('room stopped', { room: name, tookMs: Math.round(clock.elapsed() - beganMs) })
    } catch (thrown) {
      entry.state = 'failed'
      log.error('room did not stop cleanly', { room: name, cause: thrown })
    }
  }

  const stopAll = async () => {
    // A room that failed to start may hold half of what it wanted: it is stopped too.
    for (const entry of [...row].reverse()) await stopOne(entry)
  }

  return {
    async start(room) {
      // A signal while rooms still come up: what comes next in the row would stay behind.
      if (stopping !== undefined)
        throw new GantryError('cancelled', `“${room.name}” was not started, as Gantry stops.`)
      const entry = { room, state: 'starting' as RoomState }
      const beganMs = clock.elapsed()
      row.push(entry)
      try {
        await within(clock, startLimitMs, room.name, 'start', () => room.start())
      } catch (thrown) {
        entry.state = 'failed'
        log.error('room did not start', { room: room.name, cause: thrown })
        throw toGantryError(thrown)
      }
      entry.state = 'running'
      log.debug('room started', { room: room.name, tookMs: Math.round(clock.elapsed() - beganMs) })
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

function within(
  clock: Clock,
  limitMs: number,
  room: string,
  verb: 'start' | 'stop',
  work: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = clock.after(limitMs, `${room}: ${verb}`, () =>
      reject(
        new GantryError(
          'room.timeout',
          `“${room}” did not ${verb} within ${Math.round(limitMs / 1_000)} seconds.`,
          {
            room,
            verb,
            limitMs,
          },
        ),
      ),
    )
    Promise.resolve().then(work).then(resolve, reject).finally(giveUp)
  })
}
