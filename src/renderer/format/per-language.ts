/** Making a formatter of Intl costs a hundred times what using it does. */
export function perLanguage<Format>(make: (language: string) => Format): (language: string) => Format {
  const made = new Map<string, Format>()
  return language => {
    const format = made.get(language) ?? make(language)
    made.set(language, format)
    return format
  }
}
