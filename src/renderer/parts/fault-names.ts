import type { PlainKey } from '../i18n/index.ts'
import type { Printer } from '../stores/printers.ts'

type FaultClass = Printer['snapshot']['faults'][number]['class']

/** What a person does about a fault: a sentence for every kind there is. */
export const faultHelp: Readonly<Record<FaultClass, PlainKey>> = {
  'thermal-runaway': 'faultHelp.heat',
  'heating-failed': 'faultHelp.heat',
  'sensor-fault': 'faultHelp.heat',
  killed: 'faultHelp.restart',
  'firmware-fatal': 'faultHelp.restart',
  'printer-reset': 'faultHelp.restart',
  'user-stop': 'faultHelp.restart',
  'filament-runout': 'faultHelp.filament',
  clog: 'faultHelp.clog',
  'door-open': 'faultHelp.door',
  'probe-failed': 'faultHelp.motion',
  motion: 'faultHelp.motion',
  fan: 'faultHelp.fan',
  media: 'faultHelp.media',
  network: 'faultHelp.line',
  'link-lost': 'faultHelp.line',
  resend: 'faultHelp.line',
  auth: 'faultHelp.auth',
  'unsupported-command': 'faultHelp.command',
  other: 'faultHelp.other',
}

/** What is wrong, in two or three words. */
export const faultNames: Readonly<Record<FaultClass, PlainKey>> = {
  'thermal-runaway': 'faultName.thermal-runaway',
  'heating-failed': 'faultName.heating-failed',
  'sensor-fault': 'faultName.sensor-fault',
  killed: 'faultName.killed',
  'firmware-fatal': 'faultName.firmware-fatal',
  'printer-reset': 'faultName.printer-reset',
  'user-stop': 'faultName.user-stop',
  'filament-runout': 'faultName.filament-runout',
  clog: 'faultName.clog',
  'door-open': 'faultName.door-open',
  'probe-failed': 'faultName.probe-failed',
  motion: 'faultName.motion',
  fan: 'faultName.fan',
  media: 'faultName.media',
  network: 'faultName.network',
  'link-lost': 'faultName.link-lost',
  resend: 'faultName.resend',
  auth: 'faultName.auth',
  'unsupported-command': 'faultName.unsupported-command',
  other: 'faultName.other',
}
