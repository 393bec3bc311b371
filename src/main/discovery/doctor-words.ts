import type { Finding, FindingCode } from '../contract/doctor.ts'
import type { LinkReason } from '../contract/link-reason.ts'
import { fillWords, whyInWords } from './words.ts'

interface Words {
  readonly text: string
  readonly todo?: string
}

/** The doctor in English: for the report, for programs. The page has words of its own in each language. */
const findings: Readonly<Record<FindingCode, Words>> = {
  'no-network': {
    text: 'This computer is in no network.',
    todo: 'Plug in the network cable or join the printers’ Wi-Fi.',
  },
  network: { text: 'This computer is in the network: {interfaces}.' },
  'not-listening': {
    text: 'Gantry was started without looking at the network.',
    todo: 'Start it without “discovery: false”, or enter addresses by hand.',
  },
  multicast: { text: '{count} announcements were heard in the network.' },
  'no-multicast': {
    text: 'Nothing announces itself in the network.',
    todo: 'A guest Wi-Fi or a firewall may hold announcements back: allow UDP port 5353, or enter the address by hand.',
  },
  foreign: {
    text: '{title} ({make}) at {address} is seen. Gantry cannot drive this make yet.',
    todo: 'Add printer says what works with it.',
  },
  'not-address': { text: 'What was typed is no address.', todo: 'Copy it from the printer’s screen.' },
  'other-network': {
    text: '{host} is not in a network of this computer.',
    todo: 'Join the printer’s network, or make sure that a router leads there.',
  },
  'port-open': { text: '{host} answers at port {port}.' },
  'port-closed': { text: '{host}, port {port}: {reason}', todo: '{todo}' },
  http: { text: '{why} Gantry speaks {make}.' },
  'http-nothing': {
    text: 'Something answers there, but none of the makes Gantry speaks.',
    todo: 'Is it the printer’s own address?',
  },
  'http-failed': { text: 'It does not answer as a printer does. {reason}', todo: '{todo}' },
  'line-up': { text: 'Gantry is connected to it, and its key is accepted.' },
  'line-connecting': {
    text: 'Gantry is connecting to it right now.',
    todo: 'Wait half a minute and check again.',
  },
  'line-down': { text: 'Gantry is not connected to it. {reason}', todo: '{todo}' },
  ports: { text: 'Serial ports: {ports}.' },
  'no-ports': {
    text: 'No serial port is there.',
    todo: 'Is the printer on? Some USB cables carry only power: try another.',
  },
  'ports-unknown': { text: 'The serial ports cannot be listed.', todo: 'Start Gantry again.' },
  'not-printer': { text: '{why}' },
  'may-open': { text: 'This user may open serial ports (group {group}).' },
  'may-not-open': {
    text: 'This user is not in the group {group} and may not open serial ports.',
    todo: 'Run “sudo usermod -aG {group} $USER”, then log out and in.',
  },
  'port-held': { text: '{port} is held by {holder}.', todo: 'Close {holder}.' },
  'port-grabbed': {
    text: '{port} is held by {holder}, which takes every new port.',
    todo: 'Remove or stop {holder}, then plug the printer in again.',
  },
  'no-udevadm': { text: 'udevadm is missing; Gantry reads the ports from the kernel instead.' },
}

const reasons: Readonly<Record<LinkReason, Words>> = {
  refused: {
    text: 'The device is there, but nothing answers at this port.',
    todo: 'Check the port, and whether the service runs: OctoPrint has 80 or 5000, Moonraker 7125, PrusaLink 80 or 8080.',
  },
  'no-name': {
    text: 'Nobody in this network has that name.',
    todo: 'Is the name right, and the printer on?',
  },
  unreachable: {
    text: 'It cannot be reached.',
    todo: 'Is the printer on, in the same network, and is the address still right?',
  },
  silent: {
    text: 'It does not answer in time.',
    todo: 'Is the printer busy starting? Otherwise restart it.',
  },
  key: { text: 'It does not accept the key.', todo: 'Enter the key again in the printer’s settings here.' },
  'something-else': {
    text: 'Something else answers there.',
    todo: 'Open the address in a browser and see what is there.',
  },
  broke: { text: 'The connection broke.', todo: 'Gantry goes on trying by itself.' },
  certificate: {
    text: 'Its certificate cannot be trusted.',
    todo: 'Check the address, or use http if the printer is your own.',
  },
  redirected: {
    text: 'It points to another address, which Gantry never follows.',
    todo: 'Enter the address it points to.',
  },
  'too-large': {
    text: 'It answers with more than a printer does.',
    todo: 'Is it the printer’s own address?',
  },
  'port-missing': { text: 'Its port is not there.', todo: 'Is the printer plugged in and switched on?' },
  'port-forbidden': {
    text: 'Gantry may not open its port.',
    todo: 'Close other programs that use it; on Linux join the group dialout or uucp and sign in again.',
  },
  'port-busy': {
    text: 'Another program uses its port.',
    todo: 'Close the slicer or host program that holds it.',
  },
  unplugged: { text: 'Its cable was pulled, or it was switched off.', todo: 'Plug it in again.' },
  'left-printing': {
    text: 'It may be printing from its own card, and opening its port would start it anew.',
    todo: 'Connect it yourself when it is done.',
  },
  'left-halted': {
    text: 'It had stopped itself, and opening its port would start it anew.',
    todo: 'Look at the machine first, then connect it yourself.',
  },
  busy: { text: 'It is busy with something else.', todo: 'Wait until it is done.' },
  bug: { text: 'Gantry made a mistake.', todo: 'Save the diagnostics in the settings and report it.' },
  other: { text: 'The line is down.', todo: 'Gantry goes on trying by itself.' },
}

/** Why a line is down, in one sentence that names no address. */
export const linkReasonInWords = (reason: LinkReason): string => reasons[reason].text

export function inWords(found: Omit<Finding, 'text' | 'todo'>): Finding {
  const { text, todo } = findings[found.code]
  const reason = found.reason && reasons[found.reason]
  const values = {
    ...found.params,
    reason: reason?.text ?? '',
    todo: reason?.todo ?? '',
    why: found.why ? whyInWords(found.why) : '',
  }
  return { ...found, text: fillWords(text, values), ...(todo && { todo: fillWords(todo, values) }) }
}
