import { beforeEach, describe, expect, it } from 'vitest'
import { createPrinterGroups, type PrinterGroups } from '../../../src/main/printers/index.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { openTestStore } from '../../fakes/store.ts'

let store: Store
let groups: PrinterGroups
let changes: number

const names = () => groups.list().map(({ name }) => name)
const membersOf = (name: string) => groups.list().find(group => group.name === name)?.printerIds

beforeEach(async () => {
  store = await openTestStore(createFakeClock())
  for (const id of ['a', 'b', 'c']) {
    store.run(
      `INSERT INTO printer (id, driver, name, config, simulated, added_at)
VALUES (?, 'moonraker', ?, '{}', 0, 1)`,
      [id, id],
    )
  }
  let count = 0
  groups = createPrinterGroups({ store, uuid: () => `${String(++count).padStart(12, '0')}` })
  changes = 0
  groups.onChange(() => {
    changes += 1
  })
})

describe('groups of printers', () => {
  it('are made with printers in them, and keep the order they were made in', () => {
    groups.add('Workshop', ['a', 'b'])
    groups.add('Upstairs', [])
    expect(groups.list().map(({ name, printerIds }) => [name, printerIds])).toEqual([
      ['Workshop', ['a', 'b']],
      ['Upstairs', []],
    ])
  })

  it('have a printer once: whoever comes into another leaves the one before', () => {
    groups.add('Workshop', ['a', 'b'])
    const upstairs = groups.add('Upstairs', ['b'])
    expect(membersOf('Workshop')).toEqual(['a'])
    groups.assign(['a', 'c'], upstairs)
    expect(membersOf('Upstairs')).toEqual(['a', 'b', 'c'])
    groups.assign(['a', 'b'], undefined)
    expect(membersOf('Upstairs')).toEqual(['c'])
  })

  it('are put at another place, and numbers past the end mean the end', () => {
    const first = groups.add('One', [])
    groups.add('Two', [])
    groups.add('Three', [])
    groups.move(first, 1)
    expect(names()).toEqual(['Two', 'One', 'Three'])
    groups.move(first, 99)
    expect(names()).toEqual(['Two', 'Three', 'One'])
    groups.move(first, 0)
    expect(names()).toEqual(['One', 'Two', 'Three'])
  })

  it('are renamed, but never to a name another one has, whatever its case', () => {
    const id = groups.add('Workshop', [])
    groups.add('Upstairs', [])
    groups.rename(id, 'WORKSHOP')
    expect(names()).toEqual(['WORKSHOP', 'Upstairs'])
    expect(() => groups.rename(id, 'upstairs')).toThrow(/already/)
    expect(() => groups.add('workshop', [])).toThrow(/already/)
    expect(names()).toEqual(['WORKSHOP', 'Upstairs'])
  })

  it('go without taking their printers along', () => {
    const id = groups.add('Workshop', ['a'])
    groups.add('Upstairs', ['b'])
    groups.remove(id)
    expect(names()).toEqual(['Upstairs'])
    expect(store.all('SELECT id FROM printer ORDER BY id', [], { parse: row => row })).toHaveLength(3)
    groups.add('Workshop', [])
    expect(names()).toEqual(['Upstairs', 'Workshop'])
  })

  it('lose a printer that is removed from Gantry, and pass over one that is not there', () => {
    const id = groups.add('Workshop', ['a', 'gone'])
    expect(membersOf('Workshop')).toEqual(['a'])
    store.run('DELETE FROM printer WHERE id = ?', ['a'])
    groups.assign(['gone', 'b'], id)
    expect(membersOf('Workshop')).toEqual(['b'])
  })

  it('tell of every change, and of nothing where nothing changed', () => {
    const id = groups.add('Workshop', [])
    groups.assign(['a'], id)
    expect(changes).toBe(2)
    expect(() => groups.rename('nobody', 'x')).toThrow(/no such group/)
    expect(() => groups.move('nobody', 0)).toThrow(/no such group/)
    expect(() => groups.remove('nobody')).toThrow(/no such group/)
    expect(() => groups.assign(['a'], 'nobody')).toThrow(/no such group/)
    expect(changes).toBe(2)
    expect(membersOf('Workshop')).toEqual(['a'])
  })

  it('are fifty at most', () => {
    for (let count = 0; count < 50; count++) groups.add(`Group ${count}`, [])
    expect(() => groups.add('One more', [])).toThrow(/50 groups/)
  })
})
