import type { Link, Snapshot } from '../contract/printer.ts'

/** The one word for people, derived last: the line first, then the machine, then what the job alone knows. */
export function labelOf(
  link: Link['state'],
  machine: Snapshot['machine']['state'],
  job: Snapshot['job']['state'],
): string {
  if (link !== 'online') return link
  if (machine === 'unknown') return 'connecting'
  if (machine === 'idle' && job === 'done') return 'finished'
  if (machine === 'idle' && (job === 'cancelled' || job === 'failed')) return 'cancelled'
  return machine
}
