import { describe, expect, it } from 'vitest'
import type { DeviceInfo } from '../../../src/main/contract/printer.ts'
import { deviceOf } from '../../../src/main/plugins/printer3d/dwapi.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { createSessionVoice, type SessionVoice } from '../../../src/main/printers/driver/session-voice.ts'
import { deviceOf as marlinDeviceOf } from '../../../src/main/printers/drivers/marlin/identity.ts'
import { parseFirmware } from '../../../src/main/printers/drivers/marlin/wire/firmware.ts'
import { tellDevice as tellMoonraker } from '../../../src/main/printers/drivers/moonraker/device.ts'
import { serverInfo } from '../../../src/main/printers/drivers/moonraker/reply.ts'
import { tellDevice as tellOctoPrint } from '../../../src/main/printers/drivers/octoprint/device.ts'
import { version as octoPrintVersion } from '../../../src/main/printers/drivers/octoprint/reply.ts'
import { createReader } from '../../../src/main/printers/drivers/prusalink/reader.ts'
import { info, version } from '../../../src/main/printers/drivers/prusalink/reply.ts'
import { blankSnapshot, nextSnapshot } from '../../../src/main/printers/state.ts'
import { known } from '../../../src/main/printers/wire/readings.ts'
import { createFakeClock } from '../../fakes/clock.ts'

type Value = string | number

/** What an application reads of a printer that told its driver this. */
async function shown(tell: (voice: SessionVoice) => unknown) {
  const voice = createSessionVoice()
  await tell(voice)
  let state = blankSnapshot(nothing, 0)
  voice.on(event => {
    if (event.kind === 'device') state = nextSnapshot(state, event, 0)
  })
  return deviceOf('Desk', state)
}

const prusaLink = (about: Record<string, Value>, printer: Record<string, Value> = {}) =>
  shown(voice =>
    createReader(voice, createFakeClock()).device(
      version.parse({ text: 'PrusaLink', ...about }),
      info.parse(printer),
    ),
  )
const moonraker = (server: Record<string, Value>, answers: Record<string, unknown> = {}) =>
  shown(voice =>
    tellMoonraker(
      { ask: async (method, _, schema) => schema.parse(answers[method]), giveUp: () => undefined },
      serverInfo.parse({ klippy_state: 'ready', ...server }),
      voice,
    ),
  )
const octoPrint = (about: Record<string, Value>, profile: Record<string, Value> = {}) =>
  shown(voice => {
    const replies: Record<string, unknown> = {
      'api/printerprofiles': { profiles: { _default: { current: true, ...profile } } },
      'api/connection': { current: {} },
    }
    return tellOctoPrint(
      { get: async (path, schema) => schema.parse(replies[path]) },
      known(octoPrintVersion.parse({ text: 'OctoPrint', ...about })),
      voice,
    )
  })
const marlin = (fields: string) => {
  const identity = parseFirmware(`FIRMWARE_NAME:Marlin 2.1.2 ${fields}`)
  if (!identity) throw new Error('no firmware was told')
  const firmware = {
    identity,
    capabilities: new Set<string>(),
    volume: undefined,
    freeMemoryBytes: undefined,
  }
  return shown(voice =>
    voice.say({ kind: 'device', device: marlinDeviceOf(firmware, undefined), attributes: {} }),
  )
}

type Member = Exclude<keyof DeviceInfo, 'hostName'>

const members: readonly Member[] = [
  'productName',
  'manufacturerName',
  'modelNumber',
  'firmwareRevision',
  'serialNumber',
  'softwareRevision',
  'hardwareRevision',
  'partNumber',
  'protocolRevision',
]

describe('what a device tells of itself', () => {
  it.each(members)('gotapi 112: %s arrives unchanged', member => {
    const told = ' Ä/"1.0" (x) '
    const snapshot = blankSnapshot(nothing, 0)
    expect(deviceOf('Desk', { ...snapshot, device: { [member]: told } })[member]).toBe(told)
  })

  it.each<[Member, string, (told: Value) => Promise<DeviceInfo>]>([
    ['productName', 'PrusaLink', name => prusaLink({}, { name })],
    ['firmwareRevision', 'PrusaLink', firmware => prusaLink({ firmware })],
    ['serialNumber', 'PrusaLink', serial => prusaLink({}, { serial })],
    ['softwareRevision', 'PrusaLink', server => prusaLink({ server })],
    ['protocolRevision', 'PrusaLink', api => prusaLink({ api })],
    ['modelNumber', 'PrusaLink', original => prusaLink({ original })],
    ['productName', 'OctoPrint', name => octoPrint({}, { name })],
    ['modelNumber', 'OctoPrint', model => octoPrint({}, { model })],
    ['softwareRevision', 'OctoPrint', server => octoPrint({ server })],
    ['protocolRevision', 'OctoPrint', api => octoPrint({ api })],
    [
      'firmwareRevision',
      'Moonraker by its board',
      mcu_version => moonraker({}, { 'printer.objects.query': { status: { mcu: { mcu_version } } } }),
    ],
    [
      'firmwareRevision',
      'Moonraker by its host',
      software_version => moonraker({}, { 'printer.info': { software_version } }),
    ],
    ['softwareRevision', 'Moonraker', moonraker_version => moonraker({ moonraker_version })],
    [
      'hardwareRevision',
      'Moonraker',
      MCU => moonraker({}, { 'printer.objects.query': { status: { mcu: { mcu_constants: { MCU } } } } }),
    ],
    [
      'serialNumber',
      'Moonraker',
      serial_number =>
        moonraker({}, { 'machine.system_info': { system_info: { cpu_info: { serial_number } } } }),
    ],
    ['protocolRevision', 'Moonraker', api_version_string => moonraker({ api_version_string })],
    ['productName', 'Marlin', told => marlin(`MACHINE_TYPE:${told}`)],
    ['modelNumber', 'Marlin', told => marlin(`MACHINE_TYPE:${told}`)],
    ['firmwareRevision', 'Marlin', told => marlin(`FIRMWARE_VERSION:${told}`)],
    ['softwareRevision', 'Marlin', told => marlin(`SOURCE_CODE_URL:${told}`)],
    ['hardwareRevision', 'Marlin', told => marlin(`ELECTRONICS:${told}`)],
    ['protocolRevision', 'Marlin', told => marlin(`PROTOCOL_VERSION:${told}`)],
  ])('gotapi 112: %s of %s arrives as told, a number as its string', async (member, _, tell) => {
    for (const told of ['R 1.4-b', 1.5, 0, 47]) expect((await tell(told))[member]).toBe(String(told))
  })

  it('a number that lost its last digits on the way is left out: a wrong serial number is worse than none', async () => {
    expect((await prusaLink({}, { serial: 2 ** 60 })).serialNumber).toBe('')
  })
})
