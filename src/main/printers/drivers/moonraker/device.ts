import { z } from 'zod'
import type { QueueEntry } from '../../../contract/printer.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { known, maybeNumber, maybeWord } from '../../wire/readings.ts'
import { printerInfo, type serverInfo, toolhead } from './reply.ts'
import type { Rpc } from './rpc.ts'

const systemInfo = z.object({
  system_info: z
    .object({
      cpu_info: z.object({ serial_number: maybeWord, total_memory: maybeNumber }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
const queried = z.object({
  status: z.object({
    mcu: z
      .object({
        mcu_version: maybeWord,
        mcu_constants: z.object({ MCU: maybeWord }).optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
    toolhead: toolhead.optional().catch(undefined),
  }),
})

/** Names, versions and size; what a fork does not answer is left out. */
export async function tellDevice(
  rpc: Rpc,
  server: z.output<typeof serverInfo>,
  voice: SessionVoice,
): Promise<void> {
  const optional = async <Value>(asked: Promise<Value>) => asked.catch(() => undefined)
  const [info, system, objects] = await Promise.all([
    optional(rpc.ask('printer.info', {}, printerInfo)),
    optional(rpc.ask('machine.system_info', {}, systemInfo)),
    optional(rpc.ask('printer.objects.query', { objects: { mcu: null, toolhead: null } }, queried)),
  ])
  const cpu = system?.system_info?.cpu_info
  const { mcu, toolhead: axes } = objects?.status ?? {}
  const size = (axis: number) => {
    const [greatest, least] = [axes?.axis_maximum[axis], axes?.axis_minimum[axis]]
    return greatest === undefined || least === undefined
      ? undefined
      : Math.round(greatest - Math.min(0, least))
  }
  voice.say({
    kind: 'device',
    device: known({
      hostName: info?.hostname,
      firmwareRevision: mcu?.mcu_version ?? info?.software_version,
      softwareRevision: server.moonraker_version,
      hardwareRevision: mcu?.mcu_constants?.MCU,
      serialNumber: cpu?.serial_number || undefined,
      protocolRevision: server.api_version_string,
    }),
    attributes: known({
      printType: 'Fused Filament Fabrication',
      printSizeX: size(0),
      printSizeY: size(1),
      printSizeZ: size(2),
      memorySize: cpu?.total_memory === undefined ? undefined : Math.round(cpu.total_memory / 1024),
    }),
  })
}

export function queueOf(
  jobs: readonly { readonly filename: string; readonly job_id: string }[],
): QueueEntry[] {
  return jobs.map(({ filename, job_id }, index) => ({
    order: index + 1,
    path: filename,
    id: job_id,
    message: 'Waiting',
    status: 'Pending',
  }))
}
