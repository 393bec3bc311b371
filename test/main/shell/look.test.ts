import { describe, expect, it } from 'vitest'
import { createGatewayClient } from '../../../src/main/shell/gateway-client.ts'
import { followLanguage, languageOf } from '../../../src/main/shell/language.ts'
import { menuTemplate } from '../../../src/main/shell/menu.ts'
import { pendingIn } from '../../../src/main/shell/questions.ts'
import { backgroundOf, followTheme, themeOf } from '../../../src/main/shell/theme.ts'
import { shellWords } from '../../../src/main/shell/words.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeDoor } from '../../fakes/gateway.ts'
import { createLogRecorder } from '../../fakes/log.ts'

describe('the menu', () => {
  const rolesIn = (system: NodeJS.Platform, isSource: boolean) => {
    const items = menuTemplate({
      words: shellWords.en,
      system,
      isSource,
      openDataFolder: () => {},
      showAbout: () => {},
    })
    const inner = items.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    return [...items, ...inner].map(({ role }) => role)
  }

  it.each(['linux', 'win32', 'darwin'] as const)('of a package cannot load the page again: %s', system => {
    expect(rolesIn(system, false)).not.toContain('reload')
    expect(rolesIn(system, false)).not.toContain('toggleDevTools')
    expect(rolesIn(system, true)).toContain('reload')
  })

  it('is the one each system’s people expect', () => {
    expect(rolesIn('darwin', false)).toEqual(
      expect.arrayContaining(['appMenu', 'editMenu', 'windowMenu', 'help']),
    )
    expect(rolesIn('linux', false)).toEqual(expect.arrayContaining(['quit', 'editMenu', 'help']))
    expect(rolesIn('linux', false)).not.toContain('appMenu')
  })
})

describe('the language of menu and tray', () => {
  it('is the owner’s choice, or the system’s where Gantry speaks it, or English', () => {
    expect(languageOf({ language: 'ja' }, 'de-DE')).toBe('ja')
    expect(languageOf({ language: 'system' }, 'de-AT')).toBe('de')
    expect(languageOf({ result: 1 }, 'ja')).toBe('ja')
    for (const odd of ['fr-FR', '', 'toString']) expect(languageOf({ language: odd }, odd)).toBe('en')
  })

  it('follows the setting, and changes nothing when something else was set', async () => {
    const gateway = createFakeDoor()
    const clock = createFakeClock()
    const { log } = createLogRecorder()
    gateway.answers['GET settings'] = () => ({ language: 'system' })
    const options = { gateway, clock, log, about: 't', device: 'test-window', scopes: ['all'] }
    const applied: string[] = []
    await followLanguage(createGatewayClient(options), 'de-DE', language => applied.push(language))
    await clock.advance(0)
    gateway.emit('settings/changes', { language: 'system', theme: 'dark' })
    gateway.emit('settings/changes', { language: 'ja' })
    expect(applied).toEqual(['de', 'ja'])
  })

  it.each(['de', 'ja'] as const)('leaves no word of another in %s', language => {
    const own = Object.values(shellWords[language])
    const english = new Set<string>(Object.values(shellWords.en))
    expect(own.filter(word => word === '' || english.has(word))).toEqual([])
  })
})

describe('light and dark', () => {
  it('are the owner’s choice, or the system’s when there is none', () => {
    expect(themeOf({ theme: 'dark' })).toBe('dark')
    expect(themeOf({ theme: 'light' })).toBe('light')
    for (const answer of [{}, { theme: 'system' }, { theme: 3 }, { result: 1 }]) {
      expect(themeOf(answer)).toBe('system')
    }
  })

  it('paint the window before its page is there', () => {
    expect(backgroundOf({ shouldUseDarkColors: true })).toBe('#131417')
    expect(backgroundOf({ shouldUseDarkColors: false })).toBe('#f6f6f3')
  })

  it('are known before the window opens, and follow the setting while it is open', async () => {
    const gateway = createFakeDoor()
    const clock = createFakeClock()
    const { log } = createLogRecorder()
    gateway.answers['GET settings'] = () => ({ theme: 'dark' })
    const nativeTheme: { themeSource: 'system' | 'light' | 'dark' } = { themeSource: 'system' }
    const options = { gateway, clock, log, about: 't', device: 'test-window', scopes: ['all'] }
    await followTheme(nativeTheme, createGatewayClient(options))
    expect(nativeTheme.themeSource).toBe('dark')
    await clock.advance(0)
    gateway.emit('settings/changes', { theme: 'light' })
    expect(nativeTheme.themeSource).toBe('light')
  })
})

it('the permission window counts the questions that wait, and nothing else', () => {
  expect([pendingIn({ approvals: [{}, {}] }), pendingIn({ approvals: [] }), pendingIn({})]).toEqual([2, 0, 0])
})
