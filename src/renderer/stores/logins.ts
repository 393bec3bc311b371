import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { useFollowedList } from './use-followed.ts'

export type Login = RouteResult<'GET contentslogin'>['logins'][number]

/** The logins at contents servers that wait for the owner, oldest first. */
export const useLogins = defineStore('logins', () => {
  const { items, isKnown, refusal, read } = useFollowedList({
    read: 'GET contentslogin',
    event: 'EVENT contentslogin',
    params: () => ({}),
    itemsOf: ({ logins }) => logins,
    idOf: ({ id }) => id,
  })
  return { open: items, isKnown, refusal, read }
})
