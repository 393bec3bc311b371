import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { useCollection } from './use-collection.ts'

type Services = RouteResult<'GET servicediscovery'>['services']

const newsOf = (services: Services) => ({ full: true, items: services, removed: [], rest: undefined })

/** What can be called by name: printers, and the rooms that speak for all of them. */
export const useServices = defineStore('services', () => {
  const { items, isKnown, refusal, read } = useCollection({
    read: 'GET servicediscovery',
    event: 'EVENT servicediscovery/onservicechange',
    params: () => ({}),
    ofAnswer: ({ services }) => newsOf(services),
    ofEvent: ({ networkService }) => newsOf(networkService.services),
    idOf: ({ id }) => id,
  })
  return { services: items, isKnown, refusal, read }
})
