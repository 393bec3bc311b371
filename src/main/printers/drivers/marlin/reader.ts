import type { Clock } from '../../../lib/clock.ts'
import type { SessionVoice } from '../../driver/session-voice.ts'
import { stampOf } from '../../driver/time-stamps.ts'
import { createFaultReader, type FaultReader } from './faults.ts'
import { createHeaterReader, type HeaterReader } from './heater-reader.ts'
import type { StreamStatus } from './host/protocol.ts'
import { createJobReader, type JobReader } from './job-reader.ts'
import { machineOf } from './machine-state.ts'
import { nextPrompt, type Prompt } from './wire/action.ts'
import { looksLikeNoise } from './wire/frame.ts'
import { parseReply, type Reply } from './wire/reply.ts'

/** What is heard from a firmware, as facts in our words. */
export interface Reader {
  line(text: string): void
  status(status: StreamStatus): void
  /** How many commands by hand wait for their `ok`. */
  working(count: number): void
  /** It has said nothing for a minute although it was asked, or it talks again. */
  quiet(on: boolean): void
  tellMachine(): void
  readonly heaters: HeaterReader
  readonly job: JobReader
  readonly faults: FaultReader
  readonly promptId: string | undefined
}

const ended = new Set<StreamStatus['state']>(['none', 'finished', 'cancelled', 'failed'])

export function createReader(voice: SessionVoice, clock: Clock): Reader {
  const faults = createFaultReader(voice, clock)
  const heaters = createHeaterReader(voice, clock, faults)
  const job = createJobReader(voice, clock, () => heaters.heating)
  let prompt: Prompt | undefined
  let prompts = 0
  let userAwaited = false
  let busyText: string | undefined
  let told = ''
  let acknowledged = 0

  const tellMachine = () => {
    const state = machineOf({
      critical: faults.critical,
      waits: prompt?.shown === true || userAwaited,
      stream: job.stream,
      card: job.cardState,
      busy: busyText !== undefined,
    })
    const text = state === 'busy' ? busyText : undefined
    if (told === `${state} ${text}`) return
    told = `${state} ${text}`
    voice.say({ kind: 'machine', state, ...(text === undefined ? {} : { text }) })
  }
  const hearAction = (reply: Extract<Reply, { kind: 'action' }>) => {
    const before = prompt
    prompt = nextPrompt(prompt, reply)
    if (prompt?.shown && !before?.shown) {
      prompts += 1
      const { text, buttons } = prompt
      voice.say({ kind: 'prompt', prompt: { id: `prompt-${prompts}`, text, buttons: [...buttons] } })
    } else if (before?.shown && !prompt) voice.say({ kind: 'prompt', prompt: undefined })
    if (reply.verb === 'out_of_filament' || (/^paused?$/.test(reply.verb) && /runout/.test(reply.argument))) {
      faults.raise(
        'filament-runout',
        'warning',
        `It is out of filament: ${reply.verb} ${reply.argument}`.trim(),
      )
    }
    if (reply.verb === 'paused') job.cardIs('paused')
    if (reply.verb === 'cancel') job.cardIs('cancelling')
    if (/^resumed?$/.test(reply.verb)) {
      userAwaited = false
      voice.say({ kind: 'fault-cleared', class: 'filament-runout' })
      job.cardIs('printing')
    }
    if (/^sd_(?:inserted|ejected|updated)$/.test(reply.verb)) voice.say({ kind: 'files-changed' })
  }
  const hearBusy = (why: 'processing' | 'user' | 'input') => {
    userAwaited = why !== 'processing'
    busyText = why
  }
  const hear = (reply: Reply) => {
    switch (reply.kind) {
      case 'temperatures':
        return heaters.hear(reply.report)
      case 'tool':
        return heaters.tool(reply.tool)
      case 'target':
        return heaters.target(reply)
      case 'position': {
        const { xMm, yMm, zMm } = reply
        return voice.say({ kind: 'position', position: { xMm, yMm, zMm, ...stampOf(clock.now()) } })
      }
      case 'busy':
        return hearBusy(reply.why)
      case 'action':
        return hearAction(reply)
      case 'error':
        return faults.error(reply.text)
      case 'filament':
        if (!reply.present)
          faults.raise('filament-runout', 'warning', 'Its sensor says that there is no filament.')
        return
      case 'warning':
        return faults.raise('motion', 'warning', reply.text)
      case 'card-state':
      case 'card-written':
        return voice.say({ kind: 'files-changed' })
      case 'progress':
        return job.progress(reply)
      case 'card-opened':
      case 'card-started':
      case 'card-done':
      case 'card-idle':
      case 'card-paused':
      case 'card-progress':
        return job.card(reply)
    }
  }

  return {
    heaters,
    job,
    faults,
    get promptId() {
      return prompt?.shown ? `prompt-${prompts}` : undefined
    },
    line(text) {
      if (looksLikeNoise(text)) return
      voice.say({ kind: 'line', way: 'heard', text })
      const replies = parseReply(text)
      if (!replies.some(reply => reply.kind === 'error')) faults.other(text)
      for (const reply of replies) hear(reply)
      tellMachine()
    },
    status(status) {
      job.status(status)
      const { state, reason: _reason, elapsedMs: _elapsedMs, ...counted } = status
      voice.say({ kind: 'feed', feed: { live: !ended.has(state), ...counted, at: clock.now() } })
      // The firmware takes lines again, or nothing is left that it could wait for.
      if (status.acknowledgedLines > acknowledged || !job.running) userAwaited = false
      acknowledged = status.acknowledgedLines
      if (!job.running) busyText = undefined
      tellMachine()
    },
    quiet(on) {
      if (on) faults.raise('link-lost', 'warning', 'The printer has said nothing for a minute.')
      else voice.say({ kind: 'fault-cleared', class: 'link-lost' })
    },
    working(count) {
      if (count > 0) return
      busyText = undefined
      userAwaited = false
      tellMachine()
    },
    tellMachine,
  }
}
