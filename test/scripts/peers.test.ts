import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isProblem } from '../../scripts/bootstrap/problem.mjs'
import { findPeer, peers } from '../../scripts/testing/peers.mjs'
import { makeTempDir } from '../fakes/temp-dir.ts'

const say = { note: () => {}, step: <T>(_title: string, _waitsFor: string, work: () => Promise<T>) => work() }

/** Makes the environment for real as far as a file goes; pip then answers as told. */
const machine = (pip: { code: number; output: string; outOfTime?: boolean }, python = 0) => {
  const calls: string[] = []
  return {
    calls,
    run: async (command: string, args: readonly string[]) => {
      calls.push(`${command} ${args.join(' ')}`)
      if (args[1] === 'pip') return { outOfTime: false, ...pip }
      const bin = join(String(args[2]), 'bin')
      mkdirSync(bin, { recursive: true })
      writeFileSync(join(bin, 'python'), '')
      return { code: python, output: '', outOfTime: false }
    },
  }
}

describe.each(peers)('the $name for the interop tests', peer => {
  const find = (options: { readonly cache: string; readonly run: ReturnType<typeof machine>['run'] }) =>
    findPeer(peer, { say, platform: 'linux', ...options })
  const folder = `${peer.name.toLowerCase()}-${peer.version}`

  it('is installed once, pinned, and found again without asking anybody', async () => {
    const cache = makeTempDir()
    const { run, calls } = machine({ code: 0, output: '' })
    const found = await find({ cache, run })
    expect(found).toEqual({ python: join(cache, folder, 'bin/python') })
    expect(calls.at(-1)).toContain(`==${peer.version}`)
    expect(await find({ cache, run })).toEqual(found)
    expect(calls).toHaveLength(2)
  })

  it('is missing, with nothing left behind, when PyPI is out of reach', async () => {
    const cache = makeTempDir()
    const output =
      'WARNING: Retrying after connection broken by NewConnectionError\nERROR: No matching distribution'
    const { run } = machine({ code: 1, output })
    expect(await find({ cache, run })).toEqual({ missing: 'PyPI is out of reach' })
    expect(readdirSync(cache)).toEqual([])
  })

  it('is missing when there is no Python', async () => {
    const found = await find({ cache: makeTempDir(), run: machine({ code: 0, output: '' }, -1).run })
    expect(found).toMatchObject({ missing: expect.stringContaining('python3') })
  })

  it('is missing, with what to install, when a part of it cannot be built here', async () => {
    const output = 'You need to install libcap development headers to build this module'
    const { run } = machine({ code: 1, output })
    expect(await find({ cache: makeTempDir(), run })).toMatchObject({
      missing: expect.stringContaining('libcap-dev'),
    })
  })

  it('is missing where it does not run', async () => {
    const { run } = machine({ code: 0, output: '' })
    const found = await findPeer(peer, { say, cache: makeTempDir(), run, platform: 'win32' })
    expect(found).toMatchObject({ missing: expect.stringContaining('linux') })
  })

  it('is a failure, not an excuse, when PyPI answers and the installation fails', async () => {
    const cache = makeTempDir()
    const { run } = machine({ code: 1, output: 'ERROR: No matching distribution found' })
    const thrown = await find({ cache, run }).catch((error: unknown) => error)
    expect(isProblem(thrown)).toBe(true)
    expect(existsSync(join(cache, folder))).toBe(false)
  })
})

it('no interop test is without a peer that brings it along', () => {
  const folder = 'test/interop'
  const files = readdirSync(resolve(import.meta.dirname, '../..', folder)).filter(name =>
    name.endsWith('.test.ts'),
  )
  expect(peers.flatMap(({ tests }) => tests).sort()).toEqual(files.map(name => `${folder}/${name}`).sort())
})
