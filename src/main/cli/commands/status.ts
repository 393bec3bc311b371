import type { Command } from '../command.ts'
import { stamp } from '../terminal.ts'

export const status: Command = {
  usage: 'status',
  about: 'tell how Gantry is, and what waits for you',
  mostWords: 0,
  async run({ client, terminal, flags }) {
    const engine = await client.call('GET engine', {})
    const { approvals } = await client.call('GET approvals', {})
    const { plugins } = await client.call('GET plugins', {})
    if (flags.json) return terminal.print(JSON.stringify({ engine, approvals, plugins }))
    terminal.print(
      `Gantry ${engine.versions.gantry} runs since ${stamp(engine.startedAt)}, data in ${engine.dataDir}.`,
    )
    for (const { name, state } of engine.rooms) if (state !== 'running') terminal.print(`${name}: ${state}.`)
    const ill = plugins.filter(({ state }) => state !== 'running' && state !== 'off')
    if (ill.length > 0) terminal.print(`Plug-ins that do not run: ${ill.map(({ id }) => id).join(', ')}.`)
    if (approvals.length > 0)
      terminal.print(`Questions that wait: ${approvals.length}. Answer with: gantry approve`)
  },
}

export const link: Command = {
  usage: 'link',
  about: 'print a link that signs one browser on this machine in, once',
  mostWords: 0,
  async run({ client, terminal, flags }) {
    const made = await client.call('POST link', {})
    if (flags.json) return terminal.print(JSON.stringify(made))
    terminal.print(made.link)
    terminal.complain(`It works once, until ${stamp(made.expiresAt)}.`)
  },
}
