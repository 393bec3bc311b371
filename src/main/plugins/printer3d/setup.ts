import { GantryError, toGantryError } from '../../contract/error.ts'
import { type Discovery, type Doctor, type Found, whyInWords } from '../../discovery/index.ts'
import { answers, follows, type RouteHandler } from '../../handlers/handler.ts'
import type { DriverContext, PrinterDriver, Printers } from '../../printers/index.ts'

interface Access {
  readonly driver: string
  readonly state: 'waiting' | 'granted' | 'failed'
  readonly message?: string
  /** Stays here: the page that asked never sees it. */
  readonly fields: Readonly<Record<string, string>>
  readonly stop: () => void
}

export interface SetupDeps {
  readonly printers: Printers
  readonly drivers: readonly PrinterDriver[]
  readonly discovery: Discovery
  readonly doctor: Doctor
  readonly context: (signal: AbortSignal) => DriverContext
  readonly uuid: () => string
  readonly pluginId: string
}

const mostAccesses = 20

/** To add, rename and remove printers, and the doctor: the owner's own programs only. */
export function setupHandlers(deps: SetupDeps): RouteHandler[] {
  const { printers, drivers, discovery, doctor } = deps
  const accesses = new Map<string, Access>()

  const driverOf = (id: string) => {
    const driver = drivers.find(each => each.id === id)
    if (driver) return driver
    throw new GantryError('request.invalid', 'Gantry does not speak this make.')
  }
  const granted = (driver: string, accessId: string | undefined) => {
    if (accessId === undefined) return {}
    const access = accesses.get(accessId)
    if (access?.state !== 'granted' || access.driver !== driver) {
      throw new GantryError('auth.denied', 'The printer has not given a key.')
    }
    accesses.delete(accessId)
    return access.fields
  }
  const forget = (accessId: string) => {
    accesses.get(accessId)?.stop()
    accesses.delete(accessId)
  }
  const told = ({ id, via, title, address, seenAt, twin, foreign, printerId, candidates }: Found) => {
    return {
      ...{ id, via, title, address, seenAt },
      ...(twin && { twin }),
      ...(foreign !== undefined && { foreign }),
      ...(printerId !== undefined && { printerId }),
      candidates: candidates.map(({ driver, driverName, sure, why, needs, config }) => ({
        driver,
        driverName,
        sure,
        why: whyInWords(why),
        reason: why,
        needs,
        config,
      })),
    }
  }
  const found = () => ({ found: discovery.found().map(told) })
  const added = (printerId: string) => ({
    printerId,
    printerServiceId: `${printerId}.${deps.pluginId}`,
  })
  /** The identity comes from what was seen, so that nobody can claim a printer's by name. */
  const seenAt = (driver: string, config: Readonly<Record<string, string | number>>) => {
    const candidates = discovery.found().flatMap(each => (each.twin ? [] : each.candidates))
    return candidates.find(
      each =>
        each.driver === driver &&
        each.identity !== undefined &&
        (each.config.url !== undefined ? each.config.url === config.url : each.config.port === config.port),
    )
  }

  return [
    answers('GET printersetup/drivers', () => ({
      drivers: drivers.map(({ id, name, form, askForAccess }) => ({
        id,
        name,
        form,
        asksForAccess: askForAccess !== undefined,
      })),
    })),
    answers('GET printersetup/found', found),
    follows('EVENT printersetup/found', (_params, _call, emit) => {
      emit(found())
      const stops = [discovery.look(), discovery.on('changed', () => emit(found()))]
      return () => {
        for (const stop of stops) stop()
      }
    }),
    answers('POST printersetup/probe', async ({ address }) => ({
      found: told(await discovery.probe(address)),
    })),
    answers('POST printersetup/access', ({ driver: driverId, config }) => {
      const driver = driverOf(driverId)
      if (driver.askForAccess === undefined) {
        throw new GantryError('printer.unsupported', `${driver.name} cannot be asked for a key.`)
      }
      if (accesses.size >= mostAccesses) for (const id of [...accesses.keys()]) forget(id)
      const life = new AbortController()
      const asking = driver.askForAccess(config, deps.context(life.signal))
      const accessId = deps.uuid()
      const settle = (access: Omit<Access, 'driver' | 'stop'>) => {
        if (!life.signal.aborted)
          accesses.set(accessId, { driver: driverId, stop: () => life.abort(), ...access })
      }
      settle({ state: 'waiting', fields: {} })
      asking.then(
        fields => settle({ state: 'granted', fields }),
        (thrown: unknown) => settle({ state: 'failed', message: toGantryError(thrown).message, fields: {} }),
      )
      return { accessId, state: 'waiting' as const }
    }),
    answers('GET printersetup/access', ({ accessId }) => {
      const access = accesses.get(accessId)
      if (access === undefined)
        throw new GantryError('request.invalid', 'Nothing was asked under this number.')
      const { state, message } = access
      return { accessId, state, ...(message !== undefined && { message }) }
    }),
    answers('DELETE printersetup/access', ({ accessId }) => {
      forget(accessId)
      return {}
    }),
    answers('POST printersetup/add', async ({ driver, name, config, accessId }) => {
      const seen = seenAt(driver, config)
      const whole = { ...seen?.config, ...config, ...granted(driver, accessId) }
      return added(await printers.add({ driver, name, config: whole, identity: seen?.identity }))
    }),
    answers('POST printersetup/simulate', async ({ make, name }) =>
      added(await printers.simulate(make, name)),
    ),
    answers('POST printersetup/break', async ({ printerId, fault }) => {
      await printers.breakSimulated(printerId, fault)
      return {}
    }),
    answers('POST printersetup/configure', ({ printerId, config, accessId }) => {
      const { driver } = printers.get(printerId)
      const identity = seenAt(driver, config)?.identity
      printers.configure(printerId, { ...config, ...granted(driver, accessId) }, identity)
      return {}
    }),
    answers('POST printersetup/rename', ({ printerId, name }) => {
      printers.rename(printerId, name)
      return {}
    }),
    answers('POST printersetup/recognise', ({ printerId }) => {
      printers.recognise(printerId)
      return {}
    }),
    answers('POST printersetup/exchange', ({ printerId }) => {
      printers.exchange(printerId)
      return {}
    }),
    answers('POST printersetup/remove', async ({ printerId }) => {
      await printers.remove(printerId)
      return {}
    }),
    answers('GET printerdoctor/report', async question => doctor.report(question)),
  ]
}
