import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { strToU8, type ZipAttributes, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { electronRuntime, readyRuntime } from '../../scripts/bootstrap/electron-runtime.mjs'
import { recipe, registryRuntime, runtimeName } from '../../scripts/bootstrap/registry-runtime.mjs'
import { listener, temporaryProject } from './project.ts'

const offline = async () => false

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
        expect.stringMatching(
          /cannot be reached: using the Electron 33.*binary-linux-x64.*never for shipping/,
        ),
      ])
      expect(await electronRuntime({ root, say: listener().say, isReachable: offline })).toEqual(runtime)
    },
  )
})

describe('the runtime that a registry package carries', () => {
  const { say } = listener()
  /** Where Electron keeps its fuses: a mark, a version, a count, and one letter each. */
  const binary = 'before dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u000800000010 after'
  const program: ZipAttributes = { os: 3, attrs: (0o100755 << 16) >>> 0 }
  const archive = zipSync({
    'Cypress/Cypress': [strToU8(binary), program],
    'Cypress/chrome-sandbox': [strToU8('sandbox'), program],
    'Cypress/locales/en.pak': strToU8('word '.repeat(50_000)),
    'Cypress/empty': new Uint8Array(),
    'Cypress/resources/app/index.js': strToU8('somebody else’s program'),
    'elsewhere/x': strToU8('x'),
  })

  /** An npm that puts the package there, when its lock names the checksum. */
  const npm = async (_command: string, args: readonly string[], { cwd }: { cwd: string }) => {
    if (args.includes('ping')) return { code: 0, output: 'PONG', outOfTime: false }
    const { packages } = JSON.parse(readFileSync(join(cwd, 'package-lock.json'), 'utf8'))
    expect(packages[`node_modules/${recipe.package}`].integrity).toBe(recipe.integrity)
    const path = join(cwd, 'node_modules', recipe.package, recipe.archive)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, archive)
    return { code: 0, output: '', outOfTime: false }
  }

  it('is unpacked without the program it came for, may be run, and takes a debugger', async () => {
    const cache = temporaryProject()
    const home = await registryRuntime({ say, cache, run: npm })
    expect(home).toBe(join(cache, runtimeName))
    expect(readdirSync(cache)).toEqual([runtimeName])
    expect(readdirSync(home).sort()).toEqual(['chrome-sandbox', 'electron', 'empty', 'locales', 'resources'])
    expect(readdirSync(join(home, 'resources'))).toEqual([])
    expect(readFileSync(join(home, 'locales/en.pak'), 'utf8')).toBe('word '.repeat(50_000))
    expect(readFileSync(join(home, 'empty'), 'utf8')).toBe('')
    for (const name of ['electron', 'chrome-sandbox'])
      expect(statSync(join(home, name)).mode & 0o777).toBe(0o755)
    const wire = await getCurrentFuseWire(join(home, 'electron'))
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(FuseState.ENABLE)
    expect(wire[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]).toBe(FuseState.DISABLE)
  })

  it('is fetched once', async () => {
    const cache = temporaryProject()
    await registryRuntime({ say, cache, run: npm })
    const again = () => Promise.reject(new Error('fetched again'))
    expect(await registryRuntime({ say, cache, run: again })).toBe(join(cache, runtimeName))
  })

  it.each([
    [
      'its checksum differs',
      'npm error code EINTEGRITY',
      'integrity',
      /its checksum differs.*Electron runtime/,
    ],
    ['nobody answers', 'npm error code ENOTFOUND', 'runtime', /Electron runtime could not be installed/],
  ])('is refused when %s, with nothing left behind', async (_why, output, code, message) => {
    const cache = temporaryProject()
    const run = async () => ({ code: 1, output, outOfTime: false })
    await expect(registryRuntime({ say, cache, run })).rejects.toMatchObject({
      problem: code,
      message: expect.stringMatching(message),
    })
    expect(readdirSync(cache)).toEqual([])
  })
})
