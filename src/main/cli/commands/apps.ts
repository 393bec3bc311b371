import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import type { Command } from '../command.ts'
import { plain, stamp, table } from '../terminal.ts'

type App = RouteResult<'GET apps'>['apps'][number]

export const apps: Command = {
  usage: 'apps',
  about: 'list the applications that may use Gantry',
  mostWords: 0,
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
    [
      ...app.scopes.map(({ scope }) => plain(scope)),
      ...app.plugins.map(({ id, once }) => `plug-in ${plain(id)}${once ? ' (once)' : ''}`),
    ].join(', '),
  ]
}

export const revoke: Command = {
  usage: 'revoke APP [PLUG-IN]',
  about: 'take the permission of an application back, or only that to use a plug-in',
  mostWords: 2,
  async run({ client, terminal, words }) {
    const [wanted, pluginId] = words
    if (wanted === undefined)
      throw new GantryError('request.invalid', 'Say which: gantry revoke APP. `gantry apps` lists them.')
    const { apps } = await client.call('GET apps', {})
    const app = theOne(apps, wanted)
    const who = `“${plain(app.name)}” from ${plain(app.origin)}`
    if (pluginId === undefined) {
      await client.call('DELETE apps/client', { clientId: app.clientId })
      return terminal.print(`${who} may not use Gantry any more.`)
    }
    const plugin = app.plugins.find(({ id, name }) => [id, name].some(text => isSame(text, pluginId)))
    if (plugin === undefined)
      throw new GantryError(
        'request.invalid',
        `${who} was not allowed a plug-in “${plain(pluginId)}”. \`gantry apps\` lists them.`,
      )
    await client.call('DELETE apps/plugin', { clientId: app.clientId, pluginId: plugin.id })
    terminal.print(`${who} may not use the plug-in “${plain(plugin.name)}” any more.`)
  },
}

function theOne(apps: readonly App[], wanted: string): App {
  const found = apps.filter(app => names(app).some(text => isSame(text, wanted)))
  const [app] = found
  if (app === undefined)
    throw new GantryError(
      'request.invalid',
      `No application is called “${plain(wanted)}”. \`gantry apps\` lists them.`,
    )
  if (found.length === 1) return app
  const ids = found.map(each => `${each.clientId} (${plain(each.origin)})`).join(', ')
  throw new GantryError(
    'request.invalid',
    `Several applications are called “${plain(wanted)}”. Name one by its id: ${ids}.`,
  )
}

const isSame = (text: string, wanted: string) => text.toLowerCase() === wanted.toLowerCase()
const names = ({ clientId, origin, name }: App) => [clientId, origin, name]
