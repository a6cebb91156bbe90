// What a PIN is made of, said before the server has to refuse it.
export const MIN_PIN = 4
export const MAX_PIN = 8

export function digitsOnly(typed: string): string {
  return typed.replace(/[^0-9]/g, '').slice(0, MAX_PIN)
}

export function validPin(pin: string): boolean {
  return pin.length >= MIN_PIN && pin.length <= MAX_PIN && digitsOnly(pin) === pin
}
