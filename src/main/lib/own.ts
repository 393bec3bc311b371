/** What a table itself holds under a name from outside. `constructor` and `__proto__` are names like any other there. */
export function ownOf<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
