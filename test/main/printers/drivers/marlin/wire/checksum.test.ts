import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checksumOf, numberLine } from '../../../../../../src/main/printers/drivers/marlin/wire/checksum.ts'
import { readNumberedLine } from '../../../../../../src/main/printers/sim/marlin/numbered-line.ts'

describe('a numbered line', () => {
  it.each([
    [0, 'M110 N0', 'N0 M110 N0*125'],
    [1, 'M115', 'N1 M115*39'],
    [2, 'M105', 'N2 M105*37'],
    [3, 'G28 X Y', 'N3 G28 X Y*17'],
    [4, 'G1 X10.5 Y20 F3000', 'N4 G1 X10.5 Y20 F3000*80'],
  ])('%i %s goes out as %s', (number, command, wire) => {
    expect(numberLine(number, command)).toBe(wire)
  })

  it('comes back as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.stringMatching(/^[GMT][ -)+-~]{0,60}$/), (number, command) => {
        expect(readNumberedLine(numberLine(number, command))).toEqual({
          kind: 'numbered',
          number,
          command: command.trim(),
        })
      }),
    )
  })

  it('sums the bytes that go over the wire, not the letters', () => {
    expect(checksumOf('M117 20 °C')).toBe(
      [...Buffer.from('M117 20 °C', 'utf8')].reduce((sum, byte) => sum ^ byte, 0),
    )
  })

  it.each([
    ['N1 M115*38', { kind: 'damaged', problem: 'checksum' }],
    ['N1 M115*', { kind: 'damaged', problem: 'checksum' }],
    ['N1 M115', { kind: 'damaged', problem: 'no-checksum' }],
    ['M115*39', { kind: 'damaged', problem: 'no-number' }],
    ['M105', { kind: 'bare', command: 'M105' }],
    ['', { kind: 'bare', command: '' }],
  ])('%j is told apart from a good one', (wire, expected) => {
    expect(readNumberedLine(wire)).toEqual(expected)
  })

  it('with one bit turned over is never taken for another', () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(7), fc.nat(), (number, bit, where) => {
        const wire = numberLine(number, 'G1 X10.5 Y20 E0.4')
        const at = where % wire.indexOf('*')
        const broken =
          wire.slice(0, at) + String.fromCharCode(wire.charCodeAt(at) ^ (1 << bit)) + wire.slice(at + 1)
        expect(readNumberedLine(broken).kind).not.toBe('numbered')
      }),
    )
  })
})
