import type { Attributes, Capabilities, DeviceInfo } from '../../../contract/printer.ts'
import type { SerialPortInfo } from '../../serial/serial-ports.ts'
import { known } from '../../wire/readings.ts'
import { identityOf } from './fingerprint.ts'
import type { BuildVolume, FirmwareIdentity, Reach } from './wire/firmware.ts'

/** What a board says of itself, gathered from its lines. */
export interface Firmware {
  readonly identity: FirmwareIdentity
  readonly capabilities: ReadonlySet<string>
  readonly volume: BuildVolume | undefined
  readonly reach?: Reach | undefined
  /** Free memory in the banner: the only memory an AVR board tells of. */
  readonly freeMemoryBytes: number | undefined
}

/** Every Marlin that was never given one of its own carries this UUID. */
const sharedUuid = 'cede2a2f-41a2-4748-9b12-c55c62f367ff'

const makers: readonly (readonly [RegExp, string])[] = [
  [/prusa/i, 'Prusa Research'],
  [/\bender|\bcr-|creality/i, 'Creality'],
  [/anycubic|kobra|chiron/i, 'Anycubic'],
  [/artillery|sidewinder|genius/i, 'Artillery'],
  [/ultimaker/i, 'Ultimaker'],
  [/lulzbot|\btaz\b/i, 'LulzBot'],
  [/duet|reprapfirmware/i, 'Duet3D'],
  [/malyan/i, 'Malyan'],
]

export function deviceOf({ identity }: Firmware, port: SerialPortInfo | undefined): DeviceInfo {
  const ownUuid = identity.uuid === sharedUuid ? undefined : identity.uuid
  const usb = port && identityOf(port)
  const serialNumber = usb?.startsWith('usb:') ? usb.slice('usb:'.length) : ownUuid
  return known({
    productName: identity.machine,
    manufacturerName: makers.find(([pattern]) =>
      pattern.test(`${identity.machine ?? ''} ${identity.name}`),
    )?.[1],
    modelNumber: identity.machine,
    firmwareRevision: identity.version ?? identity.name,
    serialNumber,
    softwareRevision: identity.source,
    hardwareRevision: identity.electronics,
    protocolRevision: identity.protocol,
    // Not the USB path it is plugged into: that is an address.
    systemId: serialNumber,
  })
}

export function attributesOf({ volume, freeMemoryBytes }: Firmware): Attributes {
  return known({
    printType: 'Fused Filament Fabrication',
    printSizeX: volume?.xMm,
    printSizeY: volume?.yMm,
    printSizeZ: volume?.zMm,
    network: false,
    memorySize: freeMemoryBytes === undefined ? undefined : freeMemoryBytes / 1e6,
  })
}

export function capabilitiesOf({ identity, capabilities }: Firmware, most: Capabilities): Capabilities {
  const has = (name: string) => capabilities.has(name)
  const klipper = /klipper/i.test(identity.name)
  const card = (has('SDCARD') || /malyan/i.test(identity.name)) && !klipper
  return {
    ...most,
    emergencyStop: has('EMERGENCY_PARSER') ? 'true-stop' : 'gcode',
    files: card,
    upload: card && has('SD_WRITE'),
    push: has('AUTOREPORT_TEMP'),
    prompts: has('PROMPT_SUPPORT'),
    macros: macroNames(capabilities),
  }
}

interface Macro {
  readonly name: string
  readonly commands: readonly string[]
  /** The capability without which it makes no sense. */
  readonly needs?: string
}

/** Its lines depend on how many tools there are. */
export const COOL_DOWN = 'Cool down'

const macros: readonly Macro[] = [
  { name: COOL_DOWN, commands: [] },
  { name: 'Motors off', commands: ['M84'] },
  { name: 'Level the bed', commands: ['G28', 'G29'], needs: 'AUTOLEVEL' },
  { name: 'Load filament', commands: ['M701'], needs: 'RUNOUT' },
  { name: 'Save settings', commands: ['M500'], needs: 'EEPROM' },
  { name: 'Light on', commands: ['M355 S1'], needs: 'TOGGLE_LIGHTS' },
  { name: 'Light off', commands: ['M355 S0'], needs: 'TOGGLE_LIGHTS' },
]

function macroNames(capabilities: ReadonlySet<string>): string[] {
  return macros.filter(({ needs }) => needs === undefined || capabilities.has(needs)).map(({ name }) => name)
}

export function macroCommands(name: string): readonly string[] {
  return macros.find(each => each.name === name)?.commands ?? []
}
