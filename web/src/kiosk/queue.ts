// What waits for the network: pictures and PINs with the time at which they were
// given, sealed in this browser's database. Its key cannot be read by any script,
// so that who copies the database has nothing. send-queue.ts sends them.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** A punch as it waits; what identifies anybody is in `parts`. */
export interface Waiting {
  seq: number
  company: string
  /** The idempotency key: however often it is sent, it is one punch. */
  key: string
  /** When it happened by this device's clock, in ISO 8601. */
  at: string
  kind: 'face' | 'pin'
  parts: Sealed[]
}

/** What the server did not take, and why. */
export interface Refused {
  key: string
  company: string
  at: string
  code: string
}

/** What is kept: pictures of a moment, or a PIN. */
export type Kept = { pictures: Blob[]; present: string[] } | { who: string; pin: string }

interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  bytes: ArrayBuffer
}

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey }
  waiting: { key: number; value: Waiting; indexes: { company: string } }
  refused: { key: string; value: Refused; indexes: { company: string } }
}

/** The server takes none that is older, whatever the company allows. */
const TOO_OLD_MS = 7 * 24 * 3_600_000
const NAME = 'hajir-kiosk'

export class Queue {
  private readonly db: IDBPDatabase<Schema>
  private readonly key: CryptoKey

  private constructor(db: IDBPDatabase<Schema>, key: CryptoKey) {
    this.db = db
    this.key = key
  }

  /** Throws where the browser has no database, or no cryptography: on plain http. */
  static async open(name = NAME): Promise<Queue> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(db) {
        db.createObjectStore('keys')
        db.createObjectStore('waiting', { keyPath: 'seq', autoIncrement: true }).createIndex('company', 'company')
        db.createObjectStore('refused', { keyPath: 'key' }).createIndex('company', 'company')
      },
      // A newer version of the site, in another tab, changes the database.
      blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    })
    return new Queue(db, await keyOf(db))
  }

  close() {
    this.db.close()
  }

  /** Keeps a punch until it is sent. Throws when there is no room. */
  async add(company: string, key: string, at: string, kept: Kept): Promise<void> {
    const head = 'pictures' in kept ? { present: kept.present } : kept
    const pictures = 'pictures' in kept ? kept.pictures : []
    const plain = [new TextEncoder().encode(JSON.stringify(head)).buffer, ...(await Promise.all(pictures.map((one) => one.arrayBuffer())))]
    const item: Omit<Waiting, 'seq'> = { company, key, at, kind: 'pictures' in kept ? 'face' : 'pin', parts: [] }
    item.parts = await Promise.all(
      plain.map(async (part, index) => {
        const iv = crypto.getRandomValues(new Uint8Array(12))
        const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(item, index, plain.length) }, this.key, part)
        return { iv, bytes }
      }),
    )
    // Its number is given by the database, so that several tabs are one queue.
    await this.db.add('waiting', item as Waiting)
  }

  /** The numbers of what waits, oldest first. */
  waiting(company: string): Promise<number[]> {
    return this.db.getAllKeysFromIndex('waiting', 'company', company)
  }

  get(seq: number): Promise<Waiting | undefined> {
    return this.db.get('waiting', seq)
  }

  /** What an item holds. Throws when it was tampered with. */
  async read(item: Waiting): Promise<Kept> {
    const [head, ...pictures] = await Promise.all(
      item.parts.map(({ iv, bytes }, index) =>
        crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bound(item, index, item.parts.length) }, this.key, bytes),
      ),
    )
    const told = JSON.parse(new TextDecoder().decode(head)) as { present: string[] } & { who: string; pin: string }
    if (item.kind === 'pin') return { who: told.who, pin: told.pin }
    return { present: told.present, pictures: pictures.map((bytes) => new Blob([bytes], { type: 'image/jpeg' })) }
  }

  /** Forgets an item that the server has. */
  async done(seq: number): Promise<void> {
    await this.db.delete('waiting', seq)
  }

  /** Forgets an item that the server does not take, but for when and why. */
  async refuse({ seq, key, company, at }: Waiting, code: string): Promise<void> {
    const change = this.db.transaction(['waiting', 'refused'], 'readwrite')
    await Promise.all([
      change.objectStore('refused').put({ key, company, at, code }),
      change.objectStore('waiting').delete(seq),
      change.done,
    ])
  }

  refused(company: string): Promise<Refused[]> {
    return this.db.getAllFromIndex('refused', 'company', company)
  }

  async dismiss(company: string): Promise<void> {
    for (const { key } of await this.refused(company)) await this.db.delete('refused', key)
  }

  /** Forgets what another company's kiosk left here, and what nobody takes any more. */
  async tidy(company: string, now: number): Promise<void> {
    const change = this.db.transaction('waiting', 'readwrite')
    for await (const cursor of change.store)
      if (cursor.value.company !== company || now - Date.parse(cursor.value.at) > TOO_OLD_MS) await cursor.delete()
    await change.done
  }
}

/** The device's key, made once: of several tabs, one makes it. */
async function keyOf(db: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const known = await db.get('keys', 'seal')
  if (known) return known
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const change = db.transaction('keys', 'readwrite')
  const meanwhile = await change.store.get('seal')
  if (!meanwhile) await change.store.put(made, 'seal')
  await change.done
  return meanwhile ?? made
}

// What is sealed belongs to its punch: another time or company does not open it.
function bound({ company, key, at, kind }: Omit<Waiting, 'seq'>, index: number, parts: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([company, key, at, kind, index, parts].join('\n'))
}
