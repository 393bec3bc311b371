const form = /^#\/?invitation=([\w-]+)$/

/** The one-time code in the part of an address after `#`, if it is a sign-in link. */
export const invitationIn = (hash: string): string | undefined => form.exec(hash)?.[1]

/**
 * The one-time code of a sign-in link. It is taken out of the address bar at once, so that neither history nor a
 * shared screenshot keeps it.
 */
export function takeInvitation(page: Pick<Window, 'location' | 'history'>): string | undefined {
  const code = invitationIn(page.location.hash)
  if (code !== undefined) page.history.replaceState(null, '', `${page.location.pathname}#/`)
  return code
}
