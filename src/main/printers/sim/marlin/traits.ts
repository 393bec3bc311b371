/** How one board differs from another. */
export interface MarlinTraits {
  readonly version: string
  readonly machine: string
  readonly uuid: string
  /** The first line of M115, where it is no Marlin's; `{machine}` and `{tools}` are filled in. */
  readonly firmwareLine?: string
  /** M115 lists what it can do. */
  readonly announces: boolean
  /** `ok` as soon as a command is read; what it answers comes after that. */
  readonly okFirst: boolean
  /** A resend is followed by an `ok`. */
  readonly okAfterResend: boolean
  /** `wait` once a second while it has nothing to do. */
  readonly saysWait: boolean
  readonly lineEnd: '\n' | '\r\n'
  /** How M105 looks. */
  readonly heatWords: 'marlin' | 'smoothie' | 'reprapfirmware'
  /** A bridge chip pulls DTR on open, and the board starts anew. */
  readonly resetsOnOpen: boolean
  /** At any other speed it is noise. */
  readonly baudRate?: number
  /** Marlin 1.0 refuses a checksum without a number; later ones do what the line says. */
  readonly wantsNumbers: boolean
  readonly emergencyParser: boolean
  readonly tools: 1 | 2
  /** `EXTRUDER_COUNT` is true. */
  readonly countsTools: boolean
  /** `ok N12 P15 B3` */
  readonly advancedOk: boolean
  readonly prompts: boolean
  /** Announces its card, and takes files. */
  readonly card: boolean
  /** It was built without a card: `M27` is no command of its own. */
  readonly knowsCard: boolean
  /** `M27 C` */
  readonly cardTellsFile: boolean
  /** What `M27` says of a paused print; undefined where it is the same as of one that runs. */
  readonly pausedCardSays: string | undefined
  /** Tells its host with `//action:` what is done at its panel. */
  readonly hostActions: boolean
  readonly autoReport: boolean
  /** `busy:` every two seconds: in every wait, in every one but those for heat (no BUSY_WHILE_HEATING), or never. */
  readonly keepalive: 'always' | 'not-heating' | 'never'
  /** Prints its temperatures once a second while it waits for heat. */
  readonly heatReports: boolean
  /** How long a line waits for its turn while a print from card runs; while that heats, until it is hot. */
  readonly cardTurnMs: number
  /** How far the head may go; a delta's origin is the middle of its bed. */
  readonly reach: SimReach
  readonly delta: boolean
  /** M220 and M221 without a number say what holds; otherwise they set 100 %. */
  readonly tellsFactors: boolean
  /** M115 tells the reach; M211 does in any case. */
  readonly tellsArea: boolean
  /** What one move takes; 0 leaves the planner out. */
  readonly moveMs: number
  /** Says ok to everything and never who it is. */
  readonly otherDevice?: string
  /** Prints this instead of its temperatures. */
  readonly temperatures?: string
}

interface SimCorner {
  readonly x: number
  readonly y: number
  readonly z: number
}

export interface SimReach {
  readonly min: SimCorner
  readonly max: SimCorner
}

export const defaultTraits: MarlinTraits = {
  version: '2.1.2.4',
  machine: 'Ender-3',
  uuid: 'cede2a2f-41a2-4748-9b12-c55c62f367ff',
  announces: true,
  okFirst: false,
  okAfterResend: true,
  saysWait: false,
  lineEnd: '\n',
  heatWords: 'marlin',
  resetsOnOpen: true,
  wantsNumbers: false,
  emergencyParser: true,
  tools: 1,
  countsTools: true,
  advancedOk: false,
  prompts: true,
  card: true,
  knowsCard: true,
  cardTellsFile: true,
  pausedCardSays: 'Not SD printing',
  hostActions: true,
  autoReport: true,
  keepalive: 'always',
  heatReports: true,
  cardTurnMs: 0,
  reach: { min: { x: 0, y: 0, z: 0 }, max: { x: 220, y: 220, z: 250 } },
  delta: false,
  tellsFactors: true,
  tellsArea: true,
  moveMs: 0,
}

export function describeFirmware(traits: MarlinTraits): readonly string[] {
  if (traits.otherDevice !== undefined) return []
  const on = (flag: boolean) => (flag ? 1 : 0)
  const tools = `${traits.countsTools ? traits.tools : 1}`
  const kinematics = traits.delta ? 'KINEMATICS:Delta ' : ''
  const marlin = `FIRMWARE_NAME:Marlin ${traits.version} (May  5 2024 10:11:12) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:{machine} ${kinematics}EXTRUDER_COUNT:{tools} UUID:${traits.uuid}`
  const first = (traits.firmwareLine ?? marlin).replace('{machine}', traits.machine).replace('{tools}', tools)
  if (!traits.announces) return [first]
  return [
    first,
    'Cap:SERIAL_XON_XOFF:0',
    'Cap:EEPROM:1',
    'Cap:AUTOLEVEL:1',
    `Cap:AUTOREPORT_TEMP:${on(traits.autoReport)}`,
    `Cap:EMERGENCY_PARSER:${on(traits.emergencyParser)}`,
    `Cap:HOST_ACTION_COMMANDS:${on(traits.hostActions)}`,
    `Cap:PROMPT_SUPPORT:${on(traits.prompts)}`,
    `Cap:SDCARD:${on(traits.card)}`,
    `Cap:SD_WRITE:${on(traits.card)}`,
    `Cap:AUTOREPORT_SD_STATUS:${on(traits.card && traits.autoReport)}`,
    `Cap:LONG_FILENAME:${on(traits.card)}`,
    `Cap:EXTENDED_M20:${on(traits.card)}`,
    'Cap:THERMAL_PROTECTION:1',
    ...(traits.tellsArea ? [areaLine(traits.reach)] : []),
  ]
}

/** With the comma too many that Marlin prints. */
function areaLine({ min, max }: SimReach): string {
  const corner = ({ x, y, z }: SimCorner) => `{x:${x.toFixed(4)},y:${y.toFixed(4)},z:${z.toFixed(4)}}`
  const box = `min:${corner(min)},max:${corner(max)}`
  return `area:{full:{${box}},work:{${box},}}`
}
