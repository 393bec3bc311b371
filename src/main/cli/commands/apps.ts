import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import type { Command } from '../command.ts'
import { plain, stamp, table } from '../terminal.ts'

type App = RouteResult<'GET apps'>['apps'][number]

export const apps: Command = {
  usage: 'apps',
  about: 'list the applications that may use Gantry',
  async run({ client, terminal, flags }) {
    const { apps } = await client.call('GET apps', {})
    if (flags.json) return terminal.print(JSON.stringify(apps))
    if (apps.length === 0) return terminal.print('No application may use Gantry.')
    terminal.print(table([['APPLICATION', 'ORIGIN', 'LAST USED', 'UNTIL', 'MAY USE'], ...apps.map(rowOf)]))
  },
}

function rowOf(app: App): readonly string[] {
  const until = Math.min(...app.scopes.map(({ expiresAt }) => expiresAt))
  return [
    `${plain(app.name)}${app.own ? ' (Gantry’s own)' : ''}`,
    plain(app.origin),
    app.live ? 'live now' : stamp(app.usedAt),
    app.once ? 'this visit' : Number.isFinite(until) ? stamp(until) : 'not let in yet',
    app.scopes.map(({ scope }) => plain(scope)).join(', '),
  ]
}

export const revoke: Command = {
  usage: 'revoke APP',
  about: 'take the permission of an application back, by its name, origin or id',
  async run({ client, terminal, words }) {
    const [wanted] = words
    if (wanted === undefined)
      throw new GantryError('request.invalid', 'Say which: gantry revoke APP. `gantry apps` lists them.')
    const { apps } = await client.call('GET apps', {})
    const found = apps.filter(app => names(app).includes(wanted.toLowerCase()))
    const [app] = found
    if (app === undefined)
      throw new GantryError(
        'request.invalid',
        `No application is called “${wanted}”. \`gantry apps\` lists them.`,
      )
    if (found.length > 1) {
      const ids = found.map(each => `${each.clientId} (${plain(each.origin)})`).join(', ')
      throw new GantryError(
        'request.invalid',
        `Several applications are called “${wanted}”. Name one by its id: ${ids}.`,
      )
    }
    await client.call('DELETE apps/client', { clientId: app.clientId })
    terminal.print(`“${plain(app.name)}” from ${plain(app.origin)} may not use Gantry any more.`)
  },
}

const names = ({ clientId, origin, name }: App) => [clientId, origin, name].map(text => text.toLowerCase())
