import { accessSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../../../src/main/cli/index.ts'
import { createGantryOverFetch } from '../../fakes/gantry-over-fetch.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const question = {
  id: 'q1',
  kind: 'access' as const,
  origin: 'http://app.example.test',
  via: 'loopback' as const,
  name: 'Room clock',
  scopes: ['clock', '3dprinter'],
  lifeDays: 30,
  askedAt: 0,
  expiresAt: 60_000,
}
const app = {
  clientId: 'c1',
  origin: 'http://app.example.test',
  via: 'loopback' as const,
  name: 'Room clock',
  own: false,
  once: false,
  scopes: [{ scope: 'clock', expiresAt: 86_400_000 }],
  plugins: [],
  since: 0,
  usedAt: 0,
  requestsToday: 1,
  keepLineOpen: false,
  live: false,
  follows: 0,
}
const plugin = {
  id: 'clock',
  name: 'Clock',
  version: '1.0.0',
  about: '',
  builtIn: false,
  enabled: true,
  state: 'running' as const,
  reason: '',
  restarts: 0,
  profiles: ['clock'],
  services: [],
}

function setUp(
  options: {
    readonly answers?: readonly (string | undefined)[]
    readonly secret?: string
    readonly access?: (path: string) => void
  } = {},
) {
  const dir = makeTempDir()
  const gantry = createGantryOverFetch('secret')
  const holder = {
    pid: 1,
    host: 'here',
    sinceAt: 0,
    url: 'http://127.0.0.1:4035',
    cliSecret: options.secret ?? 'secret',
  }
  writeFileSync(join(dir, 'gantry.lock'), JSON.stringify(holder))
  const printed: string[] = []
  const complained: string[] = []
  const answers = [...(options.answers ?? [])]
  const run = (...argv: string[]) =>
    runCli({
      argv,
      env: { GANTRY_DATA_DIR: dir },
      home: dir,
      system: 'linux',
      version: '0.1.0',
      fetch: (...request) => gantry.fetch(...request),
      terminal: {
        print: text => printed.push(text),
        complain: text => complained.push(text),
        ask: options.answers && (async () => answers.shift()),
      },
      access: options.access ?? accessSync,
      pause: async () => void gantry.questions.push(question),
    })
  return { dir, gantry, run, printed, complained }
}

describe('gantry', () => {
  it('tells its commands', async () => {
    const { run, printed } = setUp()
    expect(await run('--help')).toBe(0)
    for (const name of ['status', 'approve', 'apps', 'revoke', 'ask-again', 'link', 'plugins'])
      expect(printed.join()).toContain(`gantry ${name}`)
  })

  it.each([
    [['aprove'], 'There is no command “aprove”. Did you mean approve?'],
    [['constructor'], 'There is no command “constructor”. `gantry --help` lists them.'],
    [
      ['approve', 'perhaps'],
      '“perhaps” is a word too many. It goes: gantry approve [--wait] [--allow ID | --once ID | --deny ID | --never ID]',
    ],
    [['revoke', 'Room', 'clock', 'x'], '“x” is a word too many. It goes: gantry revoke APP [PLUG-IN]'],
    [['apps', '--jsn'], "Unknown option '--jsn'. `gantry --help` tells what there is."],
  ])('understands %j as a slip and says so', async (argv, sentence) => {
    const { run, complained } = setUp()
    expect(await run(...argv)).toBe(2)
    expect(complained).toEqual([sentence])
  })

  it('says that Gantry does not run, and with which folder', async () => {
    const { run, dir, complained } = setUp()
    mkdirSync(join(dir, 'empty'))
    expect(await run('apps', '--data-dir', join(dir, 'empty'))).toBe(1)
    expect(complained[0]).toBe(
      `Gantry does not run with the data folder ${join(dir, 'empty')}. Start it, or name its folder with --data-dir.`,
    )
  })

  it('says whose the data folder is when it may not be read', async () => {
    const { run, dir, complained } = setUp({
      access: path => {
        throw Object.assign(new Error(`EACCES: permission denied, access '${path}'`), { code: 'EACCES' })
      },
    })
    rmSync(join(dir, 'gantry.lock'))
    expect(await run('apps')).toBe(1)
    expect(complained[0]).toContain('is another user’s')
  })

  it('says that Gantry does not run where the lock is rubbish', async () => {
    const { run, dir, complained } = setUp()
    writeFileSync(join(dir, 'gantry.lock'), '{"pid":')
    expect(await run('apps')).toBe(1)
    expect(complained[0]).toContain('Gantry does not run with the data folder')
  })

  it('says that something else answers where Gantry was', async () => {
    const { run, gantry, complained } = setUp()
    gantry.fetch = async () => new Response('<html>')
    expect(await run('apps')).toBe(1)
    expect(complained[0]).toContain('Gantry does not answer at')
  })

  it('says that Gantry does not answer', async () => {
    const { run, gantry, complained } = setUp()
    gantry.goAway()
    expect(await run('apps')).toBe(1)
    expect(complained).toEqual([
      'Gantry does not answer at http://127.0.0.1:4035. It may have ended without a word: start it again.',
    ])
  })

  it('says that Gantry is just starting', async () => {
    const { run, dir, complained } = setUp()
    const holder = { pid: 1, host: 'here', sinceAt: 0, cliSecret: 'secret' }
    writeFileSync(join(dir, 'gantry.lock'), JSON.stringify(holder))
    expect(await run('apps')).toBe(1)
    expect(complained).toEqual(['Gantry is just starting. Try again in a moment.'])
  })

  it('is not let in with a wrong secret', async () => {
    const { run, gantry, complained } = setUp({ secret: 'old' })
    expect(await run('apps')).toBe(1)
    expect(complained[0]).toMatch(
      /^What answers at http:\/\/127.0.0.1:4035 does not know us: .* Try again\.$/,
    )
    expect(gantry.asked).not.toContain('GET apps')
  })

  it('signs in again when another gantry signed in meanwhile', async () => {
    const { run, gantry, printed } = setUp({ answers: ['y'] })
    gantry.questions.push(question)
    const { fetch } = gantry
    let calls = 0
    const spoiled: typeof fetch = async (...request) => {
      calls += 1
      if (calls === 4) gantry.signOut()
      return fetch(...request)
    }
    gantry.fetch = spoiled
    expect(await run('approve')).toBe(0)
    expect(printed.at(-1)).toBe('Allowed.')
  })
})

describe('gantry approve', () => {
  it('says that nobody asks', async () => {
    const { run, printed } = setUp()
    expect(await run('approve')).toBe(0)
    expect(printed).toEqual(['Nobody asks for anything now.'])
  })

  it.each([
    ['y', 'allow', 'Allowed.'],
    ['Allow', 'allow', 'Allowed.'],
    ['once', 'once', 'Allowed once.'],
    [' N ', 'deny', 'Denied.'],
    ['deny', 'deny', 'Denied.'],
    ['Never', 'never', 'Denied. It may not ask again, until you say: gantry ask-again ORIGIN'],
  ])('asks in plain words and takes "%s"', async (answer, decision, sentence) => {
    const { run, gantry, printed, complained } = setUp({
      answers: ['perhaps\u001b[2K', 'constructor', '', answer],
    })
    gantry.questions.push(question)
    expect(await run('approve')).toBe(0)
    expect(printed[0]).toContain(
      '“Room clock” from http://app.example.test asks to: use “clock”; see printers; start and stop prints.',
    )
    expect(printed[0]).toContain('Yes holds for 30 days.')
    expect(complained).toEqual(
      ['perhaps?[2K', 'constructor', ''].map(
        said => `“${said}” is no answer. Type allow, once, deny or never.`,
      ),
    )
    expect(printed.at(-1)).toBe(sentence)
    expect(gantry.decisions).toEqual([{ id: 'q1', decision }])
  })

  it('says when it is another device that asks', async () => {
    const { run, gantry, printed } = setUp({ answers: ['n', 'n'] })
    gantry.questions.push({ ...question, via: 'lan', address: '192.168.0.7\u001b[2K' })
    gantry.questions.push({ ...question, id: 'q2', via: 'lan' })
    await run('approve')
    expect(printed[0]).toContain(
      'from http://app.example.test, on another device (192.168.0.7?[2K), asks to:',
    )
    expect(printed[2]).toContain('from http://app.example.test, on another device, asks to:')
  })

  it('does not let an application paint on the terminal', async () => {
    const { run, gantry, printed } = setUp({ answers: ['n'] })
    gantry.questions.push({ ...question, name: 'Good\u001b[2Kapp\u202e' })
    await run('approve')
    expect(printed[0]).toContain('“Good?[2Kapp?”')
  })

  it('asks about a third-party plug-in: which, by whom, for what', async () => {
    const { run, gantry, printed } = setUp({ answers: ['allow'] })
    const { scopes: _scopes, lifeDays: _days, ...asked } = question
    const lamp = {
      id: 'lamp',
      name: 'Lamp\u001b[2K',
      manufacturer: 'Tick & Co',
      profiles: ['lamp', 'dimmer'],
    }
    gantry.questions.push({ ...asked, kind: 'plugin', plugin: lamp })
    expect(await run('approve')).toBe(0)
    expect(printed[0]).toContain(
      '“Room clock” from http://app.example.test asks to use the plug-in “Lamp?[2K” (lamp) by Tick & Co, which did not come with Gantry and serves: lamp, dimmer.',
    )
    expect(gantry.decisions).toEqual([{ id: 'q1', decision: 'allow' }])
  })

  it('leaves the question open when the person ends the line instead', async () => {
    const { run, gantry, complained } = setUp({ answers: [undefined] })
    gantry.questions.push(question)
    expect(await run('approve')).toBe(1)
    expect(complained).toEqual(['Nothing was answered; the question stays open.'])
    expect(gantry.decisions).toEqual([])
  })

  it('only lists where nobody can answer, and says how to', async () => {
    const { run, gantry, printed, complained } = setUp()
    gantry.questions.push(question)
    await run('approve')
    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain('(q1)')
    expect(complained).toEqual([
      'Nobody can be asked here. Answer with: gantry approve --allow ID, --once ID, --deny ID or --never ID.',
    ])
    expect(gantry.decisions).toEqual([])
  })

  it.each(['allow', 'once', 'deny', 'never'])('decides from a script with --%s', async decision => {
    const { run, gantry } = setUp()
    gantry.questions.push(question)
    expect(await run('approve', `--${decision}`, 'q1')).toBe(0)
    expect(gantry.decisions).toEqual([{ id: 'q1', decision }])
  })

  it('says when a question is not open any more', async () => {
    const { run, complained } = setUp()
    expect(await run('approve', '--allow', 'q9')).toBe(1)
    expect(complained).toEqual(['This question is not open any more.'])
  })

  it('takes one decision at a time', async () => {
    const { run, complained } = setUp()
    expect(await run('approve', '--allow', 'q1', '--deny', 'q2')).toBe(1)
    expect(complained).toEqual(['Use one of --allow, --once, --deny and --never at a time.'])
  })

  it('waits for the first question', async () => {
    const { run, gantry } = setUp({ answers: ['y'] })
    expect(await run('approve', '--wait')).toBe(0)
    expect(gantry.decisions).toEqual([{ id: 'q1', decision: 'allow' }])
  })
})

describe('gantry apps and revoke', () => {
  it('lists who may do what', async () => {
    const { run, gantry, printed } = setUp()
    gantry.apps.push(app, { ...app, clientId: 'c2', name: 'Window', own: true, scopes: [] })
    await run('apps')
    const lines = printed[0]?.split('\n') ?? []
    expect(lines[0]).toMatch(/^APPLICATION +ORIGIN +LAST USED +UNTIL +MAY USE$/)
    expect(lines[1]).toMatch(/^Room clock +http:\/\/app.example.test +19\d\d-.* clock$/)
    expect(lines[2]).toContain('Window (Gantry’s own)')
    expect(lines[2]).toContain('not let in yet')
  })

  it.each(['room CLOCK', 'http://app.example.test', 'c1'])('takes a permission back by %s', async name => {
    const { run, gantry, printed } = setUp()
    gantry.apps.push(app)
    expect(await run('revoke', name)).toBe(0)
    expect(gantry.apps).toEqual([])
    expect(printed).toEqual(['“Room clock” from http://app.example.test may not use Gantry any more.'])
  })

  it('asks for more when two have the same name, or none has it, or none is named', async () => {
    const { run, gantry, complained } = setUp()
    gantry.apps.push(app, { ...app, clientId: 'c2', origin: 'http://other.example.test' })
    expect(await run('revoke', 'Room clock')).toBe(1)
    expect(await run('revoke', 'Nobody')).toBe(1)
    expect(await run('revoke')).toBe(1)
    expect(complained[0]).toContain('c1 (http://app.example.test), c2 (http://other.example.test)')
    expect(complained[1]).toContain('No application is called “Nobody”.')
    expect(complained[2]).toContain('Say which')
    expect(gantry.apps).toHaveLength(2)
  })

  it('takes back one plug-in and leaves the rest', async () => {
    const { run, gantry, printed, complained } = setUp()
    const plugins = [{ id: 'lamp', name: 'Desk lamp', once: true, since: 0 }]
    gantry.apps.push({ ...app, plugins })
    await run('apps')
    expect(printed[0]).toContain('clock, plug-in lamp (once)')
    expect(await run('revoke', 'room clock', 'desk LAMP')).toBe(0)
    expect(printed.at(-1)).toBe(
      '“Room clock” from http://app.example.test may not use the plug-in “Desk lamp” any more.',
    )
    expect(gantry.revoked).toEqual([{ clientId: 'c1', pluginId: 'lamp' }])
    expect(await run('revoke', 'c1', 'kettle')).toBe(1)
    expect(complained[0]).toContain('was not allowed a plug-in “kettle”')
    expect(gantry.apps).toHaveLength(1)
  })

  it('tells a script that the disk has not taken it', async () => {
    const { run, gantry, complained, printed } = setUp()
    gantry.apps.push({ ...app, plugins: [{ id: 'lamp', name: 'Desk lamp', once: false, since: 0 }] })
    gantry.fillDisk()
    expect(await run('revoke', 'c1', 'lamp')).toBe(1)
    expect(await run('revoke', 'c1')).toBe(1)
    expect(printed).toEqual([])
    expect(complained).toEqual([
      expect.stringMatching(
        /^“Room clock” .* the plug-in “Desk lamp” any more, but the disk has not taken that/,
      ),
      expect.stringMatching(/^“Room clock” .* use Gantry any more, but the disk has not taken that/),
    ])
  })

  it('lists what the disk has not taken yet, and on which other devices', async () => {
    const { run, gantry, printed } = setUp()
    const end = { clientId: 'c1', origin: app.origin, name: app.name, since: 0 }
    gantry.apps.push({ ...app, via: 'lan' })
    gantry.unwritten.push(end, { ...end, plugin: { id: 'lamp', name: 'Desk lamp' } })
    await run('apps')
    expect(printed[0]).toContain('http://app.example.test (on other devices)')
    expect(printed[1]).toContain('“Room clock” from http://app.example.test may not use Gantry any more, but')
    expect(printed[2]).toContain('may not use the plug-in “Desk lamp” any more, but')
  })

  it('prints data for scripts', async () => {
    const { run, gantry, printed } = setUp()
    gantry.apps.push(app)
    await run('apps', '--json')
    expect(JSON.parse(printed[0] ?? '')).toEqual([app])
  })
})

describe('gantry ask-again', () => {
  const silenced = { origin: 'http://app.example.test', via: 'loopback' as const, since: 0 }

  it('undoes what was said for good, on every way of that origin and of no other', async () => {
    const { run, gantry, printed } = setUp()
    const other = { ...silenced, origin: 'http://other.example.test' }
    gantry.silenced.push(silenced, other, { ...silenced, via: 'lan' })
    await run('apps')
    expect(printed.slice(1)).toEqual([
      'http://app.example.test may not ask. To change that: gantry ask-again http://app.example.test',
      'http://other.example.test may not ask. To change that: gantry ask-again http://other.example.test',
      'http://app.example.test (on other devices) may not ask. To change that: gantry ask-again http://app.example.test',
    ])
    expect(await run('ask-again', 'HTTP://app.example.test')).toBe(0)
    expect(gantry.silenced).toEqual([other])
  })

  it('says when there is nothing to undo, or asks which', async () => {
    const { run, complained } = setUp()
    expect(await run('ask-again', 'http://nobody.test')).toBe(1)
    expect(await run('ask-again')).toBe(1)
    expect(complained).toEqual([
      '“http://nobody.test” may ask anyway. `gantry apps` lists who may not.',
      'Say which: gantry ask-again ORIGIN. `gantry apps` lists them.',
    ])
  })
})

describe('gantry plugins, status and link', () => {
  it('lists plug-ins with their state and reason', async () => {
    const { run, gantry, printed } = setUp()
    gantry.plugins.push(plugin, {
      ...plugin,
      id: 'bad',
      name: 'bad',
      version: '',
      state: 'invalid',
      reason: 'No name.',
    })
    await run('plugins')
    expect(printed[0]).toMatch(/clock +Clock +1.0.0 +runs\nbad +bad +kept out: No name.$/)
  })

  it('tells of a plug-in that fell over why, and when it is tried again', async () => {
    const { run, gantry, printed } = setUp()
    const startsAgainAt = new Date(2026, 10, 21, 14, 5, 9).getTime()
    gantry.plugins.push({ ...plugin, state: 'waiting', reason: 'It was ended by SIGKILL.', startsAgainAt })
    await run('plugins')
    expect(printed[0]).toContain(
      'stopped, is started again soon: It was ended by SIGKILL. Next try at 14:05:09.',
    )
  })

  it('switches a plug-in', async () => {
    const { run, gantry, printed } = setUp()
    gantry.plugins.push(plugin)
    await run('plugins', 'off', 'clock')
    expect(printed[0]).toContain('switched off')
  })

  it.each([
    [['off'], 'Say which: gantry plugins off ID.'],
    [['burn', 'clock'], '“burn” is none of on, off, restart and search.'],
  ])('refuses plugins %j', async (words, sentence) => {
    const { run, complained } = setUp()
    expect(await run('plugins', ...words)).toBe(1)
    expect(complained).toEqual([sentence])
  })

  it('tells how Gantry is and what waits', async () => {
    const { run, gantry, printed } = setUp()
    gantry.questions.push(question)
    gantry.plugins.push({ ...plugin, state: 'given-up' })
    await run('status')
    expect(printed[0]).toMatch(/^Gantry 0.1.0 runs since .*, data in \/data\.$/)
    expect(printed.slice(1)).toEqual([
      'printers: failed.',
      'Plug-ins that do not run: clock.',
      'Questions that wait: 1. Answer with: gantry approve',
    ])
  })

  it('prints a link alone, so that it can be piped', async () => {
    const { run, printed, complained } = setUp()
    await run('link')
    expect(printed).toEqual(['http://127.0.0.1:4035/#invitation=abc'])
    expect(complained[0]).toContain('once')
  })
})
