import { type PlainKey, t } from '../../i18n/index.ts'
import { faultNames } from '../../parts/fault-names.ts'
import { shortMakeName } from '../../parts/make-names.ts'
import type { Printer } from '../../stores/printers.ts'

type Fault = Printer['snapshot']['faults'][number]

export type Tone = 'printing' | 'heating' | 'hands' | 'error' | 'done' | 'idle'

interface Look {
  readonly icon: string
  readonly tone: Tone
  readonly word: PlainKey
}

const busy = { icon: 'i-lucide-play', tone: 'printing' } as const
const quiet = { icon: 'i-lucide-circle', tone: 'idle' } as const
const hands = { icon: 'i-lucide-hand', tone: 'hands' } as const

/** Each state has its own colour, icon and word: colour is never alone. */
const looks: Readonly<Record<string, Look>> = {
  offline: { icon: 'i-lucide-unplug', tone: 'idle', word: 'printer.offline' },
  connecting: { icon: 'i-lucide-plug-zap', tone: 'idle', word: 'printer.connecting' },
  unknown: { icon: 'i-lucide-circle-dashed', tone: 'idle', word: 'printer.unknown' },
  idle: { ...quiet, word: 'printer.idle' },
  busy: { ...busy, word: 'printer.busy' },
  preparing: { icon: 'i-lucide-flame', tone: 'heating', word: 'printer.preparing' },
  printing: { ...busy, word: 'printer.printing' },
  pausing: { icon: 'i-lucide-pause', tone: 'hands', word: 'printer.pausing' },
  paused: { icon: 'i-lucide-pause', tone: 'hands', word: 'printer.paused' },
  resuming: { ...busy, word: 'printer.resuming' },
  cancelling: { icon: 'i-lucide-square', tone: 'idle', word: 'printer.cancelling' },
  finished: { icon: 'i-lucide-check', tone: 'done', word: 'printer.finished' },
  cancelled: { icon: 'i-lucide-square', tone: 'idle', word: 'printer.cancelled' },
  attention: { ...hands, word: 'printer.attention' },
  error: { icon: 'i-lucide-circle-alert', tone: 'error', word: 'printer.error' },
}
const unknownLook: Look = { icon: 'i-lucide-circle-dashed', tone: 'idle', word: 'printer.unknown' }

export function lookOf(printer: Printer): Look {
  const { snapshot, bedToClear } = printer
  if (snapshot.link.state === 'online') {
    const fault = faultOf(printer)
    if (fault) return { icon: 'i-lucide-circle-alert', tone: 'error', word: faultNames[fault.class] }
    if (snapshot.holds.length > 0) return { ...hands, word: 'printer.held' }
    if (bedToClear) return { ...hands, word: 'printer.bedToClear' }
  }
  return looks[snapshot.label] ?? unknownLook
}

/** What holds the printer up, where that is a fault: the last one it told, unless it is only a warning. */
export function faultOf({ snapshot }: Printer): Fault | undefined {
  if (!['attention', 'error', 'paused'].includes(snapshot.machine.state)) return undefined
  return snapshot.faults.findLast(({ severity }) => severity !== 'info')
}

export const isReached = ({ snapshot }: Printer): boolean => snapshot.link.state === 'online'

/** A person has to come: to clear a bed, to look after a fault, to go on. */
export function needsHands(printer: Printer): boolean {
  return isReached(printer) && ['hands', 'error'].includes(lookOf(printer).tone)
}

export const isPrinting = ({ snapshot }: Printer): boolean =>
  snapshot.link.state === 'online' && ['preparing', 'printing', 'resuming'].includes(snapshot.machine.state)

/** When the job will be done by what the printer says; undefined where it does not say. */
export const readyAt = (printer: Printer): number | undefined =>
  isPrinting(printer) ? printer.snapshot.job.readyAt : undefined

/** After this without a word its values are shown as old ones, with their age. */
const staleMs = 60_000

export const isLongAgo = (at: number, now: number): boolean => now - at > staleMs

export function isStale({ snapshot }: Printer, now: number): boolean {
  // One that tells by itself is silent when nothing changes; that its line still stands is the engine's to watch.
  return !snapshot.can.push && snapshot.heardAt !== undefined && isLongAgo(snapshot.heardAt, now)
}

/** On a cable to this computer, or on the network. A simulated serial printer is one on a cable. */
export const isOnCable = ({ driver, address }: Printer): boolean =>
  driver === 'marlin' || address?.startsWith('/') === true || /^COM\d/.test(address ?? '')

/** A running or paused print that can be ended from here. */
export const canStop = (printer: Printer): boolean =>
  isReached(printer) &&
  printer.snapshot.can.cancel &&
  ['running', 'paused'].includes(printer.snapshot.job.state)

/** What the printer calls itself under its name. */
export function kindOf({ snapshot, driver, driverName, name, simulated }: Printer): string {
  const { productName = snapshot.device.hostName } = snapshot.device
  const make = shortMakeName(driver, driverName)
  if (simulated) return t('printer.simulatedKind', { kind: make })
  return productName === undefined || productName === name ? make : productName
}
