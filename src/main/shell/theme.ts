import type { NativeTheme } from 'electron'
import type { Body } from './gateway-answer.ts'
import type { GatewayClient } from './gateway-client.ts'

type ThemeSource = NativeTheme['themeSource']

/** look.md's ground, painted before the page is there so that nothing flashes. */
const grounds = { light: '#f6f6f3', dark: '#131417' }

export const backgroundOf = (theme: Pick<NativeTheme, 'shouldUseDarkColors'>) =>
  theme.shouldUseDarkColors ? grounds.dark : grounds.light

/** The owner's choice as Electron knows it: pages then see it as what the system prefers. */
export function themeOf(answer: Body): ThemeSource {
  const { theme } = answer
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** Light and dark as the owner set it, or as the system has it; first at once, then with every change. */
export async function followTheme(
  nativeTheme: Pick<NativeTheme, 'themeSource'>,
  client: GatewayClient,
): Promise<void> {
  const apply = (answer: Body) => {
    nativeTheme.themeSource = themeOf(answer)
  }
  apply(await client.call('GET', 'settings', {}))
  client.follow('settings/changes', {}, { onEvent: apply, onRefused: () => {} })
}
