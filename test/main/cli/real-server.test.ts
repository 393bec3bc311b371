import { accessSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../../../src/main/cli/index.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createTestApp } from '../../fakes/gotapi.ts'
import { createEchoPlugin } from '../../fakes/plugins.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'

/** The command line against the real front door over real HTTP. */
async function setUp() {
  const opened = await openDoor([createEchoPlugin()], { clock: systemClock, cliSecret: 'the-secret' })
  const { gotapi, host, dir, url } = opened
  gotapi.add(host.endpoints)
  const holder = { pid: 1, host: 'here', sinceAt: 0, url, cliSecret: 'the-secret' }
  writeFileSync(join(dir, 'gantry.lock'), JSON.stringify(holder))
  const run = async (...argv: string[]) => {
    const printed: string[] = []
    const print = (text: string) => void printed.push(text)
    const code = await runCli({
      argv,
      env: { GANTRY_DATA_DIR: dir },
      home: dir,
      system: 'linux',
      version: '0.0.0',
      fetch,
      terminal: { print, complain: print },
      access: accessSync,
      pause: () => new Promise(resolve => setImmediate(resolve)),
    })
    return { code, text: printed.join('\n') }
  }
  return { ...opened, run }
}

describe('gantry against a real server', () => {
  it('allows an application that asks, lists it, and takes the permission back', async () => {
    const { run, gotapi } = await setUp()
    const app = createTestApp({ gotapi })
    const asked = app.ask('echo', { applicationName: 'Room clock' })
    const { text } = await run('approve', '--wait', '--json')
    const [question] = JSON.parse(text)
    expect(question).toMatchObject({ name: 'Room clock', scopes: expect.arrayContaining(['echo']) })
    expect(await run('approve', `--allow=${question.id}`)).toEqual({ code: 0, text: 'Allowed.' })
    const answer = await asked
    expect(answer).toMatchObject({ result: 0 })
    app.token = String(answer.accessToken)
    expect(await app.call('GET echo/a', { serviceId: 'one.echo' })).toMatchObject({ result: 0 })
    expect((await run('apps')).text).toContain('Room clock')
    expect((await run('revoke', 'Room clock')).code).toBe(0)
    expect(await app.call('GET echo/a', { serviceId: 'one.echo' })).toMatchObject({ errorCode: 15 })
  })

  it('denies', async () => {
    const { run, gotapi } = await setUp()
    const asked = createTestApp({ gotapi }).ask('echo')
    const [question] = JSON.parse((await run('approve', '--wait', '--json')).text)
    expect((await run('approve', `--deny=${question.id}`)).text).toBe('Denied.')
    expect(await asked).toMatchObject({ errorCode: 11, accessToken: '' })
  })

  it('lists and switches plug-ins', async () => {
    const { run } = await setUp()
    expect((await run('plugins')).text).toMatch(/echo +Fake echo +1.0.0 +runs/)
    expect((await run('plugins', 'off', 'echo')).text).toContain('switched off')
    expect((await run('plugins', 'on', 'ghost')).code).toBe(1)
  })

  it('prints a link that lets a browser in', async () => {
    const { run, gotapi } = await setUp()
    const { text } = await run('link')
    const [link = ''] = text.split('\n')
    const browser = createTestApp({ gotapi }, new URL(link).origin)
    const invitation = new URL(link).hash.replace('#invitation=', '')
    expect(await browser.ask('all', { invitation })).toMatchObject({ result: 0 })
  })

  it('is nobody without the secret of the lock file', async () => {
    const { run, dir, url } = await setUp()
    const holder = { pid: 1, host: 'here', sinceAt: 0, url, cliSecret: 'guessed' }
    writeFileSync(join(dir, 'gantry.lock'), JSON.stringify(holder))
    expect(await run('apps')).toMatchObject({ code: 1 })
  })
})
