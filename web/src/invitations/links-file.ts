// The links of an import as a file, for those who have no mail address.
interface Line {
  username: string
  name: string
  link?: string
}

export function linksFile(lines: readonly Line[]): string {
  const rows = lines.flatMap(({ username, name, link }) => (link ? [[username, name, link]] : []))
  return [['username', 'name', 'link'], ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
}

function field(text: string): string {
  // A spreadsheet would run what begins like a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
