import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../harness/build.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { environment } from '../harness/window.ts'

let gantry: Headless
beforeAll(async () => {
  gantry = await startHeadless()
})
afterAll(() => gantry?.close())

async function askForAccess(origin: string): Promise<Record<string, unknown>> {
  const call = async (path: string, params: Record<string, string>) => {
    const query = new URLSearchParams(params)
    const response = await fetch(`${gantry.url}/gotapi/${path}?${query}`, { headers: { origin } })
    return response.json()
  }
  const { clientId } = await call('authorization/grant', {})
  return call('authorization/accesstoken', { clientId, scope: '3dprinter', applicationName: 'Shift board' })
}

/** `npx gantry approve --wait` in a real terminal, and what a person types there. */
function approveInTerminal(typed: string): Promise<string> {
  const program = join(root, 'scripts/gantry.mjs')
  const line = `'${process.execPath}' '${program}' approve --wait '--data-dir=${gantry.dataDir}'`
  const child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...environment(), TERM: 'xterm' } })
  let shown = ''
  let isAnswered = false
  child.stdout.on('data', chunk => {
    shown += String(chunk)
    if (isAnswered || !shown.includes('[n]o')) return
    isAnswered = true
    child.stdin.write(`${typed}\n`)
  })
  return new Promise(resolve => child.on('close', () => resolve(shown)))
}

// The program that makes a terminal for a test is Linux's.
it.runIf(process.platform === 'linux').each([
  ['y', { result: 0, accessToken: expect.any(String) }],
  ['n', { result: 1, errorCode: 11, accessToken: '' }],
])('a question is answered in a terminal with %s', async (typed, expected) => {
  const shown = approveInTerminal(typed)
  const answer = await askForAccess(`http://board-${typed}.workshop.test`)
  expect(answer).toMatchObject(expected)
  expect(await shown).toContain('“Shift board” from http://board-')
  expect(await shown).toContain('see printers; start and stop prints')
})
