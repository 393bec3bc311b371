import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPluginChildren, saying } from '../../fakes/children.ts'
import { createEchoPlugin } from '../../fakes/plugins.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { block, writePlugin } from './plugin-folder.ts'
import { answered, callOf, startHost } from './start-host.ts'
import { answering, startThirdParty } from './start-third-party.ts'

describe('the folder of plug-ins', () => {
  it('keeps a plug-in with a bad manifest out and says what is wrong', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'good')
    writePlugin(dir, 'bad', '', { version: 'one', profiles: { system: {} } })
    mkdirSync(join(dir, 'empty'))
    writePlugin(dir, 'lost')
    writeFileSync(join(dir, 'lost', 'plugin.json'), '{')
    const { host } = await startThirdParty(dir, {})
    const list = Object.fromEntries(host.list().map(({ id, state, reason }) => [id, { state, reason }]))
    expect(list.good).toMatchObject({ state: 'running' })
    expect(list.bad).toMatchObject({
      state: 'invalid',
      reason: expect.stringMatching(/^bad\/plugin\.json is not right: version: three numbers/),
    })
    expect(list.empty).toMatchObject({
      state: 'invalid',
      reason: 'empty/plugin.json is missing.',
    })
    expect(list.lost).toMatchObject({ state: 'invalid', reason: expect.stringContaining('not JSON') })
  })

  it('is read again on request: new ones start, changed ones start anew, lost ones end', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'first')
    const { host, children } = await startThirdParty(dir, {
      first: saying({ who: 'first' }),
      second: saying({ who: 'second' }),
    })
    const [edition1] = children
    writePlugin(dir, 'second')
    writePlugin(dir, 'first', '', { version: '2.0.0' })
    await host.rescan()
    expect(edition1?.heard.slice(-2)).toMatchObject([{ action: 'MANAGER_TERMINATED' }, { action: 'CLOSE' }])
    expect(host.list().map(({ id, version }) => [id, version])).toEqual([
      ['first', '2.0.0'],
      ['second', '1.0.0'],
    ])
    expect(await host.call(callOf('first'))).toMatchObject({ payload: { who: 'first' } })
    expect(await host.call(callOf('second'))).toMatchObject({ payload: { who: 'second' } })
    writeFileSync(join(dir, 'second', 'plugin.json'), '')
    await host.rescan()
    expect(answered(await host.call(callOf('second')))).toMatchObject({ errorCode: 6 })
  })

  it('leaves a plug-in alone whose manifest did not change', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, children } = await startThirdParty(dir, { lamp: answering })
    await host.rescan()
    expect(children).toHaveLength(1)
    expect(children[0]?.heard).not.toContainEqual(expect.objectContaining({ action: 'MANAGER_TERMINATED' }))
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  })
})

describe('a folder of plug-ins that cannot be read', () => {
  it('is another thing than none, or a file in its place: there are no plug-ins then', async () => {
    const dir = join(makeTempDir(), 'plugins')
    const { host } = await startThirdParty(dir, {})
    expect([host.list(), host.isUnread('lamp')]).toEqual([[], false])
    writeFileSync(dir, '')
    await host.rescan()
    expect([host.list(), host.isUnread('lamp')]).toEqual([[], false])
  })

  it('is no empty one: its plug-ins go on, and none has left', async () => {
    const dir = join(makeTempDir(), 'plugins')
    writePlugin(dir, 'lamp')
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
    const unblock = block(dir)
    await expect(host.rescan()).rejects.toMatchObject({ code: 'plugin.unreadable', details: { dir } })
    expect(host.isUnread('lamp')).toBe(true)
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
    unblock()
    await host.rescan()
    expect([left, host.isUnread('lamp')]).toEqual([[], false])
  })

  it('does not keep Gantry from starting, and nobody is said to have left', async () => {
    const dir = join(makeTempDir(), 'plugins')
    writePlugin(dir, 'lamp')
    const unblock = block(dir)
    const { host } = await startThirdParty(dir, { lamp: answering })
    expect([host.list(), host.isUnread('lamp')]).toEqual([[], true])
    unblock()
    await host.rescan()
    expect(host.isUnread('lamp')).toBe(false)
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  })

  it('a single plug-in that cannot be read goes on as well; one that is gone has left', async () => {
    const dir = join(makeTempDir(), 'plugins')
    writePlugin(dir, 'lamp')
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    const unblock = block(join(dir, 'lamp', 'plugin.json'))
    await host.rescan()
    expect([left, host.isUnread('lamp'), host.isUnread('other')]).toEqual([[], true, false])
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
    unblock()
    rmSync(join(dir, 'lamp'), { recursive: true })
    await host.rescan()
    expect([left, host.isUnread('lamp')]).toEqual([['lamp'], false])
  })
})

describe('what keeps a plug-in out', () => {
  const reasons = async (dir: string) => {
    const { host } = await startThirdParty(dir, {})
    // What was read and makes no sense is known to be so.
    expect(host.list().filter(({ id }) => host.isUnread(id))).toEqual([])
    return host.list().map(({ id, state, reason }) => [id, state, reason])
  }

  it('a manifest larger than 256 kB, to the byte', async () => {
    const dir = makeTempDir()
    for (const [id, size] of [
      ['fits', 262_144],
      ['large', 262_145],
    ] as const) {
      const file = join(writePlugin(dir, id), 'plugin.json')
      writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))).padEnd(size))
    }
    expect(await reasons(dir)).toEqual([
      ['fits', 'running', ''],
      ['large', 'invalid', 'large/plugin.json is larger than 256 kB.'],
    ])
  })

  it('a program that is not there, or that is a folder', async () => {
    const dir = makeTempDir()
    rmSync(join(writePlugin(dir, 'absent'), 'plugin.mjs'))
    const folder = writePlugin(dir, 'folder')
    rmSync(join(folder, 'plugin.mjs'))
    mkdirSync(join(folder, 'plugin.mjs'))
    writePlugin(dir, 'inside', '')
    const manifest = join(dir, 'inside', 'plugin.json')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('"plugin.mjs"', '"plugin.json/plugin.mjs"'))
    const why = (id: string, main = 'plugin.mjs') =>
      `${id}/plugin.json is not right: main: there is no file "${main}" in the folder.`
    expect(await reasons(dir)).toEqual([
      ['absent', 'invalid', why('absent')],
      ['folder', 'invalid', why('folder')],
      ['inside', 'invalid', why('inside', 'plugin.json/plugin.mjs')],
    ])
  })

  it('a program that the disk does not show, which is no reason to say that it has left', async () => {
    const dir = makeTempDir()
    block(join(writePlugin(dir, 'lamp'), 'plugin.mjs'))
    const { host } = await startThirdParty(dir, {})
    expect(host.list()).toMatchObject([
      { id: 'lamp', state: 'invalid', reason: 'lamp cannot be read: ELOOP.' },
    ])
    expect([host.isUnread('lamp'), host.isUnread('other')]).toEqual([true, false])
  })

  it('an id that one of Gantry’s own has', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'echo')
    const { processes, children } = createPluginChildren({})
    const { host } = await startHost([createEchoPlugin()], { dir, processes })
    await host.rescan()
    expect(children).toEqual([])
    expect(host.list()).toMatchObject([
      { id: 'echo', builtIn: true, state: 'running' },
      {
        id: 'echo',
        name: 'echo',
        version: '',
        about: '',
        builtIn: false,
        enabled: false,
        state: 'invalid',
        reason: 'A plug-in of this id comes with Gantry.',
        restarts: 0,
        profiles: [],
        services: [],
      },
    ])
    expect(host.isUnread('echo')).toBe(false)
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })

  it('nothing is said of files, and of folders that hide', async () => {
    const dir = makeTempDir()
    for (const id of ['b', 'c', 'a']) mkdirSync(join(dir, id))
    mkdirSync(join(dir, '.git'))
    writeFileSync(join(dir, 'notes.txt'), '')
    expect((await reasons(dir)).map(([id]) => id)).toEqual(['a', 'b', 'c'])
  })
})

describe('a plug-in that is switched off', () => {
  it('is read and not started, until its owner wants it', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, off, children, left } = await startThirdParty(dir, { lamp: answering })
    await host.setEnabled('lamp', false)
    expect([children.length, off.has('lamp'), left]).toEqual([1, true, ['lamp']])
    writePlugin(dir, 'lamp', '', { version: '2.0.0' })
    await host.rescan()
    expect(children).toHaveLength(1)
    expect(host.list()).toMatchObject([{ version: '2.0.0', state: 'off', enabled: false }])
    await host.setEnabled('lamp', true)
    expect(children).toHaveLength(2)
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  })
})
