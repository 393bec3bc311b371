import { readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { GantryError } from '../contract/error.ts'
import { type LogLevel, logLevels } from '../lib/log.ts'
import { isBlockedPort } from './blocked-ports.ts'
import { readCommandLine } from './command-line.ts'
import { defaultDataDir, type Surroundings } from './data-dir.ts'
import { findJsonFault } from './json-fault.ts'
import { nearestWord } from './nearest-word.ts'

/** How this start of Gantry runs. What a person changes while it runs are settings, kept by the owner's room. */
export interface Config {
  readonly headless: boolean
  /** Adds a fleet of simulated printers. */
  readonly demo: boolean
  readonly dataDir: string
  readonly port: number
  readonly httpsPort: number
  /** Looking for printers on the network and being found there. */
  readonly discovery: boolean
  readonly logLevel: LogLevel
  /** Every answer is held against its route's schema. */
  readonly checkResults: boolean
}

type Key = keyof Config
type Source = 'the configuration file' | 'the environment' | 'the command line'

const place = (source: Source, file?: string) =>
  file ? `in ${file}` : source === 'the command line' ? `on ${source}` : `in ${source}`

const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform(text => text === 'true' || text === '1'),
])
const port = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().min(0).max(65_535))
  .refine(number => !isBlockedPort(number), 'no browser speaks to that port: choose another')

/** One row per key: how it is parsed, what a person may give, how it is explained. */
export const configKeys = {
  headless: {
    schema: flag,
    allowed: 'true or false',
    about: 'run without a window, show the dashboard in a browser',
  },
  demo: { schema: flag, allowed: 'true or false', about: 'add a fleet of simulated printers' },
  dataDir: { schema: z.string().min(1), allowed: 'a folder', about: 'keep everything in this folder' },
  port: {
    schema: port,
    allowed: 'a whole number from 0 to 65535 (0: any free one)',
    about: 'port for programs on this machine',
  },
  httpsPort: {
    schema: port,
    allowed: 'a whole number from 0 to 65535 (0: any free one)',
    about: 'port for other devices, used once the owner opens it',
  },
  discovery: { schema: flag, allowed: 'true or false', about: 'look for printers on the network' },
  logLevel: { schema: z.enum(logLevels), allowed: logLevels.join(', '), about: 'how much the log tells' },
  checkResults: {
    schema: flag,
    allowed: 'true or false',
    about: 'log answers that are not as documented, for work on Gantry',
  },
} as const satisfies Record<Key, { schema: z.ZodType<Config[Key]>; allowed: string; about: string }>

const keys = Object.keys(configKeys) as Key[]
const defaults = {
  headless: false,
  demo: false,
  port: 4035,
  httpsPort: 4036,
  discovery: true,
  logLevel: 'info',
  checkResults: false,
} as const satisfies Omit<Config, 'dataDir'>

/** `httpsPort` is `--https-port` on the command line and `GANTRY_HTTPS_PORT` in the environment. */
const dashed = (key: string) => key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
export const flagOf = (key: string) => `--${dashed(key)}`
const variableOf = (key: string) => `GANTRY_${dashed(key).replaceAll('-', '_').toUpperCase()}`

export interface ConfigSources extends Surroundings {
  /** Without the program's own two words. */
  readonly argv: readonly string[]
  /** Relative folders of the command line count from here. */
  readonly cwd: string
  /** Electron's own switches come along on its command line; only what looks like a slip for one of ours is refused. */
  readonly foreignFlags?: 'refuse' | 'ignore'
}

/** What a start is asked to do: print and leave, or run. */
export type Launch =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly config: Config; readonly rest: readonly string[] }

/** Defaults, then the file in the data folder, then the environment, then the command line. Later ones win. */
export function loadConfig(sources: ConfigSources): Launch {
  const line = readCommandLine(sources.argv, {
    known: keys.map(key => ({ key, flag: flagOf(key), isSwitch: configKeys[key].schema === flag })),
    foreign: sources.foreignFlags ?? 'refuse',
  })
  if (line.kind !== 'run') return line
  const fromLine = parseAll(line.values, 'the command line', flagOf)
  const fromEnv = parseAll(readEnvironment(sources.env), 'the environment', variableOf)
  const dataDir = absolute(fromLine.dataDir ?? fromEnv.dataDir ?? defaultDataDir(sources), sources)
  const fromFile = readConfigFile(join(dataDir, 'config.json'))
  const config = { ...defaults, ...fromFile, ...fromEnv, ...fromLine, dataDir }
  refuseSharedPort(config)
  return { kind: 'run', config, rest: line.rest }
}

/** They may come from two places, each right by itself. */
function refuseSharedPort({ port, httpsPort }: Config): void {
  if (port === 0 || port !== httpsPort) return
  throw new GantryError(
    'config.invalid',
    `The port for programs on this machine (port) and the one for other devices (httpsPort) are both ${port}, but each needs one of its own.`,
    { key: 'httpsPort', given: httpsPort },
  )
}

function absolute(dir: string, { cwd, home }: ConfigSources): string {
  if (dir === '~' || dir.startsWith('~/')) return join(home, dir.slice(1))
  return isAbsolute(dir) ? dir : resolve(cwd, dir)
}

function readEnvironment(env: ConfigSources['env']): Record<string, unknown> {
  const variables = new Map(keys.map(key => [variableOf(key), key]))
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('GANTRY_') || value === undefined || value === '') continue
    const key = variables.get(name)
    if (key) values[key] = value
    else {
      // The environment belongs to every program: a name that is no slip for one of ours is somebody else's.
      const meant = nearestWord(name, [...variables.keys()])
      if (meant) throw unknownKey(name, 'the environment', meant)
    }
  }
  return values
}

function readConfigFile(file: string): Partial<Config> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    // ENOTDIR: the data folder is no folder; whoever opens it says so.
    if (['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return {}
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new GantryError(
      'config.unreadable',
      `The configuration file ${file} cannot be read: ${why}.`,
      { file },
      thrown,
    )
  }
  const content = parseJson(text.replace(/^\uFEFF/, ''), file)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new GantryError(
      'config.invalid',
      `The configuration file ${file} must hold one object: { "port": 4035 }.`,
      { file },
    )
  }
  for (const key of Object.keys(content)) {
    if (key === 'dataDir') {
      throw new GantryError(
        'config.invalid',
        `The configuration file ${file} cannot set "dataDir", as it lies in that folder itself. Use ${flagOf(key)} or ${variableOf(key)}.`,
        { file, key },
      )
    }
    if (!keys.includes(key as Key))
      throw unknownKey(key, 'the configuration file', nearestWord(key, keys), file)
  }
  return parseAll(content, 'the configuration file', key => `"${key}"`, file)
}

function parseJson(text: string, file: string): unknown {
  const fault = findJsonFault(text)
  if (!fault) return JSON.parse(text)
  const { line, column, found } = fault
  throw new GantryError(
    'config.unreadable',
    `The configuration file ${file} is not JSON: ${found} does not fit at line ${line}, column ${column}.`,
    { file, line, column },
  )
}

function parseAll(
  values: Readonly<Record<string, unknown>> | object,
  source: Source,
  nameOf: (key: string) => string,
  file?: string,
): Partial<Config> {
  const parsed: Record<string, unknown> = {}
  for (const [key, given] of Object.entries(values)) {
    const { schema, allowed } = configKeys[key as Key]
    const result = schema.safeParse(given)
    if (!result.success) {
      throw new GantryError(
        'config.invalid',
        `${nameOf(key)} ${place(source, file)} is ${JSON.stringify(given)}, but ${whyNot(result.error, allowed)}.`,
        { key, source, given, allowed },
      )
    }
    parsed[key] = result.data
  }
  return parsed as Partial<Config>
}

function whyNot({ issues: [issue] }: z.ZodError, allowed: string): string {
  // A rule with words of its own.
  if (issue?.code === 'custom') return issue.message
  return `it must be ${allowed.includes(',') ? `one of ${allowed}` : allowed}`
}

function unknownKey(key: string, source: Source, meant: string | undefined, file?: string): GantryError {
  const hint = meant ? `Did you mean ${meant}?` : `Known are ${keys.join(', ')}.`
  return new GantryError('config.invalid', `Gantry does not know "${key}" ${place(source, file)}. ${hint}`, {
    key,
    source,
    meant,
  })
}
