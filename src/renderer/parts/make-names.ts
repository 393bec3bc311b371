import { type PlainKey, t } from '../i18n/index.ts'

const long: Readonly<Record<string, PlainKey>> = {
  marlin: 'make.marlinLong',
  moonraker: 'make.moonrakerLong',
  octoprint: 'make.octoprint',
  prusalink: 'make.prusalink',
}
const short: Readonly<Record<string, PlainKey>> = {
  ...long,
  marlin: 'make.marlin',
  moonraker: 'make.moonraker',
}

const named = (key: PlainKey | undefined, otherwise: string) => (key === undefined ? otherwise : t(key))

/** A make as one chooses it. `otherwise`: the engine's name for one this page does not know. */
export const makeName = (driver: string, otherwise: string): string => named(long[driver], otherwise)

/** A make where there is little room. */
export const shortMakeName = (driver: string, otherwise: string): string => named(short[driver], otherwise)
