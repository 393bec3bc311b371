import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareLocks, ensureInstalled, installState } from '../../scripts/bootstrap/install.mjs'
import { explain } from '../../scripts/bootstrap/npm.mjs'
import { listener, temporaryProject, writeFiles } from './project.ts'

const lock = (version: string) =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/vue': { version },
      'node_modules/fsevents': { version: '1.0.0', optional: true },
    },
  })
const offline = {
  code: 1,
  output: 'npm error code ENOTFOUND\nnpm error network request failed',
  outOfTime: false,
}

describe('installing packages', () => {
  it('is needed when there are none', () => {
    const root = temporaryProject({ 'package-lock.json': lock('1.0.0') })
    expect(installState(root)).toEqual({ ready: false, complete: false, reason: 'packages are missing' })
  })

  it('is needed when the lock changed', () => {
    const root = temporaryProject({
      'package-lock.json': lock('2.0.0'),
      'node_modules/.package-lock.json': lock('1.0.0'),
    })
    expect(installState(root)).toEqual({ ready: false, complete: true, reason: 'packages changed' })
  })

  it('is not needed when npm itself put the right packages there, and remembers it', () => {
    const root = temporaryProject({
      'package-lock.json': lock('1.0.0'),
      'node_modules/.package-lock.json': lock('1.0.0'),
    })
    expect(installState(root)).toEqual({ ready: true })
    writeFiles(root, { 'node_modules/.package-lock.json': 'never read again' })
    expect(installState(root)).toEqual({ ready: true })
  })

  it('does not miss what belongs to another platform', () => {
    const there = { packages: { 'node_modules/vue': { version: '1.0.0' } } }
    expect(compareLocks(JSON.parse(lock('1.0.0')), there)).toEqual({ ready: true })
  })

  it('swaps the new packages in only when all are there', async () => {
    const root = temporaryProject({
      'package-lock.json': lock('2.0.0'),
      'package.json': '{}',
      'node_modules/.package-lock.json': lock('1.0.0'),
      'node_modules/old.txt': '',
    })
    await ensureInstalled({
      root,
      say: listener().say,
      run: async (_command, args, { cwd }) => {
        if (args.includes('ping')) return { code: 0, output: 'PONG', outOfTime: false }
        expect(args).toContain('--ignore-scripts')
        expect(existsSync(join(root, 'node_modules/old.txt'))).toBe(true)
        writeFiles(cwd, { 'node_modules/new.txt': '' })
        return { code: 0, output: '', outOfTime: false }
      },
    })
    expect(existsSync(join(root, 'node_modules/new.txt'))).toBe(true)
    expect(existsSync(join(root, 'node_modules/old.txt'))).toBe(false)
    expect(installState(root)).toEqual({ ready: true })
  })

  it('with an unreachable registry and nothing there stops with a sentence', async () => {
    const root = temporaryProject({ 'package-lock.json': lock('1.0.0'), 'package.json': '{}' })
    await expect(
      ensureInstalled({ root, say: listener().say, run: async () => offline }),
    ).rejects.toMatchObject({
      problem: 'install',
      message: expect.stringMatching(/registry cannot be reached.*check the network/),
    })
  })

  it('with an unreachable registry starts with the older packages and leaves them alone', async () => {
    const root = temporaryProject({
      'package-lock.json': lock('2.0.0'),
      'package.json': '{}',
      'node_modules/.package-lock.json': lock('1.0.0'),
    })
    const { say, notes } = listener()
    await ensureInstalled({ root, say, run: async () => offline })
    expect(notes).toEqual([
      expect.stringMatching(/cannot be reached.*Starting with the packages that are here/),
    ])
    expect(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).toBe(lock('1.0.0'))
    expect(installState(root).ready).toBe(false)
  })

  it('without the registry still takes what npm has in its cache', async () => {
    const root = temporaryProject({ 'package-lock.json': lock('1.0.0'), 'package.json': '{}' })
    await ensureInstalled({
      root,
      say: listener().say,
      run: async (_command, args, { cwd }) => {
        if (!args.includes('--offline')) return offline
        writeFiles(cwd, { 'node_modules/new.txt': '' })
        return { code: 0, output: '', outOfTime: false }
      },
    })
    expect(installState(root)).toEqual({ ready: true })
  })

  it.each([
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code EACCES', /cannot be written/],
    ['npm error code EINTEGRITY', /checksum differs/],
    ['npm error code E404', /does not hand out/],
    ['npm error code ENEW\nnpm error something', /could not install Gantry’s packages \(code ENEW\)/],
    ['npm error code EUSAGE\nnpm error `npm ci` can only', /does not fit package.json/],
    ['', /gave no reason/],
  ])('explains %j', (output, sentence) => {
    expect(explain({ code: 1, output, outOfTime: false }, 'Gantry’s packages')).toMatch(sentence)
  })
})
