import { openScreen, type Screen } from '../../../scripts/testing/screen.mjs'

/** A screen for one window, so that no other takes its focus; the one that is there where none can be made. */
export async function openDisplay(): Promise<Screen> {
  return (await openScreen({ env: {} })) ?? { env: {}, close: () => {} }
}
