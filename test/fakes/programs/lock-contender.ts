import { lockDataFolder } from '../../../src/main/engine/data-lock.ts'

/** Tries to get the folder and says how it went; holds on until somebody ends it or its input. */
const [, , dir = ''] = process.argv
const say = (line: string) => process.stdout.write(`${line}\n`)

say('ready')
await new Promise<void>(resolve => process.stdin.once('data', () => resolve()))
try {
  await lockDataFolder({ dir, pid: process.pid, host: 'here', nowAt: Date.now(), cliSecret: 'c'.repeat(43) })
  say('won')
} catch (thrown) {
  say(`lost ${thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)}`)
}
process.stdin.resume()
