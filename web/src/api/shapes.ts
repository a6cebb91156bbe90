// Short names for what the generated schema calls components['schemas'][…].
import type { components } from './schema'

type Schemas = components['schemas']

export type Board = Schemas['Board']
export type BoardEntry = Schemas['BoardRow']
export type Box = Schemas['Box']
export type Company = Schemas['Company']
export type Change = Schemas['EntryEvent']
export type Counts = Schemas['BoardCounts']
export type Day = Schemas['Day']
export type Employee = Schemas['Person']
export type Face = Schemas['Face']
export type Kiosk = Schemas['Kiosk']
export type Me = Schemas['Me']
export type Punch = Schemas['Punch']
export type PinPunched = Schemas['Pin']
export type Punched = Schemas['CheckIn']
export type Session = Schemas['Session']
