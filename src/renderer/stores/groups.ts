import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { usePrinters } from './printers.ts'
import { useFollowedList } from './use-followed.ts'

export type Group = RouteResult<'GET printergroups/list'>['groups'][number]

/** The owner's groups of printers, in the owner's order. */
export const useGroups = defineStore('groups', () => {
  const printers = usePrinters()
  const { items: groups } = useFollowedList({
    read: 'GET printergroups/list',
    event: 'EVENT printergroups/list',
    params: () => (printers.roomId ? { serviceId: printers.roomId } : undefined),
    itemsOf: told => told.groups,
    idOf: ({ id }) => id,
  })
  const ofPrinter = computed(
    () => new Map(groups.value.flatMap(group => group.printerIds.map(id => [id, group] as const))),
  )
  return { groups, groupOf: (printerId: string): Group | undefined => ofPrinter.value.get(printerId) }
})
