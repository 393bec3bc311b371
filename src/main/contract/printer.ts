import { z } from 'zod'
import { linkReason } from './link-reason.ts'
import { commandKinds } from './printer-command.ts'

/**
 * What is known about one printer, as it crosses every wall. Three axes that never mix – the line to it, the
 * machine, the job – and one label for people derived from them last (`printers/label.ts`). A value the printer
 * has not reported is absent: nothing here is ever guessed.
 */

/** When a value was measured. `byPlugin`: the printer gave no time, so it is the time of reception (HD-HLF-06). */
export const stamp = z.object({ at: z.number().int().describe('Unix ms, UTC'), byPlugin: z.boolean() })

const linkStates = ['offline', 'connecting', 'online'] as const

/** The line to the printer. `reason` is the error code of `contract/error.ts`, `text` its sentence for people. */
export const link = z.object({
  state: z.enum(linkStates),
  reason: z.string().optional(),
  text: z.string().optional(),
  /** The same as data, for screens that say it in their person's language. */
  cause: linkReason.optional(),
  /** When it got into this state. */
  since: z.number().int(),
  /** Failed attempts in a row, and when the next one is due. */
  attempts: z.number().int().optional(),
  retryAt: z.number().int().optional(),
})

export const machineStates = [
  'unknown',
  // The host answers, the printer behind it does not (OctoPrint without a port, Moonraker without Klipper).
  'offline',
  'idle',
  'busy',
  'preparing',
  'printing',
  'pausing',
  'paused',
  'resuming',
  'cancelling',
  'finished',
  'cancelled',
  'attention',
  'error',
] as const

const machine = z.object({
  state: z.enum(machineStates),
  /** The printer's own word, kept for display. */
  text: z.string().optional(),
})

const jobStates = ['none', 'queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const

export const job = z.object({
  state: z.enum(jobStates),
  /** Which printing of the file it is: the same from its first word to its last, and never that of another. */
  run: z.string().optional().describe('there whenever there is a job'),
  /** The file as the printer names it, and as a person does. */
  path: z.string().optional(),
  name: z.string().optional(),
  progress: z.number().min(0).max(1).optional(),
  elapsedS: z.number().min(0).optional(),
  remainingS: z.number().min(0).optional(),
  /** While it runs: when it will be done, by what the printer said last, on Gantry's clock. */
  readyAt: z.number().int().optional(),
  layer: z.number().int().min(0).optional(),
  layers: z.number().int().min(0).optional(),
  filamentMm: z.number().min(0).optional(),
  startedAt: z.number().int().optional(),
  endedAt: z.number().int().optional(),
})

const heaterKinds = ['nozzle', 'bed', 'chamber', 'sensor'] as const

/** One place where a temperature is measured. `nozzle0`, `bed`, `chamber`, or a sensor's own name. */
export const heater = z.object({
  id: z.string(),
  kind: z.enum(heaterKinds),
  index: z.number().int().min(0).default(0),
  name: z.string().optional(),
  /** Absent when the sensor said nothing that can be true (NaN, 2000 °C). */
  actualC: z.number().optional(),
  /** Absent when the place cannot be heated; 0 is off. */
  targetC: z.number().optional(),
  ...stamp.shape,
})

export const position = z.object({
  xMm: z.number().optional(),
  yMm: z.number().optional(),
  zMm: z.number().optional(),
  homed: z.string().optional().describe('the axes that are homed, such as xyz'),
  ...stamp.shape,
})

export const fan = z.object({ id: z.string(), percent: z.number().min(0).max(100), ...stamp.shape })

export const faultClasses = [
  'thermal-runaway',
  'heating-failed',
  'sensor-fault',
  'killed',
  'filament-runout',
  'clog',
  'door-open',
  'probe-failed',
  'motion',
  'fan',
  'media',
  'network',
  'link-lost',
  'resend',
  'printer-reset',
  'auth',
  'unsupported-command',
  'firmware-fatal',
  'user-stop',
  'other',
] as const

const severities = ['info', 'warning', 'error', 'critical'] as const
const recoveries = ['resume', 'clear', 'restart', 'panel', 'none'] as const

export const fault = z.object({
  class: z.enum(faultClasses),
  severity: z.enum(severities),
  /** What the printer said, as it said it: text, never markup. */
  text: z.string(),
  recoverBy: z
    .enum(recoveries)
    .describe('clear: it is only a sentence, and may be dismissed; restart: the machine must be restarted'),
  since: z.number().int(),
})

/** A question the printer asks its person. */
export const prompt = z.object({
  id: z.string(),
  text: z.string(),
  /** Empty: it can only be answered at the printer. */
  buttons: z.array(z.string()),
})

/** One entry of the printer's own queue. */
export const queueEntry = z.object({
  order: z.number().int().min(0),
  path: z.string(),
  id: z.string().optional(),
  message: z.string(),
  status: z.enum(['Printing', 'Pending', 'Paused', 'Error', 'Unknown']),
})

/** HD-HLF-09..17; what the printer does not tell is absent here. */
export const deviceInfo = z.object({
  productName: z.string().optional(),
  /** What its host calls itself on the network. It is an address: the owner's own programs are told, applications not. */
  hostName: z.string().optional(),
  manufacturerName: z.string().optional(),
  modelNumber: z.string().optional(),
  firmwareRevision: z.string().optional(),
  serialNumber: z.string().optional(),
  softwareRevision: z.string().optional(),
  hardwareRevision: z.string().optional(),
  partNumber: z.string().optional(),
  protocolRevision: z.string().optional(),
  systemId: z.string().optional(),
})

export const attributes = z.object({
  printType: z.string().optional(),
  printSizeX: z.number().optional(),
  printSizeY: z.number().optional(),
  printSizeZ: z.number().optional(),
  network: z.boolean().optional(),
  memorySize: z.number().optional().describe('MB'),
})

/** What lies on the bed, as far as anybody said. Only a person takes a part away. */
export const bed = z.object({
  state: z
    .enum(['unknown', 'clear', 'occupied'])
    .describe('unknown: no print was ever seen here, and nobody said anything'),
  /** The run whose part it is, or was. */
  run: z.string().optional(),
  version: z.number().int().describe('counts up with each change: who says that it is clear says which'),
  saidBy: z.enum(['nobody', 'printer', 'owner', 'application']),
  at: z.number().int(),
})

/** A fault after which nothing is heated and nothing begins, until a person has looked. */
export const hold = z.object({
  class: z.enum(faultClasses),
  /** What the printer said, as it said it; empty where it was stopped from here. */
  text: z.string(),
  since: z.number().int(),
})

/** What the printer was told to do, accepted, and is not done with. */
const doing = z.object({
  id: z.number().int(),
  command: z.enum(commandKinds),
  since: z.number().int(),
})

const restarts = ['firmware', 'board', 'wake', 'reconnect', 'none'] as const

/** What a printer can do. An interface draws a button only where this says yes. */
export const capabilities = z.object({
  pause: z.boolean(),
  cancel: z.boolean(),
  /** `true-stop`: out of band, at once. `gcode`: M112 through the host's queue. `none`: use the switch. */
  emergencyStop: z.enum(['true-stop', 'gcode', 'none']),
  /** A file can be put on the printer. */
  upload: z.boolean(),
  /** The host feeds the file line by line. */
  stream: z.boolean(),
  /** Files on the printer can be listed, started, deleted. */
  files: z.boolean(),
  queue: z.boolean(),
  /** The printer tells by itself; otherwise Gantry asks now and then. */
  push: z.boolean(),
  temperatures: z.boolean(),
  home: z.boolean(),
  jog: z.boolean(),
  extrude: z.boolean(),
  fan: z.boolean(),
  macros: z.array(z.string()),
  gcode: z.boolean(),
  prompts: z.boolean(),
  restart: z
    .enum(restarts)
    .describe(
      'what restarting the machine does: firmware – Klipper and its boards start anew; board – it is reset over its cable; wake – its firmware is told to leave its stop (M999), which one that shut itself down does not hear; reconnect – its host connects to it anew, and many boards start anew with that; none – it cannot be done from here',
    ),
  clock: z.boolean(),
})

/** What the printer's own clock said last (HD-HLF-05). `offsetMs` = device − Gantry; absent: no such clock. */
const deviceClock = z.object({ offsetMs: z.number(), source: z.string(), at: z.number().int() })

/**
 * The print this machine feeds line by line, or fed last, as the process that feeds it counts: what the printer has
 * acknowledged, never what was only sent.
 */
export const feed = z.object({
  live: z.boolean().describe('it is being fed now, or paused'),
  acknowledgedLines: z.number().int().min(0),
  acknowledgedBytes: z.number().min(0),
  sizeBytes: z.number().min(0),
  /** The last acknowledged line, as an editor counts them. */
  fileLine: z.number().int().min(0),
  aheadBytes: z.number().int().min(0).describe('read from the disk and not needed yet'),
  resends: z.number().int().min(0).describe('lines the printer asked for again'),
  underruns: z.number().int().min(0).describe('times the printer had room and got nothing for 50 ms or more'),
  worstGapMs: z.number().min(0),
  at: z.number().int().describe('Unix ms, UTC'),
})

/** Everything known of one printer. Of an unreachable one it is the last thing heard: see `link` and the stamps. */
export const snapshot = z.object({
  link,
  machine,
  job,
  label: z.string().describe('the one word for people: see printer-label'),
  heaters: z.array(heater),
  activeTool: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      'of several tools the one that prints: the index of its nozzle; absent until the printer says it',
    ),
  position: position.optional(),
  fans: z.array(fan),
  faults: z.array(fault),
  bed,
  holds: z.array(hold).readonly(),
  doing: z.array(doing),
  prompt: prompt.optional(),
  queue: z.array(queueEntry),
  device: deviceInfo,
  attributes,
  can: capabilities,
  clock: deviceClock.optional(),
  feed: feed.optional(),
  /** When the printer was last heard. */
  heardAt: z.number().int().optional(),
})

export type Stamp = z.output<typeof stamp>
export type Link = z.output<typeof link>
export type MachineState = (typeof machineStates)[number]
export type Job = z.output<typeof job>
export type Heater = z.output<typeof heater>
export type Position = z.output<typeof position>
export type Fan = z.output<typeof fan>
export type FaultClass = (typeof faultClasses)[number]
export type Fault = z.output<typeof fault>
export type Bed = z.output<typeof bed>
export type Hold = z.output<typeof hold>
export type Prompt = z.output<typeof prompt>
export type QueueEntry = z.output<typeof queueEntry>
export type DeviceInfo = z.output<typeof deviceInfo>
export type Attributes = z.output<typeof attributes>
export type Capabilities = z.output<typeof capabilities>
export type Feed = z.output<typeof feed>
export type Snapshot = z.output<typeof snapshot>
