import type { RouteResult } from '@contract/routes.ts'
import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { useAct } from '../../api/act.ts'
import { wordsOf } from '../../api/errors.ts'
import { useBridge } from '../../api/index.ts'
import { useLine } from '../../stores/line.ts'

type Access = RouteResult<'GET printersetup/access'>
type Config = Readonly<Record<string, string | number>>

const lookEveryMs = 1_500

/** Asks a printer for a key and watches until its owner has said yes or no at the printer. */
export function useAccess(roomId: () => string, granted: (accessId: string) => void) {
  const bridge = useBridge()
  const { act, pending } = useAct()
  const line = useLine()
  const access = shallowRef<Access>()

  const watching = useIntervalFn(look, lookEveryMs, { immediate: false })

  async function look(): Promise<void> {
    const accessId = access.value?.accessId
    // While the engine is away it is asked no more: it is asked again when it is back.
    if (accessId === undefined || line.down) return
    const answer = await bridge.call('GET printersetup/access', { serviceId: roomId(), accessId })
    // What the engine no longer knows has failed.
    if (answer.result === 0) take(answer)
    else if (answer.errorCode > 0) take({ accessId, state: 'failed', message: wordsOf(answer) })
  }

  function take(next: Access): void {
    if (access.value?.state !== 'waiting' && access.value !== undefined) return
    access.value = next
    if (next.state !== 'waiting') watching.pause()
    if (next.state === 'granted') granted(next.accessId)
  }

  async function ask(driver: string, config: Config): Promise<void> {
    access.value = undefined
    const answer = await act('POST printersetup/access', { serviceId: roomId(), driver, config })
    if (answer.result !== 0) return
    take(answer)
    if (answer.state === 'waiting') watching.resume()
  }

  // Who closes the form does not want the key any more, and the printer's screen should not go on asking.
  onScopeDispose(() => {
    const { accessId, state } = access.value ?? {}
    if (accessId === undefined || state !== 'waiting' || line.down) return
    void bridge.call('DELETE printersetup/access', { serviceId: roomId(), accessId })
  })

  return {
    ask,
    isWaiting: computed(() => pending.value || access.value?.state === 'waiting'),
    failure: computed(() => (access.value?.state === 'failed' ? (access.value.message ?? '') : undefined)),
  }
}
