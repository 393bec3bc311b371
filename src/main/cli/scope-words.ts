/** What a permission means, for somebody who has never heard of profiles. Plug-ins bring names of their own. */
const words: Readonly<Record<string, string>> = {
  all: 'everything Gantry offers to applications, now and later',
  '3dprinter': 'see and use the printers',
  servicediscovery: 'see which services there are',
  serviceinformation: 'see what a service can do',
  system: 'see which plug-ins there are',
}

export function scopeWords(scopes: readonly string[]): string {
  return scopes.map(scope => words[scope] ?? `use “${scope}”`).join('; ')
}
