import { isJobOn, progressOf, type SimFile, type SimState } from '../model.ts'
import type { SimPrinter } from '../sim-printer.ts'
import type { MarlinTraits } from './traits.ts'

/** The memory card of a simulated Marlin: names in 8.3, one file chosen, one being written. */
export interface SimCard {
  /** Lines to print for a card command; undefined for any other command. */
  obey(code: string, argument: string): readonly string[] | undefined
  /** Takes a line while a file is being written. */
  readonly writing: boolean
  write(command: string): void
  status(): string
  /** Time has passed: a resume that came while it still parked is due. */
  watch(): void
}

export function createSimCard(sim: SimPrinter, traits: MarlinTraits): SimCard {
  let chosen: SimFile | undefined
  let resumeWanted = false
  let wasOn = false
  let target: { readonly name: string; content: string } | undefined

  const find = (name: string) =>
    sim.state().files.find(file => [shortName(file.path), file.path].some(each => same(each, name)))
  const choose = (name: string): string[] => {
    chosen = find(name)
    return chosen
      ? [`File opened: ${shortName(chosen.path)} Size: ${chosen.sizeBytes}`, 'File selected']
      : [`open failed, File: ${name}.`]
  }
  const begin = (): string[] => {
    const { machine } = sim.state()
    if (machine === 'pausing') resumeWanted = true
    else if (machine === 'paused' || machine === 'attention') sim.act({ kind: 'resume' })
    else if (chosen) {
      sim.act({ kind: 'dismiss' })
      sim.act({ kind: 'start', path: chosen.path })
    }
    return []
  }
  const list = (long: boolean): string[] => [
    'Begin file list',
    ...sim
      .state()
      .files.map(
        file => `${shortName(file.path)} ${file.sizeBytes}${long ? ` 0x5515758F ${file.path}` : ''}`,
      ),
    'End file list',
  ]

  const status = () => statusLine(sim.state(), traits)
  const currentFile = () => {
    const { job } = sim.state()
    const open = job && isJobOn(sim.state()) ? job.file : chosen
    return `Current file: ${open ? `${shortName(open.path)} ${open.path}` : '(no file)'}`
  }

  return {
    get writing() {
      return target !== undefined
    },
    write(command) {
      if (target) target.content += `${command}\n`
    },
    status,
    watch() {
      if (!isJobOn(sim.state()) && wasOn) chosen = undefined
      wasOn = isJobOn(sim.state())
      if (!resumeWanted || sim.state().machine === 'pausing') return
      resumeWanted = false
      sim.act({ kind: 'resume' })
    },
    obey(code, argument) {
      switch (code) {
        case 'M20':
          return list(/L/i.test(argument))
        case 'M21':
          return ['echo:SD card ok']
        case 'M23':
          return choose(argument)
        case 'M24':
          return begin()
        case 'M25':
          sim.act({ kind: 'pause' })
          return []
        case 'M524':
          sim.act({ kind: 'cancel' })
          return []
        case 'M27':
          return [/\bC\b/i.test(argument) && traits.cardTellsFile ? currentFile() : status()]
        case 'M28':
          target = { name: argument, content: '' }
          return [`echo:Now fresh file: ${argument}`, `Writing to file: ${argument}`]
        case 'M29':
          if (target) sim.addFile(target.name, target.content)
          target = undefined
          return ['Done saving file.']
        case 'M30': {
          const file = find(argument)
          const gone = file !== undefined && sim.act({ kind: 'delete-file', path: file.path })
          return [gone ? `File deleted:${argument}` : `Deletion failed, File: ${argument}.`]
        }
        default:
          return undefined
      }
    },
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.replace(/^\//, '').toLowerCase()
}

/** `benchy-final.gcode` becomes `BENCHY~1.GCO`, as FAT does. */
function shortName(path: string): string {
  const stem = path
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_~]/g, '')
    .toUpperCase()
  return `${stem.length > 8 ? `${stem.slice(0, 6)}~1` : stem || 'FILE'}.GCO`
}

const standing = new Set<SimState['machine']>(['pausing', 'paused', 'attention'])

function statusLine(state: SimState, { pausedCardSays }: MarlinTraits): string {
  if (!state.job || !isJobOn(state)) return 'Not SD printing'
  const { sizeBytes } = state.job.file
  const printing = `SD printing byte ${Math.round(progressOf(state.job) * sizeBytes)}/${sizeBytes}`
  return standing.has(state.machine) ? (pausedCardSays ?? printing) : printing
}
