import type { NoticeBoard } from '../contract/notice.ts'
import type { Battery } from '../lib/battery.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { fedPrinters } from './fed.ts'
import type { Printers } from './printers.ts'

const LOW_PERCENT = 20
const LOW_MINUTES = 30
const ASK_EVERY_MS = 60_000
const noticeId = 'battery'

/**
 * Whether the person must be warned now. Once warned it stays so until the machine is plugged in or nothing is fed any
 * more: a level that wavers about its limit must not warn again and again.
 */
export function isBatteryLow(warned: boolean, battery: Battery | undefined): boolean {
  if (!battery?.draining) return false
  const { percent = 100, minutesLeft = Number.POSITIVE_INFINITY } = battery
  return warned || percent < LOW_PERCENT || minutesLeft < LOW_MINUTES
}

/** Warns while this machine feeds a print and its battery will not last; asks about the battery only then. */
export function warnOfLowBattery(deps: {
  readonly printers: Pick<Printers, 'list' | 'on'>
  readonly clock: Clock
  readonly log: Logger
  readonly notices: NoticeBoard
  readonly readBattery: () => Promise<Battery | undefined>
  /** Plugged in or pulled out, where the system tells. */
  readonly onPower?: (listener: () => void) => Dispose
}): Dispose {
  const { printers, log, notices } = deps
  let stopAsking: Dispose | undefined
  let warned = false
  /** Answers that come after the question was dropped concern nobody. */
  let turn = 0

  const calm = () => {
    if (!warned) return
    warned = false
    notices.withdraw(noticeId)
  }
  const warn = ({ percent, minutesLeft }: Battery) => {
    warned = true
    const names = fedPrinters(printers.list())
      .map(({ name }) => name)
      .join(', ')
    log.warn('the battery runs low while a print is fed from this machine', { percent, minutesLeft })
    notices.raise({
      id: noticeId,
      severity: 'warning',
      sentence: 'battery-low',
      params: { printers: names, ...(percent === undefined ? {} : { percent }) },
    })
  }
  const ask = async () => {
    const own = ++turn
    const battery = await deps.readBattery().catch((error: unknown) => {
      log.debug('the battery could not be asked', { error })
      return undefined
    })
    if (own !== turn || !stopAsking) return
    const low = isBatteryLow(warned, battery)
    if (!low) calm()
    else if (!warned && battery) warn(battery)
  }
  const look = () => {
    const fed = fedPrinters(printers.list()).length > 0
    if (fed && !stopAsking) {
      const stops = [
        deps.clock.every(ASK_EVERY_MS, 'printers.battery', () => void ask()),
        ...(deps.onPower ? [deps.onPower(() => void ask())] : []),
      ]
      stopAsking = () => {
        for (const stop of stops) stop()
      }
      void ask()
    } else if (!fed && stopAsking) {
      stopAsking()
      stopAsking = undefined
      calm()
    }
  }
  // What was warned of in an earlier life of Gantry has passed with the print.
  notices.withdraw(noticeId)
  const stops = [printers.on('changed', look), printers.on('removed', look)]
  look()
  return () => {
    for (const stop of stops) stop()
    stopAsking?.()
    stopAsking = undefined
    calm()
  }
}
