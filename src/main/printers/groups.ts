import { z } from 'zod'
import { GantryError } from '../contract/error.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Store } from '../store/index.ts'

export interface PrinterGroup {
  readonly id: string
  readonly name: string
  readonly printerIds: readonly string[]
}

/** Groups of the owner's own, as printers stand in a room: “Workshop”, “Upstairs”. A printer is in one or in none. */
export interface PrinterGroups {
  /** In the owner's order. */
  list(): PrinterGroup[]
  add(name: string, printerIds: readonly string[]): string
  rename(id: string, name: string): void
  /** To the place with this number, counted from 0; the others make room. */
  move(id: string, place: number): void
  /** The printers stay. */
  remove(id: string): void
  /** Several at once; without a group they leave the one they are in. */
  assign(printerIds: readonly string[], id: string | undefined): void
  onChange(listener: () => void): Dispose
}

const mostGroups = 50

const groupRow = z.object({ id: z.string(), name: z.string() })
const memberRow = z.object({ printer_id: z.string(), group_id: z.string() })

export function createPrinterGroups({
  store,
  uuid,
}: {
  readonly store: Store
  readonly uuid: () => string
}): PrinterGroups {
  const listeners = new Set<() => void>()

  const rows = () => store.all('SELECT id, name FROM printer_group ORDER BY place, id', [], groupRow)
  const find = (id: string) => {
    if (rows().some(group => group.id === id)) return
    throw new GantryError('request.invalid', 'There is no such group.', { id })
  }
  const isFree = (name: string, but?: string) => {
    const same = (other: string) => other.toLocaleLowerCase() === name.toLocaleLowerCase()
    if (!rows().some(group => group.id !== but && same(group.name))) return
    throw new GantryError('store.conflict', `There is a group “${name}” already.`)
  }
  const put = (printerIds: readonly string[], id: string | undefined) => {
    for (const printerId of new Set(printerIds)) {
      store.run('DELETE FROM printer_in_group WHERE printer_id = ?', [printerId])
      if (id === undefined) continue
      // A printer that was removed meanwhile is no reason to leave the others out.
      store.run('INSERT INTO printer_in_group SELECT id, ? FROM printer WHERE id = ?', [id, printerId])
    }
  }
  const order = (ids: readonly string[]) => {
    for (const [place, id] of ids.entries())
      store.run('UPDATE printer_group SET place = ? WHERE id = ?', [place, id])
  }
  const change = <Result>(work: () => Result): Result => {
    const result = store.transaction(work)
    for (const listener of [...listeners]) listener()
    return result
  }

  return {
    list() {
      const members = store.all('SELECT printer_id, group_id FROM printer_in_group', [], memberRow)
      return rows().map(group => ({
        ...group,
        printerIds: members.filter(each => each.group_id === group.id).map(each => each.printer_id),
      }))
    },
    add: (name, printerIds) =>
      change(() => {
        isFree(name)
        const place = rows().length
        if (place >= mostGroups) {
          throw new GantryError('request.invalid', `There are ${mostGroups} groups already.`)
        }
        const id = `g${uuid().replaceAll('-', '').slice(0, 12)}`
        store.run('INSERT INTO printer_group VALUES (?, ?, ?)', [id, name, place])
        put(printerIds, id)
        return id
      }),
    rename: (id, name) =>
      change(() => {
        find(id)
        isFree(name, id)
        store.run('UPDATE printer_group SET name = ? WHERE id = ?', [name, id])
      }),
    move: (id, place) =>
      change(() => {
        find(id)
        const others = rows().flatMap(group => (group.id === id ? [] : [group.id]))
        order(others.toSpliced(place, 0, id))
      }),
    remove: id =>
      change(() => {
        find(id)
        store.run('DELETE FROM printer_group WHERE id = ?', [id])
        order(rows().map(group => group.id))
      }),
    assign: (printerIds, id) =>
      change(() => {
        if (id !== undefined) find(id)
        put(printerIds, id)
      }),
    onChange(listener) {
      const own = () => listener()
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
  }
}
