import { windowOrigin } from '../gotapi/index.ts'

/** Whether an address is of Gantry's own pages, and of nothing that only looks like it. */
export function isOwnPage(url: string): boolean {
  return URL.canParse(url) && url.startsWith(`${windowOrigin}/`)
}

/** The pages of windows that ask the owner for something. */
export type AskPage = 'ask' | 'login'

export const pageUrl = (page: 'index' | AskPage) => `${windowOrigin}/${page}.html`
