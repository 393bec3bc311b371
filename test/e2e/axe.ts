import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds wrong with the page as it stands, one line each. Evaluated from outside, past the content policy. */
export async function axeComplaints(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  // As text: the bundled name of the import means nothing inside the page.
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  )
}
