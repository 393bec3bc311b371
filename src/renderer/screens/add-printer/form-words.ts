import { type PlainKey, t } from '../../i18n/index.ts'

interface FieldWords {
  readonly label: PlainKey
  readonly help: PlainKey
}

/** By driver and field. A field this page does not know keeps the words the driver brought. */
const words: Readonly<Record<string, FieldWords>> = {
  'marlin port': { label: 'form.port', help: 'form.portHelp' },
  'marlin baudRate': { label: 'form.speed', help: 'form.speedHelp' },
  'moonraker url': { label: 'form.address', help: 'form.moonrakerHelp' },
  'moonraker apiKey': { label: 'form.apiKey', help: 'form.apiKeyHelp' },
  'moonraker username': { label: 'form.user', help: 'form.moonrakerUserHelp' },
  'moonraker password': { label: 'form.password', help: 'form.loginPasswordHelp' },
  'octoprint url': { label: 'form.address', help: 'form.octoprintHelp' },
  'octoprint apiKey': { label: 'form.appKey', help: 'form.appKeyHelp' },
  'octoprint username': { label: 'form.user', help: 'form.proxyUserHelp' },
  'octoprint password': { label: 'form.password', help: 'form.loginPasswordHelp' },
  'prusalink url': { label: 'form.address', help: 'form.prusalinkHelp' },
  'prusalink username': { label: 'form.user', help: 'form.userHelp' },
  'prusalink password': { label: 'form.password', help: 'form.passwordHelp' },
  'prusalink apiKey': { label: 'form.apiKey', help: 'form.prusalinkKeyHelp' },
}

interface Field {
  readonly key: string
  readonly label: string
  readonly help?: string | undefined
  readonly choices?: readonly string[] | undefined
}

export function fieldWords(driver: string, { key, label, help = '' }: Field) {
  const known = words[`${driver} ${key}`]
  return known ? { label: t(known.label), help: t(known.help) } : { label, help }
}

/** `0` stands for the choice the driver makes by itself. */
export const fieldChoices = ({ choices = [] }: Field) =>
  choices.map(value => ({ value, label: value === '0' ? t('form.automatic') : value }))
