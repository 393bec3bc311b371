import type { NoticeBoard } from '../contract/notice.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { PluginCare } from './plugin-care.ts'

/** A plug-in that was given up stays a notice until it runs again, or its owner puts the notice away. */
export function tellOfStoppedPlugins(care: Pick<PluginCare, 'onChange'>, notices: NoticeBoard): Dispose {
  const told = new Set<string>()
  return care.onChange(plugins => {
    for (const { id, name, state } of plugins) {
      const noticeId = `plugin ${id}`
      if (state === 'given-up' && !told.has(id)) {
        told.add(id)
        notices.raise({ id: noticeId, severity: 'warning', sentence: 'plugin-stopped', params: { name } })
      } else if (state === 'running' && told.delete(id)) notices.withdraw(noticeId)
    }
  })
}
