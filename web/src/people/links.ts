// Every answer signs its links to pictures anew. What they lead to is the same,
// so the earlier link is kept while it works, and the browser need not load the
// picture again.
const known = new Map<string, string>()

// A link must not expire between being chosen and being followed.
const SPARE_S = 30

/** Returns the link that was seen first of those that lead to link's picture and still work. */
export function steady(link: string | undefined, now = Date.now()): string | undefined {
  if (!link) return undefined
  const { object } = parts(link)
  const before = known.get(object)
  if (before && parts(before).expires - SPARE_S > now / 1000) return before
  known.set(object, link)
  return link
}

function parts(link: string) {
  const query = new URLSearchParams(link.slice(link.indexOf('?') + 1))
  return { object: query.get('obj') ?? link, expires: Number(query.get('expiry')) }
}
