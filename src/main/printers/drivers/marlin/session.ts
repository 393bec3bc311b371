import { GantryError } from '../../../contract/error.ts'
import type { Capabilities } from '../../../contract/printer.ts'
import { admit, admitPrint } from '../../driver/admission.ts'
import type { DriverContext, PrinterCommand, PrinterSession } from '../../driver/driver.ts'
import { createSessionVoice } from '../../driver/session-voice.ts'
import { copied, type PrintFile } from '../../wire/print-file.ts'
import { deleteFromCard, listCard, startCard, uploadToCard } from './card.ts'
import { createCardWatch } from './card-watch.ts'
import { linesOf } from './commands.ts'
import { greet, type Leave, type SerialConfig } from './greeting.ts'
import { codeOf } from './host/gcode-line.ts'
import type { StreamStatus } from './host/protocol.ts'
import { coolScript } from './host/scripts.ts'
import { attributesOf, COOL_DOWN, capabilitiesOf, deviceOf, macroCommands } from './identity.ts'
import { withHeat } from './last-words.ts'
import { errorOf } from './line-client.ts'
import { createPolling } from './polling.ts'
import { profileOf } from './profile.ts'
import { createReader } from './reader.ts'

const feedsNoMore = new Set<StreamStatus['state']>(['none', 'finished', 'cancelled', 'failed'])
/** A board says `start` within a second or two of its reset. */
const RESTART_LIMIT_MS = 8_000
/** printer-protocols 4.6 */
const urgentCodes = new Set(['M108', 'M410', 'M524', 'M876'])

export async function openSession(
  config: SerialConfig,
  most: Capabilities,
  ctx: DriverContext,
): Promise<PrinterSession> {
  const { line, firmware, port, resets, learnt } = await greet(config, ctx)
  const { capabilities, identity } = firmware
  const profile = profileOf(identity)
  const can: Capabilities = { ...capabilitiesOf(firmware, most), restart: resets ? 'board' : 'wake' }
  const urgent = capabilities.has('EMERGENCY_PARSER')
  const voice = createSessionVoice(() => stop())
  const reader = createReader(voice, ctx.clock)
  let working = 0
  let uploading = false
  let left: Leave | undefined
  /** As many tools as the process beside us knows of. */
  let told = 0
  /** Somebody asked for it: a board that starts anew is no fault. */
  let restarting = false

  const command = async (text: string): Promise<readonly string[]> => {
    reader.working(++working)
    try {
      return await line.command(text)
    } finally {
      reader.working(--working)
    }
  }
  const run = async (lines: readonly string[]) => {
    for (const text of lines) await command(text)
  }
  // While a file is written to the card, whatever is sent lands in it.
  const ask = (text: string) => (uploading ? Promise.resolve([]) : line.command(text))
  const card = createCardWatch({
    clock: ctx.clock,
    reader,
    reports: capabilities.has('AUTOREPORT_SD_STATUS'),
    ask,
    onPrints(prints) {
      line.tell({ kind: 'card', prints })
      tellLeave()
    },
  })
  /** Kept before anything happens: when the line is gone nobody can say any more what it leaves behind. */
  const tellLeave = (startedAnew = false) => {
    const leave = startedAnew
      ? ''
      : reader.faults.critical
        ? 'halted'
        : card.prints === 'no'
          ? ''
          : 'printing'
    if (leave === left) return
    left = leave
    voice.say({ kind: 'learnt', config: { ...learnt, leave } })
  }
  const autoReport = capabilities.has('AUTOREPORT_TEMP')
  const polling = createPolling({ clock: ctx.clock, reader, card, autoReport, ask })
  const off = line.onMessage(message => {
    if (message.kind === 'heard') {
      reader.line(message.text)
      tellTools()
      card.review()
      if (reader.faults.critical) tellLeave()
    } else if (message.kind === 'sent') voice.say({ kind: 'line', way: 'sent', text: message.text })
    else if (message.kind === 'stream') reader.status(message.status)
    else if (message.kind === 'quiet') reader.quiet(message.on)
    else if (message.kind === 'ended') {
      if (message.fault === 'printer-reset') tellLeave(true)
      const problem = withHeat(message, reader.heaters.mayBeOn)
      // Before the end of the print is told: what stopped it is graver than what happens to a printer at rest.
      if (message.fault && !restarting) reader.faults.raise(message.fault, 'error', problem.message)
      reader.job.lost()
      voice.end(errorOf(problem))
    }
  })
  const stop = () => {
    polling.stop()
    off()
    ctx.signal.removeEventListener('abort', onAbort)
  }
  const close = async () => {
    voice.silence()
    stop()
    await line.close()
  }
  const onAbort = () => void close()
  ctx.signal.addEventListener('abort', onAbort)

  const tools = () => Math.max(identity.extruders ?? 1, reader.heaters.tools)
  const cool = () => coolScript({ tools: tools(), chamber: capabilities.has('CHAMBER_TEMPERATURE') })
  /** Whoever stops it must know what can be hot. */
  const tellTools = () => {
    if (tools() === told) return
    told = tools()
    const { answersLate } = profile
    line.tell({ kind: 'know', emergencyParser: urgent, answersLate, cool: [...cool()], resetsByDtr: resets })
  }

  /** Pause, resume and cancel mean the print there is, whoever feeds it. */
  const steer = async (verb: 'pause' | 'resume' | 'cancel') => {
    if (reader.job.cardState === 'none') {
      line.tell({ kind: verb })
      return
    }
    if (verb === 'pause') await run(['M25'])
    else if (verb === 'resume') await run(['M24'])
    else if (urgent && profile.cancelCard[0] === 'M524') line.tell({ kind: 'shout', text: 'M524' })
    else await run(profile.cancelCard)
    reader.job.cardIs(verb === 'pause' ? 'paused' : verb === 'resume' ? 'printing' : 'cancelling')
    if (verb === 'cancel') await run(cool())
    reader.tellMachine()
  }
  const answer = async ({ promptId, button }: Extract<PrinterCommand, { kind: 'answer-prompt' }>) => {
    if (promptId !== reader.promptId)
      throw new GantryError('printer.refused', 'The printer no longer asks this.')
    if (urgent) line.tell({ kind: 'shout', text: `M876 S${button}` })
    else await run([`M876 S${button}`])
  }
  /** The run after this moment is over, or the line is, and with it whoever fed it. */
  const endOfRun = () =>
    new Promise<void>(resolve => {
      let begun = false
      const stopListening = line.onMessage(message => {
        const isOver = message.kind === 'stream' && feedsNoMore.has(message.status.state)
        // What is told of the run before this one is no end of it.
        if (message.kind === 'stream' && !isOver) begun = true
        if ((isOver && begun) || message.kind === 'ended' || message.kind === 'closed') {
          stopListening()
          resolve()
        }
      })
    })
  const beginFromCard = async (path: string) => {
    await startCard(line, path, profile)
    reader.job.begin('card', { path, name: path })
    reader.tellMachine()
  }
  const feed = async (file: PrintFile) => {
    const timer = capabilities.has('PRINT_JOB')
    const over = endOfRun()
    await line.print({
      path: file.path,
      ...(file.inode !== undefined && { inode: file.inode }),
      sizeBytes: file.sizeBytes,
      prolog: timer ? ['M75'] : [],
      epilog: timer ? ['M77'] : [],
      lineLimitBytes: profile.lineLimitBytes,
      ...(firmware.reach && { reach: firmware.reach }),
      delta: /delta/i.test(identity.kinematics ?? ''),
      tellsFactors: profile.tellsFactors,
    })
    reader.job.begin('disk', { name: file.name })
    reader.tellMachine()
    return { over }
  }
  /** What an emergency parser hears out of turn goes past every queue, also when a person typed it. */
  const sendByHand = async (lines: readonly string[]) => {
    const code = codeOf(lines[0] ?? '')
    if (code === 'M112') line.tell({ kind: 'emergency' })
    else if (urgent && urgentCodes.has(code)) line.tell({ kind: 'shout', text: lines[0] ?? '' })
    else await run(lines)
  }
  /** A board that starts anew ends this session; one that has shut itself down and cannot be reset stays as it is. */
  const restart = async () => {
    const before = reader.faults.critical
    restarting = true
    line.tell({ kind: 'reset' })
    if (!before && !resets) {
      await run(['M105'])
      restarting = false
      reader.faults.clear()
      reader.tellMachine()
      return
    }
    const startedAnew = await new Promise<boolean>(resolve => {
      const answer = (is: boolean) => {
        stopWaiting()
        stopListening()
        resolve(is)
      }
      const stopWaiting = ctx.clock.after(RESTART_LIMIT_MS, 'printers.marlin restart', () => answer(false))
      const stopListening = line.onMessage(({ kind }) => {
        if (kind === 'ended' || kind === 'closed') answer(true)
      })
    })
    if (startedAnew) return
    restarting = false
    throw new GantryError(
      'printer.refused',
      'The board did not start anew: nothing sent over this cable reaches it. Press its reset button, or switch it off and on.',
    )
  }
  const closed = () => new GantryError('wire.closed', 'The connection to the printer is closed.')
  const refuseWhenTaken = (own: AbortSignal | undefined) => {
    if (voice.over) throw closed()
    if (own?.aborted) throw new GantryError('cancelled', 'The command was cancelled before it was sent.')
    if (uploading) throw new GantryError('printer.busy', 'A file is being written to its card.')
  }
  const obey = async (asked: PrinterCommand): Promise<void> => {
    switch (asked.kind) {
      case 'emergency-stop':
        line.tell({ kind: 'emergency' })
        return
      case 'pause':
      case 'resume':
      case 'cancel':
        return steer(asked.kind)
      case 'delete-file':
        return deleteFromCard(line, asked.path)
      case 'answer-prompt':
        return answer(asked)
      case 'send-gcode':
        return sendByHand(linesOf(asked) ?? [])
      case 'run-macro':
        return run(asked.name === COOL_DOWN ? cool() : macroCommands(asked.name))
      case 'restart-machine':
        return restart()
      default:
        return run(linesOf(asked, tools()) ?? [])
    }
  }

  tellTools()
  voice.say({ kind: 'device', device: deviceOf(firmware, port), attributes: attributesOf(firmware) })
  voice.say({ kind: 'capabilities', can })
  try {
    for (const text of profile.hello) await line.command(text)
    if (can.prompts) await line.command('M876 P1')
    await polling.begin()
    // A Marlin that has stopped itself answers everything as if nothing were; only a move, even one to nowhere, tells.
    if (config.leave === 'halted') await line.command('G0')
  } catch (thrown) {
    await close()
    throw thrown
  }
  reader.tellMachine()
  // A print that an earlier session saw on the card, and that is not there any more, is over.
  if (!reader.job.running) voice.say({ kind: 'job', job: { state: 'none' } })
  if (reader.heaters.heating && !reader.job.running) {
    reader.faults.raise('other', 'warning', 'Heaters are on, and no print runs that Gantry knows of.')
  }

  return {
    can,
    on: voice.on,
    async perform(asked, own) {
      admit(can, asked)
      if (asked.kind !== 'emergency-stop') refuseWhenTaken(own)
      else if (voice.over) throw closed()
      await obey(asked)
    },
    async begin(what, own) {
      admitPrint(can, what)
      refuseWhenTaken(own)
      if (what.from === 'here') return feed(what.file)
      await beginFromCard(what.path)
      return copied
    },
    async put(file, progress, signal) {
      if (voice.over) throw closed()
      if (!can.upload) throw new GantryError('printer.unsupported', 'This printer takes no files.')
      uploading = true
      try {
        return await uploadToCard(line, file, firmware, progress, signal)
      } finally {
        uploading = false
      }
    },
    listFiles: () => listCard(line, firmware),
    close,
  }
}
