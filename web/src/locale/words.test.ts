import { expect, test } from 'vitest'

import { en } from './en'
import { office } from './en-office'

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!./en*.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const code = Object.values(sources).join('\n')

function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([name, word]) =>
    typeof word === 'string' ? [before + name] : keysOf(word as object, `${before}${name}.`),
  )
}

// What follows a plural or a context mark is chosen by i18next.
const plain = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '')

test('every word is used', () => {
  const written = new Set(code.match(/(?<=['"`])[\w-]+(?:\.[\w-]+)+(?=['"`])/g))
  // `audit.did.${operation}` may be any key that begins so.
  const begun = [...new Set(code.match(/(?<=`)[\w-]+(?:\.[\w-]+)*\.[\w-]*(?=\$\{)/g))]
  // `${word}Title` is the title that belongs to a word; a group may be taken whole.
  const ends = [...new Set(code.match(/(?<=`\$\{\w+\})[A-Z]\w*(?=`)/g))]
  const used = (key: string): boolean =>
    written.has(key) ||
    begun.some((start) => key.startsWith(start)) ||
    ends.some((end) => key.endsWith(end) && written.has(key.slice(0, -end.length))) ||
    (key.split('.').length > 2 && written.has(key.slice(0, key.lastIndexOf('.'))))
  const unused = [...keysOf(en), ...keysOf(office)]
    .map(plain)
    .filter((key) => !used(key))
  expect(unused).toEqual([])
})
