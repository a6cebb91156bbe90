import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** Starts the program on a free loopback port, with an empty data directory. */
export async function serve(bin, data, flags = []) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let log = ''
  let child
  let ended
  const start = (more, sign) => {
    child = spawn(bin, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...flags, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    ended = new Promise((resolve) => child.once('exit', resolve))
    let said = ''
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`it has not begun after 60 s:\n${log}`)), 60_000)
      const take = (chunk) => {
        log += chunk
        said += chunk
        const found = sign.exec(said)
        if (!found) return
        clearTimeout(patience)
        resolve(found[0])
      }
      child.stdout.on('data', take)
      child.stderr.on('data', take)
      child.once('exit', (code) => reject(new Error(`the program ended with ${code}:\n${log}`)))
    })
  }
  const link = await start([], /\/setup#token=\S+/)
  return {
    url,
    /** The data directory. */
    data,
    /** The path of the one-time set-up link. */
    link,
    log: () => log,
    /** Kills the program and starts it anew, with more flags, on the same data. */
    restart: async (more) => {
      child.kill('SIGKILL')
      await ended
      await start(more, /msg=serving/)
    },
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
