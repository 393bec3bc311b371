import type { Socket } from 'node:dgram'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { Announcements, Hearing } from './announcements.ts'
import { datagramKinds } from './datagram-kinds.ts'
import { createGroupSockets } from './group-sockets.ts'
import { broadcastOf, type Interface, listInterfaces } from './interfaces.ts'

const group = '239.255.255.250'
const ttl = 2
/** A description of a printer is a few hundred bytes. */
const mostBytes = 4_096
/** A room of a hundred printers that all answer at once stays below it. */
const mostPerSecond = 400

export interface DatagramOptions {
  readonly log: Logger
  readonly clock: Clock
  /** For tests: other interfaces, ports and destinations. */
  readonly interfaces?: () => readonly Interface[]
  readonly askAt?: (
    port: number,
    to: 'group' | 'broadcast',
    place: Interface,
  ) => { port: number; address: string }
  readonly hearAt?: (port: number) => number
}

/** Listening to printers that announce themselves by datagrams of their own. */
export function createDatagrams(options: DatagramOptions): Announcements {
  const { log, clock, interfaces = listInterfaces, hearAt = (port: number) => port } = options
  const askAt =
    options.askAt ?? ((port, to, place) => ({ port, address: to === 'group' ? group : broadcastOf(place) }))
  const askers = new Map<Socket, Interface>()
  let heard = 0
  let refresh = () => {}
  let second = 0
  let inSecond = 0

  const take = ({ seen, gone }: Hearing, message: Buffer, from: string) => {
    const now = Math.floor(clock.elapsed() / 1_000)
    if (now !== second) {
      second = now
      inSecond = 0
    }
    inSecond++
    if (inSecond > mostPerSecond || message.length > mostBytes) return
    const text = message.toString('utf8')
    for (const kind of datagramKinds) {
      const news = kind.read(text, from)
      if (news === undefined) continue
      heard++
      if (news.sighting) seen(news.key, news.sighting)
      else gone(news.key)
      return
    }
  }
  const ask = (socket: Socket, place: Interface) => {
    for (const question of datagramKinds.flatMap(kind => kind.ask)) {
      const { port, address } = askAt(question.port, question.to, place)
      socket.send(question.text, port, address, error => {
        if (error) log.debug('a question about printers could not be sent', { port, error })
      })
    }
  }
  return {
    heard: () => heard,
    start(hearing) {
      const onOpen = (asks: boolean) => (socket: Socket, place: Interface) => {
        socket.on('message', (message, { address }) => take(hearing, message, address))
        if (asks) {
          askers.set(socket, place)
          ask(socket, place)
        }
        return () => {
          askers.delete(socket)
          socket.close()
        }
      }
      const asking = createGroupSockets({
        options: { port: 0, group: undefined, ttl },
        interfaces,
        log,
        onOpen: onOpen(true),
      })
      const ports = datagramKinds.flatMap(({ hear }) => hear)
      const all = [
        asking,
        ...ports.map(port =>
          createGroupSockets({
            options: { port: hearAt(port), group, ttl },
            interfaces,
            log,
            onOpen: onOpen(false),
          }),
        ),
      ]
      refresh = () => {
        for (const each of all) each.refresh()
      }
      refresh()
      return () => {
        refresh = () => {}
        for (const each of all) each.stop()
      }
    },
    ask() {
      for (const [socket, place] of askers) ask(socket, place)
      refresh()
    },
  }
}
