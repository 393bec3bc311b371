import { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import { nothing } from '../../driver/capabilities.ts'
import { defineDriver } from '../../driver/define-driver.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { because, type Likeness } from '../../identity/sighting.ts'
import { webAddress } from '../../identity/web-address.ts'
import { readChallenge } from '../../wire/digest.ts'
import { parseJson } from '../../wire/readings.ts'
import { recognise } from './fingerprint.ts'
import { version } from './reply.ts'
import { isPrusaLink, openSession } from './session.ts'

const can = { ...nothing, pause: true, cancel: true, upload: true, files: true, clock: true } as const

/** Both servers say who they are only behind the password; their digest realm says it in front of it. */
async function probe(address: string, ctx: DriverContext): Promise<Likeness | undefined> {
  const url = webAddress.parse(address)
  const reply = await ctx.http.request({
    method: 'GET',
    url: new URL('api/version', `${url}/`),
    signal: ctx.signal,
  })
  const config = { url }
  const realm = readChallenge(reply.headers['www-authenticate'])?.realm
  if (reply.status === 401 && (realm === 'Printer API' || realm === 'Administrator')) {
    return { sure: 0.9, why: because('asks-password', { what: 'PrusaLink' }), config, needs: 'credentials' }
  }
  const text = version.safeParse(parseJson(reply.text)).data?.text
  if (reply.status !== 200 || text === undefined || !isPrusaLink(text)) return undefined
  return { sure: 0.95, why: because('says', { what: text }), config, needs: 'credentials' }
}

export const prusalink = defineDriver({
  id: 'prusalink',
  name: 'PrusaLink',
  form: [
    {
      key: 'url',
      label: 'Address',
      kind: 'url',
      required: true,
      help: 'The printer shows it under Settings, Network: http://192.168.1.20',
    },
    {
      key: 'username',
      label: 'User',
      kind: 'text',
      required: false,
      help: '“maker” on printers with a screen of their own; on a Raspberry Pi the name chosen in its wizard.',
    },
    {
      key: 'password',
      label: 'Password',
      kind: 'secret',
      required: false,
      help: 'The printer shows it under Settings, Network, PrusaLink.',
    },
    {
      key: 'apiKey',
      label: 'API key',
      kind: 'secret',
      required: false,
      help: 'Instead of user and password, where PrusaLink on a Raspberry Pi was given one in its settings.',
    },
  ],
  can,
  accepts: ['gcode', 'bgcode'],
  config: z.object({
    url: webAddress,
    username: z.string().trim().max(100).default('maker'),
    password: z.string().max(200).default(''),
    apiKey: z.string().trim().max(200).default(''),
  }),
  recognise,
  probe,
  told: ({ serialNumber }) => serialNumber && `serial:${serialNumber}`,
  async open(config, ctx) {
    if (config.password === '' && config.apiKey === '') {
      throw new GantryError(
        'printer.credentials',
        'The printer wants its password. It shows it under Settings, Network, PrusaLink.',
      )
    }
    return openSession(config, can, ctx)
  },
})
