/** A username from a name: "Asha Karki" gives asha.karki; "" where letters are not Latin. */
export function suggestUsername(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^\.+|\.+$/g, '')
    .slice(0, 64)
    .replace(/\.+$/, '')
  return plain.length >= 2 ? plain : ''
}
