// What finds faces in the browser, as files of the site: MediaPipe's program and its
// model. The package that has the model is older than the program, and lacks the note
// on how pictures are scaled, which the program asks for. The note is put in front
// here; no weight changes.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { Builder } from 'flatbuffers'
import type { Plugin } from 'vite'

const NAME = 'virtual:face-finder'
const { resolve } = createRequire(import.meta.url)
const program = join(dirname(resolve('@mediapipe/tasks-vision')), 'wasm')

const files = {
  model: { name: 'face.tflite', kind: 'application/octet-stream', read: () => annotate(readFileSync(resolve('@mediapipe/face_detection/face_detection_short_range.tflite'))) },
  loader: { name: 'vision.js', kind: 'text/javascript', read: () => readFileSync(join(program, 'vision_wasm_internal.js')) },
  wasm: { name: 'vision.wasm', kind: 'application/wasm', read: () => readFileSync(join(program, 'vision_wasm_internal.wasm')) },
}

/** `import { model, loader, wasm } from 'virtual:face-finder'`: their addresses. */
export function faceFinder(): Plugin {
  let developing = false
  return {
    name: 'hajir:face-finder',
    configResolved(config) {
      developing = config.command === 'serve'
    },
    configureServer(server) {
      for (const { name, kind, read } of Object.values(files))
        server.middlewares.use(`/@face-finder/${name}`, (_, response) => {
          response.setHeader('Content-Type', kind)
          response.end(read())
        })
    },
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null
      const address = (name: string, read: () => Uint8Array) =>
        developing ? JSON.stringify(`/@face-finder/${name}`) : `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name, source: read() })}`
      return Object.entries(files)
        .map(([key, { name, read }]) => `export const ${key} = ${address(name, read)}`)
        .join('\n')
    },
  }
}

/** A TensorFlow Lite model with the note that pictures are scaled to -1 to 1. */
export function annotate(model: Uint8Array): Uint8Array {
  const old = new DataView(model.buffer, model.byteOffset, model.byteLength)
  if (String.fromCharCode(...model.subarray(4, 8)) !== 'TFL3') throw new Error('this is no TensorFlow Lite model')
  const table = old.getUint32(0, true)
  const vtable = table - old.getInt32(table, true)
  const at = (field: number) => (4 + 2 * field < old.getUint16(vtable, true) ? old.getUint16(vtable + 4 + 2 * field, true) : 0)
  /** Where in the old file a field of the model leads. */
  const target = (field: number) => table + at(field) + old.getUint32(table + at(field), true)
  if (at(METADATA) > 0) throw new Error('this model has notes already')

  const buffers = target(BUFFERS)
  const count = old.getUint32(buffers, true)
  const note = scaling()
  // Everything that is new stands before the old file, since a table may lead
  // forwards only, and keeps its alignment.
  const words = new Words()
  const root = words.reserve(4)
  words.text('TFL3')
  const fields = [VERSION, OPERATORS, SUBGRAPHS, BUFFERS, METADATA]
  const newVtable = words.at
  words.uint16(4 + 2 * (METADATA + 1))
  words.uint16(4 + 4 * fields.length)
  for (let field = 0; field <= METADATA; field++) words.uint16(fields.includes(field) ? 4 + 4 * fields.indexOf(field) : 0)
  words.align(4)
  const model2 = words.at
  words.int32(model2 - newVtable)
  words.uint32(old.getUint32(table + at(VERSION), true))
  const links = [OPERATORS, SUBGRAPHS].map((field) => [words.reserve(4), target(field)] as const)
  const [toBuffers, toMetadata] = [words.reserve(4), words.reserve(4)]
  words.link(toBuffers, words.at)
  words.uint32(count + 1)
  const kept = Array.from({ length: count }, (_, index) => {
    const from = buffers + 4 + 4 * index
    return [words.reserve(4), from + old.getUint32(from, true)] as const
  })
  const toNote = words.reserve(4)
  words.link(toMetadata, words.at)
  words.uint32(1)
  const toEntry = words.reserve(4)
  // The list's one entry: a name, and which buffer has the note.
  const entry = words.table([0, 1])
  words.link(toEntry, entry.at)
  words.patch(entry.fields[1] ?? 0, count)
  words.link(entry.fields[0] ?? 0, words.at)
  words.uint32('TFLITE_METADATA'.length)
  words.text('TFLITE_METADATA\0')
  words.align(4)
  const buffer = words.table([0])
  words.link(toNote, buffer.at)
  words.align(16, 4)
  words.link(buffer.fields[0] ?? 0, words.at)
  words.uint32(note.length)
  words.bytes(note)
  words.align(16)
  words.link(root, model2)
  const shift = words.at
  for (const [from, to] of [...links, ...kept]) words.link(from, shift + to)
  words.bytes(model)
  return words.done()
}

// Fields of a model, by their numbers in TensorFlow Lite's schema.
const [VERSION, OPERATORS, SUBGRAPHS, BUFFERS, METADATA] = [0, 1, 2, 4, 6]

/** The note, in TensorFlow Lite's metadata schema: (pixel - 127.5) / 127.5. */
function scaling(): Uint8Array {
  const b = new Builder(256)
  const floats = (value: number) => {
    b.startVector(4, 1, 4)
    b.addFloat32(value)
    return b.endVector()
  }
  const one = (offset: number) => {
    b.startVector(4, 1, 4)
    b.addOffset(offset)
    return b.endVector()
  }
  const object = (fields: number, fill: () => void) => {
    b.startObject(fields)
    fill()
    return b.endObject()
  }
  const [mean, deviation] = [floats(127.5), floats(127.5)]
  const options = object(2, () => {
    b.addFieldOffset(0, mean, 0)
    b.addFieldOffset(1, deviation, 0)
  })
  const unit = object(2, () => {
    b.addFieldInt8(0, 1, 0) // NormalizationOptions
    b.addFieldOffset(1, options, 0)
  })
  const units = one(unit)
  const tensors = one(object(7, () => b.addFieldOffset(4, units, 0)))
  const graphs = one(object(7, () => b.addFieldOffset(2, tensors, 0)))
  b.finish(object(8, () => b.addFieldOffset(3, graphs, 0)), 'M001')
  return b.asUint8Array()
}

/** Bytes that grow, with places that are filled in later. */
class Words {
  private readonly content: number[] = []

  get at(): number {
    return this.content.length
  }

  uint16(value: number) {
    this.content.push(value & 0xff, value >> 8)
  }

  uint32(value: number) {
    this.patch(this.reserve(4), value)
  }

  int32(value: number) {
    this.uint32(value >>> 0)
  }

  text(value: string) {
    for (const letter of value) this.content.push(letter.charCodeAt(0))
  }

  bytes(value: Uint8Array) {
    for (const byte of value) this.content.push(byte)
  }

  reserve(size: number): number {
    const { at } = this
    for (let i = 0; i < size; i++) this.content.push(0)
    return at
  }

  patch(at: number, value: number) {
    for (let i = 0; i < 4; i++) this.content[at + i] = (value >>> (8 * i)) & 0xff
  }

  /** Makes the field at `from` lead to `to`. */
  link(from: number, to: number) {
    this.patch(from, to - from)
  }

  /** Fills up until what follows after `ahead` more bytes is aligned. */
  align(to: number, ahead = 0) {
    while ((this.at + ahead) % to !== 0) this.content.push(0)
  }

  /** A table of 4-byte fields, and where each is. */
  table(fields: number[]): { at: number; fields: number[] } {
    const vtable = this.at
    this.uint16(4 + 2 * fields.length)
    this.uint16(4 + 4 * fields.length)
    for (const field of fields) this.uint16(4 + 4 * field)
    this.align(4)
    const at = this.at
    this.int32(at - vtable)
    return { at, fields: fields.map(() => this.reserve(4)) }
  }

  done(): Uint8Array {
    return Uint8Array.from(this.content)
  }
}
