import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useFollowed } from '../api/follow.ts'

export type Approval = RouteResult<'GET approvals'>['approvals'][number]
export type Decision = 'allow' | 'once' | 'deny'

/** The questions that wait for the owner, oldest first. */
export const useApprovals = defineStore('approvals', () => {
  const { value, refusal, read } = useFollowed('GET approvals', 'EVENT approvals')
  const open = computed(() => value.value?.approvals ?? [])
  return { open, isKnown: computed(() => value.value !== undefined), refusal, read }
})
