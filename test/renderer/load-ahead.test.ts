// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { loadAhead } from '../../src/renderer/load-ahead.ts'

/** A page whose idle moments and whose Gantry's returns come when the test says so. */
function createPage() {
  const log: string[] = []
  const waiting: { readonly what: 'idle' | 'back'; readonly goOn: () => void }[] = []
  let lacks = new Set<string>()
  const wait = (what: 'idle' | 'back') => () =>
    new Promise<void>(goOn => {
      waiting.push({ what, goOn })
    })
  const part = (name: string) => async () => {
    log.push(name)
    if (lacks.has(name)) throw new TypeError('Failed to fetch')
  }
  const settle = () => new Promise(resolve => setImmediate(resolve))
  return {
    log,
    part,
    moments: { idle: wait('idle'), back: wait('back') },
    lacks: (...names: string[]) => {
      lacks = new Set(names)
    },
    waitsFor: () => waiting.map(({ what }) => what),
    async goOn(times = 1) {
      for (let time = 0; time < times; time += 1) {
        waiting.shift()?.goOn()
        await settle()
      }
    },
  }
}

describe('loading the screens ahead', () => {
  it('takes one at a time, each in an idle moment of its own, and is then over', async () => {
    const page = createPage()
    const done = loadAhead([page.part('a'), page.part('b'), page.part('c')], page.moments)
    expect(page.log).toEqual([])
    await page.goOn()
    expect(page.log).toEqual(['a'])
    expect(page.waitsFor()).toEqual(['idle'])
    await page.goOn(2)
    expect(page.log).toEqual(['a', 'b', 'c'])
    await done
  })

  it('tries what it could not have once more each time Gantry is back, and that alone', async () => {
    const page = createPage()
    page.lacks('b', 'c')
    const done = loadAhead([page.part('a'), page.part('b'), page.part('c')], page.moments)
    await page.goOn(3)
    expect(page.log).toEqual(['a', 'b', 'c'])
    expect(page.waitsFor()).toEqual(['back'])
    page.lacks('c')
    await page.goOn(3)
    expect(page.log.slice(3)).toEqual(['b', 'c'])
    expect(page.waitsFor()).toEqual(['back'])
    page.lacks()
    await page.goOn(2)
    expect(page.log.slice(5)).toEqual(['c'])
    await done
  })
})
