/** The languages in which people are written to. */
export const LANGUAGES = ['en', 'ne', 'hi'] as const

export type Language = (typeof LANGUAGES)[number]

/** The first of the browser's languages in which people can be written to. */
export function ownLanguage(otherwise: Language, wanted: readonly string[] = navigator.languages): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => language === tag.toLowerCase().split('-')[0])
    if (found) return found
  }
  return otherwise
}
