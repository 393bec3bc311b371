import { describe, expect, it } from 'vitest'
import { createTestApp, createTestDoor } from '../../fakes/gotapi.ts'

const page = 'http://127.0.0.1:4035'

describe('a link for a browser of this machine', () => {
  it('lets one in, once, with the code in its fragment', async () => {
    const door = await createTestDoor({ listens: true })
    const owner = createTestApp(door, 'gantry://cli')
    await owner.enter('all')
    const made = await owner.call('POST link')
    const url = new URL(String(made.link))
    expect([url.origin, url.search]).toEqual([door.url, ''])
    const invitation = url.hash.replace('#invitation=', '')
    const browser = createTestApp(door, page)
    expect(await browser.ask('all', { invitation })).toMatchObject({ result: 0 })
    expect(await browser.ask('all', { invitation })).toMatchObject({ errorCode: 11 })
    expect(door.gotapi.desk.pending()).toEqual([])
  })

  it('is made for the owner alone', async () => {
    const door = await createTestDoor({ listens: true })
    const stranger = createTestApp(door)
    await stranger.enter('system')
    expect(await stranger.call('POST link')).toMatchObject({ errorCode: 14 })
  })
})
