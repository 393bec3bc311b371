import { answers, follows, type RouteHandler } from '../../handlers/handler.ts'
import type { PrinterGroups, Printers } from '../../printers/index.ts'

/** Groups of the owner's own: translation only. */
export function groupHandlers({
  groups,
  printers,
}: {
  readonly groups: PrinterGroups
  readonly printers: Printers
}): RouteHandler[] {
  const list = () => ({
    groups: groups.list().map(group => ({ ...group, printerIds: [...group.printerIds] })),
  })
  const done = (work: () => void) => {
    work()
    return {}
  }

  return [
    answers('GET printergroups/list', list),
    follows('EVENT printergroups/list', () => ({
      latest: list,
      follow(emit) {
        const tell = () => emit(list())
        const stops = [groups.onChange(tell), printers.on('removed', tell)]
        return () => {
          for (const stop of stops) stop()
        }
      },
    })),
    answers('POST printergroups/add', ({ name, printerIds = [] }) => ({
      groupId: groups.add(name, printerIds),
    })),
    answers('POST printergroups/rename', ({ groupId, name }) => done(() => groups.rename(groupId, name))),
    answers('POST printergroups/move', ({ groupId, place }) => done(() => groups.move(groupId, place))),
    answers('POST printergroups/remove', ({ groupId }) => done(() => groups.remove(groupId))),
    answers('POST printergroups/assign', ({ printerIds, groupId }) =>
      done(() => groups.assign(printerIds, groupId)),
    ),
  ]
}
