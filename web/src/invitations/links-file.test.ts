import { expect, it } from 'vitest'

import { linksFile } from './links-file'

it('lists the links of those who were invited', () => {
  const lines = [
    { username: 'asha', name: 'Rai, "Asha"', link: 'https://hajir.example/join#token=asha.x' },
    { username: 'bina', name: 'Bina' },
    { username: 'chet', name: '=1+1', link: 'https://hajir.example/join#token=chet.y' },
  ]
  expect(linksFile(lines)).toBe(
    'username,name,link\r\n' +
      'asha,"Rai, ""Asha""",https://hajir.example/join#token=asha.x\r\n' +
      "chet,'=1+1,https://hajir.example/join#token=chet.y\r\n",
  )
})
