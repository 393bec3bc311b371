import { accessSync } from 'node:fs'
import { homedir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { version } from '../../package.json'
import { runCli } from './cli/index.ts'

/** Undefined when the person ends the line instead of answering: Ctrl D, Ctrl C. */
async function ask(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const ended = new Promise<undefined>(resolve => {
    lines.once('close', () => resolve(undefined))
  })
  try {
    return await Promise.race([lines.question(question).catch(() => undefined), ended])
  } finally {
    lines.close()
  }
}

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  home: homedir(),
  system: process.platform,
  version,
  fetch,
  access: accessSync,
  terminal: {
    print: text => process.stdout.write(`${text}\n`),
    complain: text => process.stderr.write(`${text}\n`),
    ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
  },
  pause: delayMs => pause(delayMs),
})
