import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../harness/build.ts'
import { answerNext } from '../harness/gantry-cli.ts'
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
    child.stdin.write(typed)
  })
  return new Promise(resolve => child.on('close', () => resolve(shown)))
}

// The program that makes a terminal for a test is Linux's.
it.runIf(process.platform === 'linux').each([
  ['y', { result: 0, accessToken: expect.any(String) }],
  ['allow', { result: 0, accessToken: expect.any(String) }],
  ['n', { result: 1, errorCode: 11, accessToken: '' }],
])('a question is answered in a terminal with %s', async (typed, expected) => {
  const shown = approveInTerminal(`${typed}\n`)
  const answer = await askForAccess(`http://board-${typed}.workshop.test`)
  expect(answer).toMatchObject(expected)
  expect(await shown).toContain('“Shift board” from http://board-')
  expect(await shown).toContain('see printers; start and stop prints')
})

it.runIf(process.platform === 'linux').each([
  ['Ctrl C', '\u0003', 'c'],
  ['Ctrl D', '\u0004', 'd'],
])('%s in the terminal leaves the question open for somebody else', async (_name, typed, name) => {
  const shown = approveInTerminal(typed)
  const asked = askForAccess(`http://board-ctrl-${name}.workshop.test`)
  expect(await shown).toContain('Nothing was answered; the question stays open.')
  expect(await shown).not.toMatch(/Warning|at .*\.js/)
  await answerNext(gantry.dataDir, 'deny')
  expect(await asked).toMatchObject({ result: 1, errorCode: 11 })
})
