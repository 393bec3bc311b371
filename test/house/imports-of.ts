const forms =
  /(?:^|[\s;])(?:import|export)\s(?:[^'"();]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g

/** Every module a source text names, in the order it names them. */
export function importsOf(code: string): string[] {
  return [...code.matchAll(forms)].map(match => match[1] ?? match[2] ?? match[3] ?? '')
}
