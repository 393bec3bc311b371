import type { Page } from 'playwright-core'
import { paramsToText } from '../../../src/main/contract/params.ts'
import type { Call } from '../fleet.ts'

/** Calls Gantry past a signed-in page, with the page's own token: what it does comes to the page as news. */
export async function ownerCalls(page: Page, gantryUrl: string): Promise<Call> {
  const accessToken = await page.evaluate(() => {
    const [place]: { token: string }[] = JSON.parse(localStorage.getItem('gantry.places') ?? '[]')
    return place?.token ?? ''
  })
  return async (route, params) => {
    const [method = '', path = ''] = route.split(' ')
    const values = new URLSearchParams({ ...paramsToText(params), accessToken })
    const hasBody = method === 'POST' || method === 'PUT'
    const response = await fetch(`${gantryUrl}/gotapi/${path}${hasBody ? '' : `?${values}`}`, {
      method,
      headers: { origin: gantryUrl },
      ...(hasBody && { body: values }),
    })
    const answer = await response.json()
    if (answer.result !== 0) throw new Error(`${route}: ${answer.errorCode} ${answer.errorMessage}`)
    return answer
  }
}
