import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { type Socket as Connection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../../src/main/lib/clock.ts'
import { obey } from '../../src/main/printers/sim/gcode.ts'
import {
  changedFields,
  type KlipperObjects,
  klipperObjects,
} from '../../src/main/printers/sim/klipper-objects.ts'
import { createSimPrinter, type SimPrinter } from '../../src/main/printers/sim/sim-printer.ts'

/** Klipper's host as Moonraker meets it: a Unix socket, JSON ended by 0x03, a printer that is only arithmetic. */
export interface Klippy {
  readonly sim: SimPrinter
  start(): Promise<void>
  stop(): Promise<void>
  /** As after a fault of the machine: the socket stays, everything else is refused until a restart. */
  shutDown(message: string): void
  /** A line in the terminal of every client, as macros write them. */
  say(line: string): void
}

interface Request {
  readonly id: number
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}
interface Client {
  readonly connection: Connection
  wanted: Readonly<Record<string, readonly string[] | null>>
  told: KlipperObjects
  status?: object
  output?: object
}

const end = '\u0003'
const updateMs = 100
/** How long a Klipper is away that restarts, and how long it then says `startup`. */
const awayMs = 500
const startupMs = 700
const fromWebhooks = 'Shutdown due to webhooks request'
const macros = ['gcode_macro LOAD_FILAMENT']
const pathOf = (params: Readonly<Record<string, unknown>>, key: string) => String(params[key] ?? '')

class Refusal extends Error {}

export function createKlippy(options: {
  readonly socketPath: string
  readonly gcodes: string
  readonly speed: number
}): Klippy {
  const { socketPath, gcodes, speed } = options
  const sim = createSimPrinter({ clock: systemClock, speed })
  const clients = new Set<Client>()
  let state: 'startup' | 'ready' | 'shutdown' = 'ready'
  let message = 'Printer is ready'
  let server: Server | undefined
  let timer: NodeJS.Timeout | undefined

  const eventtime = () => performance.now() / 1000
  const objects = (): KlipperObjects => ({
    ...klipperObjects(sim.state()),
    webhooks: { state, state_message: message },
    configfile: {
      config: { virtual_sdcard: { path: gcodes } },
      settings: { printer: { kinematics: 'cartesian' } },
    },
    mcu: { mcu_version: 'v0.12.0', mcu_constants: { MCU: 'atmega2560' } },
    ...Object.fromEntries(macros.map(name => [name, {}])),
  })
  const pick = (all: KlipperObjects, wanted: Client['wanted']): KlipperObjects =>
    Object.fromEntries(
      Object.entries(wanted).flatMap(([name, fields]) => {
        const found = all[name]
        if (found === undefined) return []
        const kept = Object.entries(found).filter(([key]) => fields === null || fields.includes(key))
        return [[name, Object.fromEntries(kept)]]
      }),
    )
  const push = (client: Client) => {
    if (client.status === undefined) return
    const now = pick(objects(), client.wanted)
    const status = changedFields(client.told, now)
    client.told = now
    if (Object.keys(status).length > 0)
      send(client, { ...client.status, params: { eventtime: eventtime(), status } })
  }
  const shutDown = (why: string) => {
    state = 'shutdown'
    message = why
    for (const client of clients) push(client)
  }
  const say = (line: string) => {
    for (const client of clients)
      if (client.output) send(client, { ...client.output, params: { response: line } })
  }
  const down = async () => {
    clearInterval(timer)
    for (const { connection } of clients) connection.destroy()
    clients.clear()
    const running = server
    server = undefined
    if (running === undefined) return
    running.close()
    await once(running, 'close')
    rmSync(socketPath, { force: true })
  }
  const up = async () => {
    const fresh = createServer(connection => welcome(connection))
    server = fresh
    fresh.listen(socketPath)
    await once(fresh, 'listening')
    timer = setInterval(() => {
      const { machine, fault } = sim.state()
      if (machine === 'error' && state === 'ready')
        shutDown(fault === 'thermal-runaway' ? 'Heater extruder not heating at expected rate' : fromWebhooks)
      for (const client of clients) push(client)
    }, updateMs)
  }
  const restart = async () => {
    await down()
    sim.act({ kind: 'reset' })
    state = 'startup'
    message = 'Printer is not ready'
    await new Promise(resolve => setTimeout(resolve, awayMs))
    await up()
    setTimeout(() => {
      state = 'ready'
      message = 'Printer is ready'
    }, startupMs)
  }
  const done = (ok: boolean, why: string) => {
    if (!ok) throw new Refusal(why)
    return {}
  }
  const gcode = (script: string) => {
    for (const line of script.split('\n')) {
      const file = /^SDCARD_PRINT_FILE FILENAME="(.+)"$/.exec(line)?.[1]
      const heater = /^SET_HEATER_TEMPERATURE HEATER=(\S+) TARGET=([\d.]+)/.exec(line)
      if (line === 'RESTART' || line === 'FIRMWARE_RESTART') restart().catch(() => {})
      else if (state !== 'ready') throw new Refusal(message)
      else if (file !== undefined) begin(file)
      else if (heater)
        sim.act({
          kind: 'heat',
          heater: heater[1] === 'heater_bed' ? 'bed' : 'nozzle',
          targetC: Number(heater[2]),
        })
      else obey(sim, line)
    }
    return {}
  }
  const begin = (file: string) => {
    let content: string
    try {
      content = readFileSync(join(gcodes, file), 'latin1')
    } catch {
      throw new Refusal(`Unable to open file`)
    }
    sim.addFile(file, content)
    done(sim.act({ kind: 'start', path: file }), 'SD busy')
  }
  const answer = (client: Client, { method, params }: Request): unknown => {
    const wanted = (params.objects ?? {}) as Client['wanted']
    switch (method) {
      case 'info':
        return {
          state,
          state_message: message,
          hostname: 'interop-klipper',
          klipper_path: '/opt/klipper',
          python_path: '/opt/klipper/python',
          log_file: '/opt/klipper/klippy.log',
          config_file: '/opt/klipper/printer.cfg',
          software_version: 'v0.12.0',
          cpu_info: '1 core',
          process_id: process.pid,
        }
      case 'list_endpoints':
        return { endpoints: [...endpoints] }
      case 'objects/list':
        return { objects: Object.keys(objects()) }
      case 'objects/query':
        return { eventtime: eventtime(), status: pick(objects(), wanted) }
      case 'objects/subscribe':
        client.wanted = wanted
        client.status = params.response_template as object
        client.told = pick(objects(), wanted)
        return { eventtime: eventtime(), status: client.told }
      case 'gcode/subscribe_output':
        client.output = params.response_template as object
        return {}
      case 'register_remote_method':
        return {}
      case 'gcode/script':
        return gcode(pathOf(params, 'script'))
      case 'emergency_stop':
        sim.act({ kind: 'kill' })
        shutDown(fromWebhooks)
        return {}
      case 'pause_resume/pause':
        return done(sim.act({ kind: 'pause' }), 'Print already paused')
      case 'pause_resume/resume':
        return done(sim.act({ kind: 'resume' }), 'Print is not paused, resume aborted')
      case 'pause_resume/cancel':
        return done(sim.act({ kind: 'cancel' }), 'No print to cancel')
      default:
        throw new Refusal(`webhooks: No registered callback for path '${method}'`)
    }
  }
  const welcome = (connection: Connection) => {
    const client: Client = { connection, wanted: {}, told: {} }
    let rest = ''
    clients.add(client)
    connection.on('close', () => clients.delete(client))
    connection.on('error', () => {})
    connection.on('data', piece => {
      const parts = (rest + piece.toString('utf8')).split(end)
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const request = { params: {}, ...JSON.parse(part) } as Request
        try {
          send(client, { id: request.id, result: answer(client, request) })
        } catch (thrown) {
          if (!(thrown instanceof Refusal)) throw thrown
          send(client, { id: request.id, error: { error: 'WebRequestError', message: thrown.message } })
        }
      }
    })
  }
  return { sim, start: up, stop: down, shutDown, say }
}

const endpoints = [
  ...['info', 'list_endpoints', 'objects/list', 'objects/query', 'objects/subscribe'],
  ...['gcode/subscribe_output', 'gcode/script', 'register_remote_method', 'emergency_stop'],
  ...['pause_resume/pause', 'pause_resume/resume', 'pause_resume/cancel'],
]

function send({ connection }: Client, body: object): void {
  if (connection.writable) connection.write(JSON.stringify(body) + end)
}
