import type { z } from 'zod'
import type { MachineState } from '../../../contract/printer.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { createPastGuard, stampOf } from '../../driver/time-stamps.ts'
import { known } from '../../wire/readings.ts'
import type { Drives, info, JobDetails, Status, version } from './reply.ts'
import { heatersOf, jobOf, machineOf, pathOf, positionOf } from './state.ts'

/** A stop that was accepted is over; before it begins the printer goes on saying what it did. */
const isSettled = (state: string) => !['BUSY', 'PRINTING', 'PAUSED'].includes(state)

/** What the printer says, each poll a whole. */
export function createReader(voice: SessionVoice, clock: Clock) {
  let latest: Status | undefined
  let details: JobDetails | undefined
  let machine: MachineState = 'unknown'
  let cancelling = false
  const past = createPastGuard()
  let drives: Drives = []
  const unseenRun = `before ${clock.now()}`

  const tell = () => {
    if (latest === undefined) return
    machine = machineOf(latest, cancelling)
    if (isSettled(latest.printer.state)) cancelling = false
    voice.say({ kind: 'machine', state: machine, text: latest.printer.state })
    voice.say({ kind: 'job', job: jobOf(latest, details, machine, drives, unseenRun) })
  }
  const tellFaults = ({ printer }: Status) => {
    const text = printer.status_printer?.message ?? ''
    const since = clock.now()
    if (printer.state === 'ATTENTION') {
      const runout = /filament/i.test(text)
      voice.say({
        kind: 'fault',
        fault: {
          class: runout ? 'filament-runout' : 'other',
          severity: 'warning',
          text: text.slice(0, 500) || 'The printer asks for somebody.',
          recoverBy: 'panel',
          since,
        },
      })
    } else if (printer.state === 'ERROR') {
      const fault = { class: 'firmware-fatal', severity: 'critical', recoverBy: 'panel', since } as const
      voice.say({ kind: 'fault', fault: { ...fault, text: text.slice(0, 500) || 'The printer stopped.' } })
    } else voice.say({ kind: 'fault-cleared' })
  }

  return {
    hear(status: Status, dateHeader: string | undefined) {
      const date = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader)
      if (Number.isFinite(date) && past.isPast(date)) return
      const receivedAt = clock.now()
      if (status.job && status.job.id !== details?.id) details = undefined
      const stateBefore = latest?.printer.state
      latest = status
      if (Number.isFinite(date)) {
        voice.say({ kind: 'clock', deviceAt: date, at: receivedAt, source: 'HTTP Date' })
      }
      // The Date header has whole seconds and stamps the answer, not the measurement: reception is the better stamp.
      const stamp = stampOf(receivedAt)
      voice.say({ kind: 'heaters', heaters: heatersOf(status, stamp) })
      const position = positionOf(status, stamp)
      if (position) voice.say({ kind: 'position', position })
      if (stateBefore !== status.printer.state) tellFaults(status)
      tell()
    },
    wantsDetails: () => latest?.job !== undefined && details === undefined,
    describe(about: JobDetails) {
      details = about
      tell()
    },
    device(about: z.output<typeof version>, printer: z.output<typeof info>) {
      voice.say({
        kind: 'device',
        device: known({
          productName: printer.name || undefined,
          // On a Raspberry Pi the second host name is not its own but that of the vendor's cloud.
          hostName: about.hostname || printer.hostname || undefined,
          manufacturerName: 'Prusa Research',
          modelNumber: about.original?.replace(/^PrusaLink\s*/, ''),
          serialNumber: printer.serial,
          firmwareRevision: about.firmware,
          softwareRevision: about.server,
          protocolRevision: about.api,
        }),
        attributes: { printType: 'Fused Filament Fabrication' },
      })
    },
    drives(found: Drives) {
      drives = found
    },
    jobId: () => latest?.job?.id,
    running: () => latest?.job !== undefined,
    printing: () => (latest?.job && details?.file ? pathOf(details.file, drives) : undefined),
    cancelling() {
      cancelling = true
    },
  }
}
