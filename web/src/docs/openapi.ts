// What the page needs of an OpenAPI document, and pure ways to read it.

export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
}

export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
}

export interface Document {
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

export interface Listed extends Operation {
  method: string
  path: string
}

/** The operations by tag, in the document's order. */
export function groups(document: Document): [string, Listed[]][] {
  const byTag = new Map<string, Listed[]>()
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? ''
      const group = byTag.get(tag) ?? []
      group.push({ ...operation, method: method.toUpperCase(), path })
      byTag.set(tag, group)
    }
  return [...byTag]
}

export function resolve(document: Document, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.split('/').pop()
  return (name && document.components?.schemas?.[name]) || schema || {}
}

/** A type in a few words: `string (date-time)`, `Box[]`, `entry | exit`. */
export function typeName(schema: Schema | undefined): string {
  if (!schema) return ''
  if (schema.$ref) return schema.$ref.split('/').pop() ?? ''
  if (schema.enum) return schema.enum.map(String).join(' | ')
  if (schema.items) return `${typeName(schema.items)}[]`
  const type = [schema.type].flat().filter((one) => one && one !== 'null').join(' | ')
  return schema.format ? `${type} (${schema.format})` : type
}
