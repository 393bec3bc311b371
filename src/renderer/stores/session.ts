import { defineStore } from 'pinia'
import { ref } from 'vue'

/**
 * Whether this viewer may see anything. Gantry's own window always may. `refused`: a sign-in link was used up or
 * has run out. `away`: Gantry did not answer the link.
 */
export type SessionState = 'in' | 'out' | 'refused' | 'away'

export const useSession = defineStore('session', () => {
  const state = ref<SessionState>('out')
  return { state }
})
