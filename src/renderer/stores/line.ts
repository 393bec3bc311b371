import { useEventListener, useIntervalFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { useBridge, useHeard, useWire } from '../api/index.ts'
import { browserWorld, type LinkStatus } from '../gotapi-client/index.ts'
import { useEngineClock } from './engine-clock.ts'
import { type LineInput, newLine, nextLine } from './line-machine.ts'

const lookEveryMs = 1_000
/** One try that led nowhere is a short break; after the second nobody is there. */
const triesToBeGone = 2

/** Whether what the page shows is of now, and since when it is not. The one place that knows. */
export const useLine = defineStore('line', () => {
  const bridge = useBridge()
  const wire = useWire()
  const clock = useEngineClock()
  const nowMs = browserWorld.elapsed
  const line = shallowRef(newLine(nowMs(), Date.now()))
  const status = shallowRef<LinkStatus>()
  const triedMs = ref(0)

  function feed(input: LineInput): void {
    line.value = nextLine(line.value, input, nowMs())
  }

  const state = computed(() => line.value.state)

  onScopeDispose(
    bridge.subscribe(
      'EVENT system/heartbeat',
      {},
      ({ at, everyMs }) => {
        feed({ kind: 'beat', at, everyMs })
        if (line.value.heardAt === at) clock.learn(at)
      },
      () => feed({ kind: 'refused' }),
    ),
  )
  onScopeDispose(useHeard()(() => feed({ kind: 'frame' })))
  useIntervalFn(() => feed({ kind: 'tick' }), lookEveryMs)
  useEventListener(document, 'visibilitychange', () => feed({ kind: 'tick' }))

  function onStatus(next: LinkStatus): void {
    const isRenewed = next.state === 'live' && next.failures > 0
    status.value = next
    triedMs.value = nowMs()
    if (isRenewed) feed({ kind: 'renewed' })
    if (next.state === 'waiting' && next.failures >= triesToBeGone) feed({ kind: 'gone' })
  }
  if (wire) onScopeDispose(wire.onStatus(onStatus))

  return {
    state,
    down: computed(() => (state.value.kind === 'down' ? state.value : undefined)),
    /** What is shown was true once. */
    wasUp: computed(() => line.value.wasUp),
    /** Goes up each time it stands again: what is shown is asked for anew. */
    returns: computed(() => line.value.returns),
    /** Whether somebody can ask for the next try. */
    canTry: wire !== undefined,
    tryNow: () => wire?.tryNow(),
    /** Until the next try; undefined while one is being made, and where nobody tries. */
    retryInMs: (): number | undefined => {
      const { retryInMs } = status.value ?? {}
      return retryInMs === undefined ? undefined : Math.max(0, triedMs.value + retryInMs - nowMs())
    },
  }
})
