import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import type { Command } from '../command.ts'
import { plain, stamp, table } from '../terminal.ts'

type Apps = RouteResult<'GET apps'>
type App = Apps['apps'][number]

export const apps: Command = {
  usage: 'apps',
  about: 'list the applications that may use Gantry',
  mostWords: 0,
  async run({ client, terminal, flags }) {
    const { apps, unwritten, silenced } = await client.call('GET apps', {})
    if (flags.json) return terminal.print(JSON.stringify(apps))
    if (apps.length === 0) terminal.print('No application may use Gantry.')
    else
      terminal.print(table([['APPLICATION', 'ORIGIN', 'LAST USED', 'UNTIL', 'MAY USE'], ...apps.map(rowOf)]))
    for (const end of unwritten) terminal.print(unwrittenText(end))
    for (const { origin, via } of silenced) {
      terminal.print(
        `${plain(origin)}${onOtherDevice(via)} may not ask. To change that: gantry ask-again ${plain(origin)}`,
      )
    }
  },
}

function unwrittenText({ name, origin, plugin }: Apps['unwritten'][number]): string {
  const what = plugin ? ` the plug-in “${plain(plugin.name)}”` : ' Gantry'
  return `“${plain(name)}” from ${plain(origin)} may not use${what} any more, but the disk has not taken that yet: after a restart it could. Gantry keeps trying.`
}

const onOtherDevice = (via: App['via']) => (via === 'lan' ? ' (on other devices)' : '')

function rowOf(app: App): readonly string[] {
  const until = Math.min(...app.scopes.map(({ expiresAt }) => expiresAt))
  return [
    `${plain(app.name)}${app.own ? ' (Gantry’s own)' : ''}`,
    `${plain(app.origin)}${onOtherDevice(app.via)}`,
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
      const { written } = await client.call('DELETE apps/client', { clientId: app.clientId })
      const said = `${who} may not use Gantry any more`
      mustBeWritten(written, said)
      return terminal.print(`${said}.`)
    }
    const plugin = app.plugins.find(({ id, name }) => [id, name].some(text => isSame(text, pluginId)))
    if (plugin === undefined)
      throw new GantryError(
        'request.invalid',
        `${who} was not allowed a plug-in “${plain(pluginId)}”. \`gantry apps\` lists them.`,
      )
    const { written } = await client.call('DELETE apps/plugin', {
      clientId: app.clientId,
      pluginId: plugin.id,
    })
    const said = `${who} may not use the plug-in “${plain(plugin.name)}” any more`
    mustBeWritten(written, said)
    terminal.print(`${said}.`)
  },
}

/** A script must not take it for done. */
function mustBeWritten(isWritten: boolean, said: string): void {
  if (isWritten) return
  throw new GantryError(
    'data.unwritable',
    `${said}, but the disk has not taken that: after a restart it could. Make room on the disk; Gantry keeps trying, and \`gantry apps\` tells whether it is done.`,
  )
}

export const askAgain: Command = {
  usage: 'ask-again ORIGIN',
  about: 'let an application ask that was never to ask again',
  mostWords: 1,
  async run({ client, terminal, words }) {
    const [wanted] = words
    if (wanted === undefined)
      throw new GantryError(
        'request.invalid',
        'Say which: gantry ask-again ORIGIN. `gantry apps` lists them.',
      )
    const { silenced } = await client.call('GET apps', {})
    const found = silenced.filter(({ origin }) => isSame(origin, wanted))
    if (found.length === 0)
      throw new GantryError(
        'request.invalid',
        `“${plain(wanted)}” may ask anyway. \`gantry apps\` lists who may not.`,
      )
    for (const { origin, via } of found) await client.call('DELETE apps/silenced', { origin, via })
    terminal.print(`${plain(wanted)} may ask again.`)
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
