import { GantryError } from '../contract/error.ts'
import { nearestWord } from './nearest-word.ts'

export interface KnownFlag {
  readonly key: string
  readonly flag: string
  /** Stands alone: `--demo`, `--no-demo`. Others take a value: `--port 4035` or `--port=4035`. */
  readonly isSwitch: boolean
}

export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run'
      readonly values: Readonly<Record<string, unknown>>
      /** What is no flag: files and addresses to open. */
      readonly rest: readonly string[]
    }

export function readCommandLine(
  argv: readonly string[],
  options: { readonly known: readonly KnownFlag[]; readonly foreign: 'refuse' | 'ignore' },
): CommandLine {
  const values: Record<string, unknown> = {}
  const rest: string[] = []
  const words = [...argv]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--help' || word === '-h') return { kind: 'help' }
    if (word === '--version' || word === '-v') return { kind: 'version' }
    if (word === '--') return { kind: 'run', values, rest: [...rest, ...words] }
    if (!word.startsWith('-') || word === '-') {
      rest.push(word)
      continue
    }
    const [name = word, given] = splitOnce(word)
    const found = options.known.find(({ flag }) => flag === name || `--no-${flag.slice(2)}` === name)
    if (!found) refuse(name, options)
    else if (found.isSwitch) values[found.key] = given ?? name === found.flag
    else values[found.key] = given ?? takeValue(found.flag, words)
  }
  return { kind: 'run', values, rest }
}

function splitOnce(word: string): [string, string?] {
  const sign = word.indexOf('=')
  return sign < 0 ? [word] : [word.slice(0, sign), word.slice(sign + 1)]
}

function takeValue(flag: string, words: string[]): string {
  const value = words.shift()
  if (value !== undefined && !value.startsWith('--')) return value
  throw new GantryError('config.invalid', `${flag} on the command line needs a value: ${flag}=…`, {
    key: flag,
    source: 'the command line',
  })
}

function refuse(
  name: string,
  options: { readonly known: readonly KnownFlag[]; readonly foreign: string },
): void {
  const flags = [...options.known.map(({ flag }) => flag), '--help', '--version']
  const meant = nearestWord(name, flags)
  if (options.foreign === 'ignore' && !meant) return
  const hint = meant ? `Did you mean ${meant}?` : `Known are ${flags.join(', ')}.`
  throw new GantryError('config.invalid', `Gantry does not know ${name} on the command line. ${hint}`, {
    key: name,
    source: 'the command line',
    meant,
  })
}
