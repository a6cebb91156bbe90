// What the server asks of accounts, said before it has to refuse.

const USERNAME = /^[a-z0-9][a-z0-9._-]{1,63}$/

export function validUsername(username: string): boolean {
  return USERNAME.test(username) && !username.includes('..')
}

export function validEmail(email: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+$/.test(email)
}

/** A number with its country code, however it is spaced; or none. */
export function validPhone(phone: string): boolean {
  const bare = phone.replace(/[\s\-\u2010\u2011\u2013()./]/g, '')
  return bare === '' || /^(\+|00)[1-9]\d{6,14}$/.test(bare)
}

export const MIN_PASSWORD = 10
