import { type ErrorCode, errorCodes, type GantryError } from '../../contract/error.ts'
import type { DeviceInfo, Snapshot } from '../../contract/printer.ts'
import type { PrinterNote } from '../../contract/printer-note.ts'
import { linkReasonInWords } from '../../discovery/index.ts'
import type { Audience } from '../../handlers/caller.ts'
import type { Refusal } from '../../handlers/outcome.ts'
import type { PrinterView, TerminalLine } from '../../printers/index.ts'
import { withoutAddresses } from './addresses.ts'

/** A printer as somebody may see it. */
export interface SeenPrinter extends Omit<PrinterView, 'address' | 'identity' | 'transferFailure'> {
  readonly address: string | undefined
  readonly transferError: string | undefined
}

interface StateChange {
  readonly at: number
  readonly label: string
  readonly text: string
}

/**
 * What somebody may know of a printer. Where it is belongs to its owner alone (docs/permission.md): everything that this
 * plug-in says of a printer passes here, and the owner's own programs get it as it is.
 */
export interface Sight {
  printer(view: PrinterView): SeenPrinter
  line(line: TerminalLine, view: PrinterView): TerminalLine
  state(state: StateChange, view: PrinterView): StateChange
  /** What went wrong, as a sentence. */
  sentence(error: GantryError, view: PrinterView): string
  /** `view`: of the printer that was meant, where one was. */
  refusal(refusal: Refusal, view: PrinterView | undefined): Refusal
}

const whole: Sight = {
  printer: ({ identity: _, transferFailure, ...view }) => ({
    ...view,
    transferError: transferFailure?.message,
  }),
  line: line => line,
  state: state => state,
  sentence: ({ message }) => message,
  refusal: refusal => refusal,
}

/** For applications: field by field, so that what is new stays inside until it is named here. */
const withoutPlace: Sight = {
  printer(view) {
    const known = seenAs.get(view) ?? seenOf(view)
    seenAs.set(view, known)
    return known
  },
  line: ({ at, way, text }, view) => ({ at, way, text: plain(text, view) }),
  // Of a line that is down the history holds the sentence, which names the address it had then.
  state: ({ at, label, text }, view) => ({
    at,
    label,
    text: label === 'offline' || label === 'connecting' ? '' : plain(text, view),
  }),
  sentence: (error, view) => sentenceOf(error, placesOf(view)),
  refusal(refusal, view) {
    const places = view ? placesOf(view) : []
    const { code, message, params: details } = refusal
    const params = Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutAddresses(value, places) : value,
    ])
    return {
      ...refusal,
      message: sentenceOf({ code, message, details }, places),
      params: Object.fromEntries(params),
    }
  },
}

/** The room, the services and the standard's own profile ask for each change of a printer. */
const seenAs = new WeakMap<PrinterView, SeenPrinter>()

function seenOf(view: PrinterView): SeenPrinter {
  const { id, driver, driverName, simulated, bedToClear, takesTokens, transfer, addedAt } = view
  const { notes, transferFailure } = view
  return {
    ...{ id, driver, driverName, simulated, bedToClear, takesTokens, transfer, addedAt },
    name: nameOf(view),
    address: undefined,
    movedFrom: undefined,
    ...(notes && { notes: notes.map(noteWithoutPlace) }),
    transferError: transferFailure && withoutPlace.sentence(transferFailure, view),
    snapshot: snapshotOf(view),
  }
}

const sights: Readonly<Record<Audience, Sight>> = { owner: whole, applications: withoutPlace }

export const sightOf = (audience: Audience): Sight => sights[audience]

/** These are about the way to the printer, and their sentences say where it leads. */
const isAboutTheWay = (code: ErrorCode) =>
  code.startsWith('wire.') || code === 'printer.offline' || code === 'printer.credentials'

/** Of those an application is told the addresses anyway (gotapi 11.2). */
const isOfContentsServer = ({ code, details }: Told) =>
  code.startsWith('contents.') || details.of === 'contents-server'

type Told = Pick<GantryError, 'code' | 'message' | 'details'>

function sentenceOf(error: Told, places: readonly string[]): string {
  const { code, message } = error
  if (isOfContentsServer(error)) return message
  if (!isAboutTheWay(code)) return withoutAddresses(message, places)
  const meaning = errorCodes[code]
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`
}

/** What is known of where it is, and was: an address, the host in it, the name its host gives itself. */
function placesOf({ address, movedFrom = '', snapshot }: PrinterView): readonly string[] {
  const hosts = [address, movedFrom].map(place => place.replace(/:\d+$/, ''))
  const names = hosts.map(host => host.replace(/\.local$/i, ''))
  return [...new Set([address, movedFrom, ...hosts, ...names, snapshot.device.hostName ?? ''])].filter(
    place => place !== '',
  )
}

const plain = (text: string, view: PrinterView) => withoutAddresses(text, placesOf(view))

/** The owner calls it as they like, unless they left it at the address it was found at. */
function nameOf(view: PrinterView): string {
  const { name, driverName } = view
  const telling = placesOf(view).filter(place => /[.:/]/.test(place))
  return withoutAddresses(name, telling) === name ? name : driverName
}

function noteWithoutPlace({ code, params }: PrinterNote): PrinterNote {
  const { from: _, ...rest } = params
  return { code, params: code === 'moved' ? rest : params }
}

/** They may look like an IP, and are none. */
const versions = ['firmwareRevision', 'softwareRevision', 'hardwareRevision', 'protocolRevision']

function deviceOf(view: PrinterView): DeviceInfo {
  const { hostName: _, ...device } = view.snapshot.device
  const told = Object.entries(device).map(([name, text]) => [
    name,
    versions.includes(name) ? text : plain(text ?? '', view),
  ])
  return Object.fromEntries(told)
}

function snapshotOf(view: PrinterView): Snapshot {
  const { snapshot } = view
  const { link, machine, job, label, heaters, position, fans, faults, prompt, queue } = snapshot
  const { attributes, bed, can, clock, doing, feed, heardAt, holds } = snapshot
  const tell = (text: string) => plain(text, view)
  return {
    link: { ...link, ...(link.text !== undefined && { text: linkReasonInWords(link.cause ?? 'other') }) },
    machine: { ...machine, ...(machine.text !== undefined && { text: tell(machine.text) }) },
    ...{ job, label, heaters, fans, bed, doing, attributes, can },
    ...(position && { position }),
    faults: faults.map(fault => ({ ...fault, text: tell(fault.text) })),
    holds: holds.map(hold => ({ ...hold, text: tell(hold.text) })),
    ...(prompt && { prompt: { ...prompt, text: tell(prompt.text), buttons: prompt.buttons.map(tell) } }),
    queue: queue.map(entry => ({ ...entry, message: tell(entry.message) })),
    device: deviceOf(view),
    ...(clock && { clock }),
    ...(feed && { feed }),
    ...(heardAt !== undefined && { heardAt }),
  }
}
