import type { MarlinTraits } from '../../../src/main/printers/sim/marlin/traits.ts'
import type { PrintCase } from './driver-table.ts'
import type { RoomMake } from './room-bench.ts'

/** A make, or a dialect of one, with which whole prints are run. */
export interface Room {
  readonly name: string
  readonly make: RoomMake
  readonly traits?: Partial<MarlinTraits>
  /** A run has the same name after Gantry connected anew. */
  readonly namesRuns: boolean
  /** It goes on naming a run that is over: what was taken off is not asked about again because Gantry began anew. */
  readonly namesEnded: boolean
  /** What it has no way to do or to tell, and why. */
  readonly without: Partial<Readonly<Record<PrintCase, string>>>
}

const noStop = 'the interface has no emergency stop'
const cardTells = 'a card tells nothing of a print that ended while nobody listened'
const pausedCard =
  'a paused card says that it is not printing: only who saw it run knows better, and the bed stays taken'
const resets = 'opening the port starts the board anew, so it is left alone while it prints'

const marlin = (name: string, traits: Partial<MarlinTraits>, without: Room['without'] = {}): Room => ({
  name,
  make: 'marlin',
  traits,
  namesRuns: false,
  namesEnded: false,
  without: {
    'again while Gantry was away': cardTells,
    'the line cut while it is paused': pausedCard,
    ...without,
  },
})

export const rooms: readonly Room[] = [
  { name: 'OctoPrint', make: 'octoprint', namesRuns: true, namesEnded: true, without: {} },
  { name: 'Moonraker', make: 'moonraker', namesRuns: true, namesEnded: true, without: {} },
  {
    name: 'PrusaLink',
    make: 'prusalink',
    namesRuns: true,
    namesEnded: false,
    without: { 'stopped in an emergency': noStop },
  },
  marlin('Marlin 2, from card', { resetsOnOpen: false }),
  marlin(
    'Marlin 2 behind a bridge that resets it, from card',
    { resetsOnOpen: true },
    {
      'the line cut while it heats': resets,
      'the line cut while it prints': resets,
      'Gantry ended and began': resets,
    },
  ),
]
