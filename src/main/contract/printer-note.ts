import { z } from 'zod'

/** What a person should know about who a printer is; each screen says it in its person's language. */
const printerNoteCodes = [
  /** `from` (to the owner's own programs only), `at`: it turned up at another address or port and was followed. */
  'moved',
  /** `was`, `now`: another device answers where this printer was. */
  'other-device',
  /** The same, and it is `owner`, another printer of this room. */
  'other-printer',
  /** `name`, `serial`: that printer says the same serial number. */
  'same-as',
  /** `name`: both were unplugged at one time, and only their sockets tell them apart. */
  'maybe-swapped',
  /** It has no serial number: Gantry knows it by the socket it is plugged into. */
  'by-socket',
] as const

export const printerNote = z.object({
  code: z.enum(printerNoteCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])).readonly(),
})

const doubts: readonly PrinterNote['code'][] = ['other-device', 'other-printer', 'maybe-swapped']

/** Until a person has settled such a note, nothing is done to the printer: it may be done to another one. */
export const isDoubt = ({ code }: PrinterNote): boolean => doubts.includes(code)

export type PrinterNote = z.output<typeof printerNote>
