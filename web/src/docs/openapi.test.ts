import { expect, it } from 'vitest'

import { groups, resolve, typeName, type Document } from './openapi'

const document: Document = {
  info: { title: 'Hajir', version: '1' },
  paths: {
    '/a': { get: { operationId: 'a', tags: ['One'] }, post: { operationId: 'b', tags: ['Two'] } },
    '/b': { delete: { operationId: 'c', tags: ['One'] } },
  },
  components: { schemas: { Box: { type: 'object', description: 'a box' } } },
}

it('groups operations by tag', () =>
  expect(groups(document).map(([tag, list]) => [tag, list.map((one) => `${one.method} ${one.path}`)])).toEqual([
    ['One', ['GET /a', 'DELETE /b']],
    ['Two', ['POST /a']],
  ]))

it('follows references', () => {
  expect(resolve(document, { $ref: '#/components/schemas/Box' }).description).toBe('a box')
  expect(resolve(document, { type: 'string' })).toEqual({ type: 'string' })
  expect(resolve(document, undefined)).toEqual({})
})

it.each([
  [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
  [{ type: ['array', 'null'], items: { $ref: '#/components/schemas/Box' } }, 'Box[]'],
  [{ type: 'string', enum: ['entry', 'exit'] }, 'entry | exit'],
  [{ type: ['integer', 'null'] }, 'integer'],
  [undefined, ''],
])('names the type of %j %s', (schema, name) => expect(typeName(schema)).toBe(name))
