import { describe, expect, it } from 'vitest'
import { createEchoPlugin } from '../../fakes/plugins.ts'
import { openDoor } from './through-gateway.ts'

async function openOwner() {
  const opened = await openDoor([createEchoPlugin()])
  const { gotapi, host, clock } = opened
  gotapi.add(host.endpoints)
  await clock.advance(0)
  return { ...opened, owner: await opened.enter('all', 'gantry://cli') }
}

describe('the owner’s calls on plug-ins', () => {
  it('list them with state and services', async () => {
    const { owner } = await openOwner()
    expect(await owner.call('GET plugins')).toMatchObject({
      result: 0,
      plugins: [
        { id: 'echo', state: 'running', builtIn: true, enabled: true, services: [{ id: 'one.echo' }] },
      ],
    })
  })

  it('switch one off and on, from text as from a form', async () => {
    const { owner } = await openOwner()
    const off = await owner.call('PUT plugins/enabled', { id: 'echo', enabled: 'false' })
    expect(off).toMatchObject({ plugins: [{ state: 'off', enabled: false }] })
    const on = await owner.call('PUT plugins/enabled', { id: 'echo', enabled: 'true' })
    expect(on).toMatchObject({ plugins: [{ state: 'running', enabled: true }] })
  })

  it('tell every change to who follows', async () => {
    const { owner, clock } = await openOwner()
    const states: unknown[] = []
    owner.connect(frame => states.push((frame as { plugins?: { state: string }[] }).plugins?.[0]?.state))
    await clock.advance(0)
    await owner.call('PUT plugins')
    await clock.advance(0)
    await owner.call('PUT plugins/enabled', { id: 'echo', enabled: 'false' })
    await clock.advance(0)
    expect(states[0]).toBe('running')
    expect(states).toContain('off')
  })

  it('start one anew, and look for new ones', async () => {
    const { owner, clock } = await openOwner()
    expect(await owner.call('POST plugins/restart', { id: 'echo' })).toMatchObject({ result: 0 })
    expect(await owner.call('POST plugins/search')).toMatchObject({ plugins: [{ state: 'running' }] })
    await clock.advance(0)
  })

  it.each(['PUT plugins/enabled', 'POST plugins/restart'])('%s refuses a plug-in nobody has', async route => {
    const { owner } = await openOwner()
    expect(await owner.call(route, { id: 'ghost', enabled: 'true' })).toMatchObject({ errorCode: 10 })
  })

  it('are for the owner alone', async () => {
    const { enter } = await openOwner()
    const application = await enter('echo', 'http://app.example.test')
    expect(await application.call('GET plugins')).toMatchObject({ errorCode: 14 })
  })
})
