import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useFollowed } from './use-followed.ts'

/** What Gantry says of itself to everybody. Whether it answers at all, the line knows. */
export const useEngine = defineStore('engine', () => {
  const { value } = useFollowed('GET availability')
  return { name: computed(() => value.value?.name) }
})
