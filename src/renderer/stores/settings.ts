import { defineStore } from 'pinia'
import { watch } from 'vue'
import { useFollowed } from './use-followed.ts'
import { useViewer } from './viewer.ts'

/** The owner's settings, as the engine keeps them; theme and language are put on as they come. */
export const useSettings = defineStore('settings', () => {
  const viewer = useViewer()
  const { value, refusal } = useFollowed('GET settings', 'EVENT settings/changes')
  watch(value, settings => {
    if (settings) viewer.wear(settings)
  })
  return { settings: value, refusal }
})
