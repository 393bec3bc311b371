import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** Firmware 3.14 of an MK3S as PrusaLink meets it on a serial port (printer-protocols 4.8, 4.9, 7). */
export interface Mk3 {
  /** The serial port. */
  readonly path: string
  /** Every line that was executed. */
  readonly executed: readonly string[]
  /** It waits for its person and does nothing else meanwhile, or goes on. */
  wait(waits: boolean): void
  stop(): Promise<void>
}

const reportMs = 500
/** Commands of finding the port and of greeting, in which it does not interrupt. */
const talksAfter = 6
/** How much faster than real it heats. */
const heatC = 20
const ambientC = 24

/** A pseudo terminal is the one thing Node cannot make; the peer brings a Python that can. */
const bridge = `
import os, pty, socket, sys, threading, tty
master, slave = pty.openpty()
tty.setraw(slave)
line = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
print(os.ttyname(slave), flush=True)
def up():
    while True:
        line.sendall(os.read(master, 4096))
threading.Thread(target=up, daemon=True).start()
while True:
    heard = line.recv(4096)
    if not heard:
        break
    os.write(master, heard)
`

export async function startMk3(python: string): Promise<Mk3> {
  const executed: string[] = []
  const eeprom = new Map<string, string>()
  const heaters = { nozzle: { actualC: ambientC, targetC: 0 }, bed: { actualC: ambientC, targetC: 0 } }
  let line: Socket | undefined
  // As left on by the host before: PrusaLink's own request may get lost while it finds the port, and comes again
  // only a minute later.
  let reporting = true
  let queue: string[] = []
  let busy = false
  let waits = false

  const say = (...lines: readonly string[]) => {
    for (const text of lines) line?.write(`${text}\n`)
  }
  const warm = () => {
    for (const heater of Object.values(heaters)) {
      const towardsC = Math.max(ambientC, heater.targetC)
      heater.actualC += Math.max(-heatC, Math.min(heatC, towardsC - heater.actualC))
    }
  }
  const temperatures = () => {
    const show = ({ actualC, targetC }: { actualC: number; targetC: number }) =>
      `${actualC.toFixed(1)} /${targetC.toFixed(1)}`
    return `T:${show(heaters.nozzle)} B:${show(heaters.bed)} T0:${show(heaters.nozzle)} @:0 B@:0 P:0.0 A:28.0`
  }
  const timer = setInterval(() => {
    warm()
    if (waits) say('echo:busy: paused for user')
    if (!reporting || executed.length < talksAfter) return
    say(temperatures())
    say('X:10.00 Y:20.00 Z:0.20 E:0.00 Count X: 10.00 Y:20.00 Z:0.20 E:0.00')
    say('E0:0 RPM PRN1:0 RPM E0@:0 PRN1@:0')
  }, reportMs)
  /** `D3 Ax0D05 C4` reads, `D3 Ax0D05 X00000001` writes. */
  const memory = (command: string) => {
    const [, address = '', count] = /Ax(\w+)(?: C(\d+))?/i.exec(command) ?? []
    const written = / X(\w+)$/.exec(command)?.[1]
    if (written) eeprom.set(address, written)
    const held = eeprom.get(address) ?? '00'.repeat(Number(count ?? 1))
    say(`${address.toLowerCase()}  ${held.replace(/../g, '$& ').trim()}`)
  }
  const answers: Readonly<Record<string, readonly string[]>> = {
    'PRUSA Fir': ['3.14.0-8000'],
    'PRUSA SN': ['CZPX1234X004XC12345'],
    'M862.1 Q': ['0.40'],
    'M862.2 Q': ['302'],
    M220: ['100%'],
    M221: ['100%'],
    M73: [
      'SILENT MODE: Percent done: -1; print time remaining in mins: -1; Change in mins: -1',
      'NORMAL MODE: Percent done: -1; print time remaining in mins: -1; Change in mins: -1',
    ],
    'M27 P': ['Not SD printing'],
    'M20 LT': ['Begin file list', 'End file list'],
    M21: ['echo:SD init fail'],
    M420: ['Mesh bed leveling not active.'],
    M601: ['// action:paused'],
    M602: ['// action:resumed'],
    M603: ['// action:cancel'],
  }
  const execute = async (command: string) => {
    executed.push(command)
    const [code = ''] = command.split(' ')
    const valueAt = (letter: string) => Number(new RegExp(`${letter}(\\d+)`).exec(command)?.[1] ?? 0)
    if (command.startsWith('D3 ')) memory(command)
    else if (code === 'M104' || code === 'M109') heaters.nozzle.targetC = valueAt('S')
    else if (code === 'M140' || code === 'M190') heaters.bed.targetC = valueAt('S')
    else if (code === 'M155') reporting = valueAt('S') > 0
    else if (code === 'G4') await new Promise(resolve => setTimeout(resolve, valueAt('P')))
    if (code === 'M105') say(`ok ${temperatures()}`)
    else {
      say(...(answers[command] ?? []))
      say('ok')
    }
  }
  const drain = async () => {
    if (busy || waits) return
    busy = true
    for (let next = queue.shift(); next !== undefined; next = waits ? undefined : queue.shift())
      await execute(next)
    busy = false
  }
  const server = createServer(socket => {
    line = socket
    let rest = ''
    socket.on('error', () => {})
    socket.on('data', piece => {
      const parts = (rest + piece.toString('latin1')).split('\n')
      rest = parts.pop() ?? ''
      const commands = parts.map(part =>
        part
          .replace(/^N\d+ /, '')
          .replace(/ ?\*\d+$/, '')
          .trim(),
      )
      queue = [...queue, ...commands.filter(each => each !== '' && !each.startsWith(';'))]
      void drain()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const child: ChildProcess = spawn(python, ['-c', bridge, String(address.port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!child.stdout) throw new Error('no output')
  const [path] = await once(createInterface(child.stdout), 'line')

  return {
    path: String(path),
    executed,
    wait(on) {
      waits = on
      void drain()
    },
    async stop() {
      clearInterval(timer)
      child.kill('SIGKILL')
      line?.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
