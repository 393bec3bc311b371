import type { Heater } from '../../../contract/printer.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { stampOf } from '../../driver/time-stamps.ts'
import type { FaultReader } from './faults.ts'
import type { Reply } from './wire/reply.ts'
import { type HeaterReading, isSensorSound, type TemperatureReport } from './wire/temperature.ts'

/** Temperatures as facts: what a broken sensor says is absent, and told as a fault once. */
export interface HeaterReader {
  hear(report: TemperatureReport): void
  target(reply: Extract<Reply, { kind: 'target' }>): void
  /** The firmware says which tool prints. */
  tool(tool: number): void
  /** How many tools it has told of. */
  readonly tools: number
  readonly heardAtMs: number
  readonly heating: boolean
  /** Nothing was heard that would rule it out. */
  readonly mayBeOn: boolean
}

export function createHeaterReader(voice: SessionVoice, clock: Clock, faults: FaultReader): HeaterReader {
  const known = new Map<string, Heater>()
  const broken = new Set<string>()
  let heardAtMs = clock.elapsed()
  let active: number | undefined
  let tools = 1

  const isActive = (tool: number) => {
    tools = Math.max(tools, tool + 1)
    if (tool === active) return
    active = tool
    voice.say({ kind: 'tool', active: tool })
  }

  const take = (id: string, kind: Heater['kind'], index: number, reading: HeaterReading): Heater => {
    const targetC = reading.targetC ?? (kind === 'sensor' ? undefined : known.get(id)?.targetC)
    const sound = isSensorSound(reading)
    watch(id, kind, reading, sound)
    const heater: Heater = {
      id,
      kind,
      index,
      ...(sound && reading.actualC !== null ? { actualC: reading.actualC } : {}),
      ...(targetC === undefined ? {} : { targetC }),
      ...stampOf(clock.now()),
    }
    known.set(id, heater)
    return heater
  }
  const watch = (id: string, kind: Heater['kind'], reading: HeaterReading, sound: boolean) => {
    if (kind === 'sensor' || sound === !broken.has(id)) return
    if (sound) {
      broken.delete(id)
      if (broken.size === 0) voice.say({ kind: 'fault-cleared', class: 'sensor-fault' })
      return
    }
    broken.add(id)
    const said = reading.actualC === null ? 'no number' : `${reading.actualC} °C`
    faults.raise(
      'sensor-fault',
      'error',
      `The sensor of ${id} says ${said}. Its wire may be broken or loose.`,
    )
  }
  return {
    get heardAtMs() {
      return heardAtMs
    },
    get heating() {
      return [...known.values()].some(({ targetC = 0 }) => targetC > 0)
    },
    get mayBeOn() {
      const targets = [...known.values()].flatMap(({ targetC }) => (targetC === undefined ? [] : [targetC]))
      return targets.length === 0 || targets.some(targetC => targetC > 0)
    },
    get tools() {
      return tools
    },
    tool: isActive,
    hear(report) {
      heardAtMs = clock.elapsed()
      if (report.active !== undefined) isActive(report.active)
      const numbered = [...report.tools].map(
        ([tool, reading]) => [report.unnumbered ? (active ?? tool) : tool, reading] as const,
      )
      for (const [tool] of numbered) tools = Math.max(tools, tool + 1)
      const heaters = [
        ...numbered.map(([tool, reading]) => take(`nozzle${tool}`, 'nozzle', tool, reading)),
        ...[...report.beds].map(([at, reading]) => take(at === 0 ? 'bed' : `bed${at}`, 'bed', at, reading)),
        ...[...report.chambers].map(([at, reading]) =>
          take(at === 0 ? 'chamber' : `chamber${at}`, 'chamber', at, reading),
        ),
        ...[...report.sensors].map(([name, reading]) => take(name, 'sensor', 0, reading)),
      ]
      voice.say({ kind: 'heaters', heaters })
    },
    target({ heater, index, targetC }) {
      const id = heater === 'bed' ? 'bed' : `nozzle${index}`
      const before = known.get(id)
      if (!before || before.targetC === targetC) return
      const after = { ...before, targetC }
      known.set(id, after)
      voice.say({ kind: 'heaters', heaters: [after] })
    },
  }
}
