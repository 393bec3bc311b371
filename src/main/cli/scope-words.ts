/** What a permission means, for somebody who has never heard of profiles. Plug-ins bring names of their own. */
const words: Readonly<Record<string, string>> = {
  all: 'every printer, and every service there is now',
  '3dprinter': 'see printers; start and stop prints',
  printers: 'see every printer',
  printerhistory: 'see what printers did',
  printerfiles: 'list, upload, delete and print files on printers',
  printercontrol: 'move, heat and stop printers, by any G-code',
  printergroups: 'see and arrange groups of printers',
  servicediscovery: 'see which services there are',
  serviceinformation: 'see what a service can do',
  system: 'see which plug-ins there are',
}

export function scopeWords(scopes: readonly string[]): string {
  return scopes.map(scope => words[scope] ?? `use “${scope}”`).join('; ')
}
