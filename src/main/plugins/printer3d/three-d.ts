import type { Contents } from '../../contents/index.ts'
import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import { answers, type CallOf, follows, type RouteHandler } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import { type Printers, type PrinterView, plainFile } from '../../printers/index.ts'
import { createConnect, online } from './connect.ts'
import {
  attributesOf,
  deviceOf,
  pendingOf,
  printerPathOf,
  queueOf,
  statusOf,
  type TimeStamps,
  timeStampsOf,
  uriOf,
} from './dwapi.ts'
import { isLocal, localPathOf } from './local-file.ts'
import { sightOf } from './sight.ts'

/** gotapi 11.3: start and stop answer with the queue as it is after them; the printer gets this long to say so. */
const settleMs = 8_000
const listMs = 15_000

export interface ThreeDDeps {
  readonly printers: Printers
  readonly contents?: Contents
  readonly pluginId: string
  readonly clock: Clock
  /** Minutes east of UTC at an instant; undefined when this machine does not know (HD-HLF-06). */
  readonly zoneOffsetMin: (at: number) => number | undefined
}

/** What the standard tells of a printer is the same for everybody, and names no place. */
const seen = sightOf('applications')

/** Profile `3dprinter`, exactly as gotapi 11. */
export function threeDHandlers(deps: ThreeDDeps): RouteHandler[] {
  const { printers, contents, clock } = deps
  const { wake, reach } = createConnect(deps)

  const stamps = ({ snapshot }: PrinterView): TimeStamps => {
    const found = timeStampsOf(snapshot, deps.zoneOffsetMin)
    if (found) return found
    throw new GantryError('printer.no-reading', 'The printer has not said anything yet.')
  }
  /** What the printer says, and what is still on its way there from a contents server. */
  const wholeQueue = (view: PrinterView) => {
    const told = queueOf(seen.printer(view).snapshot)
    const pending = contents?.pending(view.id) ?? []
    return [...told, ...pendingOf(pending, told, error => seen.sentence(error, view))]
  }
  const about = (view: PrinterView): RouteResult<'GET 3dprinter/printer'> => {
    const { name, snapshot } = seen.printer(view)
    return {
      printer: {
        device: deviceOf(name, snapshot),
        attributes: attributesOf(snapshot),
        status: statusOf(snapshot),
        ...stamps(view),
      },
    }
  }
  const status = (view: PrinterView): RouteResult<'GET 3dprinter/status'> => ({
    status: statusOf(view.snapshot),
    queue: wholeQueue(view),
    ...stamps(view),
  })
  /** Undefined when nothing was measured yet, or the printer has just been removed: there is no result to tell. */
  const resultOf = <Payload>(id: string, tell: (view: PrinterView) => Payload): Payload | undefined => {
    try {
      return tell(printers.get(id))
    } catch {
      return undefined
    }
  }
  const onBehalf = ({ serviceId, caller: { id, origin } }: CallOf<'GET 3dprinter/contents'>) => ({
    serviceId: `${serviceId}.${deps.pluginId}`,
    application: id,
    origin,
  })
  /** Of the printer, and of what is on its way to it. */
  const onNews = (id: string, hear: () => void): Dispose => {
    const look = (changed: string) => {
      if (changed === id) hear()
    }
    const stops = [printers.on('changed', look), contents?.onPending(look)]
    return () => {
      for (const stop of stops) stop?.()
    }
  }
  /** HD-HLF: new results only. */
  const onlyNew = <Payload>(emit: (payload: Payload) => void) => {
    let last = ''
    return (payload: Payload | undefined) => {
      const text = payload === undefined ? last : JSON.stringify(payload)
      if (payload === undefined || text === last) return
      last = text
      emit(payload)
    }
  }
  /** Without `interval` each new result, the same for all; with it the latest at each turn. */
  const followed = <Name extends 'EVENT 3dprinter/printer' | 'EVENT 3dprinter/status'>(
    route: Name,
    tell: (view: PrinterView) => RouteResult<Name>,
  ) =>
    follows<Name>(route, ({ interval }, { serviceId: id }, emitOwn) => {
      const latest = () => resultOf(id, tell)
      wake(id)
      if (interval !== undefined) {
        const say = onlyNew(emitOwn)
        say(latest())
        return clock.every(interval, 'printer3d interval', () => say(latest()))
      }
      return {
        latest,
        follow(emit) {
          const say = onlyNew(emit)
          return onNews(id, () => say(latest()))
        },
      }
    })
  const settled = (id: string, holds: (view: PrinterView) => boolean) =>
    new Promise<void>(resolve => {
      const done = () => {
        stopTimer()
        stopListening()
        resolve()
      }
      const look = () => {
        if (holds(printers.get(id))) done()
      }
      const stopTimer = clock.after(settleMs, 'printer3d settle', done)
      const stopListening = onNews(id, look)
      look()
    })

  return [
    answers('GET 3dprinter/printer', (_, { serviceId }) => about(wake(serviceId))),
    answers('GET 3dprinter/status', (_, { serviceId }) => status(wake(serviceId))),
    answers('GET 3dprinter/queue', (_, { serviceId }) => ({ queue: wholeQueue(online(wake(serviceId))) })),
    followed('EVENT 3dprinter/printer', about),
    followed('EVENT 3dprinter/status', status),
    answers('PUT 3dprinter/print', async ({ uri, secureToken, url }, call) => {
      const id = call.serviceId
      const path =
        uri !== undefined && secureToken === undefined && isLocal(uri) ? localPathOf(uri) : undefined
      const { snapshot } = await reach(id)
      if (secureToken !== undefined) {
        if (contents === undefined)
          throw new GantryError('contents.unknown', 'There are no contents servers.')
        await contents.print({ ...onBehalf(call), printerId: id, secureToken, url })
        const isThere = contents.pending(id).length === 0
        if (isThere) await settled(id, view => view.snapshot.job.state === 'running')
        return { queue: wholeQueue(printers.get(id)) }
      }
      if (uri === undefined) {
        throw new GantryError('request.invalid', 'The call names neither a uri nor a secureToken.')
      }
      if (path !== undefined) {
        // Only of what it could print now is it said whether it is there.
        printers.refuseToPrint(id)
        await printers.send(id, await plainFile(path), true, AbortSignal.timeout(3_600_000))
      } else {
        const files = snapshot.can.files ? await printers.listFiles(id, AbortSignal.timeout(listMs)) : []
        const onPrinter = printerPathOf(uri, files)
        if (onPrinter === undefined) {
          throw new GantryError('request.invalid', 'Gantry prints printer: and file: URIs only.')
        }
        await printers.begin(id, onPrinter)
      }
      await settled(id, view => view.snapshot.job.state === 'running')
      return { queue: wholeQueue(printers.get(id)) }
    }),
    answers('DELETE 3dprinter/print', async ({ uri, order }, { serviceId: id }) => {
      const isMeant = (each: { readonly uri: string; readonly order: number }) =>
        uri !== undefined ? each.uri === uri || each.uri === uriOf(uri) : each.order === (order ?? 0)
      const pending = contents?.pending(id) ?? []
      const before = queueOf(printers.get(id).snapshot)
      const onItsWay = pendingOf(pending, before, () => '').findIndex(isMeant)
      // Where nothing is printed yet, what is about to be is what is meant.
      const coming =
        pending[onItsWay] ?? (uri === undefined && !order && before.length === 0 ? pending[0] : undefined)
      if (coming) {
        contents?.cancel(coming.id)
        await settled(id, () => contents?.pending(id).every(each => each.id !== coming.id) ?? true)
        return { queue: wholeQueue(printers.get(id)) }
      }
      const { snapshot } = await reach(id)
      const entry = queueOf(snapshot).find(isMeant)
      if (entry === undefined) throw new GantryError('job.unknown', 'There is no such job.')
      if (entry.order === 0) {
        await printers.perform(id, { kind: 'cancel' })
        await settled(id, view => queueOf(view.snapshot).every(each => each.order !== 0))
      } else {
        const waiting = snapshot.queue.filter(each => each.order > 0)[entry.order - 1]
        await printers.perform(id, { kind: 'dequeue', id: waiting?.id ?? '' })
        await settled(id, view => view.snapshot.queue.every(each => each.id !== waiting?.id))
      }
      return { queue: wholeQueue(printers.get(id)) }
    }),
    answers('GET 3dprinter/contents', async ({ url }, call) => ({
      contents: contents ? await contents.contents(onBehalf(call), url) : [],
    })),
  ]
}
