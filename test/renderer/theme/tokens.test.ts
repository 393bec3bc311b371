import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

type Colour = readonly [number, number, number]

const css = readFileSync(resolve(import.meta.dirname, '../../../src/renderer/theme/tokens.css'), 'utf8')

function tokensOf(selector: string): Map<string, Colour> {
  const block = css.split(`${selector} {`)[1]?.split('}')[0] ?? ''
  const pairs = block.matchAll(/--g-([\w-]+): #(..)(..)(..);/g)
  return new Map(
    [...pairs].map(([, name = '', ...parts]) => {
      const [r = 0, g = 0, b = 0] = parts.map(part => Number.parseInt(part, 16) / 255)
      return [name, [r, g, b]]
    }),
  )
}

/** WCAG 2.2: relative luminance and contrast ratio. */
const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
const luminance = ([r, g, b]: Colour) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}
const tint = (colour: Colour, ground: Colour): Colour => [
  colour[0] * 0.12 + ground[0] * 0.88,
  colour[1] * 0.12 + ground[1] * 0.88,
  colour[2] * 0.12 + ground[2] * 0.88,
]

const texts = ['ink', 'ink2', 'ink3', 'accent', 'printing', 'heating', 'hands', 'error', 'done', 'idle']
const states = ['printing', 'heating', 'hands', 'error', 'done', 'idle']
const enough = 4.5

describe.each([
  ['light', tokensOf(':root')],
  ['dark', tokensOf('.dark')],
])('the %s theme', (_theme, tokens) => {
  const token = (name: string): Colour => {
    const colour = tokens.get(name)
    if (!colour) throw new Error(`no token ${name}`)
    return colour
  }

  it('keeps text readable on window and card', () => {
    const weak = texts.filter(
      name => Math.min(contrast(token(name), token('bg')), contrast(token(name), token('panel'))) < enough,
    )
    expect(weak).toEqual([])
  })

  it('keeps ink readable on sunken ground', () => {
    expect(['ink', 'ink2', 'ink3'].filter(name => contrast(token(name), token('sunk')) < enough)).toEqual([])
  })

  it('keeps every state readable on its own tint', () => {
    const weak = states.filter(name => contrast(token(name), tint(token(name), token('panel'))) < enough)
    expect(weak).toEqual([])
  })

  it('keeps the words of the one filled button readable', () => {
    expect(contrast(token('on-accent'), token('accent'))).toBeGreaterThanOrEqual(enough)
  })
})
