import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useBridge } from '../api/index.ts'
import { usePrinters } from './printers.ts'

export type Group = RouteResult<'GET printergroups/list'>['groups'][number]

/** The owner's groups of printers, in the owner's order. */
export const useGroups = defineStore('groups', () => {
  const bridge = useBridge()
  const printers = usePrinters()
  const groups = shallowRef<readonly Group[]>([])
  let leave = () => {}
  let told = 0

  watch(
    () => printers.roomId,
    async room => {
      leave()
      leave = () => {}
      if (!room) return
      const params = { serviceId: room }
      const before = ++told
      leave = bridge.subscribe('EVENT printergroups/list', params, list => {
        told += 1
        groups.value = list.groups
      })
      const answer = await bridge.call('GET printergroups/list', params)
      // An event that overtook the answer is newer than it.
      if (answer.result === 0 && told === before) groups.value = answer.groups
    },
    { immediate: true },
  )
  onScopeDispose(() => leave())

  const ofPrinter = computed(
    () => new Map(groups.value.flatMap(group => group.printerIds.map(id => [id, group] as const))),
  )
  return { groups, groupOf: (printerId: string): Group | undefined => ofPrinter.value.get(printerId) }
})
