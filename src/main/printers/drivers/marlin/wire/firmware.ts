/** What M115 says, as far as it says it. */
export interface FirmwareIdentity {
  readonly name: string
  readonly version?: string
  readonly machine?: string
  readonly uuid?: string
  readonly kinematics?: string
  readonly protocol?: string
  readonly source?: string
  readonly electronics?: string
  readonly extruders?: number
}

/** Values hold spaces and colons; only an upper-case word before a colon starts the next field. */
const key = /(?:^|\s+)([A-Z][A-Z0-9_]*):/g

/** `FIRMWARE_NAME:Marlin 2.1.2 (May 5 2024) SOURCE_CODE_URL:github.com/… MACHINE_TYPE:Ender-3 EXTRUDER_COUNT:1` */
export function parseFirmware(line: string): FirmwareIdentity | undefined {
  const text = line.replace(/^ok\s+/, '').replace(/^NAME\./, 'FIRMWARE_NAME:')
  if (!text.includes('FIRMWARE_NAME:')) return undefined
  const fields = new Map<string, string>()
  const marks = [...text.matchAll(key)]
  for (const [at, mark] of marks.entries()) {
    const end = marks[at + 1]?.index ?? text.length
    const name = mark[1]
    if (name !== undefined) fields.set(name, text.slice(mark.index + mark[0].length, end).trim())
  }
  const name = fields.get('FIRMWARE_NAME')
  if (!name) return undefined
  const extruders = Number(fields.get('EXTRUDER_COUNT'))
  return {
    name,
    ...optional(
      'version',
      fields.get('FIRMWARE_VERSION') ?? /^Marlin\s+([\w.-]+)/.exec(name)?.[1] ?? fields.get('VER'),
    ),
    ...optional('machine', fields.get('MACHINE_TYPE') ?? fields.get('MODEL')),
    ...optional('uuid', fields.get('UUID')),
    ...optional('kinematics', fields.get('KINEMATICS')),
    ...optional('protocol', fields.get('PROTOCOL_VERSION')),
    ...optional('source', fields.get('SOURCE_CODE_URL') ?? fields.get('FIRMWARE_URL')),
    ...optional('electronics', fields.get('ELECTRONICS') ?? fields.get('HW')),
    ...(Number.isInteger(extruders) && extruders > 0 ? { extruders } : {}),
  }
}

function optional<Name extends string>(name: Name, text: string | undefined): { [N in Name]?: string } {
  return text ? ({ [name]: text } as { [N in Name]?: string }) : {}
}

/** `Cap:EMERGENCY_PARSER:1` */
export function parseCapability(line: string): { name: string; on: boolean } | undefined {
  const match = /^Cap:([A-Z][A-Z0-9_]*):(\d)/i.exec(line)
  return match?.[1] === undefined ? undefined : { name: match[1].toUpperCase(), on: match[2] !== '0' }
}

export interface BuildVolume {
  readonly xMm: number
  readonly yMm: number
  readonly zMm: number
}

/** `area:{full:{min:{x:0.0000,y:0.0000,z:0.0000},max:{x:220.0000,y:220.0000,z:250.0000}},work:{…}}` */
export function parseArea(line: string): BuildVolume | undefined {
  const match = /^area:\s*\{\s*full:\s*\{\s*min:\s*\{([^}]*)\},?\s*max:\s*\{([^}]*)\}/.exec(line)
  if (!match) return undefined
  const [low, high] = [corner(match[1] ?? ''), corner(match[2] ?? '')]
  const span = (axis: 'x' | 'y' | 'z') => (high.get(axis) ?? Number.NaN) - (low.get(axis) ?? Number.NaN)
  const volume = { xMm: span('x'), yMm: span('y'), zMm: span('z') }
  return Object.values(volume).every(size => Number.isFinite(size) && size > 0) ? volume : undefined
}

function corner(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/([a-z]):(-?\d+(?:\.\d+)?)/g)].map(([, axis = '', at]) => [axis, Number(at)]),
  )
}
