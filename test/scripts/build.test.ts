import { existsSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensureBuilt, isFresh } from '../../scripts/bootstrap/build.mjs'
import { listener, temporaryProject, writeFiles } from './project.ts'

const built = {
  'out/main/index.js': '',
  'out/main/headless.js': '',
  'out/preload/index.cjs': '',
  'out/renderer/index.html': '',
}
const succeed = (root: string) => async () => {
  writeFiles(root, built)
  return { code: 0, output: '', outOfTime: false }
}

async function builtProject() {
  const root = temporaryProject({
    'src/main/index.ts': 'one',
    'src/page/App.vue': 'two',
    'package.json': '{}',
  })
  await ensureBuilt({ root, say: listener().say, run: succeed(root) })
  return root
}

describe('building the program', () => {
  it('is not done twice for the same sources', async () => {
    const root = await builtProject()
    const { say, steps } = listener()
    await ensureBuilt({ root, say, run: () => Promise.reject(new Error('built again')) })
    expect(steps).toEqual([])
  })

  it.each([
    ['a changed file', (root: string) => writeFiles(root, { 'src/page/App.vue': 'changed' })],
    ['a new file', (root: string) => writeFiles(root, { 'src/page/New.vue': '' })],
    ['a lost file', (root: string) => rmSync(join(root, 'src/page/App.vue'))],
    ['a lost output', (root: string) => rmSync(join(root, 'out/preload/index.cjs'))],
    ['another configuration', (root: string) => writeFiles(root, { 'electron.vite.config.ts': '' })],
  ])('is done again for %s', async (_what, change) => {
    const root = await builtProject()
    change(root)
    expect(isFresh(root)).toBe(false)
  })

  it('is not done again when only the times of files moved, as after a checkout and back', async () => {
    const root = await builtProject()
    utimesSync(join(root, 'src/main/index.ts'), 1, 1)
    expect(isFresh(root)).toBe(true)
  })

  it('tells what the compiler said, and never takes the broken result for a built one', async () => {
    const root = await builtProject()
    writeFiles(root, { 'src/main/index.ts': 'broken' })
    const run = async () => ({ code: 1, output: 'index.ts:1 broken', outOfTime: false })
    await expect(ensureBuilt({ root, say: listener().say, run })).rejects.toMatchObject({
      problem: 'build',
      message: expect.stringContaining('index.ts:1 broken'),
    })
    writeFiles(root, { 'src/main/index.ts': 'one' })
    expect(existsSync(join(root, 'out/main/index.js'))).toBe(true)
    expect(isFresh(root)).toBe(false)
  })

  it('does not believe a compiler that leaves out an entry', async () => {
    const root = temporaryProject({ 'src/main/index.ts': 'one' })
    const run = async () => ({ code: 0, output: '', outOfTime: false })
    await expect(ensureBuilt({ root, say: listener().say, run })).rejects.toMatchObject({
      message: expect.stringContaining('It lacks out/main/index.js'),
    })
  })
})
