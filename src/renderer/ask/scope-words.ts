import { type PlainKey, t } from '../i18n/index.ts'

interface ScopeLook {
  readonly icon: string
  readonly title: PlainKey
  readonly detail: PlainKey
}

/** Scopes Gantry knows by name, in the order a person reads them: seeing before touching, and last what comes with every service. */
const known: Readonly<Record<string, ScopeLook>> = {
  all: { icon: 'i-lucide-infinity', title: 'scopes.allTitle', detail: 'scopes.allText' },
  '3dprinter': { icon: 'i-lucide-printer', title: 'scopes.printerTitle', detail: 'scopes.printerText' },
  printers: { icon: 'i-lucide-eye', title: 'scopes.seeTitle', detail: 'scopes.seeText' },
  printerhistory: { icon: 'i-lucide-history', title: 'scopes.historyTitle', detail: 'scopes.historyText' },
  printerfiles: { icon: 'i-lucide-file', title: 'scopes.filesTitle', detail: 'scopes.filesText' },
  printercontrol: {
    icon: 'i-lucide-sliders-horizontal',
    title: 'scopes.controlTitle',
    detail: 'scopes.controlText',
  },
  printergroups: { icon: 'i-lucide-group', title: 'scopes.groupsTitle', detail: 'scopes.groupsText' },
  printersetup: { icon: 'i-lucide-plug', title: 'scopes.setupTitle', detail: 'scopes.setupText' },
  printerdoctor: { icon: 'i-lucide-stethoscope', title: 'scopes.doctorTitle', detail: 'scopes.doctorText' },
  contents: { icon: 'i-lucide-library', title: 'scopes.contentsTitle', detail: 'scopes.contentsText' },
  contentslogin: { icon: 'i-lucide-log-in', title: 'scopes.loginTitle', detail: 'scopes.loginText' },
  system: { icon: 'i-lucide-blocks', title: 'scopes.systemTitle', detail: 'scopes.systemText' },
  approvals: { icon: 'i-lucide-shield', title: 'scopes.approvalsTitle', detail: 'scopes.approvalsText' },
  servicediscovery: {
    icon: 'i-lucide-radar',
    title: 'scopes.discoveryTitle',
    detail: 'scopes.discoveryText',
  },
  serviceinformation: {
    icon: 'i-lucide-info',
    title: 'scopes.informationTitle',
    detail: 'scopes.informationText',
  },
}

/** Shown dimmed where it was not asked for: what a person would want to know is not given. */
const offered = ['3dprinter', 'printercontrol']

export interface ScopeWords {
  readonly scope: string
  readonly icon: string
  readonly title: string
  readonly detail: string
  readonly isAsked: boolean
}

function wordsOf(scope: string, isAsked: boolean): ScopeWords {
  const look = known[scope]
  const detail = look ? t(look.detail) : t('scopes.otherText')
  return {
    scope,
    icon: look?.icon ?? 'i-lucide-puzzle',
    title: look ? t(look.title) : t('scopes.otherTitle', { scope }),
    detail: isAsked ? detail : t('scopes.notAsked'),
    isAsked,
  }
}

/** What an app asks for in plain words, and after it, dimmed, what it could have asked for and did not. */
export function scopeWords(asked: readonly string[]): ScopeWords[] {
  const names = Object.keys(known)
  const order = (scope: string) => (names.includes(scope) ? names.indexOf(scope) : names.length)
  // What can be found and what it can do is one thing to a person.
  const told = asked.filter(scope => scope !== 'serviceinformation' || !asked.includes('servicediscovery'))
  const sorted = [...new Set(told)].sort((a, b) => order(a) - order(b))
  const others = sorted.includes('all') ? [] : offered.filter(name => !sorted.includes(name))
  return [...sorted.map(scope => wordsOf(scope, true)), ...others.map(scope => wordsOf(scope, false))]
}
