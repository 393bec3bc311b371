import type { SimPrinter } from '../sim-printer.ts'
import { axis, type Motion, positionLine, softEndstops } from './motion.ts'
import { describeFirmware, type MarlinTraits } from './traits.ts'

/** What is answered at once and changes nothing that moves: where it is, who it is, how fast it was told to be. */
export function simQuestions(deps: {
  readonly sim: SimPrinter
  readonly traits: MarlinTraits
  readonly motion: () => Motion
  readonly say: (...lines: readonly string[]) => void
  /** M220 and M221, in per cent. */
  readonly factors: Record<string, number>
}): Readonly<Record<string, (line: string, done: () => void) => void>> {
  const { sim, traits, motion, factors } = deps
  const tells = (lines: () => readonly string[]) => (_line: string, done: () => void) => {
    deps.say(...lines())
    done()
  }
  const factor = (code: string, words: string) => (line: string, done: () => void) => {
    const percent = axis(line, 'S')
    if (percent !== undefined) factors[code] = percent
    else if (traits.tellsFactors) deps.say(`${words}${factors[code]}%`)
    // As Repetier reads a number that is missing.
    else factors[code] = 100
    done()
  }
  const filament = () => `filament: ${sim.state().filament ? 'TRIGGERED' : 'open'}`
  return {
    M114: tells(() => [positionLine(motion(), traits)]),
    M115: tells(() => describeFirmware(traits)),
    M119: tells(() => ['Reporting endstop status', filament()]),
    M211: tells(() => [softEndstops(traits)]),
    M220: factor('M220', 'FR:'),
    M221: factor('M221', 'echo:E0 Flow: '),
  }
}
