import { isJobOn } from './model.ts'
import type { SimPrinter } from './sim-printer.ts'
import type { SimReply, SimRequest } from './sim-server.ts'

const root = '/api/v1/files/usb'
/** What FAT takes in no name. */
const forbidden = /[\\:*?"<>|]/
const printable = /\.(?:g|gc|gco|gcode|bgcode|bgc)$/i

/** A stick in a Buddy board: FAT, which knows each file by a short name too, and one folder at a time. */
export function prusaLinkFiles(sim: SimPrinter, request: SimRequest): SimReply {
  const { method, path } = request
  const asked = path.slice(root.length).replace(/^\//, '').replace(/\/$/, '')
  const paths = sim.state().files.map(each => each.path)
  if (method === 'PUT') return put(sim, request, asked)
  const file = paths.find(each => isSame(each, asked))
  if (file === undefined) return method === 'GET' ? list(sim, asked) : { status: 404 }
  if (method === 'GET') {
    const about = { name: baseOf(shortPath(file)), display_name: baseOf(file), type: 'PRINT_FILE', ro: false }
    return { status: 200, body: about }
  }
  const kind = method === 'DELETE' ? 'delete-file' : 'start'
  return { status: sim.act({ kind, path: file }) ? 204 : 409 }
}

function put(sim: SimPrinter, request: SimRequest, asked: string): SimReply {
  const { files, job } = sim.state()
  if (!printable.test(asked)) return { status: 415 }
  if (forbidden.test(asked)) return { status: 422 }
  const there = files.find(({ path }) => isSame(path, asked))
  if (there && request.headers.overwrite !== '?1') return { status: 409 }
  if (there && isJobOn(sim.state()) && job?.file.path === there.path) return { status: 409 }
  if (there) sim.act({ kind: 'delete-file', path: there.path })
  sim.addFile(asked, request.body.toString('latin1'), request.body.length)
  return { status: 201 }
}

function list(sim: SimPrinter, folder: string): SimReply {
  const files = sim.state().files.map(each => ({ ...each, short: shortPath(each.path) }))
  const folders = new Map<string, string>()
  for (const { path, short } of files) {
    const [long, brief] = [path.split('/'), short.split('/')]
    for (let depth = 1; depth < long.length; depth++)
      folders.set(brief.slice(0, depth).join('/'), long.slice(0, depth).join('/'))
  }
  const own = [...folders].find(([brief, long]) => sameCase(brief, folder) || sameCase(long, folder))
  if (folder !== '' && own === undefined) return { status: 404 }
  const inside = (short: string) => parentOf(short) === (own?.[0] ?? '')
  return {
    status: 200,
    body: {
      type: 'FOLDER',
      ro: false,
      name: own === undefined ? 'usb' : baseOf(own[0]),
      children: [
        ...[...folders]
          .filter(([brief]) => inside(brief))
          .map(([brief, long]) => ({
            name: baseOf(brief),
            ro: false,
            type: 'FOLDER',
            display_name: baseOf(long),
          })),
        ...files
          .filter(({ short }) => inside(short))
          .map(({ path, short, modifiedAt }) => ({
            name: baseOf(short),
            ro: false,
            type: 'PRINT_FILE',
            m_timestamp: Math.floor(modifiedAt / 1000),
            display_name: baseOf(path),
          })),
      ],
    },
  }
}

const baseOf = (path: string) => path.split('/').at(-1) ?? path
const parentOf = (path: string) => path.split('/').slice(0, -1).join('/')
const sameCase = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
const isSame = (path: string, asked: string) => sameCase(path, asked) || sameCase(shortPath(path), asked)

/** As FAT does: eight letters and three. The number tells long names apart that begin alike. */
export function shortPath(path: string): string {
  return path.split('/').map(shortName).join('/')
}

function shortName(name: string): string {
  const [, stem = name, extension = ''] = /^(.*?)(?:\.([^.]*))?$/s.exec(name) ?? []
  const plain = /^[A-Z0-9_-]{1,8}$/i
  if (plain.test(stem) && /^[A-Z0-9]{0,3}$/i.test(extension)) return name.toUpperCase()
  const letters = stem.toUpperCase().replace(/[^A-Z0-9_-]/g, '')
  const sum = [...name.toLowerCase()].reduce(
    (total, each) => (total * 31 + (each.codePointAt(0) ?? 0)) % 9_973,
    7,
  )
  return `${letters.slice(0, 2)}~${sum}${extension && `.${extension.toUpperCase().slice(0, 3)}`}`
}
