import type { Room } from './rooms.ts'

/** What a print goes through with every make, in the words of docs/drivers.md. */
export const printCases = [
  'to its end',
  'paused and resumed',
  'cancelled',
  'stopped in an emergency',
  'out of filament',
  'a fault dismissed',
  'a second one refused',
  'a file that came too late',
  'again while Gantry was away',
  'the line cut while it heats',
  'the line cut while it prints',
  'the line cut while it is paused',
  'Gantry ended and began',
] as const

export type PrintCase = (typeof printCases)[number]

/** What a print that is fed from here goes through with every dialect of Marlin (`drivers/marlin/dialects.test.ts`). */
export const fedCases = [
  'to its end, each line once',
  'paused, cooled and resumed',
  'cancelled and cold',
  'stopped in an emergency',
  'the cable pulled',
] as const

export type FedCase = (typeof fedCases)[number]

/** The page a run of the tests writes: a case stands there as passed, or with why there is none. */
export function driverTable(rooms: readonly Room[], dialects: readonly string[]): string {
  const reasons = [...new Set(rooms.flatMap(({ without }) => Object.values(without)))]
  const cell = (room: Room, name: PrintCase) => {
    const why = room.without[name]
    return why === undefined ? 'yes' : `– (${reasons.indexOf(why) + 1})`
  }
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    '# What the drivers are tried with',
    '',
    'Each driver and each dialect of firmware prints against a simulated machine that speaks its real protocol, through',
    'everything that stands between a caller and a printer. This page is written by the tests',
    '(`test/main/printers/prints.test.ts`) and held true by them.',
    '',
    line(['a print', ...rooms.map(({ name }) => name)]),
    line(['---', ...rooms.map(() => '---')]),
    ...printCases.map(name => line([name, ...rooms.map(room => cell(room, name))])),
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    '',
    '## Fed over a cable, line by line',
    '',
    'Each dialect of the firmware on USB prints a file of this computer, with a damaged line on the way',
    '(`test/main/printers/drivers/marlin/dialects.test.ts`).',
    '',
    line(['firmware', ...fedCases]),
    line(['---', ...fedCases.map(() => '---')]),
    ...dialects.map(name => line([name, ...fedCases.map(() => 'yes')])),
    '',
  ].join('\n')
}
