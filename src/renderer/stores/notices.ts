import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { useFollowedList } from './use-followed.ts'

export type Notice = RouteResult<'GET notices'>['notices'][number]

/** What the owner must be told and has not put away, newest first. */
export const useNotices = defineStore('notices', () => {
  const { items } = useFollowedList({
    read: 'GET notices',
    event: 'EVENT notices/changes',
    params: () => ({}),
    itemsOf: ({ notices }) => notices,
    idOf: ({ id }) => id,
  })
  return { notices: items }
})
