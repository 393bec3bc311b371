import type { FirmwareIdentity } from './wire/firmware.ts'

/** Where families of firmware differ from Marlin: printer-protocols 4.13. */
export interface FirmwareProfile {
  /** Longest line the firmware reads, number and checksum included. */
  readonly lineLimitBytes: number
  readonly lowerCaseNames: boolean
  /** Prints started at the panel are told by lines of their own. */
  readonly tellsCardStart: boolean
  /** Its `ok` says that a command was read; what it answers comes after that. */
  readonly answersLate: boolean
  /** M220 and M221 without a number tell what holds; Repetier takes them for 100 %. */
  readonly tellsFactors: boolean
  /** What ends a print from card. */
  readonly cancelCard: readonly string[]
  /** Must be told to say `ok`. */
  readonly hello: readonly string[]
}

const marlin: FirmwareProfile = {
  lineLimitBytes: 96,
  lowerCaseNames: false,
  tellsCardStart: true,
  answersLate: false,
  tellsFactors: true,
  cancelCard: ['M524'],
  hello: [],
}

const older: readonly string[] = ['M25', 'M26 S0']

const profiles: readonly (readonly [RegExp, Partial<FirmwareProfile>])[] = [
  [/RepRapFirmware/i, { lineLimitBytes: 256, cancelCard: ['M25', 'M0 H1'], hello: ['M555 P2'] }],
  [/Klipper/i, { lineLimitBytes: 4096, tellsFactors: false }],
  [/Prusa-Firmware/i, { lowerCaseNames: true, cancelCard: ['M603'], tellsFactors: false }],
  [/Smoothie/i, { lineLimitBytes: 132, cancelCard: older }],
  [/Repetier|Anet_A8/i, { cancelCard: older, tellsFactors: false, answersLate: true }],
  [/Teacup|Sprinter|Malyan/i, { cancelCard: older, tellsFactors: false }],
  [/Ultimaker2/i, { tellsCardStart: false, cancelCard: older, tellsFactors: false }],
  [/Marlin 1\./i, { cancelCard: older, tellsFactors: false }],
]

export function profileOf({ name }: FirmwareIdentity): FirmwareProfile {
  const found = profiles.find(([pattern]) => pattern.test(name))?.[1]
  return { ...marlin, ...found }
}
