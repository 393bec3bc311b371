import { defaultTraits, type MarlinTraits } from './traits.ts'

type Dialect = Partial<MarlinTraits>

/** What a firmware without each `Cap:` is like. */
const without: Readonly<Record<string, Dialect>> = {
  'Marlin 2 without emergency parser': { emergencyParser: false },
  'Marlin 2 without prompts': { prompts: false },
  'Marlin 2 without host actions': { prompts: false, hostActions: false },
  'Marlin 2 without reports': { autoReport: false },
  'Marlin 2 without a card': { card: false, knowsCard: false },
  'Marlin 2 that announces no card': { card: false },
  'Marlin 2 without its reach': { tellsArea: false },
  'Marlin 2 that announces nothing': {
    announces: false,
    tellsArea: false,
    prompts: false,
    emergencyParser: false,
  },
}

const older: Dialect = {
  emergencyParser: false,
  prompts: false,
  hostActions: false,
  tellsArea: false,
  tellsFactors: false,
  keepalive: 'not-heating',
}

/**
 * The firmware that stands in real rooms, by name: what each differs in from a Marlin 2.1 on a board with a bridge chip. A
 * trait that is not here is that Marlin's. Read in the sources of Marlin, Prusa-Firmware, Repetier-Firmware and
 * RepRapFirmware, and in the threads of their hosts.
 */
export const marlinDialects = {
  'Marlin 2': {},
  'Marlin 2 with advanced ok': { advancedOk: true },
  'Marlin 2 that heats without a busy': { keepalive: 'not-heating' },
  'Marlin 2 that never says busy': { keepalive: 'never', autoReport: false },
  'Marlin 2 without an ok after a resend': { okAfterResend: false },
  'Marlin 2 that lets its card go first': { cardTurnMs: 2_000 },
  'Marlin 2 on native USB': { resetsOnOpen: false },
  'Marlin 2 with two tools': { tools: 2 },
  'Marlin 2 on a delta': {
    delta: true,
    reach: { min: { x: -110, y: -110, z: 0 }, max: { x: 110, y: 110, z: 300 } },
  },
  'Marlin 2 with its origin in the middle': {
    reach: { min: { x: -110, y: -110, z: 0 }, max: { x: 110, y: 110, z: 250 } },
  },
  ...without,
  'Marlin 1.1': { ...older, version: '1.1.9' },
  'Marlin 1.0': {
    ...older,
    version: '1.0.2',
    announces: false,
    autoReport: false,
    keepalive: 'never',
    wantsNumbers: true,
    cardTellsFile: false,
  },
  'Prusa 8-bit': {
    ...older,
    firmwareLine:
      'FIRMWARE_NAME:Prusa-Firmware 3.13.2 based on Marlin FIRMWARE_URL:https://github.com/prusa3d/Prusa-Firmware PROTOCOL_VERSION:1.0 MACHINE_TYPE:{machine} EXTRUDER_COUNT:{tools} UUID:00000000-0000-0000-0000-000000000000',
    machine: 'Prusa i3 MK3S',
    hostActions: true,
    cardTellsFile: false,
    pausedCardSays: 'SD print paused',
  },
  Repetier: {
    ...older,
    firmwareLine:
      'FIRMWARE_NAME:Repetier_1.0.4 FIRMWARE_URL:https://github.com/repetier/Repetier-Firmware/ PROTOCOL_VERSION:1.0 MACHINE_TYPE:{machine} EXTRUDER_COUNT:{tools} REPETIER_PROTOCOL:3',
    announces: false,
    autoReport: false,
    okFirst: true,
    saysWait: true,
    lineEnd: '\r\n',
    keepalive: 'never',
    cardTellsFile: false,
  },
  'RepRapFirmware over USB': {
    ...older,
    firmwareLine:
      'FIRMWARE_NAME: RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.5.1 ELECTRONICS: Duet WiFi 1.02 or later FIRMWARE_DATE: 2024-04-19',
    resetsOnOpen: false,
    announces: false,
    autoReport: false,
    keepalive: 'never',
    heatWords: 'reprapfirmware',
    cardTellsFile: false,
    pausedCardSays: undefined,
  },
  Smoothie: {
    ...older,
    firmwareLine:
      'FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org, X-SOURCE_CODE_URL:https://github.com/Smoothieware/Smoothieware, FIRMWARE_VERSION:edge-0565b13, PROTOCOL_VERSION:1.0, X-AXES:5',
    resetsOnOpen: false,
    announces: false,
    autoReport: false,
    keepalive: 'never',
    heatWords: 'smoothie',
    cardTellsFile: false,
    pausedCardSays: 'SD print is paused at 12/4567',
  },
} satisfies Readonly<Record<string, Dialect>>

export type MarlinDialect = keyof typeof marlinDialects

export const dialectNames = Object.keys(marlinDialects) as readonly MarlinDialect[]

export function traitsOf(dialect: MarlinDialect): MarlinTraits {
  return { ...defaultTraits, ...marlinDialects[dialect] }
}
