import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useFollowed } from '../api/follow.ts'

export type Login = RouteResult<'GET contentslogin'>['logins'][number]

/** The logins at contents servers that wait for the owner, oldest first. */
export const useLogins = defineStore('logins', () => {
  const { value, refusal, read } = useFollowed('GET contentslogin', 'EVENT contentslogin')
  const open = computed(() => value.value?.logins ?? [])
  return { open, isKnown: computed(() => value.value !== undefined), refusal, read }
})
