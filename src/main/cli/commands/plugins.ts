import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import type { Command } from '../command.ts'
import { plain, table, timeOfDay } from '../terminal.ts'

type Plugin = RouteResult<'GET plugins'>['plugins'][number]

const states = {
  off: 'switched off',
  running: 'runs',
  waiting: 'stopped, is started again soon',
  'given-up': 'stopped too often',
  invalid: 'kept out',
} as const satisfies Record<Plugin['state'], string>

export const plugins: Command = {
  usage: 'plugins [on ID | off ID | restart ID | search]',
  about: 'list the plug-ins, or switch, restart or look for them',
  mostWords: 2,
  async run({ client, terminal, words, flags }) {
    const [verb, id] = words
    const list = async () => {
      if (verb === undefined) return client.call('GET plugins', {})
      if (verb === 'search') return client.call('POST plugins/search', {})
      if (id === undefined) throw new GantryError('request.invalid', `Say which: gantry plugins ${verb} ID.`)
      if (verb === 'on' || verb === 'off')
        return client.call('PUT plugins/enabled', { id, enabled: verb === 'on' })
      if (verb === 'restart') return client.call('POST plugins/restart', { id })
      throw new GantryError('request.invalid', `“${verb}” is none of on, off, restart and search.`)
    }
    const { plugins } = await list()
    const shown = plugins.filter(plugin => id === undefined || plugin.id === id)
    if (flags.json) return terminal.print(JSON.stringify(shown))
    if (shown.length === 0) return terminal.print('There are no plug-ins.')
    terminal.print(table([['ID', 'NAME', 'VERSION', 'STATE'], ...shown.map(rowOf)]))
  },
}

function rowOf(plugin: Plugin): readonly string[] {
  const reason = plugin.reason === '' ? '' : `: ${plain(plugin.reason)}`
  const next = plugin.startsAgainAt === undefined ? '' : ` Next try at ${timeOfDay(plugin.startsAgainAt)}.`
  return [plain(plugin.id), plain(plugin.name), plugin.version, `${states[plugin.state]}${reason}${next}`]
}
