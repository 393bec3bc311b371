/** Three printers of one name would be one too many to tell apart: `Prusa`, `Prusa 2`, `Prusa 3`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const isTaken = (name: string) => taken.some(each => each.toLowerCase() === name.toLowerCase())
  if (!isTaken(wanted)) return wanted
  for (let count = 2; ; count++) if (!isTaken(`${wanted} ${count}`)) return `${wanted} ${count}`
}
