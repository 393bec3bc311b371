import { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import { nothing } from '../../driver/capabilities.ts'
import { defineDriver } from '../../driver/define-driver.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { because, type Likeness } from '../../identity/sighting.ts'
import { webAddress } from '../../identity/web-address.ts'
import { readReply } from '../../wire/readings.ts'
import { askForAccess } from './access.ts'
import { recognise } from './fingerprint.ts'
import { isOctoPrint, version } from './reply.ts'
import { openSession } from './session.ts'
import { createWire } from './wire.ts'

const can = {
  ...nothing,
  pause: true,
  cancel: true,
  emergencyStop: 'gcode',
  upload: true,
  files: true,
  push: true,
  temperatures: true,
  home: true,
  jog: true,
  extrude: true,
  fan: true,
  gcode: true,
  prompts: true,
  restart: 'reconnect',
  clock: true,
} as const

async function probe(address: string, ctx: DriverContext): Promise<Likeness | undefined> {
  const wire = createWire({ url: webAddress.parse(address) }, ctx, ctx.signal)
  const keys = await wire.raw({ method: 'GET', path: 'plugin/appkeys/probe' })
  const config = { url: wire.base.href.replace(/\/$/, '') }
  if (keys.status === 204) {
    return { sure: 0.95, why: because('answers', { what: 'OctoPrint' }), config, needs: 'credentials' }
  }
  const reply = await wire.raw({ method: 'GET', path: 'api/version' })
  if (reply.status !== 200) return undefined
  try {
    const { text } = readReply(reply.text, version, 'the version')
    return isOctoPrint(text)
      ? { sure: 0.9, why: because('says', { what: text }), config, needs: 'credentials' }
      : undefined
  } catch (thrown) {
    if (thrown instanceof GantryError) return undefined
    throw thrown
  }
}

export const octoprint = defineDriver({
  id: 'octoprint',
  name: 'OctoPrint',
  form: [
    {
      key: 'url',
      label: 'Address',
      kind: 'url',
      required: true,
      help: 'As you open OctoPrint in a browser: http://octopi.local',
    },
    {
      key: 'apiKey',
      label: 'Application key',
      kind: 'secret',
      required: true,
      help: 'Ask OctoPrint for one from here, or copy it from its settings under “Application Keys”.',
    },
    {
      key: 'username',
      label: 'User',
      kind: 'text',
      required: false,
      help: 'Only where a proxy in front of OctoPrint asks for one.',
    },
    {
      key: 'password',
      label: 'Password',
      kind: 'secret',
      required: false,
      help: 'The one that belongs to this user.',
    },
  ],
  can,
  config: z.object({
    url: webAddress,
    apiKey: z.string().trim().max(200).default(''),
    username: z.string().trim().max(100).default(''),
    password: z.string().max(200).default(''),
  }),
  recognise,
  probe,
  askForAccess,
  open: (config, ctx) => openSession(config, can, ctx),
})
