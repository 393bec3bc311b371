import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { electronRuntime, readyRuntime } from '../../scripts/bootstrap/electron-runtime.mjs'
import { checkIntegrity, extractOne, runtimeName } from '../../scripts/bootstrap/registry-runtime.mjs'
import { unzip } from '../../scripts/bootstrap/unzip.mjs'
import { listener, temporaryProject } from './project.ts'

const offline = async () => false

/** One file in the tar format of npm packages. */
function tarOf(name: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(body.length.toString(8).padStart(11, '0'), 124)
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512)
  return Buffer.concat([header, body, padding])
}

describe('the Electron runtime', () => {
  it('is the pinned one when its own installer put it there', async () => {
    const root = temporaryProject({
      'node_modules/electron/package.json': '{"version":"45.4.1"}',
      'node_modules/electron/path.txt': 'electron',
      'node_modules/electron/dist/version': '45.4.1',
      'node_modules/electron/dist/electron': '',
    })
    expect(await electronRuntime({ root, say: listener().say, isReachable: offline })).toEqual({
      path: join(root, 'node_modules/electron/dist/electron'),
      args: [root],
      kind: 'pinned',
    })
  })

  it('is not an older one left behind by an update', () => {
    const root = temporaryProject({
      'node_modules/electron/package.json': '{"version":"45.4.1"}',
      'node_modules/electron/path.txt': 'electron',
      'node_modules/electron/dist/version': '44.0.0',
      'node_modules/electron/dist/electron': '',
    })
    expect(readyRuntime(root)).toBeUndefined()
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'comes out of the shared cache, finds the project as its app, and says so',
    async () => {
      const cache = temporaryProject({
        [`${runtimeName}/electron`]: 'binary',
        [`${runtimeName}/locales/en.pak`]: 'words',
        [`${runtimeName}/resources/keep`]: '',
      })
      const root = temporaryProject({ 'package.json': '{"name":"gantry"}' })
      const { say, notes } = listener()
      const runtime = await electronRuntime({ root, say, isReachable: offline, cache })
      expect(runtime).toEqual({
        path: join(root, '.cache', runtimeName, 'electron'),
        args: [],
        kind: 'registry',
      })
      const home = join(root, '.cache', runtimeName)
      expect(readFileSync(join(home, 'resources/app/package.json'), 'utf8')).toContain('gantry')
      expect(readFileSync(join(home, 'locales/en.pak'), 'utf8')).toBe('words')
      expect(notes).toEqual([
        expect.stringMatching(/cannot be reached: using the Electron 33.*never for shipping/),
      ])
      expect(await electronRuntime({ root, say: listener().say, isReachable: offline })).toEqual(runtime)
    },
  )

  it('is refused when its checksum differs', async () => {
    const file = join(temporaryProject({ 'a.tgz': 'tampered' }), 'a.tgz')
    await expect(checkIntegrity(file, 'sha512-AAAA')).rejects.toMatchObject({ problem: 'integrity' })
  })

  it('is read out of the package it travels in', async () => {
    const body = Buffer.alloc(100_000, 'runtime')
    const tar = Buffer.concat([
      tarOf('package/package.json', Buffer.from('{}')),
      tarOf('package/app.zip', body),
    ])
    const root = temporaryProject()
    writeFileSync(join(root, 'a.tgz'), gzipSync(tar))
    await extractOne(join(root, 'a.tgz'), 'package/app.zip', join(root, 'app.zip'))
    expect(readFileSync(join(root, 'app.zip')).equals(body)).toBe(true)
    await expect(extractOne(join(root, 'a.tgz'), 'package/none', join(root, 'none'))).rejects.toMatchObject({
      problem: 'integrity',
    })
  })
})

describe('unzipping', () => {
  const zipOf = (files: Record<string, string>) =>
    Buffer.from(
      zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
    )

  it('writes what is wanted, under the name that is wanted, stored or packed or empty', async () => {
    const root = temporaryProject()
    const long = 'word '.repeat(50_000)
    writeFileSync(join(root, 'a.zip'), zipOf({ 'top/long.txt': long, 'top/empty': '', 'other/x': 'x' }))
    const wanted = (name: string) => (name.startsWith('top/') ? name.slice(4) : undefined)
    expect(await unzip(join(root, 'a.zip'), join(root, 'to'), { wanted })).toBe(2)
    expect(readFileSync(join(root, 'to/long.txt'), 'utf8')).toBe(long)
    expect(readFileSync(join(root, 'to/empty'), 'utf8')).toBe('')
  })

  it('refuses an archive that reaches outside its folder', async () => {
    const root = temporaryProject()
    writeFileSync(join(root, 'a.zip'), zipOf({ '../evil': 'x' }))
    await expect(
      unzip(join(root, 'a.zip'), join(root, 'to'), { wanted: name => name }),
    ).rejects.toMatchObject({
      problem: 'integrity',
    })
  })

  it.each([0, 10, 60])('says that an archive is damaged when it ends after %i bytes', async length => {
    const root = temporaryProject()
    writeFileSync(join(root, 'a.zip'), zipOf({ a: 'hello', b: 'world' }).subarray(0, length))
    await expect(
      unzip(join(root, 'a.zip'), join(root, 'to'), { wanted: name => name }),
    ).rejects.toMatchObject({
      problem: 'integrity',
    })
  })
})
