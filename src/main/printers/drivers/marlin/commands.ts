import { GantryError } from '../../../contract/error.ts'
import type { PrinterCommand } from '../../driver/driver.ts'
import { codeOf } from './host/gcode-line.ts'

const JOG_FEED = 3000
const JOG_FEED_Z = 600
const EXTRUDE_FEED = 300

/** The commands that move or heat by hand, as lines; undefined for a command that is more than lines. */
export function linesOf(command: PrinterCommand, tools = 1): readonly string[] | undefined {
  switch (command.kind) {
    case 'set-temperature':
      return [heatLine(command.heater, command.targetC, tools)]
    case 'home':
      return [`G28 ${[...command.axes.toUpperCase()].filter(axis => 'XYZ'.includes(axis)).join(' ')}`.trim()]
    case 'jog':
      return jogLines(command)
    case 'extrude':
      return ['M83', `G1 E${mm(command.mm)} F${Math.round(command.feedMmPerMin ?? EXTRUDE_FEED)}`, 'M82']
    case 'set-fan':
      return [command.percent > 0 ? `M106 S${Math.round(Math.min(100, command.percent) * 2.55)}` : 'M107']
    case 'send-gcode':
      return [cleanLine(command.line)]
    default:
      return undefined
  }
}

function heatLine(heater: string, targetC: number, tools: number): string {
  const tool = /^nozzle(\d+)$/.exec(heater)?.[1]
  const target = Math.max(0, Math.round(targetC))
  // Without a number it is the tool that prints now, and not the first.
  if (tool !== undefined) return tools > 1 || tool !== '0' ? `M104 T${tool} S${target}` : `M104 S${target}`
  if (heater === 'bed') return `M140 S${target}`
  if (heater === 'chamber') return `M141 S${target}`
  throw new GantryError('printer.unsupported', `There is no heater “${heater}” on this printer.`, { heater })
}

function jogLines({
  xMm,
  yMm,
  zMm,
  feedMmPerMin,
}: Extract<PrinterCommand, { kind: 'jog' }>): readonly string[] {
  const axes = [
    ...(xMm ? [`X${mm(xMm)}`] : []),
    ...(yMm ? [`Y${mm(yMm)}`] : []),
    ...(zMm ? [`Z${mm(zMm)}`] : []),
  ]
  if (axes.length === 0) return []
  const feed = Math.round(feedMmPerMin ?? (zMm ? JOG_FEED_Z : JOG_FEED))
  return ['G91', `G1 ${axes.join(' ')} F${feed}`, 'G90', 'M114']
}

function mm(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

const LINE_LIMIT = 80
/** These would break the numbering, or write the terminal's next lines into a file. */
const ours = new Set(['M110', 'M28', 'M29'])

/** One line of a person, or nothing at all: a second line hidden in it would go out unseen. */
function cleanLine(line: string): string {
  const text = line.trim()
  const printable = [...text].every(letter => letter >= ' ' && letter <= '~')
  if (text === '' || text.length > LINE_LIMIT || !printable || ours.has(codeOf(text))) {
    throw new GantryError(
      'printer.refused',
      'This line cannot be sent: it must be one short command of G-code.',
      {
        line: text.slice(0, LINE_LIMIT),
      },
    )
  }
  return text
}
