import type { z } from 'zod'
import type { Fault, MachineState } from '../../../contract/printer.ts'
import { ownOf } from '../../../lib/own.ts'
import type { DriverContext } from '../../driver/driver.ts'
import type { RunKeeper } from '../../driver/run-keeper.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { createPastGuard, type DeviceTime, readAnew } from '../../driver/time-stamps.ts'
import { known } from '../../wire/readings.ts'
import { nameOfFile } from './place.ts'
import type { Current, JobReply, lastError, printer, push, Temperatures, waitingPrompt } from './reply.ts'
import { type Ended, heatersOf, isJobOn, jobOf, machineOf, runSightOf } from './state.ts'

type Push = z.output<typeof push>
type PromptData = Extract<Push, { plugin: unknown }>['plugin']['data']

/** What OctoPrint says, put together and told as facts. */
export function createReader(voice: SessionVoice, runs: RunKeeper, ctx: DriverContext) {
  const { clock, log } = ctx
  let ended: Ended | undefined
  /** A job was seen running, and nothing was heard of its end. */
  let running = false
  let machine: MachineState = 'unknown'
  let latestJob: JobReply | undefined
  let device: DeviceTime = {}
  const past = createPastGuard()
  let asking = false
  let broken = false
  let faultTold = ''
  let words: string | undefined

  const tellMachine = (state: MachineState, text?: string) => {
    if (state === 'printing' || state === 'preparing') ended = undefined
    if (isJobOn(state)) running = true
    // Of a print that was paused when its printer went, OctoPrint tells no end.
    const isGone = state === 'offline' || state === 'error'
    if (isGone && (machine === 'paused' || machine === 'attention')) end('failed')
    machine = state
    if (asking && state === 'paused') machine = 'attention'
    // OctoPrint closes its serial port after a fault, and its flags then say no more than that.
    if (broken && state === 'offline') machine = 'error'
    words = text
    voice.say({ kind: 'machine', state: machine, ...known({ text }) })
  }
  // OctoPrint drops its file with its serial port, and people select others: what ended keeps its own name.
  const keepJob = (reply: JobReply) => {
    const isAnother = nameOfFile(reply.job.file ?? {}) !== nameOfFile(latestJob?.job.file ?? {})
    if (ended === undefined || latestJob === undefined || !isAnother) latestJob = reply
  }
  // A short print is over before a push could name it.
  const nameJob = (type: string, path: string, { name, origin }: Readonly<Record<string, unknown>>) => {
    const told = { path, ...(typeof origin === 'string' && { origin }) }
    const same = nameOfFile(latestJob?.job.file ?? {}) === nameOfFile(told) ? latestJob : undefined
    if (same && type !== 'PrintDone') return
    const file = { ...same?.job.file, ...told, ...(typeof name === 'string' && { name }) }
    const progress = type === 'PrintDone' ? { ...same?.progress, completion: 100 } : {}
    latestJob = { job: { ...same?.job, file }, progress }
  }
  /** Until its run is known a job is not told: it could not be told from the one before it. */
  const tellJob = () => {
    if (latestJob === undefined) return
    const sight = runSightOf(latestJob, machine, ended)
    // Of one that runs no more and was not told to have ended, the end comes with its event.
    if (sight === undefined && !running) runs.none()
    const run = sight && runs.of(sight)
    if (sight === undefined || run !== undefined)
      voice.say({ kind: 'job', job: jobOf(latestJob, machine, ended, run ?? '') })
  }
  const tellHeaters = (temperatures: Temperatures) => {
    const heaters = heatersOf(temperatures, clock.now(), device)
    if (heaters.length > 0) voice.say({ kind: 'heaters', heaters })
  }
  const raise = (fault: Omit<Fault, 'since'>) =>
    voice.say({ kind: 'fault', fault: { ...fault, text: fault.text.slice(0, 500), since: clock.now() } })

  // What stops the machine while nothing is printed ends no job: the one before is over already.
  const end = (how: Ended) => {
    if (!running) return false
    running = false
    ended = how
    return true
  }
  const fail = (told: string, reason = '') => {
    // `Error` and the `PrintFailed` after it tell of one fault in the same words.
    if (told !== '' && told === faultTold) return
    if (told === '') {
      raise({ class: 'other', severity: 'error', text: 'The print failed.', recoverBy: 'clear' })
      return
    }
    faultTold = told
    const about = classOf(told, reason)
    // A pulled cable is offline, and nothing to clear.
    broken = about !== 'link-lost'
    if (broken && machine === 'offline') tellMachine('offline', words)
    raise({ class: about, severity: 'critical', text: told, recoverBy: 'restart' })
  }

  const isStale = (serverTime: number | undefined): boolean => {
    if (serverTime === undefined) return false
    const at = serverTime * 1000
    if (past.isPast(at)) {
      log.debug('an answer from the past was left out', {})
      return true
    }
    const receivedAt = clock.now()
    device = readAnew(device, at - receivedAt)
    voice.say({ kind: 'clock', deviceAt: at, at: receivedAt, source: 'serverTime' })
    return false
  }
  const current = (message: Current) => {
    if (isStale(message.serverTime)) return
    tellMachine(machineOf(message.state.flags, message.state.text), message.state.text)
    keepJob({ job: message.job, progress: message.progress })
    tellJob()
    const last = message.temps.at(-1)
    if (last) tellHeaters(last)
    for (const line of message.logs) voice.say({ kind: 'line', ...lineOf(line) })
  }
  const prompt = ({ action, text = '', choices = [] }: PromptData) => {
    asking = action === 'show'
    const buttons = Array.isArray(choices) ? choices : Object.values(choices)
    voice.say({ kind: 'prompt', prompt: asking ? { id: 'prompt', text, buttons } : undefined })
  }
  const happened = (type: string, payload: Readonly<Record<string, unknown>>) => {
    const reason = typeof payload.reason === 'string' ? payload.reason : ''
    const told = typeof payload.error === 'string' ? payload.error : reason
    const isOfJob = type === 'PrintStarted' || running
    if (isOfJob && type.startsWith('Print') && typeof payload.path === 'string')
      nameJob(type, payload.path, payload)
    switch (type) {
      case 'PrintStarted':
      case 'PrintResumed':
      case 'Connected':
        broken = false
        faultTold = ''
        if (type === 'PrintStarted') {
          ended = undefined
          runs.none()
        }
        if (type !== 'Connected') running = true
        voice.say({ kind: 'fault-cleared' })
        break
      case 'PrintDone':
        end('done')
        break
      case 'PrintCancelled':
        end('cancelled')
        break
      case 'PrintFailed':
        if (!end(reason === 'cancelled' ? 'cancelled' : 'failed')) return
        if (reason !== 'cancelled') fail(told === 'error' ? '' : told)
        break
      case 'Error':
        fail(told, reason)
        break
      case 'EStop':
        // After a fault OctoPrint makes one by itself, and nobody pressed anything.
        if (faultTold === '') fail('OctoPrint made an emergency stop.')
        break
      case 'PrinterReset':
        raise({
          class: 'printer-reset',
          severity: 'error',
          text: 'The printer restarted.',
          recoverBy: 'clear',
        })
        break
      case 'FilamentChange':
        raise({
          class: 'filament-runout',
          severity: 'warning',
          text: 'The printer asks for filament.',
          recoverBy: 'resume',
        })
        break
      case 'Upload':
      case 'FileAdded':
      case 'FileRemoved':
      // Of a printer's card, which is read anew now and then.
      case 'UpdatedFiles':
        voice.say({ kind: 'files-changed' })
        return
      default:
        return
    }
    tellJob()
  }

  return {
    focused: false,
    hear(message: Push) {
      if ('current' in message) current(message.current)
      else if ('history' in message) current(message.history)
      else if ('event' in message) happened(message.event.type, message.event.payload ?? {})
      else if ('plugin' in message) prompt(message.plugin.data)
    },
    asked({ state, temperature }: z.output<typeof printer>) {
      tellMachine(machineOf(state.flags, state.text), state.text)
      if (temperature) tellHeaters(temperature)
    },
    askedJob(reply: JobReply) {
      keepJob(reply)
      tellJob()
    },
    askedPrompt({ text, choices }: z.output<typeof waitingPrompt>) {
      if (text !== undefined) prompt({ action: 'show', text, choices })
    },
    /** Why it has no printer, told to one who came after it happened; empty when it was not for a fault. */
    askedError({ error, reason }: z.output<typeof lastError>) {
      // With its printer there, the last fault is over.
      if (error && (machine === 'offline' || machine === 'error')) fail(error, reason)
    },
    runKnown: tellJob,
    /** 409: OctoPrint is there, its printer is not; what it said of the reason stands. */
    printerGone() {
      const isTold = machine === 'offline' || machine === 'error'
      tellMachine('offline', isTold ? words : 'OctoPrint has no connection to its printer')
    },
  }
}

/** printer-protocols 5.2: what OctoPrint gives as the reason of a fault that is the line's. */
const lineReasons: Readonly<Record<string, Fault['class']>> = {
  resend: 'resend',
  resend_loop: 'resend',
  timeout: 'link-lost',
  connection: 'link-lost',
  autodetect: 'link-lost',
}

function classOf(text: string, reason: string): Fault['class'] {
  const about = ownOf(lineReasons, reason)
  if (about !== undefined) return about
  if (/emergency stop/i.test(text)) return 'user-stop'
  if (/thermal runaway/i.test(text)) return 'thermal-runaway'
  if (/heating failed/i.test(text)) return 'heating-failed'
  if (/m(?:ax|in)temp/i.test(text)) return 'sensor-fault'
  if (/kill|halted/i.test(text)) return 'killed'
  if (/resend/i.test(text)) return 'resend'
  if (/timeout|connection/i.test(text)) return 'link-lost'
  return 'firmware-fatal'
}

function lineOf(line: string): { way: 'sent' | 'heard'; text: string } {
  const sent = line.startsWith('Send:')
  return { way: sent ? 'sent' : 'heard', text: line.replace(/^(?:Send|Recv):\s*/, '').slice(0, 500) }
}
