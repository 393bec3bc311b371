import { z } from 'zod'
import { nothing } from '../../driver/capabilities.ts'
import { defineDriver } from '../../driver/define-driver.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { because, type Likeness } from '../../identity/sighting.ts'
import { webAddress } from '../../identity/web-address.ts'
import { parseJson } from '../../wire/readings.ts'
import { recognise } from './fingerprint.ts'
import { accessInfo } from './reply.ts'
import { openSession } from './session.ts'

const can = {
  ...nothing,
  pause: true,
  cancel: true,
  emergencyStop: 'true-stop',
  upload: true,
  files: true,
  queue: true,
  push: true,
  temperatures: true,
  home: true,
  jog: true,
  extrude: true,
  fan: true,
  gcode: true,
  prompts: true,
  restart: 'firmware',
  clock: true,
} as const

/** `GET /access/info` is open to everybody and says whether a key is wanted. */
async function probe(address: string, ctx: DriverContext): Promise<Likeness | undefined> {
  const url = webAddress.parse(address)
  const reply = await ctx.http.request({
    method: 'GET',
    url: new URL('access/info', `${url}/`),
    signal: ctx.signal,
  })
  const parsed = z.object({ result: accessInfo }).safeParse(parseJson(reply.text))
  if (reply.status !== 200 || !parsed.success) return undefined
  const { login_required, trusted } = parsed.data.result
  return {
    sure: 0.95,
    why: because('answers', { what: 'Moonraker' }),
    config: { url },
    // `force_logins` overrides trust, and whom it does not trust it asks for a key without it too.
    needs: login_required || trusted === false ? 'credentials' : 'nothing',
  }
}

export const moonraker = defineDriver({
  id: 'moonraker',
  name: 'Klipper (Moonraker)',
  form: [
    {
      key: 'url',
      label: 'Address',
      kind: 'url',
      required: true,
      help: 'Of Moonraker, usually port 7125: http://mainsail.local:7125',
    },
    {
      key: 'apiKey',
      label: 'API key',
      kind: 'secret',
      required: false,
      help: 'Only when Moonraker does not trust this computer. Mainsail and Fluidd show it in their settings.',
    },
    {
      key: 'username',
      label: 'User',
      kind: 'text',
      required: false,
      help: 'Only where Moonraker, or a proxy in front of it, asks you to log in.',
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
  accepts: ['gcode', 'ufp'],
  config: z.object({
    url: webAddress,
    apiKey: z.string().trim().max(200).default(''),
    username: z.string().trim().max(100).default(''),
    password: z.string().max(200).default(''),
  }),
  recognise,
  probe,
  open: (config, ctx) => openSession(config, can, ctx),
})
