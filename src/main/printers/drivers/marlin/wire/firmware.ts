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
    if (name !== undefined)
      fields.set(
        name,
        text
          .slice(mark.index + mark[0].length, end)
          .trim()
          .replace(/,$/, ''),
      )
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

export interface Corner {
  readonly x: number
  readonly y: number
  readonly z: number
}

/** How far the head may go, in its own coordinates; their origin may be a corner or the middle of the bed. */
export interface Reach {
  readonly min: Corner
  readonly max: Corner
}

/** `area:{full:{min:{x:0.0000,y:0.0000,z:0.0000},max:{x:220.0000,y:220.0000,z:250.0000}},work:{…}}` */
export function parseArea(line: string): { readonly volume: BuildVolume; readonly reach: Reach } | undefined {
  if (!line.startsWith('area:')) return undefined
  const full = box(/full:\s*\{\s*min:\s*\{([^}]*)\},?\s*max:\s*\{([^}]*)\}/.exec(line))
  const work = box(/work:\s*\{\s*min:\s*\{([^}]*)\},?\s*max:\s*\{([^}]*)\}/.exec(line))
  if (!full) return undefined
  const { min, max } = full
  return { volume: { xMm: max.x - min.x, yMm: max.y - min.y, zMm: max.z - min.z }, reach: work ?? full }
}

/** `echo:Soft endstops: ON  Min:  X0.00 Y0.00 Z0.00   Max:  X235.00 Y235.00 Z250.00`, the answer to M211 */
export function parseSoftEndstops(line: string): Reach | undefined {
  return box(/Min:\s*(X.*?)\s*Max:\s*(X.*)$/i.exec(line))
}

function box(match: RegExpExecArray | null): Reach | undefined {
  const [min, max] = [corner(match?.[1] ?? ''), corner(match?.[2] ?? '')]
  return min && max && max.x > min.x && max.y > min.y && max.z > min.z ? { min, max } : undefined
}

function corner(text: string): Corner | undefined {
  const at = (axis: string) => Number(new RegExp(`${axis}:?\\s*(-?\\d+(?:\\.\\d+)?)`, 'i').exec(text)?.[1])
  const found = { x: at('x'), y: at('y'), z: at('z') }
  return Object.values(found).every(Number.isFinite) ? found : undefined
}
