import { isGantryError } from '../../../contract/error.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { known } from '../../wire/readings.ts'
import { connection, profiles } from './reply.ts'
import type { OctoPrintWire } from './wire.ts'

/** Profile and connection; a key that may not read them costs only the details. */
export async function tellDevice(
  wire: Pick<OctoPrintWire, 'get'>,
  about: { readonly server?: string; readonly api?: string },
  voice: SessionVoice,
): Promise<void> {
  const optional = async <Value>(asked: Promise<Value>) => {
    try {
      return await asked
    } catch (thrown) {
      if (isGantryError(thrown, 'printer.credentials', 'file.unknown', 'wire.malformed')) return undefined
      throw thrown
    }
  }
  const found = await optional(wire.get('api/printerprofiles', profiles, 'the printer profiles'))
  const port = await optional(wire.get('api/connection', connection, 'the connection'))
  const all = Object.entries(found?.profiles ?? {})
  const [, profile] =
    all.find(([id]) => id === port?.current.printerProfile) ?? all.find(([, each]) => each.current) ?? []
  voice.say({
    kind: 'device',
    device: known({
      productName: profile?.name,
      modelNumber: profile?.model,
      softwareRevision: about.server,
      protocolRevision: about.api,
    }),
    attributes: known({
      printType: 'Fused Filament Fabrication',
      printSizeX: profile?.volume?.width,
      printSizeY: profile?.volume?.depth,
      printSizeZ: profile?.volume?.height,
    }),
  })
}
