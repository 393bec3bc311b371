import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { type ConfigSources, loadConfig } from '../../../src/main/engine/config.ts'
import { defaultDataDir } from '../../../src/main/engine/data-dir.ts'
import { helpText } from '../../../src/main/engine/help.ts'
import { findJsonFault } from '../../../src/main/engine/json-fault.ts'
import { nearestWord } from '../../../src/main/engine/nearest-word.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

function setUp(file?: string) {
  const dataDir = makeTempDir()
  if (file !== undefined) writeFileSync(join(dataDir, 'config.json'), file)
  const sources = (
    argv: string[] = [],
    env: Record<string, string> = {},
    more: Partial<ConfigSources> = {},
  ) => ({
    argv,
    env: { GANTRY_DATA_DIR: dataDir, ...env },
    system: 'linux' as const,
    home: '/home/somebody',
    cwd: '/home/ada',
    ...more,
  })
  const load = (...args: Parameters<typeof sources>) => {
    const launch = loadConfig(sources(...args))
    if (launch.kind !== 'run') throw new Error(`wanted to run, got ${launch.kind}`)
    return launch
  }
  const refusal = (...args: Parameters<typeof sources>) => {
    try {
      load(...args)
    } catch (thrown) {
      if (isGantryError(thrown))
        return { code: thrown.code, message: thrown.message, details: thrown.details }
      throw thrown
    }
    throw new Error('was not refused')
  }
  return { dataDir, load, refusal, configFile: join(dataDir, 'config.json') }
}

describe('the configuration', () => {
  it('gotapi 1: has defaults for everything, 4035 and 4036 for the ports', () => {
    const { load, dataDir } = setUp()
    expect(load().config).toEqual({
      headless: false,
      demo: false,
      dataDir,
      port: 4035,
      httpsPort: 4036,
      discovery: true,
      logLevel: 'info',
      checkResults: false,
    })
  })

  it('takes the file before the defaults, the environment before the file, the command line before all', () => {
    const { load } = setUp('{ "port": 5001, "httpsPort": 5001, "logLevel": "debug", "demo": true }')
    const { config } = load(['--port', '5003', '--no-demo'], {
      GANTRY_PORT: '5002',
      GANTRY_HTTPS_PORT: '5002',
    })
    expect(config).toMatchObject({ port: 5003, httpsPort: 5002, logLevel: 'debug', demo: false })
  })

  it.each([
    ['--port=5000', { port: 5000 }],
    ['--headless', { headless: true }],
    ['--headless=false', { headless: false }],
    ['--no-discovery', { discovery: false }],
    ['--data-dir=here', { dataDir: '/home/ada/here' }],
    ['--data-dir=~/prints', { dataDir: '/home/somebody/prints' }],
  ])('understands %s', (word, expected) => {
    const { config } = setUp().load([word])
    expect(config).toMatchObject(expected)
  })

  it('hands on what is no flag', () => {
    expect(setUp().load(['part.gcode', '--demo', '--', '--not-ours']).rest).toEqual([
      'part.gcode',
      '--not-ours',
    ])
  })

  it('only prints when asked for help or the version', () => {
    const sources = { env: {}, system: 'linux' as const, home: '/', cwd: '/' }
    expect(loadConfig({ ...sources, argv: ['--help'] })).toEqual({ kind: 'help' })
    expect(loadConfig({ ...sources, argv: ['--demo', '--version'] })).toEqual({ kind: 'version' })
    expect(helpText()).toMatch(/--https-port … +port for other devices/)
  })
})

describe('a mistake in the configuration', () => {
  it('an unknown key in the file is named, with the one that was meant', () => {
    const { refusal, configFile } = setUp('{ "prot": 4035 }')
    expect(refusal()).toMatchObject({
      code: 'config.invalid',
      message: `Gantry does not know "prot" in ${configFile}. Did you mean port?`,
      details: { key: 'prot', source: 'the configuration file', meant: 'port' },
    })
  })

  it('an unknown key that resembles none is answered with all there are', () => {
    expect(setUp('{ "colour": "red" }').refusal().message).toMatch(/Known are headless, demo, dataDir, port/)
  })

  it('an unknown flag is refused, also when it is short of one letter', () => {
    const { refusal } = setUp()
    expect(refusal(['--headles']).message).toBe(
      'Gantry does not know --headles on the command line. Did you mean --headless?',
    )
    expect(refusal(['--inspect']).message).toContain('Known are --headless')
  })

  it("Electron's own switches pass where they come along, slips do not", () => {
    const { load, refusal } = setUp()
    const electron = { foreignFlags: 'ignore' as const }
    expect(load(['--no-sandbox', '--remote-debugging-port=0', '--demo'], {}, electron).config.demo).toBe(true)
    expect(refusal(['--dmeo'], {}, electron).message).toContain('--demo')
  })

  it('a slip in the environment is refused, a stranger there is not our business', () => {
    const { load, refusal } = setUp()
    expect(refusal([], { GANTRY_PROT: '1' }).message).toContain('Did you mean GANTRY_PORT?')
    expect(load([], { GANTRY_SOMETHING_ELSE: '1' }).config.port).toBe(4035)
  })

  it.each([
    ['{ "port": "many" }', '"port"', 'a whole number from 0 to 65535'],
    ['{ "port": 4035.5 }', '"port"', 'a whole number from 0 to 65535'],
    ['{ "port": 65536 }', '"port"', 'a whole number from 0 to 65535'],
    ['{ "port": null }', '"port"', 'a whole number from 0 to 65535'],
    ['{ "headless": "perhaps" }', '"headless"', 'true or false'],
    ['{ "logLevel": "loud" }', '"logLevel"', 'error, warn, info, debug, trace'],
  ])('%s names the key, what was given and what is allowed', (file, key, allowed) => {
    const { refusal, configFile } = setUp(file)
    const { code, message } = refusal()
    expect(code).toBe('config.invalid')
    expect(message).toContain(`${key} in ${configFile} is `)
    expect(message).toContain(allowed)
  })

  it.each(['port', 'httpsPort'])('a %s that no browser speaks to is refused, wherever it is given', key => {
    const flag = key === 'port' ? '--port' : '--https-port'
    const { refusal, configFile } = setUp(`{ "${key}": 6000 }`)
    expect(refusal()).toMatchObject({
      code: 'config.invalid',
      message: `"${key}" in ${configFile} is 6000, but no browser speaks to that port: choose another.`,
    })
    expect(setUp().refusal([`${flag}=10080`]).message).toBe(
      `${flag} on the command line is "10080", but no browser speaks to that port: choose another.`,
    )
  })

  it.each([0, 80, 443, 3000, 6670, 8080, 65_535])('port %i is one that browsers speak to', port => {
    expect(setUp().load([`--port=${port}`]).config.port).toBe(port)
    expect(setUp().load([`--https-port=${port}`]).config.httpsPort).toBe(port)
  })

  it('one port for both is refused, from wherever each comes; any free one for both is not', () => {
    const { refusal } = setUp('{ "port": 5000 }')
    expect(refusal(['--https-port=5000'])).toMatchObject({
      code: 'config.invalid',
      message:
        'The port for programs on this machine (port) and the one for other devices (httpsPort) are both 5000, but each needs one of its own.',
    })
    expect(setUp().load(['--port=0', '--https-port=0']).config).toMatchObject({ port: 0, httpsPort: 0 })
  })

  it('out of range in the environment and on the command line is named by the words used there', () => {
    const { refusal } = setUp()
    expect(refusal([], { GANTRY_HTTPS_PORT: '-1' }).message).toBe(
      'GANTRY_HTTPS_PORT in the environment is "-1", but it must be a whole number from 0 to 65535 (0: any free one).',
    )
    expect(refusal(['--port=99999']).message).toContain('--port on the command line is "99999"')
  })

  it('a flag without its value is said so', () => {
    expect(setUp().refusal(['--port']).message).toBe('--port on the command line needs a value: --port=…')
    expect(setUp().refusal(['--data-dir', '--demo']).message).toContain('--data-dir')
  })

  it('bad JSON is named with line and column', () => {
    const { refusal, configFile } = setUp('{\n  "port": 4035,\n  "demo": yes\n}\n')
    expect(refusal()).toMatchObject({
      code: 'config.unreadable',
      message: `The configuration file ${configFile} is not JSON: “yes” does not fit at line 3, column 11.`,
      details: { line: 3, column: 11 },
    })
  })

  it('a file that is JSON but no object is refused', () => {
    expect(setUp('[4035]').refusal().message).toContain('must hold one object')
  })

  it('a folder in place of the file is refused', () => {
    const { dataDir, refusal } = setUp()
    mkdirSync(join(dataDir, 'config.json'))
    expect(refusal().code).toBe('config.unreadable')
  })

  it('the data folder cannot be set from inside itself', () => {
    expect(setUp('{ "dataDir": "/elsewhere" }').refusal().message).toContain('--data-dir')
  })

  it('keys that every object has are unknown too', () => {
    expect(setUp('{ "__proto__": 1, "constructor": 2 }').refusal().message).toContain('does not know')
  })
})

describe('the place of the data', () => {
  it.each([
    ['linux', {}, '/home/ada/.local/share/Gantry'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/Gantry'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/Gantry'],
    ['darwin', {}, '/home/ada/Library/Application Support/Gantry'],
    ['win32', { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'C:\\Users\\ada\\AppData\\Roaming\\Gantry'],
  ] as const)('on %s with %o is %s', (system, env, expected) => {
    expect(defaultDataDir({ system, home: '/home/ada', env })).toBe(expected)
  })
})

describe('finding where JSON breaks', () => {
  it.each([
    ['{"a": 1,}', 1, 9, '“}”'],
    ['{"a" 1}', 1, 6, '“1}”'],
    ['{\n"a": 1\n"b": 2}', 3, 1, '“"b":”'],
    ['{"a": [1, 2}', 1, 12, '“}”'],
    ['{"a": tru}', 1, 7, '“tru}”'],
    ['{"a": 01}', 1, 7, '“01}”'],
    ['{', 1, 2, 'the end of the file'],
    ['', 1, 1, 'the end of the file'],
    ['{} {}', 1, 4, '“{}”'],
    ["{'a': 1}", 1, 2, "“'a':”"],
    ['{"a": "no end}', 1, 7, '“"no”'],
  ])('%j at line %i, column %i: %s', (text, line, column, found) => {
    expect(findJsonFault(text)).toEqual({ line, column, found })
  })

  it('finds nothing in any JSON there is', () => {
    fc.assert(fc.property(fc.json(), text => findJsonFault(text) === undefined))
  })

  it('always points into the text it was given', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (text, at, wedge) => {
        const cut = at % (text.length + 1)
        const fault = findJsonFault(text.slice(0, cut) + wedge + text.slice(cut + 1))
        return fault === undefined || (fault.line >= 1 && fault.column >= 1)
      }),
    )
  })
})

describe('the nearest word', () => {
  it.each([
    ['prot', 'port'],
    ['httpPort', 'httpsPort'],
    ['HTTPS_PORT', 'httpsPort'],
    ['banana', undefined],
    ['p', undefined],
  ])('to %s is %s', (given, expected) => {
    expect(nearestWord(given, ['port', 'httpsPort', 'demo'])).toBe(expected)
  })
})
