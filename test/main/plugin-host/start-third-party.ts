import { join } from 'node:path'
import type { PluginHost } from '../../../src/main/plugin-host/index.ts'
import { type ChildReply, createPluginChildren } from '../../fakes/children.ts'
import { respond } from '../../fakes/plugins.ts'
import { startHost } from './start-host.ts'

/** Third-party plug-ins, in processes that the test plays. */
export async function startThirdParty(dir: string, replies: Readonly<Record<string, ChildReply>>) {
  const { processes, children, stuck } = createPluginChildren(replies)
  const started = await startHost([], { dir, processes, runner: '/runner.js', childEnv: { LANG: 'C' } })
  const childOf = (id: string) => {
    const child = children.findLast(({ options }) => options.dir === join(dir, id))
    if (!child) throw new Error(`there is no process of ${id}`)
    return child
  }
  return { ...started, children, childOf, stuck, left: leftOf(started.host) }
}

function leftOf(host: PluginHost) {
  const ids: string[] = []
  host.on('thirdPartyLeft', ({ pluginId }) => ids.push(pluginId))
  return ids
}

/** Says back what is asked. */
export const answering: ChildReply = (request, child) =>
  child.say(respond(request, { heard: request.action }))
