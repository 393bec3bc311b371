import { describe, expect, it } from 'vitest'
import { remoteName } from '../../../../src/main/printers/wire/remote-name.ts'

const rule = { longestBytes: 96, respells: false }
const ascii = { longestBytes: 180, respells: true }

describe('the name of a file on a printer', () => {
  it.each([
    'part.gcode',
    '部品一 (2).gcode',
    'Würfel ß.gcode',
    '🧩👨‍👩‍👧.gcode',
    "it's [v2], 50.5mm.bgcode",
    'a.b.c.g',
  ])('is its own: %s', name => {
    expect(remoteName(name, rule)).toBe(name)
  })

  it.each([
    ['a/b.gcode', 'a_b'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['<b>x</b>.gcode', '_b_x_b_'],
    ['x;M112.gcode', 'x_M112'],
    ['x" M112.gcode', 'x_ M112'],
    ['50%.gcode', '50_'],
    ['.hidden.gcode', 'hidden'],
    ['...gcode', 'print'],
    ['CON.gcode', 'CON'],
    ['right\u202eedocg.gcode', 'right_edocg'],
    ['half \ud83e.gcode', 'half _'],
    ['PART.GCODE', 'PART'],
  ])('carries a sign of what it was where it must change: %j', (name, stem) => {
    const kept = remoteName(name, rule)
    expect(kept.replace(/-[0-9a-f]{8}(?=\.|$)/, '').replace(/\.gcode$/, '')).toBe(stem)
    expect(kept).toMatch(/-[0-9a-f]{8}(?:\.gcode)?$/)
    expect(remoteName(name, rule)).toBe(kept)
  })

  it('never becomes that of another', () => {
    const names = [
      'a?b.gcode',
      'a*b.gcode',
      'a_b.gcode',
      'a??b.gcode',
      '部品一.gcode',
      '部品二.gcode',
      'é.gcode',
      'è.gcode',
    ]
    for (const each of [rule, ascii])
      expect(new Set(names.map(name => remoteName(name, each))).size).toBe(names.length)
    const long = (end: string) => `${'長'.repeat(100)}${end}.gcode`
    expect(remoteName(long('1'), rule)).not.toBe(remoteName(long('2'), rule))
    // The same letters, however a system composes them, are one name.
    expect(remoteName('Ä.gcode'.normalize('NFD'), rule)).toBe(remoteName('Ä.gcode', rule))
  })

  it('is cut between characters, to the bytes there is room for', () => {
    const kept = remoteName(`${'🧩'.repeat(60)}.gcode`, rule)
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(96)
    expect(kept).toMatch(/^🧩+-[0-9a-f]{8}\.gcode$/u)
  })

  it('tells names apart that a host spells in ASCII', () => {
    expect(remoteName('部品.gcode', ascii)).toMatch(/^部品-[0-9a-f]{8}\.gcode$/)
    expect(remoteName('my part.gcode', ascii)).toBe('my part.gcode')
  })
})
