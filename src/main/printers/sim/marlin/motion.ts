import type { MarlinTraits } from './traits.ts'

/** Where the head is and how the next number is to be read. */
export interface Motion {
  readonly xMm: number
  readonly yMm: number
  readonly zMm: number
  readonly eMm: number
  readonly relative: boolean
  readonly relativeE: boolean
}

export const atRest: Motion = { xMm: 0, yMm: 0, zMm: 0, eMm: 0, relative: false, relativeE: false }

/** The motion after one command; the same object for a command that moves nothing. */
export function nextMotion(motion: Motion, code: string, line: string): Motion {
  switch (code) {
    case 'G0':
    case 'G1':
      return moved(motion, line)
    case 'G28':
      return homed(motion, line)
    case 'G90':
      return { ...motion, relative: false, relativeE: false }
    case 'G91':
      return { ...motion, relative: true, relativeE: true }
    case 'M82':
      return { ...motion, relativeE: false }
    case 'M83':
      return { ...motion, relativeE: true }
    case 'G92':
      return {
        ...motion,
        xMm: axis(line, 'X') ?? motion.xMm,
        yMm: axis(line, 'Y') ?? motion.yMm,
        zMm: axis(line, 'Z') ?? motion.zMm,
        eMm: axis(line, 'E') ?? motion.eMm,
      }
    default:
      return motion
  }
}

function moved(motion: Motion, line: string): Motion {
  const to = (from: number, letter: string, relative: boolean) => {
    const value = axis(line, letter)
    return value === undefined ? from : relative ? from + value : value
  }
  return {
    ...motion,
    xMm: to(motion.xMm, 'X', motion.relative),
    yMm: to(motion.yMm, 'Y', motion.relative),
    zMm: to(motion.zMm, 'Z', motion.relative),
    eMm: to(motion.eMm, 'E', motion.relativeE),
  }
}

function homed(motion: Motion, line: string): Motion {
  const all = !/[XYZ]/i.test(line.slice(3))
  const zero = (from: number, letter: string) =>
    all || new RegExp(letter, 'i').test(line.slice(3)) ? 0 : from
  return { ...motion, xMm: zero(motion.xMm, 'X'), yMm: zero(motion.yMm, 'Y'), zMm: zero(motion.zMm, 'Z') }
}

export function axis(line: string, letter: string): number | undefined {
  const found = new RegExp(`\\s${letter}\\s*(-?\\d*\\.?\\d+)`, 'i').exec(line)
  return found ? Number(found[1]) : undefined
}

/** Where this head cannot be: beyond an end, or at a delta beyond its circle. */
export function isOutside({ xMm, yMm, zMm }: Motion, { reach: { min, max }, delta }: MarlinTraits): boolean {
  if (delta && Math.hypot(xMm, yMm) > max.x) return true
  return xMm < min.x || xMm > max.x || yMm < min.y || yMm > max.y || zMm < min.z || zMm > max.z
}

export function softEndstops({ reach: { min, max } }: MarlinTraits): string {
  const corner = ({ x, y, z }: typeof min) => `X${x.toFixed(2)} Y${y.toFixed(2)} Z${z.toFixed(2)}`
  return `echo:Soft endstops: ON  Min:  ${corner(min)}   Max:  ${corner(max)}`
}

export function positionLine({ xMm, yMm, zMm, eMm }: Motion, { delta }: MarlinTraits): string {
  const [x, y, z, e] = [xMm, yMm, zMm, eMm].map(mm => mm.toFixed(2))
  const count = [xMm * 80, yMm * 80, zMm * 400].map(Math.round)
  const [a, b, c] = delta ? ['A', 'B', 'C'] : ['X', 'Y', 'Z']
  return `X:${x} Y:${y} Z:${z} E:${e} Count ${a}:${count[0]} ${b}:${count[1]} ${c}:${count[2]}`
}
