// What the server asks of accounts, said before it has to refuse.

const USERNAME = /^[a-z0-9][a-z0-9._-]{1,63}$/

export function validUsername(username: string): boolean {
  return USERNAME.test(username) && !username.includes('..')
}

export function validEmail(email: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+$/.test(email)
}

export const MIN_PASSWORD = 10
