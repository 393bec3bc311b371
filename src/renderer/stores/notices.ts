import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useFollowed } from '../api/follow.ts'

export type Notice = RouteResult<'GET notices'>['notices'][number]

/** What the owner must be told and has not put away, newest first. */
export const useNotices = defineStore('notices', () => {
  const { value } = useFollowed('GET notices', 'EVENT notices/changes')
  return { notices: computed(() => value.value?.notices ?? []) }
})
