import { z } from 'zod'

/**
 * Why Gantry takes something for a printer, as data that each screen says in its person's language. `params` are
 * proper names: `what` (OctoPrint 1.11, a CH340 chip), `port`, `makes`, `maker`.
 */
export const whyCodes = [
  'may-be-anything',
  'announces',
  'announces-borrowed',
  'named-like',
  'answers',
  'says',
  'asks-password',
  'serial-bridge',
  'serial-port',
  'usb-board',
  'usb-chip',
  'usb-unknown',
  'usb-unknown-of',
  // Surely no printer, and said by its name so that nobody wonders.
  'usb-klipper',
  'usb-boot-loader',
  'usb-helper-board',
  'usb-other-language',
  'usb-modem',
] as const

export const why = z.object({
  code: z.enum(whyCodes),
  params: z.record(z.string(), z.string()).readonly(),
})

/** What does work with a make that Gantry cannot drive yet. */
const wayCodes = ['usb', 'octoprint', 'moonraker', 'slicer', 'stick', 'web-page'] as const

/** A printer of a make that no driver of Gantry speaks: seen, and named truly. */
export const foreign = z.object({
  make: z.string(),
  model: z.string().optional(),
  ways: z.array(z.enum(wayCodes)).readonly(),
})

export type WhyCode = (typeof whyCodes)[number]
export type Why = z.output<typeof why>
export type Foreign = z.output<typeof foreign>
