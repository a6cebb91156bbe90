import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** Starts the program on a free loopback port, with an empty data directory. */
export async function serve(bin, data) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(bin, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const link = await new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`no set-up link after 60 s:\n${log}`)), 60_000)
    const take = (chunk) => {
      log += chunk
      const found = /\/setup#token=\S+/.exec(log)
      if (!found) return
      clearTimeout(patience)
      resolve(found[0])
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}:\n${log}`)))
  })
  return {
    url,
    /** The data directory. */
    data,
    /** The path of the one-time set-up link. */
    link,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
