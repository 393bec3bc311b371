import { describe, expect, it } from 'vitest'
import {
  isSensorSound,
  parseTemperatures,
} from '../../../../../../src/main/printers/drivers/marlin/wire/temperature.ts'

/** The report as plain data: tools, beds, chambers, sensors. */
function read(line: string) {
  const report = parseTemperatures(line)
  if (!report) return undefined
  const plain = (map: ReadonlyMap<string | number, { actualC: number | null; targetC?: number }>) =>
    Object.fromEntries([...map].map(([key, { actualC, targetC }]) => [key, [actualC, targetC]]))
  return [plain(report.tools), plain(report.beds), plain(report.chambers), plain(report.sensors)]
}

describe('a temperature line', () => {
  it.each([
    ['ok T:24.5 /0.0 B:23.9 /0.0 @:0 B@:0', [{ 0: [24.5, 0] }, { 0: [23.9, 0] }, {}, {}]],
    [
      'ok T:24.5 /0.0 B:23.9 /0.0 T0:24.5 /0.0 T1:25.1 /0.0 @:0 B@:0 @0:0 @1:0',
      [{ 0: [24.5, 0], 1: [25.1, 0] }, { 0: [23.9, 0] }, {}, {}],
    ],
    [
      ' T:204.9 /205.0 B:60.0 /60.0 C:34.0 /45.0 @:64 B@:12 C@:0',
      [{ 0: [204.9, 205] }, { 0: [60, 60] }, { 0: [34, 45] }, {}],
    ],
    ['T:150.2 E:1 W:?', [{ 1: [150.2, undefined] }, {}, {}, {}]],
    ['T:150.2 E:0 B:59.8', [{ 0: [150.2, undefined] }, { 0: [59.8, undefined] }, {}, {}]],
    ['T:150.2 E:0 W:?', [{ 0: [150.2, undefined] }, {}, {}, {}]],
    ['T:150.2 E:0 W:3', [{ 0: [150.2, undefined] }, {}, {}, {}]],
    ['ok T:20.0 /0.0 @0 B:19.5 /0.0 @0', [{ 0: [20, 0] }, { 0: [19.5, 0] }, {}, {}]],
    ['ok T:20.0 /0.0 @0 T1:21.0 /0.0 @0', [{ 0: [20, 0], 1: [21, 0] }, {}, {}, {}]],
    [
      'T:23.1/0.0 B:23.0/0.0 X:36.0/36.0 A:35.1/0.0 @:0 B@:0 HBR@:255',
      [{ 0: [23.1, 0] }, { 0: [23, 0] }, {}, { 'heat-break': [36, 36], board: [35.1, 0] }],
    ],
    [
      'T:24.6 /0.0 B:23.8 /0.0 T0:24.6 /0.0 @:0 B@:0 P:0.0 A:28.6',
      [{ 0: [24.6, 0] }, { 0: [23.8, 0] }, {}, { probe: [0, undefined], board: [28.6, undefined] }],
    ],
    [
      'ok B:23.9 /0.0 T0:24.5 /0.0 CH:22.0',
      [{ 0: [24.5, 0] }, { 0: [23.9, 0] }, {}, { 'chamber-air': [22, undefined] }],
    ],
    [
      'T:24.5 /0.0 T0:24.5 /0.0 T1:2000.0 /0.0 B:23.9 /0.0 B1:22.0 /0.0 C:30.1 /0.0',
      [{ 0: [24.5, 0], 1: [2000, 0] }, { 0: [23.9, 0], 1: [22, 0] }, { 0: [30.1, 0] }, {}],
    ],
    ['T:24.5 /0 (1234.5) @:0', [{ 0: [24.5, 0] }, {}, {}, {}]],
    ['T:-14.3 /0.0', [{ 0: [-14.3, 0] }, {}, {}, {}]],
    ['T:nan /0.0 B:inf /60', [{ 0: [null, 0] }, { 0: [null, 60] }, {}, {}]],
    ['T:-nan /nan', [{ 0: [null, undefined] }, {}, {}, {}]],
    ['X:1.00 Y:2.00 Z:3.00 E:0.00 T:0', undefined],
    ['echo:  M301 T:2', undefined],
    ['Error:T:2000 MAXTEMP', undefined],
    ['ok', undefined],
    ['Count T1', undefined],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual(expected)
  })

  it.each([
    [24.5, true],
    [-5, true],
    [310, true],
    [-14.3, false],
    [-273.1, false],
    [2000, false],
    [null, false],
  ])('of %s degrees comes from a sound sensor: %s', (actualC, sound) => {
    expect(isSensorSound({ actualC })).toBe(sound)
  })
})

describe('the tool that prints', () => {
  it.each([
    ['T:200.1 /200 B:60 /60 T0:24.5 /0 T1:200.1 /200 @:64 B@:0 @0:0 @1:64', 1],
    ['T:24.5 /0 B:60 /60 T0:24.5 /0 T1:200.1 /200 @:0', 0],
    // Alike, or unlike both: the line does not show it.
    ['T:24.5 /0 B:60 /60 T0:24.5 /0 T1:24.5 /0 @:0', undefined],
    ['T:24.7 /0 B:60 /60 T0:24.5 /0 T1:200.1 /200 @:0', undefined],
    ['T:24.6 /0.0 B:23.8 /0.0 T0:24.6 /0.0 @:0 B@:0 P:0.0 A:28.6', undefined],
    ['ok T:20.0 /0.0 @0 T1:21.0 /0.0 @0', undefined],
  ])('of %s is %s', (line, active) => {
    expect(parseTemperatures(line)?.active).toBe(active)
  })

  it('is meant by a temperature without a number, unless the line says whose it is', () => {
    expect(parseTemperatures('T:150 /200 B:60 /60')?.unnumbered).toBe(true)
    expect(parseTemperatures('T:150.2 E:1 W:?')?.unnumbered).toBeUndefined()
    expect(parseTemperatures('T0:150 /200')?.unnumbered).toBeUndefined()
  })
})
