import type { Page } from 'playwright-core'
import type { Answer } from '../../src/main/contract/client.ts'
import type { CallRoute, RouteParams, RouteResult } from '../../src/main/contract/routes.ts'

type Make = 'octoprint' | 'moonraker' | 'prusalink' | 'marlin'
type Fault = RouteParams<'POST printersetup/break'>['fault']

export type Call = <Name extends CallRoute>(
  route: Name,
  params: RouteParams<Name>,
) => Promise<RouteResult<Name>>

/** Simulated printers in a window, driven through the bridge that the page itself uses. */
export function fleetIn(page: Page) {
  const call: Call = async (route, params) => {
    const answer = (await page.evaluate(
      ([name, values]) => window.gantry.call(name as 'GET system', values as Record<string, never>),
      [route, params] as const,
    )) as Answer<typeof route>
    if (answer.result !== 0) throw new Error(`${route}: ${answer.errorCode} ${answer.errorMessage}`)
    return answer
  }
  return {
    ...fleetOver(call),
    async setTheme(theme: 'light' | 'dark'): Promise<void> {
      await call('PUT settings', { theme })
      await page.waitForFunction(
        isDark => document.documentElement.classList.contains('dark') === isDark,
        theme === 'dark',
      )
    },
  }
}

/** Simulated printers, driven by whoever may call as the owner. */
export function fleetOver(call: Call) {
  const room = async () => {
    const { services } = await call('GET servicediscovery', {})
    const found = services.find(({ scopes }) => scopes.includes('printersetup'))
    if (!found) throw new Error('Nothing speaks for the room.')
    return { serviceId: found.id }
  }
  const list = async () => (await call('GET printers/list', await room())).printers
  const find = async (name: string) => {
    const printer = (await list()).find(each => each.name === name)
    if (!printer) throw new Error(`There is no printer “${name}”.`)
    return printer
  }

  return {
    list,
    /** How many answer. */
    online: async () => (await list()).filter(({ snapshot }) => snapshot.link.state === 'online').length,
    async add(make: Make, name: string): Promise<void> {
      await call('POST printersetup/simulate', { ...(await room()), make, name })
    },
    /** Starts a file that lies on every simulated printer, under whatever path its make has for it. */
    async print(name: string, file: string): Promise<void> {
      const { serviceId } = await find(name)
      const { files } = await call('GET printerfiles/list', { serviceId })
      const path = files.find(each => each.name.toLowerCase().startsWith(file.slice(0, 5)))?.path
      if (path === undefined)
        throw new Error(`“${name}” has no ${file}: ${files.map(each => each.name).join()}`)
      await call('POST printercontrol/start', { serviceId, path })
    },
    async rename(name: string, next: string): Promise<void> {
      const { id } = await find(name)
      await call('POST printersetup/rename', { ...(await room()), printerId: id, name: next })
    },
    async breakDown(name: string, fault: Fault): Promise<void> {
      const { id } = await find(name)
      await call('POST printersetup/break', { ...(await room()), printerId: id, fault })
    },
  }
}
