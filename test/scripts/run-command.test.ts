import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createSay } from '../../scripts/bootstrap/progress.mjs'
import { runCommand } from '../../scripts/bootstrap/run-command.mjs'
import { temporaryProject } from './project.ts'

const cwd = import.meta.dirname
const node = (code: string, options: { signal?: AbortSignal; limitMs?: number } = {}) =>
  runCommand(process.execPath, ['-e', code], { cwd, limitMs: 20_000, ...options })

describe('a command of the bootstrap', () => {
  it('gives its code and its words', async () => {
    expect(await node('console.log("out"); console.error("err"); process.exit(3)')).toEqual({
      code: 3,
      output: expect.stringMatching(/out[\s\S]*err|err[\s\S]*out/),
      outOfTime: false,
    })
  })

  it('that does not exist fails instead of throwing', async () => {
    const result = await runCommand('gantry-no-such-command', [], { cwd, limitMs: 1_000 })
    expect(result).toMatchObject({ code: -1, output: expect.stringContaining('ENOENT') })
  })

  it('ends with everything it started when the person cancels', async () => {
    const cancelling = new AbortController()
    const pidFile = join(temporaryProject(), 'pid')
    const code = `const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
      require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))
      setInterval(() => {}, 1000)`
    const running = node(code, { signal: cancelling.signal })
    await vi.waitFor(() => Number(readFileSync(pidFile, 'utf8')) || Promise.reject(), {
      timeout: 10_000,
    })
    // The grandchild holds the pipe open, so the command settles only once both are gone.
    cancelling.abort()
    await expect(running).rejects.toMatchObject({ problem: 'cancelled' })
  })

  it('ends when its time is over', async () => {
    expect(await node('setInterval(() => {}, 1000)', { limitMs: 200 })).toMatchObject({
      code: -1,
      outOfTime: true,
    })
  })
})

describe('progress', () => {
  it('stays silent for a short step and passes on its failure', async () => {
    const said: string[] = []
    const say = createSay({ write: text => said.push(text) })
    await expect(say.step('Short', 'nothing', async () => 7)).resolves.toBe(7)
    await expect(say.step('Short', 'nothing', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(said).toEqual([])
  })
})
