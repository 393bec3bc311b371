import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { useFollowedList } from './use-followed.ts'

export type Question = RouteResult<'GET approvals'>['approvals'][number]
export type Decision = 'allow' | 'once' | 'deny' | 'never'

/** The questions that wait for the owner, oldest first. */
export const useQuestions = defineStore('questions', () => {
  const { items, isKnown, refusal, read } = useFollowedList({
    read: 'GET approvals',
    event: 'EVENT approvals',
    params: () => ({}),
    itemsOf: ({ approvals }) => approvals,
    idOf: ({ id }) => id,
  })
  return { open: items, isKnown, refusal, read }
})
