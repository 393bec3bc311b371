import { createEmitter } from '../lib/emitter.ts'
import type { PrinterCommand } from './driver/driver.ts'
import { createFactsStore } from './facts-store.ts'
import { fedPrinters } from './fed.ts'
import { createPrinterHistory } from './history.ts'
import { createInventory } from './inventory.ts'
import { createPrinterStore, type PrinterConfig } from './printer-store.ts'
import type { Printers, PrintersDeps, PrintersEvents } from './printers.ts'
import { createRoster, type Roster } from './roster.ts'
import { createSetUp } from './set-up.ts'
import { stopAll } from './stop-all.ts'
import { createUnfinishedPrints } from './unfinished.ts'
import { createWhoIsWho, greet, refuseInDoubt } from './who-is-who.ts'
import { createHttpClient } from './wire/http-client.ts'

export function createPrinters(deps: PrintersDeps): Printers {
  const { clock } = deps
  const log = deps.logger('printers')
  const kept = createPrinterStore(deps.store, deps.secrets)
  const history = createPrinterHistory(deps.store, clock)
  const unfinished = createUnfinishedPrints(deps.store, clock)
  const facts = createFactsStore(deps.store)
  const http = createHttpClient(clock)
  const emitter = createEmitter<PrintersEvents>(error =>
    log.error('a listener of printers failed', { error }),
  )
  const roster: Roster = createRoster({
    kept,
    onChange(entry) {
      const { id } = entry.stored
      greet(entry, roster, log)
      history.note(id, entry.live.snapshot())
      unfinished.note(id, entry.live.snapshot())
    },
    tell: id => emitter.emit('changed', id),
  })
  const { find, view } = roster
  const sure = (id: string, command?: PrinterCommand) => {
    const entry = find(id)
    refuseInDoubt(entry, command)
    return entry
  }
  let isOver = false
  const setUp = createSetUp({
    ...deps,
    roster,
    unfinished,
    facts,
    http,
    log,
    isOver: () => isOver,
    onLine: line => emitter.emit('line', line),
  })
  const inventory = createInventory({
    roster,
    drivers: deps.drivers,
    clock,
    uuid: deps.uuid,
    setUp: stored => setUp(stored, true),
    forget(id) {
      history.forget(id)
      kept.remove(id)
      emitter.emit('removed', id)
    },
  })

  const drain = async () => {
    isOver = true
    await Promise.all(roster.all().map(({ live }) => live.connection.stop()))
  }

  return {
    name: 'printers',
    async start() {
      history.start()
      const rows = kept.all()
      const settled = await Promise.allSettled(rows.map(stored => setUp(stored, false)))
      for (const [index, result] of settled.entries()) {
        if (result.status === 'fulfilled') continue
        log.error('a printer could not be set up', { printerId: rows[index]?.id, error: result.reason })
      }
      const count = (config: PrinterConfig = {}) => Object.keys(config).length
      const hadStrays = rows.some(({ id, config }) => count(config) > count(roster.get(id)?.stored.config))
      if (hadStrays) kept.settle()
    },
    drain,
    async stop() {
      await drain()
      await Promise.all(roster.all().map(({ fleet }) => fleet?.server.stop()))
      roster.clear()
      history.stop()
      http.close()
    },
    quitVeto() {
      const fed = fedPrinters(roster.all().map(view))
      if (fed.length === 0) return undefined
      const names = fed.map(({ name }) => name)
      const reason = `${names.join(', ')}: the print is fed from this computer and would be lost.`
      return { room: 'printers', reason, printers: names }
    },
    list: () => roster.all().map(view),
    get: id => view(find(id)),
    ...inventory,
    ...createWhoIsWho(roster, clock, log),
    perform: async (id, command, signal) => sure(id, command).live.perform(command, signal),
    begin: async (id, path, signal) => sure(id).live.begin(path, signal),
    stopAll: () => stopAll(roster.all()),
    clearBed: (id, saidBy, version) => find(id).live.clearBed(saidBy, version),
    releaseHold: (id, about) => find(id).live.releaseHold(about),
    refuseToPrint: id => sure(id).live.refuseToPrint(),
    dismissFault: (id, about) => find(id).live.dismissFault(about),
    send: async (id, file, print, signal) => sure(id).live.send(file, print, signal),
    handToken: async (id, token) => sure(id).live.handToken(token),
    listFiles: async (id, signal) => find(id).live.listFiles(signal),
    reconnect: id => find(id).live.connection.retry(),
    tryNow: id => find(id).live.connection.tryNow(),
    focus: id => find(id).live.focus(),
    history,
    on: emitter.on,
  }
}
