/**
 * The token of a set-up link. It is in the fragment, which no server or proxy
 * logs; a query works too, for links that were typed.
 */
export function setupToken(search: string, hash: string): string {
  for (const part of [hash.replace(/^#/, ''), search.replace(/^\?/, '')]) {
    const token = new URLSearchParams(part).get('token')
    if (token) return token.trim()
  }
  return ''
}
