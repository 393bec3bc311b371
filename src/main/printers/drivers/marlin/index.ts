import { z } from 'zod'
import { nothing } from '../../driver/capabilities.ts'
import { defineDriver } from '../../driver/define-driver.ts'
import { recognise } from './fingerprint.ts'
import { openSession } from './session.ts'

/**
 * Marlin and its relatives on a serial port, or behind a serial bridge (`tcp://host:port`). The session translates;
 * the exchange itself, and every print from this machine's disk, live in a host of their own (`host/`), which in the
 * running program is a process per printer. It is not for Klipper boards: those are reached through Moonraker.
 */
const can = {
  ...nothing,
  pause: true,
  cancel: true,
  emergencyStop: 'true-stop',
  upload: true,
  stream: true,
  files: true,
  push: true,
  temperatures: true,
  home: true,
  jog: true,
  extrude: true,
  fan: true,
  gcode: true,
  prompts: true,
  restart: 'board',
} as const

/** Whoever heats its bed when it is greeted answers when that is hot; nine speeds take two minutes. */
const OPEN_LIMIT_MS = 1_200_000

const bauds = ['0', '115200', '250000', '230400', '57600', '38400', '19200', '9600', '500000', '1000000']

export const marlin = defineDriver({
  id: 'marlin',
  name: 'USB printer (Marlin, RepRap)',
  form: [
    {
      key: 'port',
      label: 'Port',
      kind: 'port',
      required: true,
      help: 'The port the printer is plugged into, or tcp://host:port of a serial bridge.',
    },
    {
      key: 'baudRate',
      label: 'Speed',
      kind: 'choice',
      required: false,
      choices: bauds,
      help: 'Leave it at 0: Gantry finds it.',
    },
  ],
  filledIn: ['identity', 'foundBaudRate', 'opening', 'leave'],
  can,
  config: z.object({
    port: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .regex(/^(?:\/dev\/\S+|COM\d+|tcp:\/\/\S+:\d+\/?)$/i),
    baudRate: z.coerce.number().int().min(0).max(4_000_000).default(0),
    identity: z.string().max(200).optional(),
    foundBaudRate: z.coerce.number().int().min(0).max(4_000_000).optional(),
    opening: z.enum(['resets', 'harmless']).optional().catch(undefined),
    leave: z.enum(['', 'printing', 'halted']).optional().catch(undefined),
  }),
  recognise,
  openLimitMs: OPEN_LIMIT_MS,
  told({ serialNumber, modelNumber }) {
    if (serialNumber) return `serial:${serialNumber}`
    return modelNumber && `model:${modelNumber}`
  },
  open: (config, ctx) => openSession(config, can, ctx),
})
