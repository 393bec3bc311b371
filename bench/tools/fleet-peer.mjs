import { createServer } from 'node:http'
import { createServer as createPlainServer } from 'node:net'
import { WebSocketServer } from 'ws'
import { stampC } from './stamp.mjs'

/**
 * A room of network printers that all print, in a process of its own: `fleet-peer.mjs JSON`, where JSON says how many
 * of each. Every printer is a server with its own port and its make's own wire; its nozzle is as warm as the clock is
 * late (`stamp.mjs`), so that whoever reads a temperature knows when it was measured. Prints the printers as JSON.
 *
 * @typedef {object} Room
 * @property {number} moonraker
 * @property {number} octoprint
 * @property {number} prusalink
 * @property {number} [refusing] Nobody listens there.
 * @property {number} [silent] Takes the connection and never says anything.
 * @property {number} [halfOpen] Answers the first question and hangs at the live connection.
 * @property {number} periodMs From one new value to the next.
 *
 * @typedef {{ driver: string, config: Record<string, string> }} Address
 */

const rpcVersion = { jsonrpc: '2.0' }
/** @type {Room} */
const room = JSON.parse(process.argv[2] ?? '{}')
const sockets = new WebSocketServer({ noServer: true })

const jobS = 7_200
const file = { path: 'calibration cube.gcode', sizeBytes: 4_000_000 }

/** @param {number} at where in the room it stands, so that no two say the same */
function status(at) {
  const printedS = (performance.now() / 1_000 + at * 37) % jobS
  return { at, printedS, progress: printedS / jobS, nozzleC: stampC(), zMm: Math.round(printedS / 20) / 5 }
}

/** @typedef {ReturnType<typeof status>} Status */

/** @param {Status} now */
const bagsOf = ({ printedS, progress, nozzleC, zMm }) => ({
  print_stats: {
    filename: file.path,
    state: 'printing',
    message: '',
    print_duration: printedS,
    total_duration: printedS + 120,
    filament_used: printedS * 2,
    info: { total_layer: 300, current_layer: Math.round(progress * 300) },
  },
  virtual_sdcard: { progress, is_active: true },
  display_status: { progress, message: null },
  gcode_move: { gcode_position: [(printedS * 7) % 200, (printedS * 3) % 200, zMm, 0] },
  extruder: { temperature: nozzleC, target: 250 },
  heater_bed: { temperature: 60 + (printedS % 1), target: 60 },
})

const still = {
  webhooks: { state: 'ready', state_message: '' },
  idle_timeout: { state: 'Printing' },
  toolhead: { homed_axes: 'xyz', axis_maximum: [220, 220, 250, 0], axis_minimum: [0, 0, 0, 0] },
  fan: { speed: 0.5 },
}

/**
 * @param {number} at
 * @returns {Promise<Address>}
 */
async function moonraker(at) {
  /** @param {string} method */
  const resultOf = method => {
    switch (method) {
      case 'server.info':
        return { klippy_state: 'ready', moonraker_version: 'v0.9.3', api_version_string: '1.5.0' }
      case 'printer.info':
        return {
          state: 'ready',
          state_message: '',
          hostname: `klipper-${at}`,
          software_version: 'v0.12.0',
        }
      case 'printer.objects.list':
        return { objects: Object.keys({ ...bagsOf(status(at)), ...still }) }
      case 'printer.objects.subscribe':
        return { eventtime: performance.now() / 1_000, status: { ...bagsOf(status(at)), ...still } }
      case 'server.files.metadata':
        return { size: file.sizeBytes, estimated_time: jobS, layer_count: 300 }
      case 'server.job_queue.status':
        return { queued_jobs: [], queue_state: 'ready' }
      default:
        return {}
    }
  }
  const url = await serve(
    (_request, reply) => reply.writeHead(404).end(),
    socket => {
      socket.on('message', data => {
        const { id, method } = JSON.parse(String(data))
        socket.send(JSON.stringify({ ...rpcVersion, id, result: resultOf(method) }))
        if (method !== 'printer.objects.subscribe') return
        every(socket, () => ({
          ...rpcVersion,
          method: 'notify_status_update',
          params: [bagsOf(status(at)), performance.now() / 1_000],
        }))
      })
    },
  )
  return { driver: 'moonraker', config: { url } }
}

const flags = { operational: true, printing: true, ready: false, error: false, closedOrError: false }

/** @param {Status} now */
const pushOf = ({ printedS, progress, nozzleC, zMm }) => ({
  state: { text: 'Printing', flags },
  job: {
    file: { name: file.path, display: file.path, path: file.path, origin: 'local', size: file.sizeBytes },
    filament: { tool0: { length: 8_000, volume: 19 } },
  },
  progress: {
    completion: progress * 100,
    filepos: Math.round(progress * file.sizeBytes),
    printTime: Math.round(printedS),
    printTimeLeft: Math.round(jobS - printedS),
  },
  currentZ: zMm,
  temps: [
    {
      time: Math.floor(Date.now() / 1_000),
      tool0: { actual: nozzleC, target: 250 },
      bed: { actual: 60 + (printedS % 1), target: 60 },
    },
  ],
  logs: [],
  messages: [],
  serverTime: Date.now() / 1_000,
})

/**
 * @param {number} at
 * @param {string} path
 */
function octoprintBody(at, path) {
  const { state, job, progress, temps } = pushOf(status(at))
  const volume = { width: 220, depth: 220, height: 250 }
  switch (path) {
    case '/api/version':
      return { api: '0.1', server: '1.11.8', text: 'OctoPrint 1.11.8' }
    case '/api/login':
      return { name: 'gantry', session: 'session' }
    case '/api/printerprofiles':
      return { profiles: { own: { name: `Octo ${at}`, model: 'Peer 220', current: true, volume } } }
    case '/api/connection':
      return { current: { state: state.text, port: 'VIRTUAL', printerProfile: 'own' } }
    case '/api/job':
      return { job, progress, state: state.text }
    case '/api/printer':
      return { temperature: temps[0], state }
    default:
      return null
  }
}

/**
 * @param {number} at
 * @param {(socket: import('ws').WebSocket) => void} [greet]
 */
async function octoprint(at, greet = socket => pushCurrent(socket, at)) {
  const url = await serve((request, reply) => {
    request.resume()
    json(reply, 200, octoprintBody(at, pathOf(request)))
  }, greet)
  return { driver: 'octoprint', config: { url, apiKey: 'key' } }
}

/**
 * @param {import('ws').WebSocket} socket
 * @param {number} at
 */
function pushCurrent(socket, at) {
  socket.send(JSON.stringify({ connected: { version: '1.11.8' } }))
  socket.on('message', data => {
    if (!('auth' in JSON.parse(String(data)))) return
    socket.send(JSON.stringify({ history: pushOf(status(at)) }))
    every(socket, () => ({ current: pushOf(status(at)) }))
  })
}

/**
 * Only answers when it is asked, as the real one; a new nonce now and then as well.
 *
 * @param {number} at
 * @returns {Promise<Address>}
 */
async function prusalink(at) {
  /** @param {string} path */
  const bodyOf = path => {
    const { printedS, progress, nozzleC, zMm } = status(at)
    switch (path) {
      case '/api/version':
        return { api: '2.0.0', server: '2.1.2', text: 'PrusaLink', hostname: `prusa-${at}` }
      case '/api/v1/info':
        return { nozzle_diameter: 0.4, serial: `PEER${at}`, hostname: `prusa-${at}` }
      case '/api/v1/storage':
        return { storage_list: [{ path: '/usb/', name: 'usb', type: 'USB', available: true }] }
      case '/api/v1/job':
        return { id: 1, state: 'PRINTING', file: { name: file.path, display_name: file.path, path: '/usb' } }
      default:
        return {
          printer: {
            state: 'PRINTING',
            temp_nozzle: nozzleC,
            target_nozzle: 250,
            temp_bed: 60,
            target_bed: 60,
            axis_z: zMm,
          },
          job: {
            id: 1,
            progress: Math.round(progress * 100),
            time_remaining: Math.round(jobS - printedS),
            time_printing: Math.round(printedS),
          },
        }
    }
  }
  const url = await serve((request, reply) => {
    if (request.headers.authorization) json(reply, 200, bodyOf(pathOf(request)))
    else {
      const challenge = `Digest realm="Printer API", nonce="${performance.now()}", stale="false"`
      reply.writeHead(401, { 'www-authenticate': challenge, 'content-length': 0 }).end()
    }
  })
  return { driver: 'prusalink', config: { url, password: 'key' } }
}

/** @returns {Promise<Address>} */
async function refusing() {
  const server = createServer()
  const url = await listen(server)
  await new Promise(resolve => {
    server.close(resolve)
  })
  return { driver: 'moonraker', config: { url } }
}

/** @returns {Promise<Address>} */
async function silent() {
  const server = createPlainServer(socket => {
    socket.on('error', () => undefined)
    socket.resume()
  })
  return { driver: 'octoprint', config: { url: await listen(server), apiKey: 'key' } }
}

/** @param {number} at */
async function halfOpen(at) {
  const server = createServer((request, reply) => {
    request.resume()
    json(reply, 200, octoprintBody(at, pathOf(request)))
  })
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => undefined)
  })
  return { driver: 'octoprint', config: { url: await listen(server), apiKey: 'key' } }
}

/**
 * @param {import('node:http').RequestListener} answer
 * @param {(socket: import('ws').WebSocket) => void} [greet]
 */
function serve(answer, greet) {
  const server = createServer(answer)
  if (greet) {
    server.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, greet)
    })
  }
  return listen(server)
}

/** @param {import('node:net').Server} server */
async function listen(server) {
  await new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(undefined))
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

/** @param {import('node:http').IncomingMessage} request */
const pathOf = request => (request.url ?? '').split('?')[0] ?? ''

/**
 * @param {import('node:http').ServerResponse} reply
 * @param {number} code
 * @param {unknown} body
 */
function json(reply, code, body) {
  const text = JSON.stringify(body)
  reply.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  reply.end(text)
}

/**
 * Every printer has its own beat: a hundred of them never speak at once.
 *
 * @param {import('ws').WebSocket} socket
 * @param {() => unknown} message
 */
function every(socket, message) {
  const say = () => {
    if (socket.readyState === 1) socket.send(JSON.stringify(message()))
  }
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const start = setTimeout(() => {
    timer = setInterval(say, room.periodMs)
  }, Math.random() * room.periodMs)
  socket.on('close', () => {
    clearTimeout(start)
    clearInterval(timer)
  })
}

const living = { moonraker, octoprint, prusalink }
const kinds = { ...living, refusing, silent, halfOpen }
const found = []
for (const [kind, start] of Object.entries(kinds)) {
  const wanted = room[/** @type {keyof typeof kinds} */ (kind)] ?? 0
  for (let at = 0; at < wanted; at += 1) {
    found.push({ ...(await start(at)), name: `${kind} ${at + 1}`, isAlive: kind in living })
  }
}
process.stdout.write(`${JSON.stringify(found)}\n`)
process.on('disconnect', () => process.exit(0))
