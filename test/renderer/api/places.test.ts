import { beforeEach, describe, expect, it } from 'vitest'
import { createPlaces, type PlaceStorage } from '../../../src/renderer/api/places.ts'

function createStorage(): PlaceStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => {
      kept.set(key, value)
    },
  }
}

let storage = createStorage()
let taken = new Set<string>()

/** Tabs of one browser: they share the storage and may not sit on each other. */
const tab = () =>
  createPlaces(storage, async device => {
    if (taken.has(device)) return false
    taken.add(device)
    return true
  })

beforeEach(() => {
  storage = createStorage()
  taken = new Set()
})

describe('the places of a browser', () => {
  it('has none before anybody signed in', async () => {
    expect(await tab().sit()).toBeUndefined()
    expect(tab().anyDevice()).toBeUndefined()
  })

  it('lets a reload sit down where it sat', async () => {
    tab().keep('d1', 't1')
    expect(await tab().sit()).toBe('d1')
    taken.clear()
    const again = tab()
    expect(await again.sit()).toBe('d1')
    expect(again.tokenOf('d1')).toBe('t1')
  })

  it('finds no free place for a second tab, but one that can vouch for it', async () => {
    tab().keep('d1', 't1')
    await tab().sit()
    const second = tab()
    expect(await second.sit()).toBeUndefined()
    expect(second.anyDevice()).toBe('d1')
  })

  it('gives a tab that comes later a place that became free', async () => {
    tab().keep('d1', 't1')
    tab().keep('d2', 't2')
    await tab().sit()
    expect(await tab().sit()).toBe('d2')
  })

  it('forgets a place whose token is of no use any more', async () => {
    tab().keep('d1', 't1')
    tab().keep('d1', undefined)
    expect(await tab().sit()).toBeUndefined()
  })

  it('replaces the token of a place', () => {
    tab().keep('d1', 't1')
    tab().keep('d1', 't2')
    expect(tab().tokenOf('d1')).toBe('t2')
  })

  it.each(['{', '7', '{"device":1}', '[{"device":"d","token":4}, null]'])(
    'reads %s as no place at all',
    async rubbish => {
      storage.kept.set('gantry.places', rubbish)
      expect(await tab().sit()).toBeUndefined()
    },
  )
})
