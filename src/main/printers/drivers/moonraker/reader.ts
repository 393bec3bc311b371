import type { Fault } from '../../../contract/printer.ts'
import type { DriverContext, ToldJob } from '../../driver/driver.ts'
import type { RunKeeper } from '../../driver/run-keeper.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { stampOf } from '../../driver/time-stamps.ts'
import { noPrompt, promptOf, readPromptLine } from './prompt.ts'
import { type Bags, statusUpdate } from './reply.ts'
import {
  fansOf,
  heatersOf,
  isOutOfFilament,
  jobOf,
  type Metadata,
  machineOf,
  outcomeOf,
  positionOf,
  printErrorOf,
  printFault,
  runSightOf,
  shutdownFault,
} from './state.ts'

/** Klipper's event time is monotonic; once it and our clock disagree by this much, one of them jumped. */
const anchorDriftMs = 5_000

/** What Moonraker says, kept as a cache of objects because it only ever says what changed. */
export function createReader(voice: SessionVoice, runs: RunKeeper, { clock, log }: DriverContext) {
  let cache: Bags | undefined
  let about: Metadata | undefined
  let dialog = noPrompt
  let outOfFilament = false
  let lastEvent = 0
  let anchor = { at: 0, event: 0 }
  let job: ToldJob = { state: 'none' }
  /** A run that ended with Klipper: its print state stays as it was, or is blank, and tells of no end. */
  let lostRun: string | undefined
  let printError: string | undefined

  const stampAt = (event: number) => {
    const receivedAt = clock.now()
    const at = anchor.at + (event - anchor.event) * 1000
    if (Math.abs(at - receivedAt) > anchorDriftMs) {
      anchor = { at: receivedAt, event }
      return stampOf(receivedAt)
    }
    return stampOf(receivedAt, { deviceAt: at, offsetMs: 0 })
  }
  const raise = (fault: Omit<Fault, 'since'>) =>
    voice.say({ kind: 'fault', fault: { ...fault, since: clock.now() } })

  const isOn = ({ state }: ToldJob) => state === 'running' || state === 'paused'
  const sayJob = (next: ToldJob) => {
    job = next
    voice.say({ kind: 'job', job })
  }
  /** It ended without a word of its own from Klipper. */
  const endJob = (state: 'done' | 'cancelled' | 'failed') => {
    if (job.state === 'none' || !isOn(job)) return
    const { remainingS: _, ...told } = job
    lostRun = job.run
    sayJob({ ...told, state })
  }
  /** Until its run is known a job is not told: it could not be told from the one before it. */
  const tellJob = (bags: Bags) => {
    const sight = runSightOf(bags)
    if (sight === undefined) {
      runs.none()
      if (lostRun === undefined) sayJob({ state: 'none' })
      return
    }
    const run = runs.of(sight)
    if (run === undefined || (run === lostRun && sight.isOn)) return
    lostRun = undefined
    sayJob(jobOf(bags, about, run))
  }
  /** A print that a command ended. Klipper itself is well, and may begin another at once. */
  const tellPrintError = (bags: Bags) => {
    const error = printErrorOf(bags)
    if (error === printError) return
    printError = error
    if (error !== undefined) raise(printFault(error, 'error'))
  }
  const tell = (bags: Bags, changed: ReadonlySet<string>, event: number) => {
    const stamp = stampAt(event)
    const has = (...names: string[]) => names.some(name => changed.has(name))
    const heaters = heatersOf(bags, changed, stamp)
    if (heaters.length > 0) voice.say({ kind: 'heaters', heaters })
    if (has('print_stats', 'idle_timeout')) voice.say({ kind: 'machine', ...machineOf(bags) })
    if (has('print_stats', 'virtual_sdcard', 'display_status')) tellJob(bags)
    if (has('print_stats')) tellPrintError(bags)
    const position = has('gcode_move', 'toolhead') ? positionOf(bags, stamp) : undefined
    if (position) voice.say({ kind: 'position', position })
    if (has('fan')) voice.say({ kind: 'fans', fans: fansOf(bags, stamp) })
    tellFilament(bags)
  }
  const tellFilament = (bags: Bags) => {
    const out = isOutOfFilament(bags)
    if (out === outOfFilament) return
    outOfFilament = out
    if (!out) voice.say({ kind: 'fault-cleared', class: 'filament-runout' })
    else {
      const text = 'The filament sensor sees no filament.'
      raise({ class: 'filament-runout', severity: 'warning', text, recoverBy: 'resume' })
    }
  }

  return {
    /** The name of the file that is printing: its metadata make progress and time exact. */
    fileName: () => {
      const name = cache?.print_stats?.filename
      return typeof name === 'string' && name !== '' ? name : undefined
    },
    describe(metadata: Metadata | undefined) {
      about = metadata
      if (cache) tellJob(cache)
    },
    runKnown() {
      if (cache) tellJob(cache)
    },
    /** The full report that comes with a subscription: from here on deltas mean something. */
    snapshot(status: Bags, event: number) {
      cache = status
      lastEvent = event
      anchor = { at: clock.now(), event }
      voice.say({ kind: 'fault-cleared' })
      outOfFilament = false
      printError = undefined
      // What ran when Klipper went, and does not run now that it is back, was lost.
      if (runSightOf(cache)?.isOn !== true) endJob('failed')
      tell(cache, new Set(Object.keys(status)), event)
    },
    /** printer-protocols 6.2: a Klipper that went away takes the subscription with it. */
    forget() {
      cache = undefined
    },
    delta(params: readonly unknown[]) {
      const parsed = statusUpdate.safeParse(params)
      if (!parsed.success || cache === undefined) return
      const [changes, event] = parsed.data
      if (event < lastEvent) {
        log.debug('an answer from the past was left out', { behindS: lastEvent - event })
        return
      }
      lastEvent = event
      for (const [name, fields] of Object.entries(changes)) cache[name] = { ...cache[name], ...fields }
      tell(cache, new Set(Object.keys(changes)), event)
    },
    klippy(state: string, message: string) {
      const machine = {
        startup: 'unknown',
        disconnected: 'offline',
        shutdown: 'error',
        error: 'error',
      } as const
      const known = Object.hasOwn(machine, state) ? machine[state as keyof typeof machine] : 'busy'
      voice.say({ kind: 'machine', state: known, text: message.slice(0, 500) || state })
      if (known !== 'error') return
      voice.say({ kind: 'fault', fault: shutdownFault(message, clock.now()) })
      endJob('failed')
    },
    /** Moonraker's own word of how a run ended. */
    finished(run: string, status: string) {
      const state = outcomeOf(status)
      if (state !== undefined && job.state !== 'none' && job.run === run) endJob(state)
    },
    line(line: string) {
      voice.say({ kind: 'line', way: 'heard', text: line.slice(0, 500) })
      const next = readPromptLine(dialog, line)
      if (next) {
        dialog = next
        voice.say({ kind: 'prompt', prompt: promptOf(dialog) })
      } else if (line.startsWith('!!')) {
        // A command that was refused, whoever gave it, or a macro's own warning: what it did to a print is told by
        // the print.
        raise(printFault(line.slice(2).trim(), 'warning'))
      }
    },
    /** The G-code behind a button of the dialog on screen. */
    answer: (button: number) => dialog.buttons[button]?.gcode,
  }
}
