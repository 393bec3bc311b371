import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLock } from '../../../src/main/contents/sealed.ts'
import type { RouteResult } from '../../../src/main/contract/routes.ts'
import LibraryScreen from '../../../src/renderer/screens/library/LibraryScreen.vue'
import { createFakeBridge } from '../fakes/fake-bridge.ts'
import { type MountedPage, mountPage } from '../fakes/mount-page.ts'

type Contents = RouteResult<'GET contents'>
type Login = RouteResult<'GET contentslogin'>['logins'][number]

let engine = createFakeBridge()
let page: MountedPage | undefined

const models = (over: Partial<Contents['servers'][number]> = {}) => ({
  id: 's1',
  name: 'Models',
  url: 'https://models.workshop.lan/',
  isPlain: false,
  state: 'signed-out' as const,
  ...over,
})
const transfer = (over: Partial<Contents['transfers'][number]> = {}) => ({
  id: 't1',
  printerId: 'p1',
  printerName: 'Voron',
  server: 'Models',
  name: 'cube.gcode',
  state: 'fetching' as const,
  receivedBytes: 420,
  sizeBytes: 1_000,
  ...over,
})

async function show(contents: Partial<Contents> = {}, logins: Login[] = []): Promise<MountedPage> {
  engine.knows('GET contents', { servers: [], transfers: [], ...contents })
  engine.knows('GET contentslogin', { logins })
  page = await mountPage(LibraryScreen, engine)
  return page
}
async function type(label: string, text: string): Promise<void> {
  const labels = [...document.querySelectorAll('label')]
  const id = labels.find(each => each.textContent?.trim() === label)?.htmlFor ?? ''
  const input = document.getElementById(id) as HTMLInputElement
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
  await Promise.resolve()
}

beforeEach(() => {
  engine = createFakeBridge()
})
afterEach(() => page?.wrapper.unmount())

describe('the Library screen', () => {
  it('sets a contents server up after it has looked there, and warns of one that is not encrypted', async () => {
    const { press, text } = await show()
    expect(text()).toContain('None is set up yet.')
    await type('Address', 'http://models.lan:4080')
    engine.knows('POST contents/probe', {
      url: 'http://models.lan:4080',
      name: 'Models',
      login: 'password',
      isPlain: true,
    })
    await press('Look there')
    expect(text()).toContain('Models answers at http://models.lan:4080.')
    expect(text()).toContain('Not encrypted: everybody in the network can read passwords and files.')
    engine.knows('POST contents/server', { id: 's1' })
    await press('Set up')
    expect(engine.callsOf('POST contents/server')).toEqual([
      { address: 'http://models.lan:4080', name: 'Models' },
    ])
  })

  it('says beside the address why nothing can be set up there', async () => {
    const { press, text } = await show()
    await type('Address', 'http://nobody')
    engine.refuses('POST contents/probe', 16)
    await press('Look there')
    expect(text()).toContain('code 16')
    expect(engine.callsOf('POST contents/server')).toEqual([])
  })

  it('signs in and out, and takes a server away', async () => {
    const signedIn = models({ id: 's2', name: 'Shelf', state: 'signed-in', user: 'anna', expiresAt: 0 })
    const { press, text } = await show({ servers: [models(), signedIn] })
    expect(text()).toContain('Signed out')
    expect(text()).toContain('Signed in as anna until')
    for (const route of [
      'POST contents/session',
      'DELETE contents/session',
      'DELETE contents/server',
    ] as const)
      engine.knows(route, {})
    await press('Sign in at Models')
    await press('Sign out at Shelf')
    await press('Remove Shelf')
    expect(engine.calls.slice(-3)).toEqual([
      { route: 'POST contents/session', params: { id: 's1' } },
      { route: 'DELETE contents/session', params: { id: 's2' } },
      { route: 'DELETE contents/server', params: { id: 's2' } },
    ])
  })

  it('shows what is on its way, why something failed, and calls either off', async () => {
    const failed = transfer({ id: 't2', name: 'vase.gcode', state: 'failed', message: 'The disk is full.' })
    const { press, text } = await show({ transfers: [transfer(), failed] })
    expect(text()).toContain('42\u2009% from Models for Voron')
    expect(text()).toContain('Did not reach Voron: The disk is full.')
    engine.knows('DELETE contents/transfer', {})
    await press('Call off cube.gcode')
    await press('Put vase.gcode away')
    expect(engine.callsOf('DELETE contents/transfer')).toEqual([{ id: 't1' }, { id: 't2' }])
  })

  it('gotapi 103: what is typed into the login leaves the page only sealed', async () => {
    const lock = createLock()
    const { press, text, button } = await show({ servers: [models({ state: 'signing-in' })] }, [
      {
        id: 'l1',
        server: { name: 'Models', url: 'https://models.workshop.lan/', isPlain: false },
        origin: 'http://board.workshop.lan',
        publicKey: lock.publicKey,
        problem: 'wrong',
        askedAt: 0,
        expiresAt: 0,
      },
    ])
    expect(text()).toContain(
      'http://board.workshop.lan wants to print files of https://models.workshop.lan/.',
    )
    expect(text()).toContain('User name or password is wrong.')
    const forms = [...document.querySelectorAll('form')].map(form => form.textContent ?? '')
    const signIn = button('Sign in')
    expect([forms.length, signIn.disabled]).toEqual([2, true])
    await type('User name', 'anna')
    await type('Password', 'a long enough secret')
    engine.knows('PUT contentslogin/answer', { state: 'signed-in' })
    await press('Sign in')
    await expect.poll(() => engine.callsOf('PUT contentslogin/answer').length).toBe(1)
    expect(JSON.stringify(engine.calls)).not.toContain('a long enough secret')
    const [sent] = engine.callsOf('PUT contentslogin/answer') as { id: string; sealed: string }[]
    expect(JSON.parse(lock.open(sent?.sealed ?? '', 'l1') ?? '')).toEqual({
      user: 'anna',
      password: 'a long enough secret',
    })
    engine.knows('DELETE contentslogin/answer', {})
    await press('Not now')
    expect(engine.callsOf('DELETE contentslogin/answer')).toEqual([{ id: 'l1' }])
  })
})
