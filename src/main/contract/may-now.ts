import { type ErrorCode, type ErrorDetails, GantryError } from './error.ts'
import { gcodeInPrint } from './gcode-in-print.ts'
import type { Snapshot } from './printer.ts'
import type { PrinterCommand } from './printer-command.ts'

/** Beside the commands: a file is put on the printer, or printed; a person says what they saw. */
export type Asked = PrinterCommand | { readonly kind: 'put' | 'begin' | 'clear-bed' | 'release-hold' }

/** What the rule looks at. */
export type Now = Pick<Snapshot, 'machine' | 'job' | 'heaters' | 'can' | 'feed' | 'bed' | 'holds'>

/** Why something may not be done now. */
export interface NotNow {
  readonly code: ErrorCode
  readonly params: ErrorDetails
}

/**
 * What may be done in which state of a machine: the one rule for every caller, asked by the printers' room before a
 * driver is, and by the page, which disables with the reason. Nothing moves, extrudes, homes, runs a macro, changes a
 * mode or lets a heater go cold under a print that runs; a paused one may be jogged, heated and purged.
 */
export function mayNow(asked: Asked, now: Now): NotNow | undefined {
  const code = reasonOf(asked, now)
  return code && { code, params: { state: now.machine.state } }
}

/** The same as a refusal. */
export function demandNow(asked: Asked, now: Now): void {
  const why = mayNow(asked, now)
  if (why) throw new GantryError(why.code, sentences[why.code] ?? 'Not now.', why.params)
}

/** Is the part of a print that is over still on the bed? Then nothing may begin. */
export function isBedToClear(now: Now): boolean {
  return now.bed.state === 'occupied' && !isOn(phaseOf(now))
}

const sentences: Partial<Record<ErrorCode, string>> = {
  'printer.printing': 'A print is on, and this would spoil it. Pause or cancel it first.',
  'printer.not-printing': 'Nothing is being printed.',
  'printer.not-paused': 'The print is not paused.',
  'printer.paused': 'The print is paused already.',
  'printer.halted': 'The machine has stopped itself. It must be restarted first.',
  'printer.bed-to-clear': 'The last part may still be on the bed. Say that the bed is clear first.',
  'printer.held':
    'The machine had a fault that somebody has to look at first. Say then that it is fit to go on.',
  'printer.busy': 'The printer is busy with something else. Wait until it is done.',
  'printer.offline': 'The printer is not there, or has not said what it is doing.',
}

type Phase = 'away' | 'halted' | 'printing' | 'paused' | 'free'

function phaseOf({ machine, job }: Now): Phase {
  switch (machine.state) {
    case 'unknown':
    case 'offline':
      return 'away'
    case 'error':
      return 'halted'
    case 'preparing':
    case 'printing':
    case 'pausing':
    case 'resuming':
    case 'cancelling':
      return 'printing'
    case 'paused':
      return 'paused'
    default:
      return job.state === 'running' ? 'printing' : job.state === 'paused' ? 'paused' : 'free'
  }
}

function reasonOf(asked: Asked, now: Now): ErrorCode | undefined {
  const phase = phaseOf(now)
  switch (asked.kind) {
    case 'emergency-stop':
    case 'enqueue':
    case 'dequeue':
      return undefined
    case 'restart-machine':
      return isOn(phase) ? 'printer.printing' : undefined
    case 'clear-bed':
      return maySay(phase, now)
    case 'release-hold':
      return phase === 'halted' ? 'printer.halted' : maySay(phase, now)
    case 'put':
      return isSerial(now) ? onlyBeside(phase) : undefined
    case 'delete-file':
      return isSerial(now) || asked.path === now.job.path ? onlyBeside(phase) : undefined
    case 'begin':
      return mayBegin(phase, now)
    case 'pause':
    case 'resume':
    case 'cancel':
      return maySteer(asked.kind, phase, now)
    default:
      return absent(phase, asked) ?? mayTouch(asked, phase, now)
  }
}

/** A serial line is one lane: firmware closes the file it prints when another is written or deleted (Marlin, M28 and M30). */
const isSerial = ({ can }: Now) => can.stream
const isOn = (phase: Phase) => phase === 'printing' || phase === 'paused'
const onlyBeside = (phase: Phase): ErrorCode | undefined => (isOn(phase) ? 'printer.printing' : undefined)

function mayBegin(phase: Phase, now: Now): ErrorCode | undefined {
  if (phase === 'away') return 'printer.offline'
  if (phase === 'halted') return 'printer.halted'
  if (isOn(phase)) return 'printer.printing'
  if (now.holds.length > 0) return 'printer.held'
  if (now.bed.state === 'occupied') return 'printer.bed-to-clear'
  return now.machine.state === 'busy' || now.machine.state === 'attention' ? 'printer.busy' : undefined
}

/** A person says what they saw: not of a run that is on, nor of one that was on when the printer was heard last. */
function maySay(phase: Phase, { job }: Now): ErrorCode | undefined {
  if (isOn(phase)) return 'printer.printing'
  const mayBeOn = job.state === 'running' || job.state === 'paused'
  return phase === 'away' && mayBeOn ? 'printer.offline' : undefined
}

function maySteer(
  verb: 'pause' | 'resume' | 'cancel',
  phase: Phase,
  { machine }: Now,
): ErrorCode | undefined {
  if (phase === 'away') return 'printer.offline'
  if (phase === 'halted') return 'printer.halted'
  if (phase === 'free') return 'printer.not-printing'
  if (machine.state === 'cancelling') return 'printer.busy'
  switch (verb) {
    case 'cancel':
      return undefined
    case 'pause':
      if (phase === 'paused') return 'printer.paused'
      return machine.state === 'pausing' ? 'printer.busy' : undefined
    case 'resume':
      if (machine.state === 'pausing' || machine.state === 'resuming') return 'printer.busy'
      return phase === 'paused' || machine.state === 'attention' ? undefined : 'printer.not-paused'
  }
}

type Touch = Exclude<
  PrinterCommand,
  {
    kind:
      | 'emergency-stop'
      | 'enqueue'
      | 'dequeue'
      | 'restart-machine'
      | 'delete-file'
      | 'pause'
      | 'resume'
      | 'cancel'
  }
>

function absent(phase: Phase, asked: Touch): ErrorCode | undefined {
  if (phase === 'away') return 'printer.offline'
  if (phase !== 'halted') return undefined
  return asked.kind === 'send-gcode' && gcodeInPrint(asked.line).kind === 'stop'
    ? undefined
    : 'printer.halted'
}

function mayTouch(asked: Touch, phase: Phase, now: Now): ErrorCode | undefined {
  if (!isOn(phase)) return now.holds.length > 0 && heats(asked) ? 'printer.held' : undefined
  return isFitting(asked, phase === 'paused' ? 'paused' : 'printing', now) ? undefined : 'printer.printing'
}

/** May this switch a heater on? */
function heats(asked: Touch): boolean {
  switch (asked.kind) {
    case 'set-temperature':
      return asked.targetC > 0
    case 'run-macro':
      return true
    case 'send-gcode': {
      const meaning = gcodeInPrint(asked.line)
      // A word that is no code is a macro, and may do anything.
      if (meaning.kind === 'other') return !/^\s*[GMT]\s*\d/i.test(asked.line)
      return meaning.kind === 'heat' && meaning.targetC > 0
    }
    default:
      return false
  }
}

function isFitting(asked: Touch, phase: 'printing' | 'paused', now: Now): boolean {
  // Whoever prints from a card knows no way back: neither the place nor the modes its file left.
  const comesBack = phase === 'paused' && !(isSerial(now) && now.feed?.live !== true)
  switch (asked.kind) {
    case 'set-fan':
    case 'answer-prompt':
      return true
    case 'home':
      return false
    case 'jog':
    case 'extrude':
      return comesBack
    case 'run-macro':
      // Those of a serial printer are Gantry's own, and home it.
      return phase === 'paused' && !isSerial(now)
    case 'set-temperature':
      return phase === 'paused' || isWarmEnough(asked.heater, asked.targetC, now)
    case 'send-gcode': {
      const meaning = gcodeInPrint(asked.line)
      switch (meaning.kind) {
        case 'stop':
        case 'harmless':
          return true
        case 'answer':
          return phase === 'paused' || now.machine.state === 'attention'
        case 'heat':
          return phase === 'paused' || (!meaning.waits && isWarmEnough(meaning.heater, meaning.targetC, now))
        case 'move':
          return comesBack
        case 'other':
          return false
      }
    }
  }
}

/** Less than this share of what it heats to is as good as off: the next line would be laid cold. */
const warmShare = 0.5

function isWarmEnough(heater: string, targetC: number, { heaters, machine }: Now): boolean {
  if (machine.state === 'cancelling') return true
  const meant = heaters.filter(({ id, kind }) => id === heater || kind === heater)
  const wanted = Math.max(0, ...meant.map(each => each.targetC ?? 0))
  return targetC > 0 && targetC >= wanted * warmShare
}
