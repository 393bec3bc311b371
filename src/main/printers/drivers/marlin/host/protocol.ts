import { z } from 'zod'
import { errorCodes } from '../../../../contract/error.ts'

/**
 * What a session and the host of its serial line say to each other. The host may be a process of its own: everything
 * is plain data, and each side parses what it gets.
 */
const codes = Object.keys(errorCodes) as [keyof typeof errorCodes, ...(keyof typeof errorCodes)[]]

const problem = z.object({
  code: z.enum(codes),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).default({}),
})

export type Problem = z.output<typeof problem>

const corner = z.object({ x: z.number(), y: z.number(), z: z.number() })

const printPlan = z.object({
  path: z.string(),
  /** Which file it was when it was allowed: another one at its place is not printed. */
  inode: z.string().optional(),
  sizeBytes: z.number().min(0),
  /** Written before the first and after the last line of the file. */
  prolog: z.array(z.string()).default([]),
  epilog: z.array(z.string()).default([]),
  /** Longest line the firmware takes, number and checksum included. */
  lineLimitBytes: z.number().int().min(32),
  /** How far the head may go; where nobody knows, a pause lifts it and leaves it there. */
  reach: z.object({ min: corner, max: corner }).optional(),
  delta: z.boolean().default(false),
  /** M220 and M221 without a number say what holds; some firmware takes them for 100 %. */
  tellsFactors: z.boolean().default(false),
})

export type PrintPlan = z.output<typeof printPlan>

export const toHost = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    path: z.string(),
    baudRate: z.number().int().min(300),
    signals: z.boolean().describe('assert DTR and RTS: boards with native USB stay silent until then'),
    startWaitMs: z.number().min(0).describe('opening may reset this board: so long its start is awaited'),
  }),
  /** What is known of the firmware by now; it decides how to stop it. */
  z.object({
    kind: z.literal('know'),
    emergencyParser: z.boolean(),
    cool: z.array(z.string()),
    /** What it answers comes after its ok. */
    answersLate: z.boolean().default(false),
    /** Dropping DTR resets this board. */
    resetsByDtr: z.boolean(),
  }),
  /** Whether it prints from its own card: whose print it is decides who may cool it. */
  z.object({ kind: z.literal('card'), prints: z.enum(['yes', 'no', 'unknown']) }),
  z.object({ kind: z.literal('command'), id: z.number().int(), text: z.string() }),
  z.object({ kind: z.literal('shout'), text: z.string() }),
  z.object({ kind: z.literal('emergency') }),
  /** The reset button, as far as a wire reaches it. */
  z.object({ kind: z.literal('reset') }),
  /** Answered at once; what becomes of it is told by `stream`. */
  z.object({ kind: z.literal('print'), id: z.number().int(), plan: printPlan }),
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('resume') }),
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('close') }),
])

export type ToHost = z.output<typeof toHost>

const streamStatus = z.object({
  state: z.enum([
    'none',
    'preparing',
    'printing',
    'pausing',
    'paused',
    'resuming',
    'cancelling',
    'finishing',
    'finished',
    'cancelled',
    'failed',
  ]),
  reason: z.string().optional(),
  acknowledgedBytes: z.number(),
  sizeBytes: z.number(),
  acknowledgedLines: z.number().int(),
  /** The last acknowledged line, as an editor counts them. */
  fileLine: z.number().int(),
  /** Read ahead of the printer and not written yet. */
  aheadBytes: z.number().int(),
  resends: z.number().int(),
  underruns: z.number().int(),
  worstGapMs: z.number(),
  /** Since the first line of the file left, until its last was acknowledged. */
  elapsedMs: z.number(),
})

export type StreamStatus = z.output<typeof streamStatus>

export const fromHost = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened') }),
  z.object({ kind: z.literal('not-opened'), problem, noise: z.boolean() }),
  z.object({ kind: z.literal('heard'), text: z.string() }),
  z.object({ kind: z.literal('sent'), text: z.string() }),
  z.object({
    kind: z.literal('answer'),
    id: z.number().int(),
    lines: z.array(z.string()),
    problem: problem.optional(),
  }),
  z.object({ kind: z.literal('stream'), status: streamStatus }),
  /** Something was asked a minute ago, and nothing at all was heard since; or it is heard again. */
  z.object({ kind: z.literal('quiet'), on: z.boolean() }),
  z.object({
    kind: z.literal('ended'),
    problem,
    /** Its heaters were told to go off; whether that arrived nobody knows. */
    cooled: z.boolean().default(false),
    fault: z.enum(['link-lost', 'printer-reset', 'resend', 'firmware-fatal']).optional(),
  }),
  /** The line is closed as asked. */
  z.object({ kind: z.literal('closed') }),
])

export type FromHost = z.output<typeof fromHost>
