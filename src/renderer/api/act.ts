import type { Answer, Refusal } from '@contract/client.ts'
import type { CallRoute, RouteParams } from '@contract/routes.ts'
import { useToast } from '@nuxt/ui/composables'
import { type Ref, readonly, ref } from 'vue'
import { unreachable } from '../gotapi-client/index.ts'
import { useLine } from '../stores/line.ts'
import { useLock } from '../stores/lock.ts'
import { detailOf, sentenceOf } from './errors.ts'
import { useBridge } from './index.ts'

interface Act extends ReturnType<typeof useLock> {
  /** Between the click and the engine's answer: shown on the control that was pressed. */
  readonly pending: Readonly<Ref<boolean>>
  /** Calls a route; a refusal is told in a toast as well. */
  readonly act: <Name extends CallRoute>(route: Name, params: RouteParams<Name>) => Promise<Answer<Name>>
  /** Tells of a refusal that came another way. */
  readonly tell: (refusal: Refusal) => void
}

const unsent = { result: 1, errorCode: unreachable, errorMessage: 'the line to Gantry is down' } as const

/**
 * One control's way to do something. Each control has its own, so that it can show its own wait. `isQuiet`: the caller
 * shows a refusal where it was asked for.
 */
export function useAct({ isQuiet = false } = {}): Act {
  const bridge = useBridge()
  const toast = useToast()
  const line = useLine()
  const pending = ref(false)

  async function act<Name extends CallRoute>(route: Name, params: RouteParams<Name>): Promise<Answer<Name>> {
    pending.value = true
    try {
      // Whoever got here past a locked control: what cannot be sent now is refused now, never sent later.
      const answer = line.down ? unsent : await bridge.call(route, params)
      if (answer.result !== 0 && !isQuiet) tell(answer)
      return answer
    } finally {
      pending.value = false
    }
  }

  function tell(refusal: Refusal): void {
    toast.add({
      color: 'error',
      icon: 'i-lucide-circle-alert',
      title: sentenceOf(refusal),
      description: detailOf(refusal),
    })
  }

  return { pending: readonly(pending), act, tell, ...useLock() }
}
