import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { h } from 'vue'
import { provideBridge } from '../../../src/renderer/api/index.ts'
import { useFollowed } from '../../../src/renderer/stores/use-followed.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'

const notice = (id: string) =>
  ({ id, severity: 'info', sentence: 'log-lost', params: {}, sinceAt: 0 }) as const

function follow(engine = createFakeBridge()) {
  let followed: ReturnType<typeof useFollowed<'GET notices'>> | undefined
  const wrapper = mount(
    {
      setup() {
        followed = useFollowed('GET notices', 'EVENT notices/changes')
        return () => h('p')
      },
    },
    { global: { plugins: [createPinia(), provideBridge(engine.bridge)] } },
  )
  if (!followed) throw new Error('nothing is followed')
  return { engine, followed, wrapper }
}

describe('following something of the engine', () => {
  it('starts with what is there and takes every change', async () => {
    const engine = createFakeBridge()
    engine.knows('GET notices', { notices: [notice('a')] })
    const { followed } = follow(engine)
    expect(followed.value.value).toBeUndefined()
    await flushPromises()
    expect(followed.value.value?.notices.map(({ id }) => id)).toEqual(['a'])
    engine.tell('EVENT notices/changes', { notices: [] })
    expect(followed.value.value?.notices).toEqual([])
  })

  it('does not let a late answer undo an event that overtook it', async () => {
    const engine = createFakeBridge()
    engine.knows('GET notices', { notices: [notice('old')] })
    engine.hold()
    const { followed } = follow(engine)
    engine.tell('EVENT notices/changes', { notices: [notice('new')] })
    engine.release()
    await flushPromises()
    expect(followed.value.value?.notices.map(({ id }) => id)).toEqual(['new'])
  })

  it('says why there is nothing, until something comes', async () => {
    const engine = createFakeBridge()
    engine.refuses('GET notices', 14)
    const { followed } = follow(engine)
    await flushPromises()
    expect(followed.refusal.value?.errorCode).toBe(14)
    engine.tell('EVENT notices/changes', { notices: [] })
    expect(followed.refusal.value).toBeUndefined()
  })

  it('ends with the component that asked for it', async () => {
    const { engine, wrapper } = follow()
    expect(engine.followers('EVENT notices/changes')).toBe(1)
    wrapper.unmount()
    expect(engine.followers('EVENT notices/changes')).toBe(0)
  })
})
