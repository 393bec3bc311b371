import { checksumOf, readNumberedLine } from './numbered-line.ts'
import type { MarlinTraits } from './traits.ts'

/** Commands the firmware keeps; a line beyond them waits in the receive buffer. */
const QUEUE_LINES = 4
const LINE_LIMIT_BYTES = 96

/** `damage`: a letter changes on the way. `lose`: a line never arrives. `swallow-ok`: its ok never leaves. */
export type Harm = 'damage' | 'lose' | 'swallow-ok' | 'lose-number'

/** The receiving half of a simulated Marlin: numbers, checksums, resends, and one command after the other. */
export interface SimReceiver {
  receive(text: string): void
  harm(harm: Harm, times: number): void
  /** Nothing is read and nothing runs. */
  readonly idle: boolean
  reset(): void
}

export function createSimReceiver(deps: {
  readonly traits: MarlinTraits
  readonly say: (...lines: readonly string[]) => void
  /** Taken out of turn; true when it was one of those commands. */
  readonly urgent: (command: string) => boolean
  readonly execute: (command: string, done: (text?: string) => void) => void
  readonly isDead: () => boolean
}): SimReceiver {
  const { traits, say } = deps
  let rest = ''
  let last = 0
  let running = false
  let queue: { readonly command: string; readonly number: number | undefined }[] = []
  let harms: Harm[] = []
  /** Counts up at every reset: what a command finishes after one concerns nobody. */
  let life = 0

  const acknowledge = (number: number | undefined, text: string | undefined) => {
    if (harms[0] === 'swallow-ok') {
      harms.shift()
      return
    }
    const room = traits.advancedOk
      ? `${number === undefined ? '' : ` N${number}`} P15 B${Math.max(0, QUEUE_LINES - 1 - queue.length)}`
      : ''
    say(`ok${room}${text === undefined ? '' : ` ${text}`}`)
  }
  const work = () => {
    while (!running && queue.length > 0) {
      const next = queue.shift()
      if (!next) return
      running = true
      const own = life
      if (traits.okFirst) acknowledge(next.number, undefined)
      deps.execute(next.command, text => {
        if (own !== life) return
        running = false
        if (deps.isDead()) return
        if (!traits.okFirst) acknowledge(next.number, text)
        else if (text !== undefined) say(text)
        work()
      })
    }
  }
  const refuse = (reason: string) => {
    say(`Error:${reason}, Last Line: ${last}`, `Resend: ${last + 1}`)
    if (traits.okAfterResend) acknowledge(undefined, undefined)
  }
  const take = (raw: string) => {
    const line = raw.slice(0, LINE_LIMIT_BYTES).trim()
    if (line === '' || deps.isDead()) return
    const read = readNumberedLine(line)
    if (read.kind === 'damaged') {
      if (read.problem !== 'no-number') refuse(damageText[read.problem])
      else if (traits.wantsNumbers) say(`Error:No Line Number with checksum, Last Line: ${last}`)
      else enqueue(line, undefined)
      return
    }
    const { command } = read
    if (traits.emergencyParser && read.kind === 'bare' && deps.urgent(command)) return
    if (read.kind === 'numbered') {
      const reset = /^M110(?:\s+N(-?\d+))?/.exec(command)
      if (!reset && read.number !== last + 1) {
        refuse('Line Number is not Last Line Number+1')
        return
      }
      last = reset ? Number(reset[1] ?? read.number) : read.number
    }
    enqueue(command, read.kind === 'numbered' ? read.number : undefined)
  }
  const enqueue = (command: string, number: number | undefined) => {
    queue.push({ command, number })
    work()
  }
  const suffer = (line: string): string | undefined => {
    const [harm] = harms
    if (harm === undefined || harm === 'swallow-ok' || !line.startsWith('N') || line.includes('M110'))
      return line
    harms.shift()
    switch (harm) {
      case 'damage':
        return line.replace(/\d(?=[^\d]*\*)/, digit => String((Number(digit) + 1) % 10))
      case 'lose-number': {
        const body = line.replace(/^N\d+\s*/, '').replace(/\*\d+$/, '')
        return `${body}*${checksumOf(Buffer.from(body))}`
      }
      case 'lose':
        return undefined
    }
  }

  return {
    receive(text) {
      const lines = (rest + text).split(/[\r\n]/)
      rest = lines.pop() ?? ''
      for (const each of lines) {
        const line = suffer(each)
        if (line !== undefined) take(line)
      }
    },
    get idle() {
      return !running && queue.length === 0
    },
    harm(harm, times) {
      harms = [...harms, ...new Array<Harm>(times).fill(harm)]
    },
    reset() {
      rest = ''
      last = 0
      running = false
      queue = []
      harms = []
      life += 1
    },
  }
}

const damageText = { checksum: 'checksum mismatch', 'no-checksum': 'No Checksum with line number' } as const
