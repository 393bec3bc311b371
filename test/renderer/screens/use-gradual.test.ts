import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { useGradual } from '../../../src/renderer/screens/printers/use-gradual.ts'

const many = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `p${from + at}`)
let frames: FrameRequestCallback[]
const nextFrame = () => {
  for (const run of frames.splice(0)) run(0)
}

beforeEach(() => {
  frames = []
  vi.stubGlobal('requestAnimationFrame', (run: FrameRequestCallback) => frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', () => frames.splice(0))
})
afterEach(() => vi.unstubAllGlobals())

function gradual(first: readonly string[]) {
  const ids = shallowRef(first)
  const scope = effectScope()
  const shown = scope.run(() => useGradual(() => ids.value))
  return { ids, scope, shown: () => shown?.value ?? [] }
}

describe('a list that comes gradually', () => {
  it('is whole at once when it is short', () => {
    const { shown } = gradual(many(0, 8))
    expect(shown()).toEqual(many(0, 8))
    expect(frames).toHaveLength(0)
  })

  it('stands from the top on and is whole after a few frames', () => {
    const { shown } = gradual(many(0, 100))
    expect(shown()).toEqual(many(0, 8))
    for (let frame = 0; frame < 12; frame += 1) nextFrame()
    expect(shown()).toEqual(many(0, 100))
    expect(frames).toHaveLength(0)
  })

  it('loses at once what is not wanted any more, and keeps what stood there', async () => {
    const { ids, shown } = gradual(many(0, 100))
    for (let frame = 0; frame < 12; frame += 1) nextFrame()
    ids.value = many(50, 60)
    await nextTick()
    expect(shown()).toEqual(many(50, 60))
    ids.value = many(0, 100)
    await nextTick()
    expect(shown()).toEqual([...many(0, 8), ...many(50, 60)])
  })

  it('takes a new order at once, without making anything anew', async () => {
    const { ids, shown } = gradual(many(0, 16))
    nextFrame()
    ids.value = many(0, 16).reverse()
    await nextTick()
    expect(shown()).toEqual(many(0, 16).reverse())
  })

  it('asks for no frame after its screen has gone', () => {
    const { scope } = gradual(many(0, 100))
    scope.stop()
    expect(frames).toHaveLength(0)
  })
})
