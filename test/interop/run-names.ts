import { expect } from 'vitest'
import type { ToldJob } from '../../src/main/printers/driver/driver.ts'
import type { WatchedSession } from './watched-session.ts'

const runOf = async (watched: WatchedSession, path: string, state: ToldJob['state']): Promise<string> => {
  const { job } = await watched.next('job', each => each.job.state === state && each.job.path === path)
  return job.state === 'none' ? '' : job.run
}

/**
 * A run has one name from its first word to its last, whoever connects in between; the same file printed again is
 * another. The file must be long enough not to end by itself meanwhile.
 */
export async function expectRunNames(parts: {
  /** A session of a printer that is ready for the next print; `mark` was called. */
  readonly ready: () => Promise<WatchedSession>
  readonly open: () => Promise<WatchedSession>
  readonly put: (watched: WatchedSession) => Promise<string>
}): Promise<void> {
  const runs: string[] = []
  let path = ''
  for (let round = 0; round < 2; round++) {
    const watched = await parts.ready()
    if (path === '') path = await parts.put(watched)
    watched.mark()
    await watched.session.begin({ from: 'printer', path })
    const run = await runOf(watched, path, 'running')
    const later = await parts.open()
    later.session.focus?.(true)
    expect(await runOf(later, path, 'running')).toBe(run)
    await later.session.perform({ kind: 'cancel' })
    expect(await runOf(watched, path, 'cancelled')).toBe(run)
    expect(await runOf(later, path, 'cancelled')).toBe(run)
    const told = [watched, later].flatMap(({ events }) =>
      events.flatMap(event =>
        event.kind === 'job' && event.job.state === 'running' && event.job.path === path
          ? [event.job.run]
          : [],
      ),
    )
    expect(new Set(told)).toEqual(new Set([run]))
    runs.push(run)
    await later.session.close()
    await watched.session.close()
  }
  expect(new Set(runs).size).toBe(2)
}
