import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { Link } from '../../../src/main/contract/printer.ts'
import { createConnection, retryDelayMs } from '../../../src/main/printers/connection.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { FormField, PrinterDriver, SessionEvent } from '../../../src/main/printers/driver/driver.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import { createHttpClient } from '../../../src/main/printers/wire/http-client.ts'
import { copied } from '../../../src/main/printers/wire/print-file.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

/** A driver whose printer answers, refuses or stays silent as told. */
function bench(form: PrinterDriver['form'] = [], more: Partial<PrinterDriver> = {}) {
  const clock = createFakeClock()
  const links: Link[] = []
  const world: {
    refuse?: GantryError
    silent?: boolean
    slow?: Promise<void>
    deaf?: boolean
    config?: string
  } = {}
  const voices: SessionVoice[] = []
  const configs: unknown[] = []
  let closed = 0
  const byHand: unknown[] = []
  const open: PrinterDriver['open'] = async (config, ctx) => {
    const { signal } = ctx
    configs.push(config)
    byHand.push(ctx.byHand)
    if (world.refuse) throw world.refuse
    if (world.silent) {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new GantryError('cancelled', 'stopped'))),
      )
    }
    await world.slow
    const voice = createSessionVoice()
    voices.push(voice)
    const close = async () => {
      if (!world.deaf) voice.silence()
      closed++
    }
    return { can: nothing, on: voice.on, perform: async () => {}, begin: async () => copied, close }
  }
  const driver: PrinterDriver = {
    id: 'test',
    name: 'Test',
    form,
    fields: [],
    can: nothing,
    accepts: ['gcode'],
    recognise: () => undefined,
    parseConfig: () => ({}),
    open,
    ...more,
  }
  const { log, lines } = createLogRecorder()
  const events: SessionEvent[] = []
  const connection = createConnection({
    driver,
    config: () => world.config ?? 'first',
    context: signal => ({
      clock,
      log,
      signal,
      random: () => 0.5,
      http: createHttpClient(clock),
      serial: { list: async () => [], open: () => Promise.reject(new Error('none')) },
    }),
    clock,
    random: () => 0.5,
    log,
    onLink: link => links.push(link),
    onEvent: event => events.push(event),
  })
  const states = () => links.map(({ state }) => state)
  return {
    clock,
    links,
    world,
    voices,
    configs,
    byHand,
    connection,
    states,
    lines,
    events,
    closed: () => closed,
  }
}

const offline = new GantryError('printer.offline', 'nobody there')

describe('the supervisor of a line', () => {
  it('waits 1, 2, 4 ... 30 s, moved by at most a fifth', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 50].map(attempts => retryDelayMs(attempts, 0.5) / 1000)
    expect(seconds).toEqual([1, 2, 4, 8, 16, 30, 30, 30])
    expect(retryDelayMs(1, 0)).toBe(800)
    expect(retryDelayMs(6, 0.999_99)).toBeLessThanOrEqual(36_000)
  })

  it('says why it is down and when it tries again, and comes up when the printer does', async () => {
    const { clock, links, world, connection } = bench()
    world.refuse = offline
    connection.start()
    await clock.advance(0)
    expect(links.at(-1)).toMatchObject({ state: 'offline', reason: 'printer.offline', text: 'nobody there' })
    expect((links.at(-1)?.retryAt ?? 0) - clock.now()).toBe(1_000)
    delete world.refuse
    await clock.advance(1_000)
    expect(links.at(-1)?.state).toBe('online')
  })

  it('gives a make that needs longer as long as it says', async () => {
    const { clock, connection, links, world } = bench([], { openLimitMs: 120_000 })
    world.silent = true
    connection.start()
    await clock.advance(119_000)
    expect(links.at(-1)?.state).toBe('connecting')
    await clock.advance(1_000)
    expect(links.at(-1)).toMatchObject({ state: 'offline', text: expect.stringContaining('120 s') })
    await connection.stop()
  })

  it('gives a silent printer 30 s and not more', async () => {
    const { clock, links, world, connection } = bench()
    world.silent = true
    connection.start()
    await clock.advance(29_900)
    expect(links.at(-1)?.state).toBe('connecting')
    await clock.advance(200)
    expect(links.at(-1)).toMatchObject({ state: 'offline', reason: 'wire.timeout' })
  })

  it('counts a printer that ran into the limit once, although its driver gives up a moment later', async () => {
    const { clock, links, world, connection } = bench()
    world.silent = true
    connection.start()
    await clock.advance(30_000)
    expect(links.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['connecting', undefined],
      ['offline', 1],
    ])
    expect(clock.waiting()).toEqual(['printers.reconnect'])
  })

  it('says at each try how many led nowhere before it, and tells the log once, the rest only who looks closely', async () => {
    const { clock, links, world, connection, lines } = bench()
    world.refuse = offline
    connection.start()
    await clock.advance(0)
    await clock.advance(7_000)
    expect(links.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['connecting', undefined],
      ['offline', 1],
      ['connecting', 1],
      ['offline', 2],
      ['connecting', 2],
      ['offline', 3],
      ['connecting', 3],
      ['offline', 4],
    ])
    expect(links[0]).not.toHaveProperty('attempts')
    expect(lines.map(({ level }) => level)).toEqual(['info', 'debug', 'debug', 'debug'])
  })

  const field = (kind: FormField['kind']): FormField => ({ key: kind, label: kind, kind, required: true })
  it.each<[string, FormField[], string]>([
    ['an address', [field('url'), field('secret')], 'busy'],
    ['a port', [field('port')], 'port-busy'],
    ['a port and more', [field('port'), field('number')], 'port-busy'],
  ])('says what keeps a printer that has %s: “%s”', async (_what, form, cause) => {
    const { clock, links, world, connection } = bench(form)
    world.refuse = new GantryError('printer.busy', 'taken')
    connection.start()
    await clock.advance(0)
    expect(links.at(-1)?.cause).toBe(cause)
  })

  it('has one timer at a time, named after what it waits for', async () => {
    const { clock, voices, world, connection } = bench()
    let answer = () => {}
    world.slow = new Promise(resolve => {
      answer = resolve
    })
    connection.start()
    expect(clock.waiting()).toEqual(['printers.open'])
    answer()
    await clock.advance(0)
    expect(clock.waiting()).toEqual(['printers.health'])
    voices[0]?.end(offline)
    expect(clock.waiting()).toEqual(['printers.reconnect'])
  })

  it('hears nothing more from a line it has let go, whatever that still says', async () => {
    const { clock, events, voices, world, states, connection } = bench()
    world.deaf = true
    connection.start()
    await clock.advance(0)
    voices[0]?.say({ kind: 'files-changed' })
    connection.restart()
    await clock.advance(0)
    voices[0]?.say({ kind: 'machine', state: 'error' })
    voices[0]?.end(offline)
    await clock.advance(0)
    expect([events, states().at(-1)]).toEqual([[{ kind: 'files-changed' }], 'online'])
  })

  it('leaves a line that is up as it is when a person asks for a try', async () => {
    const { clock, configs, connection, closed } = bench()
    connection.start()
    await clock.advance(0)
    connection.retry()
    await clock.advance(0)
    expect([configs.length, closed()]).toEqual([1, 0])
  })

  it('opens again when a session ends, once', async () => {
    const { clock, states, voices, connection } = bench()
    connection.start()
    await clock.advance(0)
    voices[0]?.end(new GantryError('wire.closed', 'cable'))
    await clock.advance(1_000)
    expect(states()).toEqual(['connecting', 'online', 'offline', 'connecting', 'online'])
    expect(voices).toHaveLength(2)
  })

  it('counts from the start only after a minute of health', async () => {
    const { clock, links, voices, connection } = bench()
    connection.start()
    await clock.advance(0)
    for (let round = 0; round < 3; round++) {
      voices.at(-1)?.end(new GantryError('wire.closed', 'cable'))
      await clock.advance(10_000)
    }
    expect(links.findLast(({ state }) => state === 'offline')?.attempts).toBe(3)
    await clock.advance(61_000)
    voices.at(-1)?.end(new GantryError('wire.closed', 'cable'))
    expect(links.at(-1)?.attempts).toBe(1)
  })

  it('leaves a printer alone that only a person may open, and says by whom it is opened', async () => {
    const { clock, configs, links, world, connection, byHand } = bench()
    world.refuse = new GantryError('printer.left-alone', 'it prints', { reason: 'printing' })
    connection.start()
    await clock.advance(0)
    await clock.advance(3_600_000)
    expect(configs).toHaveLength(1)
    expect(links.at(-1)).toMatchObject({ state: 'offline', cause: 'left-printing', attempts: 1 })
    expect(links.at(-1)).not.toHaveProperty('retryAt')
    // Something was plugged in, or a call needs it: nobody has said yes to a reset.
    connection.tryNow()
    await clock.advance(0)
    delete world.refuse
    connection.retry()
    await clock.advance(0)
    expect(byHand).toEqual([false, false, true])
    expect(links.at(-1)?.state).toBe('online')
  })

  it('does not hammer a printer with a wrong key', async () => {
    const { clock, configs, world, connection } = bench()
    world.refuse = new GantryError('printer.credentials', 'wrong key')
    connection.start()
    await clock.advance(0)
    await clock.advance(60_000)
    expect(configs).toHaveLength(1)
    delete world.refuse
    world.config = 'better'
    connection.restart()
    await clock.advance(0)
    expect(configs.at(-1)).toBe('better')
    expect(connection.session()).toBeDefined()
  })

  it('makes its next try now for a call that needs it, counts on, and goes on with one that is under way', async () => {
    const { clock, links, world, configs, connection } = bench()
    world.refuse = offline
    connection.start()
    await clock.advance(20_000)
    const { attempts = 0 } = links.at(-1) ?? {}
    connection.tryNow()
    await clock.advance(0)
    expect(links.at(-1)).toMatchObject({ state: 'offline', attempts: attempts + 1 })
    delete world.refuse
    world.silent = true
    connection.tryNow()
    await clock.advance(0)
    const tries = configs.length
    connection.tryNow()
    await clock.advance(0)
    expect(configs).toHaveLength(tries)
  })

  it('leaves a line that is up as it is when a call needs it', async () => {
    const { clock, states, configs, connection } = bench()
    connection.start()
    await clock.advance(0)
    connection.tryNow()
    await clock.advance(0)
    expect([states(), configs.length]).toEqual([['connecting', 'online'], 1])
  })

  it('tries at once when asked to', async () => {
    const { clock, links, world, connection } = bench()
    world.refuse = offline
    connection.start()
    await clock.advance(20_000)
    delete world.refuse
    connection.retry()
    await clock.advance(0)
    expect(links.at(-1)?.state).toBe('online')
  })

  it('leaves no timer and says nothing after it was stopped', async () => {
    const { clock, links, world, connection, voices } = bench()
    connection.start()
    await clock.advance(0)
    await connection.stop()
    expect(clock.waiting()).toEqual([])
    const told = links.length
    voices[0]?.end(offline)
    world.refuse = offline
    await clock.advance(60_000)
    expect(links).toHaveLength(told)
  })

  it.each(['retry', 'restart'] as const)('once stopped, is not opened again by %s', async verb => {
    const { clock, configs, connection } = bench()
    connection.start()
    await clock.advance(0)
    await connection.stop()
    if (verb === 'retry') connection.retry()
    else connection.restart()
    await clock.advance(60_000)
    expect([configs, connection.session(), clock.waiting()]).toEqual([['first'], undefined, []])
  })

  it('is stopped only when a line that was just being opened is closed again', async () => {
    const { clock, world, connection, closed } = bench()
    let answer = () => {}
    world.slow = new Promise(resolve => {
      answer = resolve
    })
    connection.start()
    await clock.advance(0)
    let isStopped = false
    const stopped = connection.stop().then(() => {
      isStopped = true
    })
    await clock.advance(0)
    expect(isStopped).toBe(false)
    answer()
    await stopped
    expect([closed(), connection.session()]).toEqual([1, undefined])
  })
})
