import { type PlainKey, t } from '../../i18n/index.ts'

/** What Gantry itself offers where a firmware has no macros of its own; a printer's own keep the name it gave them. */
const known: Readonly<Record<string, PlainKey>> = {
  'Cool down': 'control.coolDown',
  'Motors off': 'control.motorsOff',
  'Level the bed': 'control.levelBed',
  'Save settings': 'control.saveSettings',
}

export function macroName(name: string): string {
  const key = known[name]
  return key === undefined ? name : t(key)
}
