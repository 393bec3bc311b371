import { GantryError } from '../../contract/error.ts'
import type { PrinterGroups, Printers } from '../../printers/index.ts'
import { answers, follows, type Handler } from './handlers.ts'
import { roomId } from './services.ts'

/** Groups of the owner's own: translation only. */
export function groupHandlers({
  groups,
  printers,
}: {
  readonly groups: PrinterGroups
  readonly printers: Printers
}): Handler[] {
  const list = () => ({
    groups: groups.list().map(group => ({ ...group, printerIds: [...group.printerIds] })),
  })
  const ofRoom = (id: string) => {
    if (id !== roomId) throw new GantryError('request.invalid', 'Only the room has groups.')
  }
  const done = (id: string, work: () => void) => {
    ofRoom(id)
    work()
    return {}
  }

  return [
    answers('GET printergroups/list', id => {
      ofRoom(id)
      return list()
    }),
    follows('EVENT printergroups/list', (id, _, emit) => {
      ofRoom(id)
      const tell = () => emit(list())
      tell()
      const stops = [groups.onChange(tell), printers.on('removed', tell)]
      return () => {
        for (const stop of stops) stop()
      }
    }),
    answers('POST printergroups/add', (id, { name, printerIds = [] }) => {
      ofRoom(id)
      return { groupId: groups.add(name, printerIds) }
    }),
    answers('POST printergroups/rename', (id, { groupId, name }) =>
      done(id, () => groups.rename(groupId, name)),
    ),
    answers('POST printergroups/move', (id, { groupId, place }) =>
      done(id, () => groups.move(groupId, place)),
    ),
    answers('POST printergroups/remove', (id, { groupId }) => done(id, () => groups.remove(groupId))),
    answers('POST printergroups/assign', (id, { printerIds, groupId }) =>
      done(id, () => groups.assign(printerIds, groupId)),
    ),
  ]
}
