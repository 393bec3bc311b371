import { describe, expect, it } from 'vitest'
import {
  parseArea,
  parseFirmware,
  parseSoftEndstops,
} from '../../../../../../src/main/printers/drivers/marlin/wire/firmware.ts'

describe('M115', () => {
  it('of Marlin keeps spaces and colons inside its values', () => {
    const line =
      'FIRMWARE_NAME:Marlin 2.1.2.4 (May  5 2024 10:11:12) SOURCE_CODE_URL:https://github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 MACHINE_TYPE:Ender-3 V2 KINEMATICS:Cartesian EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff'
    expect(parseFirmware(line)).toEqual({
      name: 'Marlin 2.1.2.4 (May  5 2024 10:11:12)',
      version: '2.1.2.4',
      machine: 'Ender-3 V2',
      uuid: 'cede2a2f-41a2-4748-9b12-c55c62f367ff',
      kinematics: 'Cartesian',
      protocol: '1.0',
      source: 'https://github.com/MarlinFirmware/Marlin',
      extruders: 1,
    })
  })

  it('of RepRapFirmware has fields of its own', () => {
    const line =
      'FIRMWARE_NAME: RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.5.1 ELECTRONICS: Duet WiFi 1.02 FIRMWARE_DATE: 2024-04-19'
    expect(parseFirmware(line)).toEqual({
      name: 'RepRapFirmware for Duet 2 WiFi/Ethernet',
      version: '3.5.1',
      electronics: 'Duet WiFi 1.02',
    })
  })

  it('of a Malyan breaks the rule and is understood', () => {
    expect(parseFirmware('NAME. Malyan VER: 3.8 MODEL: M100 HW: HB02')).toEqual({
      name: 'Malyan',
      version: '3.8',
      machine: 'M100',
      electronics: 'HB02',
    })
  })

  it.each(['ok', 'FIRMWARE_NAME:', 'Marlin 2.1', 'EXTRUDER_COUNT:1'])('is not %j', line => {
    expect(parseFirmware(line)).toBeUndefined()
  })

  it.each([
    [
      'area:{full:{min:{x:0.0000,y:0.0000,z:0.0000},max:{x:220.0000,y:220.0000,z:250.0000}},work:{min:{x:0,y:0,z:0},max:{x:200,y:200,z:250}}}',
      { xMm: 220, yMm: 220, zMm: 250 },
    ],
    ['area:{full:{min:{x:-5,y:0,z:0,},max:{x:215,y:200,z:180,},},}', { xMm: 220, yMm: 200, zMm: 180 }],
    ['area:{full:{min:{x:0,y:0,z:0},max:{x:0,y:0,z:0}}}', undefined],
    ['area:{full:{min:{x:0},max:{x:1}}}', undefined],
    ['area:rubbish', undefined],
  ])('gives the volume of %s', (line, volume) => {
    expect(parseArea(line)?.volume).toEqual(volume)
  })
})

describe('how far the head may go', () => {
  it('is the work area of M115, or the whole where there is no other', () => {
    const corners = (min: string, max: string) => `min:{${min}},max:{${max}}`
    const full = corners('x:-10,y:-5,z:0', 'x:230,y:220,z:250')
    const work = corners('x:0.0000,y:0.0000,z:0.0000', 'x:220.0000,y:210.0000,z:250.0000')
    expect(parseArea(`area:{full:{${full}},work:{${work},}}`)?.reach).toEqual({
      min: { x: 0, y: 0, z: 0 },
      max: { x: 220, y: 210, z: 250 },
    })
    expect(parseArea(`area:{full:{${full}}}`)?.reach.min).toEqual({ x: -10, y: -5, z: 0 })
  })

  it.each([
    'echo:Soft endstops: ON  Min:  X-117.50 Y-117.50 Z0.00   Max:  X117.50 Y117.50 Z300.00',
    'Soft endstops: ON  Min: X-117.5 Y-117.5 Z0 Max: X117.5 Y117.5 Z300',
  ])('is told by %s', line => {
    expect(parseSoftEndstops(line)).toEqual({
      min: { x: -117.5, y: -117.5, z: 0 },
      max: { x: 117.5, y: 117.5, z: 300 },
    })
  })

  it('is not known from anything else', () => {
    expect(parseSoftEndstops('Min: X5 Y5 Z5 Max: X5 Y5 Z5')).toBeUndefined()
    expect(parseSoftEndstops('Stats: Min: 3')).toBeUndefined()
  })
})
