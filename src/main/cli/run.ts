import { parseArgs } from 'node:util'
import { GantryError, isGantryError } from '../contract/error.ts'
import { defaultDataDir } from '../engine/data-dir.ts'
import { isHolderSealed, readLockHolder } from '../engine/lock-holder.ts'
import { nearestWord } from '../engine/nearest-word.ts'
import { connect } from './client.ts'
import type { Command, Flags } from './command.ts'
import { approve } from './commands/approve.ts'
import { apps, askAgain, revoke } from './commands/apps.ts'
import { plugins } from './commands/plugins.ts'
import { link, status } from './commands/status.ts'
import { plain, type Terminal } from './terminal.ts'

const commands: Readonly<Record<string, Command>> = {
  status,
  approve,
  apps,
  revoke,
  'ask-again': askAgain,
  link,
  plugins,
}

export interface CliSurroundings {
  /** Without the program's own two words. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly system: NodeJS.Platform
  readonly version: string
  readonly fetch: typeof fetch
  /** Throws where the system does not let this person at a file. The administrator is let at everything. */
  readonly access: (path: string, mode: number) => void
  readonly terminal: Terminal
  readonly pause: (delayMs: number) => Promise<void>
}

/** The exit code: 0 done, 1 it did not work, 2 nobody understood the words. */
export async function runCli(surroundings: CliSurroundings): Promise<number> {
  const { terminal } = surroundings
  try {
    return await run(surroundings)
  } catch (thrown) {
    if (!isGantryError(thrown)) throw thrown
    terminal.complain(thrown.message)
    return thrown.code === 'config.invalid' ? 2 : 1
  }
}

async function run(surroundings: CliSurroundings): Promise<number> {
  const { terminal, env } = surroundings
  const { values, positionals } = readArguments(surroundings.argv)
  const [name, ...words] = positionals
  if (values.version) return say(terminal, `Gantry ${surroundings.version}`)
  if (values.help || name === undefined) return say(terminal, helpText())
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    const meant = nearestWord(name, Object.keys(commands))
    const hint = meant ? `Did you mean ${meant}?` : '`gantry --help` lists them.'
    throw new GantryError('config.invalid', `There is no command “${name}”. ${hint}`)
  }
  const surplus = words[command.mostWords]
  if (surplus !== undefined) {
    throw new GantryError(
      'config.invalid',
      `“${plain(surplus)}” is a word too many. It goes: gantry ${command.usage}`,
    )
  }
  const dir = values['data-dir'] || env.GANTRY_DATA_DIR || defaultDataDir(surroundings)
  const holder = readLockHolder(dir)
  if (holder === undefined) {
    if (isHolderSealed(dir, surroundings.access)) {
      throw new GantryError(
        'data.unwritable',
        `The data folder ${dir} is another user’s. Only they can speak to the Gantry that runs with it.`,
        { dir },
      )
    }
    throw new GantryError(
      'wire.closed',
      `Gantry does not run with the data folder ${dir}. Start it, or name its folder with --data-dir.`,
      { dir },
    )
  }
  const client = await connect(holder, surroundings.fetch)
  const flags: Flags = {
    json: values.json === true,
    wait: values.wait === true,
    allow: values.allow,
    once: values.once,
    deny: values.deny,
    never: values.never,
  }
  await command.run({ client, terminal, words, flags, pause: surroundings.pause })
  return 0
}

function readArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    'data-dir': text,
    allow: text,
    once: text,
    deny: text,
    never: text,
    json: flag,
    wait: flag,
    help: { ...flag, short: 'h' },
    version: { ...flag, short: 'v' },
  } as const
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    const said = thrown instanceof Error ? (thrown.message.split('. ')[0] ?? '') : ''
    throw new GantryError('config.invalid', `${said}. \`gantry --help\` tells what there is.`, {}, thrown)
  }
}

function helpText(): string {
  const usages = Object.values(commands).map(({ usage }) => usage)
  const width = Math.max(...usages.map(usage => usage.length))
  return [
    'gantry: talks to the Gantry that runs on this machine.',
    '',
    ...Object.values(commands).map(({ usage, about }) => `  gantry ${usage.padEnd(width)}  ${about}`),
    '',
    '  --data-dir DIR   the data folder of the Gantry that is meant',
    '  --json           print data instead of sentences',
    '  --help, --version',
  ].join('\n')
}

function say(terminal: Terminal, text: string): number {
  terminal.print(text)
  return 0
}
