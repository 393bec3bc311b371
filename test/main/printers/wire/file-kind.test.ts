import { describe, expect, it } from 'vitest'
import { isGantryError } from '../../../../src/main/contract/error.ts'
import { demandKind, type FileKind } from '../../../../src/main/printers/wire/file-kind.ts'
import { printFile } from '../print-file.ts'

const text: readonly FileKind[] = ['gcode']
const prusa: readonly FileKind[] = ['gcode', 'bgcode']
const klipper: readonly FileKind[] = ['gcode', 'ufp']

const refused = async (name: string, content: string, accepts: readonly FileKind[], pieceBytes?: number) => {
  try {
    await demandKind(printFile(name, content, pieceBytes), accepts)
    return undefined
  } catch (thrown) {
    if (isGantryError(thrown, 'file.wrong-kind')) return thrown.details.kind
    throw thrown
  }
}

describe('the kind of a print file', () => {
  it.each([
    ['part.gcode', 'G28\n', text],
    ['PART.GCO', 'G28\n', text],
    ['part.g', '', text],
    ['part.bgcode', 'GCDE\u0001', prusa],
    ['part.ufp', 'PK\u0003\u0004', klipper],
    // Whoever prints both looks at the file itself.
    ['part.gcode', 'GCDE\u0001', prusa],
  ] as const)('%s that begins with %j goes to a printer of %o', async (name, content, accepts) => {
    expect(await refused(name, content, accepts)).toBeUndefined()
  })

  it.each([
    ['part.bgcode', 'GCDE\u0001', text, '.bgcode'],
    ['part.bgcode', 'GCDE\u0001', klipper, '.bgcode'],
    ['part.gcode', 'GCDE\u0001', text, '.bgcode'],
    ['part.bgcode', 'G28\n', prusa, '.bgcode'],
    ['part.3mf', 'PK\u0003\u0004', prusa, '.3mf'],
    ['part.gcode', 'PK\u0003\u0004', klipper, '.zip'],
    ['part.gcode.3mf', 'PK\u0003\u0004', text, '.3mf'],
    ['part.stl', 'solid', text, '.stl'],
    ['part.ufp', 'PK\u0003\u0004', prusa, '.ufp'],
    ['part', 'G28\n', text, ''],
    ['part.constructor', 'G28\n', text, '.constructor'],
  ] as const)('%s that begins with %j is none for a printer of %o', async (name, content, accepts, kind) => {
    expect(await refused(name, content, accepts)).toBe(kind)
    expect(await refused(name, content, accepts, 1)).toBe(kind)
  })
})
