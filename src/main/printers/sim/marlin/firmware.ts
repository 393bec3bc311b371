import { createBin } from '../../../lib/dispose.ts'
import { ownOf } from '../../../lib/own.ts'
import { isJobOn } from '../model.ts'
import type { SimPrinter } from '../sim-printer.ts'
import { createSimCard } from './card.ts'
import { atRest, axis, isOutside, type Motion, nextMotion } from './motion.ts'
import { simNotices } from './notices.ts'
import { simQuestions } from './questions.ts'
import { createSimReceiver, type Harm, type SimReceiver } from './receiver.ts'
import { temperatureLine } from './temperatures.ts'
import type { MarlinTraits } from './traits.ts'
import { createSimWaiting } from './waiting.ts'

const HEAT_POLL_MS = 1_000
const WATCH_MS = 250
const WAIT_MS = 1_000
const HOMING_MS = 1_500
const PLANNER_BLOCKS = 16
const STOPPED = 'Error:Printer stopped due to errors. Fix the error and use M999 to restart.'
const HOT_ENOUGH_C = 2

/** A simulated Marlin on its own board: text in, text out, with the clock it is given. */
export interface SimMarlin {
  readonly sim: SimPrinter
  readonly traits: MarlinTraits
  /** Somebody opens the port; boards with a bridge chip reset on that. */
  connect(say: (text: string) => void): void
  disconnect(): void
  receive(text: string): void
  /** What the cable or the electronics do to the next lines. */
  harm(harm: Harm, times?: number): void
  /** Shuts itself down as for want of homing: it answers on, but moves nothing until M999. */
  stopItself(): void
  /** The reset button, or DTR. */
  reset(): void
  /** Prints anything, as a firmware would of itself. */
  say(...lines: readonly string[]): void
  /** Moves that would have ended in the frame. */
  readonly outside: readonly string[]
  /** M220 and M221, in per cent. */
  readonly factors: Readonly<Record<string, number>>
  /** Every command of a print that was executed, in order: what a test asks for. */
  readonly executed: readonly string[]
  stop(): void
}

export function createSimMarlin(sim: SimPrinter, traits: MarlinTraits): SimMarlin {
  const { clock } = sim
  const executed: string[] = []
  const outside: string[] = []
  const factors: Record<string, number> = { M220: 100, M221: 100 }
  const card = createSimCard(sim, traits)
  let out: ((text: string) => void) | undefined
  let motion: Motion = atRest
  let tool = 0
  let dead = false
  let stopped = false
  let plannerFreeAtMs = 0
  const reports = new Map<string, () => void>()
  const life = createBin()

  const say = (...lines: readonly string[]) => {
    for (const line of lines) out?.(`${line}${traits.lineEnd}`)
  }
  const waiting = createSimWaiting(clock, traits, say)
  const receiver: SimReceiver = createSimReceiver({
    traits,
    say,
    urgent: command => urgent(command),
    execute: (command, done) => inTurn(command, done),
    isDead: () => dead,
  })

  const temperatures = () => temperatureLine(sim.state(), traits, tool)
  const heat = (heater: 'nozzle' | 'nozzle1' | 'bed', line: string, wait: boolean, done: () => void) => {
    const targetC = axis(line, 'S') ?? axis(line, 'R') ?? 0
    sim.act({ kind: 'heat', heater, targetC })
    const isHot = () => sim.state()[heater].actualC > targetC - HOT_ENOUGH_C
    if (!wait || isHot()) {
      done()
      return
    }
    waiting.block('heat', done, go => {
      const stop = clock.every(HEAT_POLL_MS, 'sim heating', () => {
        if (traits.heatReports) say(temperatures())
        if (!isHot()) return
        stop()
        go()
      })
      life.add(stop)
    })
  }
  const move = (done: () => void) => {
    if (stopped) {
      say(STOPPED)
      done()
      return
    }
    if (traits.moveMs === 0) {
      done()
      return
    }
    const nowMs = clock.elapsed()
    plannerFreeAtMs = Math.max(plannerFreeAtMs, nowMs) + traits.moveMs
    const roomAtMs = plannerFreeAtMs - PLANNER_BLOCKS * traits.moveMs
    if (roomAtMs <= nowMs) done()
    else life.add(clock.after(roomAtMs - nowMs, 'sim planner', done))
  }
  const report = (code: string, line: string, print: () => string): undefined => {
    reports.get(code)?.()
    reports.delete(code)
    const periodS = axis(line, 'S') ?? 0
    if (periodS > 0)
      reports.set(
        code,
        clock.every(periodS * 1000, `sim report ${code}`, () => say(print())),
      )
  }

  const instant =
    (act: (line: string) => string | undefined) => (line: string, done: (text?: string) => void) =>
      done(act(line))
  const changeTool = (to: number) => {
    if (to >= traits.tools) say(`echo:T${to} Invalid extruder`)
    else {
      tool = to
      if (traits.tools > 1) say(`echo:Active Extruder: ${tool}`)
    }
    return undefined
  }
  /** Without a number it is the tool that prints. */
  const nozzleOf = (line: string) => ((axis(line, 'T') ?? tool) === 1 ? 'nozzle1' : 'nozzle')
  const setFan = (percent: number) => {
    sim.act({ kind: 'fan', percent })
    return undefined
  }
  const questions = simQuestions({ sim, traits, motion: () => motion, say, factors })
  const commands: Readonly<Record<string, (line: string, done: (text?: string) => void) => void>> = {
    G0: (_line, done) => move(done),
    G1: (_line, done) => move(done),
    M999: instant(() => {
      stopped = false
      return undefined
    }),
    G28: (_line, done) => {
      sim.act({ kind: 'home' })
      waiting.blockFor(HOMING_MS, done)
    },
    G4: (line, done) => waiting.blockFor((axis(line, 'S') ?? 0) * 1000 + (axis(line, 'P') ?? 0), done),
    M400: (_line, done) => waiting.blockFor(plannerFreeAtMs - clock.elapsed(), done),
    T0: instant(() => changeTool(0)),
    T1: instant(() => changeTool(1)),
    M104: (line, done) => heat(nozzleOf(line), line, false, done),
    M109: (line, done) => heat(nozzleOf(line), line, true, done),
    M140: (line, done) => heat('bed', line, false, done),
    M190: (line, done) => heat('bed', line, true, done),
    M105: instant(() => temperatures()),
    M106: instant(line => setFan((axis(line, 'S') ?? 255) / 2.55)),
    M107: instant(() => setFan(0)),
    M112: () => kill(),
    ...questions,
    M155: instant(line => report('M155', line, temperatures)),
    ...(traits.knowsCard && { M27: instant(line => report('M27', line, () => card.status())) }),
    M0: (_line, done) => waiting.block('user', done, () => undefined),
    M1: (_line, done) => waiting.block('user', done, () => undefined),
    M876: instant(() => {
      answerPrompt()
      return undefined
    }),
  }
  /** While it prints from its card a line over the wire waits behind those of the file. */
  const inTurn = (line: string, done: (text?: string) => void) => {
    const { machine } = sim.state()
    if (traits.cardTurnMs === 0 || !isJobOn(sim.state())) execute(line, done)
    else if (machine === 'preparing') untilHot(() => execute(line, done))
    else waiting.blockFor(traits.cardTurnMs, () => execute(line, done))
  }
  const untilHot = (done: () => void) =>
    waiting.block('heat', done, go => {
      const stop = clock.every(HEAT_POLL_MS, 'sim card heating', () => {
        if (traits.heatReports) say(temperatures())
        if (sim.state().machine === 'preparing') return
        stop()
        go()
      })
      life.add(stop)
    })
  const execute = (line: string, done: (text?: string) => void) => {
    const [word = ''] = line.split(/\s/)
    const code = word.toUpperCase()
    if (card.writing && code !== 'M29') {
      card.write(line)
      done()
      return
    }
    const fromCard =
      !traits.knowsCard || (code === 'M27' && axis(line, 'S') !== undefined)
        ? undefined
        : card.obey(code, line.slice(word.length).trim())
    if (fromCard) {
      say(...fromCard)
      done()
      return
    }
    if (code !== 'M110') executed.push(line)
    motion = nextMotion(motion, code, line)
    if (isOutside(motion, traits)) outside.push(line)
    const command = ownOf(commands, code)
    if (command) {
      command(line, done)
      return
    }
    if (!/^[GMT]\d/.test(code) || (code === 'M27' && !traits.knowsCard))
      say(`echo:Unknown command: "${line}"`)
    done()
  }
  const urgent = (command: string): boolean => {
    const [code = ''] = command.toUpperCase().split(/\s/)
    if (code === 'M112') kill()
    else if (code === 'M108') waiting.release()
    else if (code === 'M876') answerPrompt()
    else if (code === 'M524') sim.act({ kind: 'cancel' })
    else if (code !== 'M410') return false
    return true
  }
  const answerPrompt = () => {
    say('//action:prompt_end')
    if (!sim.state().filament) {
      sim.act({ kind: 'load-filament' })
      say('//action:resumed')
    }
    waiting.release()
  }
  const kill = (...why: readonly string[]) => {
    // A killed Marlin says this and nothing more.
    dead = true
    stopReports()
    life.empty()
    waiting.reset()
    sim.act({ kind: 'kill' })
    say(...why, 'Error:Printer halted. kill() called!')
    if (traits.prompts) say('//action:poweroff')
  }
  const stopReports = () => {
    for (const stop of reports.values()) stop()
    reports.clear()
  }
  const boot = () => {
    life.empty()
    waiting.reset()
    stopReports()
    receiver.reset()
    dead = false
    stopped = false
    motion = atRest
    tool = 0
    plannerFreeAtMs = 0
    sim.act({ kind: 'reset' })
    notice.forget()
    say('start', 'echo: External Reset', `Marlin ${traits.version}`, 'echo: Last Updated: 2024-05-05')
    say('echo: Free Memory: 5111  PlannerBufferBytes: 1232')
  }
  const notice = simNotices({ sim, traits, say, kill, isDead: () => dead })
  const watch = () => {
    card.watch()
    notice.look()
  }
  const stopWatching = clock.every(WATCH_MS, 'sim watch', watch)
  const stopWaiting = clock.every(WAIT_MS, 'sim wait', () => {
    if (traits.saysWait && receiver.idle && !dead) say('wait')
  })

  return {
    sim,
    traits,
    executed,
    outside,
    factors,
    say,
    connect(listener) {
      out = listener
      if (traits.resetsOnOpen) boot()
    },
    disconnect() {
      out = undefined
    },
    receive: text => receiver.receive(text),
    harm: (harm, times = 1) => receiver.harm(harm, times),
    stopItself() {
      stopped = true
      sim.act({ kind: 'heat', heater: 'nozzle', targetC: 0 })
      say(STOPPED)
    },
    reset: boot,
    stop() {
      out = undefined
      stopWatching()
      stopWaiting()
      life.empty()
      waiting.reset()
      stopReports()
    },
  }
}
