import { parseReply } from '../wire/reply.ts'
import type { HeaterReading, TemperatureReport } from '../wire/temperature.ts'
import type { ModalState } from './modal-state.ts'
import type { PrintPlan } from './protocol.ts'
import { type Footing, type Place, parkScript, restoreScript } from './scripts.ts'

/** Colder than this below its target it is waited for. */
const NEARLY_C = 5

export interface PauseDeps {
  readonly plan: Pick<PrintPlan, 'reach' | 'delta' | 'tellsFactors'>
  readonly send: (command: string) => Promise<readonly string[]>
  /** Goes through a script, and no further when the print has moved on meanwhile. */
  readonly run: (script: readonly string[], whileIn: 'pausing' | 'resuming') => Promise<boolean>
  readonly footing: () => Footing
  readonly modal: () => ModalState
}

/** What a pause leaves and finds again: where the head was, how hot, how fast, and how the file reads numbers. */
export interface Pause {
  /** Each of them: false when the print has moved on meanwhile. */
  park(): Promise<boolean>
  /** As hot as it was, before anything moves. */
  heat(): Promise<boolean>
  goBack(): Promise<boolean>
  /** The runout sensor says that there is none. */
  lacksFilament(): Promise<boolean>
}

export function createPause({ plan, send, run, footing, modal }: PauseDeps): Pause {
  let place: Place | undefined
  let delta = plan.delta
  let heat: TemperatureReport | undefined
  let factors: readonly string[] = []

  const ask = async (question: string) => (await send(question)).flatMap(parseReply)
  const askPlace = async () => (await ask('M114')).find(reply => reply.kind === 'position')
  const askHeat = async () => (await ask('M105')).find(reply => reply.kind === 'temperatures')?.report
  /** `M220 S110`, `M221 S95`, as they are now. */
  const askFactors = async () => {
    const known: string[] = []
    if (!plan.tellsFactors) return known
    for (const code of ['M220', 'M221']) {
      const percent = /(\d+(?:\.\d+)?)\s*%/.exec((await send(code)).join(' '))?.[1]
      if (percent !== undefined) known.push(`${code} S${Math.round(Number(percent))}`)
    }
    return known
  }
  /** What was cooled meanwhile is heated again, all of it at once, and then waited for. What is hotter stays. */
  const heatAgain = async (): Promise<readonly string[]> => {
    const now = heat && (await askHeat())
    if (!heat || !now) return []
    const several = heat.tools.size > 1
    const lost = [
      ...lostHeat(heat.tools, now.tools).map(each => ({
        ...each,
        codes: ['M104', 'M109'],
        tool: several ? `T${each.index} ` : '',
      })),
      ...lostHeat(heat.beds, now.beds).map(each => ({ ...each, codes: ['M140', 'M190'], tool: '' })),
    ]
    const line = (which: 0 | 1) => (each: (typeof lost)[number]) =>
      `${each.codes[which]} ${each.tool}S${each.targetC}`
    return [
      ...lost.filter(({ isLower }) => isLower).map(line(0)),
      ...lost.filter(({ isCold }) => isCold).map(line(1)),
    ]
  }

  return {
    async park() {
      if (!(await run(['M400'], 'pausing'))) return false
      const found = await askPlace()
      place = found
      delta ||= found?.delta === true
      heat = await askHeat()
      factors = await askFactors()
      // Without knowing where it stands the head stays there: it could not find back.
      const { reach } = plan
      return place ? run(parkScript(place, footing(), { reach, delta }), 'pausing') : true
    },
    heat: async () => run(await heatAgain(), 'resuming'),
    async goBack() {
      if (!place) return true
      const { zMm: fromMm = place.zMm } = (await askPlace()) ?? {}
      const { reach } = plan
      return run([...factors, ...restoreScript(place, modal(), footing(), { reach, fromMm })], 'resuming')
    },
    async lacksFilament() {
      const sensor = (await ask('M119')).find(reply => reply.kind === 'filament')
      return sensor?.present === false
    },
  }
}

interface LostHeat {
  readonly index: number
  readonly targetC: number
  /** Its target is not what it was. */
  readonly isLower: boolean
  /** It is colder than it was. */
  readonly isCold: boolean
}

function lostHeat(
  before: ReadonlyMap<number, HeaterReading>,
  now: ReadonlyMap<number, HeaterReading>,
): readonly LostHeat[] {
  return [...before].flatMap(([index, { targetC = 0, actualC }]) => {
    if (targetC === 0) return []
    const { targetC: goalC = 0, actualC: nowC } = now.get(index) ?? {}
    const isCold = (nowC ?? 0) < Math.min(targetC, actualC ?? targetC) - NEARLY_C
    return [{ index, targetC: Math.max(targetC, goalC), isLower: goalC < targetC, isCold }]
  })
}
