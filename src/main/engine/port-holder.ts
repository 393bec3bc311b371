import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'

export interface PortHolder {
  readonly pid: number
  /** As the system calls the program; undefined where it does not say. */
  readonly program: string | undefined
}

/** Somebody waits for a start that has failed already; a slow tool must not make them wait much longer. */
const toolLimitMs = 3_000

/** Who listens on a port of this machine; undefined where the system does not tell, as for another person's program. */
export async function findPortHolder(
  port: number,
  system: NodeJS.Platform = process.platform,
): Promise<PortHolder | undefined> {
  try {
    if (system === 'linux') return holderFromProc(port, '/proc')
    if (system === 'win32') return parseNetstat(await runTool('netstat', ['-ano', '-p', 'TCP']), port)
    return parseLsof(await runTool('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']))
  } catch {
    // A name is a courtesy: whatever keeps us from it, the sentence about the port is said without.
    return undefined
  }
}

/** `port.taken`, with the holder's name where it can be had, and what it may mean. */
export async function describeTakenPort(port: number): Promise<GantryError> {
  const holder = await findPortHolder(port)
  const by = holder ? `${holder.program ?? 'another program'} (process ${holder.pid})` : 'another program'
  return new GantryError(
    'port.taken',
    `Port ${port} is held by ${by}. Applications look for Gantry at exactly that port, so it never moves to another by itself, and what answers there now may even pose as Gantry. Stop that program, or choose another port with --port or --https-port.`,
    { port, holder },
  )
}

/** Linux: the socket's number from /proc/net, then the process that has it open. */
function holderFromProc(port: number, proc: string): PortHolder | undefined {
  const tables = ['net/tcp', 'net/tcp6'].map(name => readText(join(proc, name)))
  const sockets = new Set(
    tables.flatMap(table => parseProcNet(table, port)).map(inode => `socket:[${inode}]`),
  )
  if (sockets.size === 0) return undefined
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name) || !hasOpen(join(proc, name, 'fd'), sockets)) continue
    return { pid: Number(name), program: readText(join(proc, name, 'comm')).trim() || undefined }
  }
  return undefined
}

/** `0: 0100007F:0FC3 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 45678 …`: state 0A listens. */
export function parseProcNet(table: string, port: number): string[] {
  return table.split('\n').flatMap(line => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const isIt = state === '0A' && Number.parseInt(local.split(':')[1] ?? '', 16) === port
    return isIt && inode !== undefined ? [inode] : []
  })
}

/** `lsof -F`: a line `p123`, then `cnode`, then files. */
export function parseLsof(output: string): PortHolder | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1]
  return pid === undefined ? undefined : { pid: Number(pid), program: /^c(.+)$/m.exec(output)?.[1] }
}

/** `  TCP    127.0.0.1:4035    0.0.0.0:0    LISTENING    1234`. The state is translated on a German Windows, so it is not read. */
export function parseNetstat(output: string, port: number): PortHolder | undefined {
  for (const line of output.split('\n')) {
    const [protocol, local = '', remote = '', , pid = ''] = line.trim().split(/\s+/)
    const listens = protocol === 'TCP' && local.endsWith(`:${port}`) && /:0$/.test(remote)
    if (listens && /^\d+$/.test(pid)) return { pid: Number(pid), program: undefined }
  }
  return undefined
}

function hasOpen(fdDir: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(fdDir).some(fd => sockets.has(linkTarget(join(fdDir, fd))))
  } catch {
    // Another person's process, or one that just ended.
    return false
  }
}

function linkTarget(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function runTool(name: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(name, [...args], { timeout: toolLimitMs, windowsHide: true }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    )
  })
}
